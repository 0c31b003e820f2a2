#pragma once
// The commands for the switches of a device, when they come faster than a switch may move. One at a
// time is with the adapter; after its answer the switch rests for the dwell. What comes meanwhile
// waits, one command a switch: the newest takes the place of the one before it, which is not
// refused, for the switch ends where the last command said. Pure; the time comes with each call.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/effect.hpp"

namespace gridtap {

class SwitchCommands {
 public:
  // An adapter that has not answered within this time gets the next command all the same.
  static constexpr std::chrono::milliseconds longest_answer = std::chrono::seconds{10};

  // What waited, with texts of its own.
  struct Held {
    std::string channel, key, text;
    bool on;
    std::optional<Mono> expires;
    Command command() const { return {channel, key, on, text, expires}; }
  };

  explicit SwitchCommands(std::chrono::milliseconds dwell) : dwell_(dwell) {}

  // From now on this entity is a switch; commands for others never wait.
  void declare(std::string_view channel, std::string_view key);
  // True: the command goes to the adapter now. False: it waits.
  bool admit(const Command& command, Mono now);
  // The adapter says what a switch is, which is an answer where it was commanded to be that.
  void hear(const Reading& reading, Mono now);
  void hear(const Rejected& rejected, Mono now);

  // One that has waited long enough: it goes to the adapter now.
  std::optional<Held> take_due(Mono now);
  // One that waits, whether its time has come or not: the line is gone.
  std::optional<Held> take_any();
  Mono next_due() const;

 private:
  struct Switch {
    std::string channel, key;
    Mono free_at = Mono::min();        // when the next command may go
    std::optional<bool> ordered = {};  // with the adapter, without an answer
    std::optional<Held> waiting = {};
  };
  Switch* find(std::string_view channel, std::string_view key);
  void order(Switch& to, bool on, Mono now);
  void answered(Switch& from, Mono now);

  std::chrono::milliseconds dwell_;
  std::vector<Switch> switches_;
  int ordered_ = 0;  // how many are with the adapter
};

}  // namespace gridtap
