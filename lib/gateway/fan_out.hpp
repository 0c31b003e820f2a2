#pragma once
// One sink that is many: hands every effect to each listener, in the order in which they came. A
// listener hears all devices or the named ones; a session that is added hears other devices for its
// rules.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ports.hpp"

namespace gridtap {

class FanOut final : public Sink {
 public:
  // `devices`: ids; none: all. The listener outlives the fan-out, or is removed.
  void add(Sink& listener, std::vector<std::string> devices = {}) {
    listeners_.push_back({&listener, std::move(devices)});
  }
  void remove(const Sink& listener) {
    std::erase_if(listeners_, [&](const Listener& each) { return each.sink == &listener; });
  }

  // A listener may add others meanwhile; they hear the next effect.
  void on_effect(std::string_view device, const Effect& effect, Now now) override {
    const std::size_t count = listeners_.size();
    for (std::size_t n = 0; n < count && n < listeners_.size(); ++n) {
      if (listeners_[n].hears(device)) listeners_[n].sink->on_effect(device, effect, now);
    }
  }

 private:
  struct Listener {
    Sink* sink;
    std::vector<std::string> devices;
    bool hears(std::string_view device) const {
      return devices.empty() || std::find(devices.begin(), devices.end(), device) != devices.end();
    }
  };
  std::vector<Listener> listeners_;
};

}  // namespace gridtap
