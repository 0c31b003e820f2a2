#pragma once
// The 16-bit checksums of our wires, the first two least significant bit first (reflected):
//
//   ARC          polynomial 8005, begins with 0, no final change      P1 (DSMR 5.0.2, section 6.2)
//   X-25         polynomial 1021, begins with FFFF, final FFFF        HDLC (ISO/IEC 13239, 4.2.5)
//   CCITT-FALSE  polynomial 1021, begins with FFFF, no final change   checked text (kq330.md 4)
//
// Check values of the nine bytes "123456789": ARC BB3D, X-25 906E, CCITT-FALSE 29B1.

#include <cstdint>

#include "core/bytes.hpp"

namespace gridtap {

std::uint16_t crc16_arc(ByteView bytes);
// Goes on where an earlier piece ended: crc16_arc(ab) == crc16_arc(b, crc16_arc(a)).
std::uint16_t crc16_arc(ByteView bytes, std::uint16_t so_far);

// As sent: low byte first.
std::uint16_t crc16_x25(ByteView bytes);

// Of short texts: a bit at a time.
std::uint16_t crc16_ccitt_false(ByteView bytes);

// What a receiver computes instead: the register after `bytes`, goes on where an earlier piece
// ended, and is `x25_good` behind a check sequence that fits.
inline constexpr std::uint16_t x25_begin = 0xFFFF, x25_good = 0xF0B8;
std::uint16_t x25_register(ByteView bytes, std::uint16_t so_far);

}  // namespace gridtap
