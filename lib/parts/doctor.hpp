#pragma once
// What is wrong with bytes that give no frame: cable, speed, parity, or another protocol. Rests on
// shares of byte values, which distinguish the cases whatever the clocks do (p1.md 12.2: measured
// by a bit-level simulation of a UART).

#include <cstddef>

#include "core/bytes.hpp"
#include "core/cause.hpp"

namespace gridtap {

// Counts over a window of bytes.
struct ByteShares {
  std::size_t all = 0;
  std::size_t zero = 0;
  std::size_t high = 0;       // bit 7 set
  std::size_t printable = 0;  // 20 to 7E, CR, LF
  std::size_t even = 0;       // an even number of bits set
  std::size_t restored = 0;   // printable once the inversion of the line is undone
};
ByteShares shares_of(ByteView bytes);

// 9600 7E1 read as 8N1: bit 7 is parity. Only a frame in the bytes without it proves this.
bool looks_seven_bit(const ByteShares& shares);

// Returns wrong_baud (only zeros: the speed is too high), inverted, hdlc, mbus, login (a console
// asks who is there) or noise; none for other text, which may still become a frame. `bytes` holds
// no frame of the protocol expected.
Cause diagnose(ByteView bytes);

// Whether a whole HDLC frame with right check sequences is in the bytes (codec/hdlc.hpp).
bool holds_hdlc(ByteView bytes);
// Whether a whole M-Bus long frame of any meter does, with right sum and stop byte (EN
// 13757-2, 5.3).
bool holds_mbus(ByteView bytes);

}  // namespace gridtap
