#pragma once
// The bytes of a HAN line up to the first good message of a connection, and what they show where
// none comes: speed, parity, an inverted line, text instead of frames (han.md 1).

#include <cstddef>
#include <string>
#include <string_view>

#include "core/effect.hpp"
#include "parts/line_doctor.hpp"

namespace gridtap::han {

class LineSample {
 public:
  void open(Mono now);
  void close() { doctor_.close(); }

  // The next bytes begin behind a silence of the line.
  void burst(bool begins) { burst_begins_ = burst_begins_ || begins; }
  // REQUIRES: no more than until_look() bytes.
  void note(ByteView bytes);
  std::size_t until_look() const;
  void look(Effects& effects);
  void judge(Effects& effects) { judge(true, effects); }
  void wake(Mono now, Effects& effects);
  Mono next_wake() const { return doctor_.next_wake(); }

  void framed() { framed_ = true; }  // a link frame was good, whatever was in it
  void prove() { doctor_.prove(); }  // so was a message

 private:
  struct Finding {
    Cause cause;
    std::string hint;
  };
  void keep(ByteView bytes);
  void judge(bool noise_too, Effects& effects);
  Finding finding(bool noise_too) const;  // cause none: nothing that is sure enough

  LineDoctor doctor_;
  std::string bytes_;
  bool burst_begins_ = true;
  std::size_t bursts_ = 0;     // pieces of the line between silences
  std::size_t with_flag_ = 0;  // that began with a flag, and no frame behind it
  bool second_byte_ = false;   // of a burst that began with a flag is still to come
  bool framed_ = false;
};

}  // namespace gridtap::han
