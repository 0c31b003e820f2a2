#include "io/login_secrets.hpp"

#include <array>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "core/bytes.hpp"

namespace gridtap::io {

std::string sha256(std::string_view text) {
  std::array<std::uint8_t, 32> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return to_hex(digest);
}

std::string random_bits() {
  std::array<std::uint8_t, 16> bits{};
  if (RAND_bytes(bits.data(), static_cast<int>(bits.size())) != 1) return {};
  return to_hex(bits);
}

}  // namespace gridtap::io
