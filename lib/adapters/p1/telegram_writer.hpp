#pragma once
// Writes telegrams byte by byte as a meter sends them (DSMR P1 companion standard 5.0.2, section 6;
// IEC 62056-21 mode D for the line forms):
//
//   /XMX5SIM-METER CR LF          header
//   CR LF                         empty line; some meters leave it out
//   1-0:1.7.0(00.244*kW) CR LF    object lines
//   !E1F8 CR LF                   CRC-16/ARC of `/` to `!`; nothing behind `!` before DSMR 4
//
// and, where the meter encrypts (Luxembourg E-Meter P1 1.1.3, section 3.2.5):
//
//   DB 08 T*8 82 LL LL 30 FC*4 ciphertext tag*12     AES-128-GCM, nonce T FC, AAD 30 AK
//
// T: system title, LL LL: bytes behind it, FC: frame counter, AK: authentication key.

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/p1/meters.hpp"

namespace gridtap::p1 {

// `######.###`: the digits of the value that fit in, as a register rolls over; a minus in front.
void append_number(std::string& out, std::string_view picture, Decimal value);
// Appends "261120080000W", as the meter's clock shows that moment.
void append_moment(std::string& out, Second time, const PlayedMeter& meter);

// One whole telegram.
std::string write_telegram(const Scene& scene);

// Text as a line with seven data bits and even parity delivers it to a reader of eight bits.
void add_even_parity(std::string& bytes);

struct EnvelopeKeys {
  std::string key, authentication_key;  // 16 bytes each
  std::string system_title;             // 8 bytes
};
// One whole encrypted frame; empty where a key or the title has another size. A counter must never
// be used twice with the same key.
std::string write_envelope(std::string_view telegram, const EnvelopeKeys& keys,
                           std::uint32_t frame_counter);

}  // namespace gridtap::p1
