#pragma once
// Finds link frames in the bytes of a HAN line: HDLC (codec/hdlc.hpp) and M-Bus long frames
// (codec/mbus_frame.hpp), whichever begins first. Nothing that fails can hide a good frame: the
// search goes on one byte behind the start that failed. How the input is cut changes nothing.

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "codec/hdlc.hpp"
#include "codec/mbus_frame.hpp"
#include "core/bytes.hpp"

namespace gridtap::han {

struct Found {
  enum class Kind : std::uint8_t { hdlc, mbus, damaged };
  Kind kind = Kind::damaged;
  HdlcFrame hdlc;
  MbusFrame mbus;
  HdlcBytes bytes;          // of either kind
  bool adjacent = false;    // nothing but flags (M-Bus: nothing) since the frame before
  std::size_t damaged = 0;  // bytes of a frame whose check is wrong
};

class Framer {
 public:
  // The longest frame and a read beside it.
  static constexpr std::size_t capacity = 4096;

  void reset() { *this = Framer(); }

  // How much append() takes now; never 0 after next() has given nothing.
  std::size_t room() const { return capacity - (end_ - begin_); }
  // REQUIRES: bytes.size() <= room().
  void append(ByteView bytes);

  // The next frame, good or damaged; false where more bytes are needed. `silent`: no more will
  // come soon, what is not whole has failed. Views in `found` live until the next append().
  bool next(bool silent, Found& found);

  // Whether a frame may have begun that is not whole yet.
  bool waiting() const { return begin_ != end_; }

  // Bytes outside frames since the last call, flags not counted; and whether one of them, since
  // clear_gap(), was the head of a frame without its end.
  std::size_t take_gap() { return std::exchange(gap_, 0); }
  bool gap_was_frame() const { return cut_; }
  void clear_gap();

 private:
  std::size_t find_start();
  void skip(std::size_t count);
  enum class Step : std::uint8_t { wait, failed, found };
  Step try_hdlc(Found& found);
  Step try_mbus(Found& found);
  void mark_damaged(std::size_t bytes, Found& found);
  void close_frame(std::size_t used, std::size_t told);

  std::array<std::uint8_t, capacity> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::size_t next_flag_ = 0;  // no flag between begin_ and here
  std::size_t told_ = 0;       // up to here in the buffer all belongs to a frame that was reported
  std::size_t gap_ = 0;
  bool cut_ = false;
  bool clean_ = false;       // since the last good frame only flags have come
  bool at_its_end_ = false;  // nothing at all has come since
};

}  // namespace gridtap::han
