#pragma once
// Relays, their lines and a clock for the tests: time passes with every wake on its way, and every
// line is driven and read back at once, unless the test lets it fail.

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "rules/relay_bank.hpp"

namespace gridtap {

using Relays = std::vector<RelaySettings>;

class RelayRig {
 public:
  static constexpr Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} +
                                std::chrono::hours{11}};  // 12:00 in Oslo

  // Relays are called a, b, c... in their order.
  explicit RelayRig(Relays settings) : settings_(std::move(settings)) {
    for (std::size_t n = 0; n < settings_.size(); ++n) {
      settings_[n].name = std::string(1, static_cast<char>('a' + n));
    }
    fails_.assign(settings_.size(), false);
    stuck_.resize(settings_.size());
  }

  void start() {
    bank.emplace(settings_, *Zone::named("Europe/Oslo"));
    if (kept) bank->restore(*kept);
    bank->start(now(), boot);
    drive();
  }
  // The program was killed, or has ended in order, and runs again after that long.
  void restart(std::chrono::milliseconds after) {
    kept = bank->kept();
    bank.reset();
    mono += after;
    start();
  }
  void reboot(std::chrono::milliseconds after, bool knows_the_time) {
    kept = bank->kept();
    bank.reset();
    wall_ += uptime() + after - std::chrono::seconds{9};
    mono = Mono{std::chrono::seconds{9}};
    boot += '+';
    clock_is_set = knows_the_time;
    start();
  }

  void pass_until(Mono time) {
    while (bank->next_wake() <= time) {
      REQUIRE(bank->next_wake() > mono);
      mono = bank->next_wake();
      bank->on_wake(now());
      drive();
    }
    mono = time;
  }

  // "on a", "off a": what the refusal says, empty where it was obeyed. "lost", "back": the broker.
  // "shed a", "give a". "fail a", "mend a": its line. "stick a", "free a": the level read is the
  // present one whatever is set. "stop", "restart", "wait".
  std::string event(std::string_view text) {
    const std::string_view verb = text.substr(0, text.find(' '));
    const std::size_t relay = verb.size() == text.size() ? 0 : std::size_t(text.back() - 'a');
    std::string said;
    if (verb == "on" || verb == "off") {
      if (const auto why = bank->command(relay, verb == "on", now())) said = why->detail;
    } else if (verb == "lost" || verb == "back") {
      bank->on_broker(verb == "back", now());
    } else if (verb == "shed" || verb == "give") {
      bank->shed(relay, verb == "shed", verb == "shed" ? shed_until : std::nullopt, now());
    } else if (verb == "fail" || verb == "mend") {
      fails_[relay] = verb == "fail";
      read_back(relay);
    } else if (verb == "stick" || verb == "free") {
      stuck_[relay] = verb == "stick" ? std::optional(bank->level(relay)) : std::nullopt;
    } else if (verb == "stop") {
      bank->stop(now());
    } else if (verb == "restart") {
      restart(std::chrono::milliseconds{0});
    } else {
      REQUIRE(verb == "wait");
    }
    drive();
    return said;
  }

  // "on command | off at_start"
  std::string levels() const {
    std::string all;
    for (std::size_t n = 0; n < settings_.size(); ++n) {
      all += (n ? " | " : "") + std::string(bank->level(n) ? "on " : "off ") + why(n);
    }
    return all;
  }
  std::string why(std::size_t relay) const {
    const std::string text = bank->attributes(relay).substr(8);  // behind {"why":"
    return text.substr(0, text.find('"'));
  }

  Now now() const {
    if (!clock_is_set) return {mono, {}};
    return {mono, wall_ + uptime()};
  }
  void set_clock(std::chrono::milliseconds ahead) { wall_ += ahead; }

  std::optional<RelayBank> bank;
  std::optional<KeptRelays> kept;
  std::optional<Instant> shed_until = noon + std::chrono::hours{1};
  Mono mono{};
  std::string boot = "first";
  bool clock_is_set = true;

 private:
  std::chrono::milliseconds uptime() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(mono - Mono{});
  }
  void read_back(std::size_t relay) {
    if (fails_[relay]) {
      bank->on_line(relay, failed(Fault::io, "no chip"), now());
    } else {
      bank->on_line(relay, stuck_[relay].value_or(bank->level(relay)), now());
    }
  }
  // Until nothing moves: what one line reads may let another go on.
  void drive() {
    std::string before;
    while (before != levels()) {
      before = levels();
      for (std::size_t n = 0; n < settings_.size(); ++n) read_back(n);
    }
  }

  Relays settings_;
  std::vector<bool> fails_;
  std::vector<std::optional<bool>> stuck_;
  Instant wall_ = noon;
};

// (time, event) -> levels, and what a refused command says.
struct RelayStep {
  std::chrono::milliseconds at;
  std::string_view event, levels, said = {};
};

// Plays the steps; before the first one the relays start at 0 with the broker there.
inline void check_steps(RelayRig& rig, const std::vector<RelayStep>& steps) {
  if (!rig.bank) {
    rig.start();
    rig.event("back");
  }
  const Mono begin = rig.mono;
  for (const RelayStep& step : steps) {
    CAPTURE(step.at.count());
    CAPTURE(step.event);
    rig.pass_until(begin + step.at);
    CHECK(rig.event(step.event) == step.said);
    CHECK(rig.levels() == step.levels);
  }
}

inline void check_steps(Relays settings, const std::vector<RelayStep>& steps) {
  RelayRig rig(std::move(settings));
  check_steps(rig, steps);
}

}  // namespace gridtap
