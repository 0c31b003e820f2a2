#pragma once
// What an adapter keeps to find out why no frame comes though bytes do: when to look at them, and
// which causes were reported already. Each is reported once, also over new connections, until a
// frame has come. What the bytes mean is parts/doctor's and the adapter's to say.

#include <bitset>
#include <chrono>
#include <string_view>

#include "core/effect.hpp"

namespace gridtap {

class LineDoctor {
 public:
  // It judges after this many bytes without a frame: early for what is beyond doubt, late for
  // noise, which a frame may follow.
  static constexpr std::size_t sure_look = 512, noise_look = 4096;
  // Before fewer bytes are judged: a meter may send every 10 s.
  static constexpr std::chrono::seconds patience{11};

  void open(Mono now) {
    if (proved_) said_.reset();
    proved_ = false;
    judge_at_ = now + patience;
  }
  void close() { judge_at_ = Mono::max(); }
  // A good frame has come: the line is right.
  void prove() {
    proved_ = true;
    judge_at_ = Mono::max();
  }
  bool proved() const { return proved_; }

  Mono next_wake() const { return judge_at_; }
  // Once a connection: whether the bytes so far are to be judged now, however few they are.
  [[nodiscard]] bool patience_ends(Mono now) {
    if (now < judge_at_) return false;
    judge_at_ = Mono::max();
    return !proved_;
  }

  bool has_said(Cause cause) const { return said_[static_cast<std::size_t>(cause)]; }
  // `hint`: what to do about it, in a sentence.
  void say(Cause cause, std::string_view hint, Effects& effects) {
    if (has_said(cause)) return;
    said_.set(static_cast<std::size_t>(cause));
    effects(Diagnosis{cause, hint});
  }

 private:
  std::bitset<cause_names.size()> said_;
  bool proved_ = false;
  Mono judge_at_ = Mono::max();
};

}  // namespace gridtap
