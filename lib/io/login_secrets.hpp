#pragma once
// What logins are made of: a digest and random bits, by OpenSSL.

#include <string>
#include <string_view>

namespace gridtap::io {

// SHA-256 (FIPS 180-4), in hex.
std::string sha256(std::string_view text);
// 128 bits that cannot be guessed, in hex; empty where the machine has none.
std::string random_bits();

}  // namespace gridtap::io
