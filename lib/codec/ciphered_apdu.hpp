#pragma once
// general-glo-ciphering of DLMS, security suite 0 (IEC 62056-5-3, 5.3; Green Book 9.2.7):
//
//   DB | 08 | system title, 8 | length | SC | invocation counter, 4 | ciphertext | tag, 12
//                                        |                                       only with 10 in SC
//                  SC: 10 authenticated, 20 encrypted, 40 broadcast key, 80 compressed, low 4 bits
//                  the suite (0; some say 1 and mean 0)
//
//   DB 08 47 54 50 01 02 03 04 05 81 0A 20 00 00 00 01 ...      encrypted only, 5 bytes of it
//
// AES-128-GCM with nonce title || counter. Additional data: SC || authentication key, and the plain
// text where nothing is encrypted. What comes out is a data-notification.

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace gridtap {

struct CipheredApdu {
  ByteView title, counter_bytes, payload, tag;  // no tag: empty
  std::uint8_t control = 0;
  std::uint32_t counter = 0;
  std::size_t bytes = 0;  // of the whole; more may follow it

  bool authenticated() const { return (control & 0x10u) != 0; }
  bool encrypted() const { return (control & 0x20u) != 0; }
};
// Errors: truncated, bad_syntax, unsupported (compressed, or neither of the two protections).
Result<CipheredApdu> parse_ciphered(ByteView apdu);

// "KAM" and the hex digits behind it.
std::string system_title_text(ByteView title);

struct CipherKeys {
  std::optional<std::string> encryption, authentication;  // 16 bytes each
};

// The plain text. Errors: no_key, wrong_key (the tag does not verify, or what comes out is no
// data-notification). Without an authentication key the tag is not looked at.
Result<std::string> decipher(const CipheredApdu& apdu, const CipherKeys& keys);

// An APDU with its envelope, for encoders. `control`: 20, 30 or 10.
std::string ciphered_apdu(ByteView title, std::uint8_t control, std::uint32_t counter,
                          ByteView plain, const CipherKeys& keys);

}  // namespace gridtap
