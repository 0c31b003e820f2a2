#pragma once
// AES-128 in the two modes of DLMS security suite 0 (IEC 62056-5-3, 5.3.7): GCM with a tag of 12
// bytes, and its counter mode alone, for meters whose tag does not verify; and HMAC. The only
// OpenSSL file.

#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace gridtap {

inline constexpr std::size_t cipher_key_bytes = 16;
inline constexpr std::size_t cipher_iv_bytes = 12;  // system title, then frame counter
inline constexpr std::size_t cipher_tag_bytes = 12;

// The plain text where the tag verifies, else nothing (also for a key, iv or tag of another size).
std::optional<std::string> gcm_decrypt(ByteView key, ByteView iv, ByteView additional,
                                       ByteView ciphertext, ByteView tag);

// The same bytes without any proof: counter mode, first counter block iv || 00000002.
std::optional<std::string> gcm_decrypt_unproved(ByteView key, ByteView iv, ByteView ciphertext);

// Ciphertext and the tag behind it: what a meter sends, for simulators and tests.
std::optional<std::string> gcm_encrypt(ByteView key, ByteView iv, ByteView additional,
                                       ByteView plaintext);

// HMAC-SHA256 (RFC 2104): 32 bytes that only a holder of the key can make.
std::string hmac_sha256(ByteView key, ByteView message);

}  // namespace gridtap
