// A million random commands, alarms, lost brokers, lost lines, clock jumps, kills and reboots: an
// observer who sees only the lines and the true time finds no limit broken.
// GRIDTAP_RELAY_EVENTS: another number of events, for a longer search.

#include <cstdint>
#include <cstdlib>
#include <random>

#include "relay_rig.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

using std::chrono::milliseconds;

// What is known of a line from outside, in true time.
struct Seen {
  bool on = false;
  milliseconds on_since{0};
  std::optional<milliseconds> off_since;
  std::deque<milliseconds> ons;
};

class World {
 public:
  explicit World(std::uint32_t seed) : random_(seed) {
    for (const char* group : {"x", "x", "y", "y", ""}) {
      settings_.push_back(any_settings(group));
      settings_.back().name = std::string(1, static_cast<char>('a' + settings_.size()));
    }
    seen_.resize(settings_.size());
    fails_.resize(settings_.size());
    start();
  }

  void step() {
    const std::size_t relay = below(settings_.size());
    switch (below(200)) {
      case 0:
        return restart();
      case 1:
        return reboot();
      case 2:
        return jump();
      case 3:
        wall_known_ = !wall_known_;
        return jump();
      case 4:
        return fail(relay);
      default:
        break;
    }
    switch (below(8)) {
      case 0:
        return pass(milliseconds(below(30'000)));
      case 1:
        return pass(milliseconds(below(300)));
      case 2:
        return act([&] { bank_->on_broker(below(2) != 0, now()); });
      case 3:
        return act([&] { bank_->shed(relay, below(2) != 0, {}, now()); });
      default:
        return command(relay, below(3) != 0);
    }
  }

  std::string broken;  // the first rule seen broken
  std::uint64_t ons = 0, refused = 0;

 private:
  std::uint32_t below(std::size_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  milliseconds any_of(std::initializer_list<milliseconds> times) {
    return times.begin()[below(times.size())];
  }
  RelaySettings any_settings(const char* group) {
    RelaySettings any{.at_start = static_cast<AtStart>(below(3)),
                      .at_exit = static_cast<AtExit>(below(3)),
                      .on_broker_loss = static_cast<OnBrokerLoss>(below(3))};
    any.on_broker_loss_after = any_of({0s, 2s, 30s});
    any.max_on = any_of({0s, 3s, 40s, 1h});
    any.min_on = any_of({0s, 2s, 20s});
    any.min_off = any_of({0s, 1s, 15s, 10min});
    any.rate = below(4);
    any.interlock = group;
    return any;
  }

  Now now() const {
    if (!wall_known_) return {Mono{} + (time_ - booted_), {}};
    return {Mono{} + (time_ - booted_), RelayRig::noon + time_ + clock_error_};
  }

  void start() {
    bank_.emplace(settings_, *zone_);
    if (!kept_.empty()) bank_->restore(kept_relays(kept_));
    act([&] { bank_->start(now(), std::to_string(booted_.count())); }, true);
  }
  void restart() {
    if (below(2)) act([&] { bank_->stop(now()); }, true);
    keep();
    time_ += milliseconds(below(60'000));
    if (below(2)) clock_error_ += milliseconds(below(100'000'000));
    start();
  }
  // The lines are let go at once. Meanwhile the clock may be lost, but not be wrong.
  void reboot() {
    keep();
    for (Seen& seen : seen_) see(seen, false);
    time_ += milliseconds(1 + below(60'000));
    booted_ = time_;
    wall_known_ = below(2) != 0;
    start();
  }
  void jump() {
    clock_error_ += milliseconds(below(200'000'000)) - 100'000s;
    act([&] { bank_->on_wake(now()); });
  }

  void fail(std::size_t relay) {
    fails_[relay] = !fails_[relay];
    act([] {}, true);
  }
  void command(std::size_t relay, bool on) {
    act([&] { refused += bank_->command(relay, on, now()).has_value(); }, !on);
  }
  void pass(milliseconds time) {
    const milliseconds end = time_ + time;
    for (;;) {
      const Mono due = bank_->next_wake();
      if (due == Mono::max()) break;
      const auto at = booted_ + std::chrono::duration_cast<milliseconds>(due - Mono{});
      if (at > end) break;
      if (at <= time_) return tell("woken without a reason", 0);
      time_ = at;
      act([&] { bank_->on_wake(now()); });
    }
    time_ = end;
  }

  template <class Act>
  void act(Act&& what, bool may_end_early = false) {
    what();
    look(may_end_early);
    // Until nothing moves: what one line reads may let another go on.
    for (auto before = levels_ + 1; before != levels_;) {
      before = levels_;
      for (std::size_t n = 0; n < settings_.size(); ++n) report(n);
      look(may_end_early);
    }
  }
  void report(std::size_t n) {
    if (fails_[n]) {
      bank_->on_line(n, failed(Fault::io, "gone"), now());
    } else {
      bank_->on_line(n, bank_->level(n), now());
    }
  }
  void keep() { kept_ = to_text(bank_->kept()); }

  // OFF first, as the lines are driven.
  void look(bool may_end_early) {
    for (std::size_t n = 0; n < seen_.size(); ++n) {
      const RelaySettings& settings = settings_[n];
      const bool on = bank_->level(n) && !fails_[n];
      if (!seen_[n].on || on) continue;
      const bool early = time_ - seen_[n].on_since < settings.min_on;
      if (early && !may_end_early && !by_max_on(n)) tell("min_on", n);
      see(seen_[n], false);
    }
    for (std::size_t n = 0; n < seen_.size(); ++n) {
      if (bank_->level(n) && !fails_[n] && !seen_[n].on) go_on(n);
      const RelaySettings& settings = settings_[n];
      const bool limited = seen_[n].on && settings.max_on > 0s;
      if (limited && time_ - seen_[n].on_since >= settings.max_on) tell("max_on", n);
    }
  }
  bool by_max_on(std::size_t n) const {
    return bank_->attributes(n).starts_with(R"({"why":"max_on")");
  }
  void go_on(std::size_t n) {
    Seen& seen = seen_[n];
    const RelaySettings& settings = settings_[n];
    if (seen.off_since && time_ - *seen.off_since < settings.min_off) tell("min_off", n);
    while (!seen.ons.empty() && time_ - seen.ons.front() >= 60s) seen.ons.pop_front();
    if (settings.rate > 0 && seen.ons.size() >= settings.rate) tell("rate", n);
    for (std::size_t m = 0; m < seen_.size(); ++m) {
      if (m == n || settings.interlock.empty() || settings.interlock != settings_[m].interlock) {
        continue;
      }
      if (seen_[m].on) tell("interlock", n);
      const auto off = seen_[m].off_since;
      if (off && time_ - *off < settings_[m].min_off) tell("interlock's min_off", n);
    }
    ++ons;
    see(seen, true);
    seen.ons.push_back(time_);
  }
  void see(Seen& seen, bool on) {
    if (seen.on == on) return;
    ++levels_;
    seen.on = on;
    if (on) {
      seen.on_since = time_;
    } else {
      seen.off_since = time_;
    }
  }
  void tell(const char* rule, std::size_t relay) {
    if (!broken.empty()) return;
    broken = std::string(rule) + " of " + settings_[relay].name + " at " +
             std::to_string(time_.count()) + " ms: " + bank_->attributes(relay);
  }

  std::mt19937 random_;
  Relays settings_;
  std::optional<Zone> zone_ = Zone::named("Europe/Oslo");
  std::optional<RelayBank> bank_;
  std::string kept_;
  std::vector<Seen> seen_;
  std::vector<bool> fails_;
  milliseconds time_{0}, booted_{0}, clock_error_{0};
  bool wall_known_ = true;
  std::uint64_t levels_ = 0;  // changes seen
};

}  // namespace

TEST_CASE("relay property: no limit is ever broken, whatever happens in whatever order") {
  const char* asked = std::getenv("GRIDTAP_RELAY_EVENTS");
  const std::uint64_t events = asked ? std::strtoull(asked, nullptr, 10) : 1'000'000;
  constexpr std::uint64_t of_one_world = 5'000;
  std::uint64_t ons = 0, refused = 0;
  for (std::uint32_t seed = 0; seed * of_one_world < events; ++seed) {
    World world(seed);
    for (std::uint64_t n = 0; n < of_one_world && world.broken.empty(); ++n) world.step();
    CAPTURE(seed);
    REQUIRE(world.broken == "");
    ons += world.ons;
    refused += world.refused;
  }
  // It was about something: relays went on, and commands were refused.
  CHECK(ons > events / 100);
  CHECK(refused > events / 100);
}
