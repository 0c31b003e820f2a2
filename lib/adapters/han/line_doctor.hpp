#pragma once
// Why no frame comes though bytes do: speed, parity, an inverted line, text instead of frames
// (han.md 1). Looks at the bytes up to the first good message of a connection, and says a cause
// once.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/effect.hpp"

namespace gridtap::han {

class LineDoctor {
 public:
  // It looks when so many bytes have come without a message: early for what is beyond doubt, late
  // for noise, which a frame may follow.
  static constexpr std::size_t sure_look = 512, noise_look = 4096;
  static constexpr std::chrono::seconds patience{11};  // before few bytes are judged

  void open(Mono now);
  void close() { judge_at_ = Mono::max(); }

  // The next bytes begin behind a silence of the line.
  void burst(bool begins) { burst_begins_ = burst_begins_ || begins; }
  // REQUIRES: no more than until_look() bytes.
  void note(ByteView bytes);
  std::size_t until_look() const;
  void look(Effects& effects);
  void judge(Effects& effects) { judge(true, effects); }
  void wake(Mono now, Effects& effects);
  Mono next_wake() const { return judge_at_; }

  void framed() { framed_ = true; }  // a link frame was good, whatever was in it
  void prove();                      // so was a message
  bool proved() const { return proved_; }

 private:
  void keep(ByteView bytes);
  void judge(bool noise_too, Effects& effects);
  void say(std::string_view cause, std::string_view cure, Effects& effects);

  std::string sample_;
  bool burst_begins_ = true;
  std::size_t bursts_ = 0;     // pieces of the line between silences
  std::size_t with_flag_ = 0;  // that began with a flag, and no frame behind it
  bool second_byte_ = false;   // of a burst that began with a flag is still to come
  bool framed_ = false, proved_ = false;
  Mono judge_at_ = Mono::max();
  std::vector<std::string> said_;
};

}  // namespace gridtap::han
