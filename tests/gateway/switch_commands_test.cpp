// A switch under a flood of commands: how often it moves, and where it ends.
#include "gateway/switch_commands.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Mono at(std::chrono::milliseconds since) { return Mono{50h} + since; }

// Two switches of a device whose adapter answers when the test says so.
struct Rig {
  Rig() {
    switches.declare("", "pump");
    switches.declare("3", "pump");
  }
  bool admit(bool on, Mono now, std::string_view channel = "") {
    return switches.admit({channel, "pump", on, on ? "ON" : "OFF"}, now);
  }
  void read(bool on, Mono now) { switches.hear(Reading{"", "pump", "wire", on}, now); }
  std::string due(Mono now) {
    const auto held = switches.take_due(now);
    return held ? held->channel + held->text : "none";
  }
  SwitchCommands switches{2s};
};

}  // namespace

TEST_CASE("switch commands: the first goes at once, the next two seconds after its answer") {
  Rig rig;
  CHECK(rig.admit(true, at(0ms)));
  rig.read(true, at(300ms));
  CHECK_FALSE(rig.admit(false, at(400ms)));
  CHECK(rig.switches.next_due() == at(2300ms));
  CHECK(rig.due(at(2299ms)) == "none");
  CHECK(rig.due(at(2300ms)) == "OFF");
  CHECK(rig.switches.next_due() == Mono::max());
  rig.read(false, at(2400ms));
  CHECK(rig.admit(true, at(4400ms)));
}

TEST_CASE("switch commands: of twenty thousand the newest is the one that waits") {
  Rig rig;
  int passed = 0;
  for (int n = 0; n < 20'000; ++n) passed += rig.admit(n % 2 == 1, at(0ms)) ? 1 : 0;
  CHECK(passed == 1);
  rig.read(false, at(50ms));
  CHECK(rig.due(at(2050ms)) == "ON");
  CHECK(rig.due(at(1h)) == "none");
}

TEST_CASE("switch commands: what the switch was before its command is no answer") {
  Rig rig;
  CHECK(rig.admit(false, at(0ms)));
  rig.read(true, at(100ms));
  CHECK_FALSE(rig.admit(true, at(200ms)));
  CHECK(rig.due(at(3s)) == "none");
  rig.switches.hear(Reading{"", "voltage", "wire", false}, at(3s));
  rig.read(false, at(4s));
  CHECK(rig.due(at(6s)) == "ON");
}

TEST_CASE("switch commands: a refusal is an answer, for the switch may have moved for a moment") {
  Rig rig;
  CHECK(rig.admit(false, at(0ms)));
  rig.switches.hear(Rejected{"", "pump", "OFF", {Fault::refused, "no"}}, at(1s));
  CHECK_FALSE(rig.admit(true, at(2s)));
  CHECK(rig.due(at(3s)) == "ON");
}

TEST_CASE("switch commands: an adapter that never answers holds the next one for a while only") {
  Rig rig;
  CHECK(rig.admit(false, at(0ms)));
  CHECK_FALSE(rig.admit(true, at(1ms)));
  CHECK(rig.switches.next_due() == at(12s));
  CHECK(rig.due(at(12s)) == "ON");
}

TEST_CASE("switch commands: one switch does not wait for another, nor a number for any") {
  Rig rig;
  CHECK(rig.admit(true, at(0ms)));
  CHECK(rig.admit(true, at(0ms), "3"));
  CHECK_FALSE(rig.admit(false, at(1ms), "3"));
  CHECK(rig.switches.admit({"", "limit", Decimal{5, 0}, "5"}, at(1ms)));
  CHECK(rig.switches.admit({"", "clear_totals", true, "PRESS"}, at(1ms)));
  CHECK(rig.switches.admit({"", "clear_totals", true, "PRESS"}, at(2ms)));
  CHECK(rig.due(at(12'001ms)) == "3OFF");
}

TEST_CASE("switch commands: what waits can be taken out before its time") {
  Rig rig;
  CHECK(rig.admit(true, at(0ms)));
  CHECK_FALSE(rig.switches.take_any());
  CHECK_FALSE(rig.admit(false, at(1ms)));
  CHECK(rig.switches.take_any()->text == "OFF");
  CHECK_FALSE(rig.switches.take_any());
  CHECK(rig.due(at(1h)) == "none");
}

TEST_CASE("switch commands: without a dwell there is still one at a time") {
  SwitchCommands switches{0s};
  switches.declare("", "pump");
  switches.declare("", "pump");
  CHECK(switches.admit({"", "pump", true, "ON"}, at(0ms)));
  CHECK_FALSE(switches.admit({"", "pump", false, "OFF"}, at(0ms)));
  switches.hear(Reading{"", "pump", "wire", true}, at(1ms));
  CHECK(switches.take_due(at(1ms))->on == false);
}
