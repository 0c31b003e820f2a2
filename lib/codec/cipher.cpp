#include "codec/cipher.hpp"

#include <memory>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace gridtap {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

constexpr std::size_t max_text = 1 << 20;  // far above any frame, far below OpenSSL's int

int size_of(ByteView bytes) { return static_cast<int>(bytes.size()); }

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

bool sizes_fit(ByteView key, ByteView iv, ByteView additional, ByteView text) {
  return key.size() == cipher_key_bytes && iv.size() == cipher_iv_bytes &&
         additional.size() <= max_text && text.size() <= max_text;
}

}  // namespace

std::optional<std::string> gcm_decrypt(ByteView key, ByteView iv, ByteView additional,
                                       ByteView ciphertext, ByteView tag) {
  if (!sizes_fit(key, iv, additional, ciphertext) || tag.size() != cipher_tag_bytes) return {};
  const Context context(EVP_CIPHER_CTX_new());
  std::string plain(ciphertext.size(), '\0');
  std::string expected(as_text(tag));
  int length = 0;
  EVP_CIPHER_CTX* const c = context.get();
  const bool verified =
      c != nullptr &&
      EVP_DecryptInit_ex(c, EVP_aes_128_gcm(), nullptr, key.data(), iv.data()) == 1 &&
      EVP_DecryptUpdate(c, nullptr, &length, additional.data(), size_of(additional)) == 1 &&
      EVP_DecryptUpdate(c, bytes_of(plain), &length, ciphertext.data(), size_of(ciphertext)) == 1 &&
      EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, size_of(tag), expected.data()) == 1 &&
      EVP_DecryptFinal_ex(c, bytes_of(plain) + length, &length) == 1;
  if (!verified) return {};
  return plain;
}

std::optional<std::string> gcm_decrypt_unproved(ByteView key, ByteView iv, ByteView ciphertext) {
  if (!sizes_fit(key, iv, {}, ciphertext)) return {};
  const Context context(EVP_CIPHER_CTX_new());
  std::string counter(as_text(iv));
  counter.append({'\0', '\0', '\0', '\2'});
  std::string plain(ciphertext.size(), '\0');
  int length = 0;
  EVP_CIPHER_CTX* const c = context.get();
  const bool done =
      c != nullptr &&
      EVP_DecryptInit_ex(c, EVP_aes_128_ctr(), nullptr, key.data(), bytes_of(counter)) == 1 &&
      EVP_DecryptUpdate(c, bytes_of(plain), &length, ciphertext.data(), size_of(ciphertext)) == 1;
  if (!done) return {};
  return plain;
}

std::optional<std::string> gcm_encrypt(ByteView key, ByteView iv, ByteView additional,
                                       ByteView plaintext) {
  if (!sizes_fit(key, iv, additional, plaintext)) return {};
  const Context context(EVP_CIPHER_CTX_new());
  std::string out(plaintext.size() + cipher_tag_bytes, '\0');
  int length = 0;
  EVP_CIPHER_CTX* const c = context.get();
  const bool done =
      c != nullptr &&
      EVP_EncryptInit_ex(c, EVP_aes_128_gcm(), nullptr, key.data(), iv.data()) == 1 &&
      EVP_EncryptUpdate(c, nullptr, &length, additional.data(), size_of(additional)) == 1 &&
      EVP_EncryptUpdate(c, bytes_of(out), &length, plaintext.data(), size_of(plaintext)) == 1 &&
      EVP_EncryptFinal_ex(c, bytes_of(out) + length, &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, cipher_tag_bytes,
                          out.data() + plaintext.size()) == 1;
  if (!done) return {};
  return out;
}

std::string hmac_sha256(ByteView key, ByteView message) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), size_of(key), message.data(), message.size(), bytes_of(out),
       &length);
  out.resize(length);
  return out;
}

}  // namespace gridtap
