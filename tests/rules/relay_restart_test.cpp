// Relays over the end of the program and of the machine: timers go on where they were.

#include "core/record.hpp"
#include "relay_rig.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

TEST_CASE("relay restart: max_on goes on where it was") {
  for (const AtStart at_start : {AtStart::last, AtStart::on}) {
    CAPTURE(at_start);
    RelayRig rig(Relays{{.at_start = at_start, .max_on = 2h}});
    check_steps(rig, {{0s, "on a", "on command"}});
    rig.pass_until(rig.mono + 1h);
    rig.restart(10min);
    check_steps(rig, {{0s, "wait", "on at_start"},
                      {50min - 1ms, "wait", "on at_start"},
                      {50min, "wait", "off max_on"}});
  }
}

TEST_CASE("relay restart: a max_on that ended meanwhile ends the relay at once") {
  RelayRig rig(Relays{{.at_start = AtStart::last, .max_on = 2h}});
  check_steps(rig, {{0s, "on a", "on command"}});
  rig.restart(3h);
  check_steps(rig, {{0s, "wait", "off max_on"}});
}

TEST_CASE("relay restart: min_off goes on where it was, whatever the clock was set to") {
  RelayRig rig(Relays{{.min_off = 1h}});
  check_steps(rig, {{0s, "on a", "on command"}, {1s, "off a", "off command"}});
  rig.set_clock(5h);
  rig.restart(30min);
  check_steps(rig,
              {{0s, "on a", "off at_start", "min_off: 1800 s"}, {30min, "on a", "on command"}});
}

TEST_CASE("relay restart: rate goes on where it was") {
  RelayRig rig(Relays{{.rate = 1}});
  check_steps(rig, {{0s, "on a", "on command"}});
  rig.restart(10s);
  check_steps(rig, {{0s, "on a", "off at_start", "rate: 50 s"}, {50s, "on a", "on command"}});
}

TEST_CASE("relay restart: killed while on, the safe level comes first, and min_off counts") {
  RelayRig rig(Relays{{.min_off = 60s}});
  check_steps(rig, {{0s, "on a", "on command"}});
  rig.restart(10s);
  check_steps(rig, {{0s, "wait", "off at_start"}, {1s, "on a", "off at_start", "min_off: 59 s"}});
}

TEST_CASE("relay restart: last is the level before the end, not the one of the end") {
  RelayRig rig(Relays{{.at_start = AtStart::last}, {.at_start = AtStart::last}});
  check_steps(
      rig, {{0s, "on a", "on command | off at_start"}, {1s, "stop", "off at_exit | off at_exit"}});
  rig.restart(1s);
  check_steps(rig, {{0s, "wait", "on at_start | off at_start"}});
}

TEST_CASE("relay restart: last of what was shed is on, and of what max_on ended off") {
  RelayRig rig(Relays{{.at_start = AtStart::last}, {.at_start = AtStart::last, .max_on = 10s}});
  check_steps(rig, {{0s, "on a", "on command | off at_start"},
                    {1s, "on b", "on command | on command"},
                    {2s, "shed a", "off shed | on command"},
                    {20s, "wait", "off shed | off max_on"}});
  rig.restart(1s);
  check_steps(rig, {{0s, "wait", "on at_start | off at_start"}});
}

// ---- the machine itself was off -----------------------------------------------------------------

TEST_CASE("relay restart: after a reboot the relay was off, and max_on still goes on") {
  RelayRig rig(Relays{{.at_start = AtStart::last, .max_on = 2h, .min_off = 60s}});
  check_steps(rig, {{0s, "on a", "on command"}});
  rig.pass_until(rig.mono + 90min);
  SUBCASE("by the time of day") {
    rig.reboot(10min, true);
    check_steps(rig, {{0s, "wait", "off at_start"},
                      {60s, "wait", "on at_start"},
                      {21min - 1ms, "wait", "on at_start"},
                      {21min, "wait", "off max_on"}});
  }
  SUBCASE("without a clock that is set: from when it was kept") {
    rig.reboot(10min, false);
    check_steps(rig, {{60s, "wait", "on at_start"},
                      {31min - 1ms, "wait", "on at_start"},
                      {31min, "wait", "off max_on"}});
  }
  SUBCASE("over a second reboot during min_off") {
    rig.reboot(10min, true);
    rig.reboot(1s, false);
    check_steps(rig, {{60s, "wait", "on at_start"},
                      {21min - 1ms, "wait", "on at_start"},
                      {21min, "wait", "off max_on"}});
  }
  SUBCASE("used up") {
    rig.reboot(40min, true);
    check_steps(rig, {{0s, "wait", "off max_on"}, {2h, "wait", "off max_on"}});
  }
}

