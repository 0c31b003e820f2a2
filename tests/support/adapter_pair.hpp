#pragma once
// Adapters on lines between them: what one end sends, the other hears at once. One clock for all.

#include <vector>

#include "support/adapter_rig.hpp"

namespace gridtap {

class Wires {
 public:
  void connect(AdapterRig& one, AdapterRig& other) { wires_.push_back({&one, &other}); }

  void pass(std::chrono::milliseconds time) {
    const Mono until = wires_[0].one->now.mono + time;
    exchange();
    while (next() <= until) {
      set(std::max(next(), wires_[0].one->now.mono));
      for (const Wire& wire : wires_) {
        wire.one->pass(std::chrono::milliseconds{0});
        wire.other->pass(std::chrono::milliseconds{0});
      }
      exchange();
    }
    set(until);
  }

  // Everything that was said on the first wire by its first end, and by the other.
  std::string from_one, from_other;

 private:
  struct Wire {
    AdapterRig *one, *other;
  };

  void exchange() {
    for (bool any = true; any;) {
      any = false;
      for (const Wire& wire : wires_) {
        const std::string there = wire.one->sent(), back = wire.other->sent();
        if (&wire == &wires_[0]) {
          from_one += there;
          from_other += back;
        }
        if (!there.empty()) wire.other->feed(there);
        if (!back.empty()) wire.one->feed(back);
        any = any || !there.empty() || !back.empty();
      }
    }
  }
  Mono next() const {
    Mono next = Mono::max();
    for (const Wire& wire : wires_) {
      next = std::min({next, wire.one->adapter->next_wake(), wire.other->adapter->next_wake()});
    }
    return next;
  }
  void set(Mono now) {
    for (const Wire& wire : wires_) wire.one->now.mono = wire.other->now.mono = now;
  }

  std::vector<Wire> wires_;
};

}  // namespace gridtap
