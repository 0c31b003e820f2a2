#pragma once
// HDLC frames of format type 3, as meters push them (IEC 62056-46, 6.4; ISO/IEC 13239):
//
//   7E | A L  L L | destination | source | control | HCS | information ...  | FCS | 7E
//   flag|format   | 1 to 4      | 1 to 4 | 1       | 2   | absent: no HCS   | 2   | flag
//
//   A: 4 bits 1010, then 1 bit S (more segments follow), then 11 bits L: the bytes between the
//   flags. Addresses: 7 bits a byte, the lowest bit marks the last byte. HCS, FCS: CRC-16/X-25 over
//   everything before them, without the flag, low byte first.
//
//   7E A0 0A 41 03 13 C5 AD 0F 3B 3E 7E      L 10, from 03 to 41, control 13, information 0F
//
// Nothing is stuffed: 7E and 7D are ordinary bytes inside a frame, and the length alone leads to
// its end.  One flag may close a frame and open the next. A search in a stream goes on one byte
// behind a failed opening flag, and at the closing flag of a good frame.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "codec/joined_frames.hpp"
#include "core/bytes.hpp"
#include "core/value.hpp"

namespace gridtap {

inline constexpr std::uint8_t hdlc_flag = 0x7E;
inline constexpr std::size_t longest_hdlc = 2047 + 2;  // with its flags

struct HdlcFrame {
  ByteView information;
  bool segmented = false;  // more of the same message follows
  std::size_t bytes = 0;   // with both flags
};

struct HdlcCheck {
  enum class Verdict : std::uint8_t {
    more,      // not all of it is there yet
    none,      // no frame begins here
    cut,       // its head is sound, its end is not where it should be
    damaged,   // it ends where it should, and a check sequence is wrong
    complete,  // a good frame
  };
  Verdict verdict;
  HdlcFrame frame = {};  // of a damaged one only its size
};

// Returns what is at the front of `bytes`, which begins with a flag.
HdlcCheck check_hdlc(ByteView bytes);

// A frame with its checks. `addresses`: destination, source and control.
std::string hdlc_frame(ByteView addresses, ByteView information, bool segmented = false);

// A frame from flag to flag, for listeners that pass it on.
struct HdlcBytes {
  ByteView raw = {};
  bool shares_flag = false;  // its opening flag is the closing one of the frame before
};

// Joins the information fields of segments. Only the first begins with an LLC header (IEC 62056-46,
// annex B: E6 E7 00), and a segment counts only where it follows directly on the one before: a
// message with a hole would parse, too.
class HdlcSegments {
 public:
  static constexpr std::size_t longest = 4096;
  static constexpr std::chrono::seconds patience{5};

  struct Outcome {
    enum class Kind : std::uint8_t { nothing, apdu, stray } kind = Kind::nothing;
    ByteView apdu = {};         // without LLC header; valid until the next call
    bool had_llc = false;       // else it has to be used up to its last byte
    std::size_t bytes = 0;      // of the frames it came in
    std::size_t abandoned = 0;  // bytes of a half message that was given up
    ByteView joined = {};       // of an APDU of several frames: these; valid as it is
  };

  // `adjacent`: only flags are between the frame before and this one.
  Outcome take(const HdlcFrame& frame, bool adjacent, Mono now, const HdlcBytes& bytes = {});
  // The bytes of a half message whose end will not come any more; 0 if there is no such message.
  std::size_t abandon();
  Mono due() const { return open_ ? last_ + patience : Mono::max(); }

 private:
  void begin(const HdlcFrame& frame, ByteView payload, Mono now);
  Outcome go_on(const HdlcFrame& frame, Mono now, const HdlcBytes& bytes);

  std::string joined_;
  JoinedFrames frames_;
  std::size_t bytes_ = 0;
  bool open_ = false;
  Mono last_{};
};

}  // namespace gridtap
