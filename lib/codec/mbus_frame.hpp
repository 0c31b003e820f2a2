#pragma once
// M-Bus long frames that carry DLMS, as Austrian meters push them (EN 13757-2, 5.3; EN 13757-3,
// annex H):
//
//   68 | L | L | 68 | C | A | CI | STSAP | DTSAP | data ... | sum | 16
//                    53  FF   |    01      67
//                             low 4 bits: number of the segment, bit 4: the last one
//
//   68 06 06 68 53 FF 10 01 67 0F D9 16      one segment, the only and last one, data 0F
//
// L counts C to the last byte of data, the sum is that of the same bytes, modulo 256. L wraps: a
// frame of 257 bytes says 01. So L is tried first and L + 256 then; the sum and the stop byte
// decide.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "codec/joined_frames.hpp"
#include "core/bytes.hpp"
#include "core/value.hpp"

namespace gridtap {

inline constexpr std::uint8_t mbus_start = 0x68;
inline constexpr std::size_t longest_mbus = 255 + 256 + 6;

struct MbusFrame {
  unsigned number = 0;  // of the segment, modulo 16
  bool last = false;
  ByteView data;
  std::size_t bytes = 0;
};

struct MbusCheck {
  enum class Verdict : std::uint8_t { more, none, damaged, complete };
  Verdict verdict;
  MbusFrame frame = {};  // of a damaged one only its size
};

// Returns what is at the front of `bytes`, which begins with 68.
MbusCheck check_mbus(ByteView bytes);

// A frame with its sum. REQUIRES: data.size() <= 255 + 251.
std::string mbus_frame(unsigned number, bool last, ByteView data);

// Joins the data of segments 0, 1, ... that follow directly on one another.
class MbusSegments {
 public:
  static constexpr std::size_t longest = 4096;
  static constexpr std::chrono::seconds patience{5};

  struct Outcome {
    enum class Kind : std::uint8_t { nothing, apdu, stray } kind = Kind::nothing;
    ByteView apdu = {};  // valid until the next call
    std::size_t bytes = 0;
    std::size_t abandoned = 0;  // bytes of a half message that was given up
    ByteView joined = {};       // of an APDU of several frames: these; valid as it is
  };

  // `adjacent`: nothing is between the frame before and this one. `raw`: from start to stop byte,
  // for listeners that pass it on.
  Outcome take(const MbusFrame& frame, bool adjacent, Mono now, ByteView raw = {});
  std::size_t abandon();
  Mono due() const { return open_ ? last_ + patience : Mono::max(); }

 private:
  Outcome append(const MbusFrame& frame, Mono now, ByteView raw);

  std::string joined_;
  JoinedFrames frames_;
  std::size_t bytes_ = 0;
  unsigned next_ = 0;
  bool open_ = false;
  Mono last_{};
};

}  // namespace gridtap