TEST_CASE("relay restart: min_off after a reboot is by the time of day where it is known") {
  RelayRig rig(Relays{{.min_off = 1h}});
  check_steps(rig, {{0s, "on a", "on command"}, {1s, "off a", "off command"}});
  rig.pass_until(rig.mono + 10min);
  SUBCASE("known") {
    rig.reboot(20min, true);
    check_steps(rig, {{0s, "on a", "off at_start", "min_off: 1800 s"}});
  }
  SUBCASE("not known") {
    rig.reboot(20min, false);
    check_steps(rig, {{0s, "on a", "off at_start", "min_off: 3000 s"}});
  }
  SUBCASE("set back meanwhile: at least what had passed") {
    rig.set_clock(-24h);
    rig.reboot(20min, true);
    check_steps(rig, {{0s, "on a", "off at_start", "min_off: 3000 s"}});
  }
}

TEST_CASE("relay restart: where the boot is not known, the time of day decides") {
  RelayRig rig(Relays{{.at_start = AtStart::last, .max_on = 2h}});
  rig.boot.clear();
  check_steps(rig, {{0s, "on a", "on command"}});
  rig.pass_until(rig.mono + 1h);
  rig.restart(10min);
  check_steps(rig, {{0s, "wait", "on at_start"},
                    {50min - 1ms, "wait", "on at_start"},
                    {50min, "wait", "off max_on"}});
}

// ---- the text -----------------------------------------------------------------------------------

namespace {

KeptRelays sample() {
  RelayRig rig(Relays{{.max_on = 2h, .rate = 3}, {}});
  rig.start();
  rig.event("on a");
  rig.pass_until(rig.mono + 3s);
  rig.event("off a");
  rig.event("on a");
  rig.clock_is_set = false;
  return rig.bank->kept();
}

}  // namespace

TEST_CASE("relay restart: what is kept is a text, and the text is what was kept") {
  const KeptRelays kept = sample();
  REQUIRE(kept.relays.size() == 2);
  CHECK(kept.relays[0].went_on.size() == 2);
  CHECK(kept.relays[0].went_off);
  CHECK(kept_relays(to_text(kept)) == kept);

  KeptRelays timeless = kept;
  timeless.boot.clear();
  timeless.relays[0].since.wall.reset();
  CHECK(kept_relays(to_text(timeless)) == timeless);
}

TEST_CASE("relay restart: a text that is no record, or cut, is nothing that was kept") {
  const std::string text = to_text(sample());
  for (std::size_t length = 0; length < text.size(); ++length) {
    CAPTURE(length);
    CHECK(kept_relays(text.substr(0, length)).relays.empty());
  }
}

TEST_CASE("relay restart: a row of the wrong form costs its relay, not the others") {
  RecordWriter record;
  record.add("boot", "x");
  record.add("relay", "a", 1, 1, "much");
  record.add("relay", "b", 1, 1, 0).add("since", "b", 1000, 5).add("went_on", "b", "soon", 5);
  record.add("since", "nobody", 1, 1);
  record.add("relay", "c", 1, 1, 0).add("since", "c", 1000);
  const KeptRelays kept = kept_relays(record.text());
  REQUIRE(kept.relays.size() == 1);
  CHECK(kept.relays[0].name == "b");
  CHECK(kept.relays[0].since.mono == 1s);
  CHECK(kept.relays[0].went_on.empty());
}

TEST_CASE("relay restart: times out of any reason break no rule") {
  constexpr auto huge = std::chrono::milliseconds::max();
  constexpr auto least = std::chrono::milliseconds::min();
  for (const KeptTime time : {KeptTime{huge, huge, huge}, KeptTime{least, least, least},
                              KeptTime{0ms, huge, least}, KeptTime{huge, 0ms, {}}}) {
    RelayRig rig(Relays{{.at_start = AtStart::last, .max_on = 60s, .min_off = 10s, .rate = 1}});
    KeptRelay relay{"a", true, true, time, huge, time, {time, time}};
    rig.kept = KeptRelays{"another", {relay, relay}};
    rig.start();
    rig.pass_until(rig.mono + 200s);
    CHECK_FALSE(rig.bank->level(0));
  }
}
