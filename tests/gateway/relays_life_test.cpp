// Relays at the end of the program and at its next start, and while the alarm of a meter is on.
#include <doctest/doctest.h>

#include "relay_world.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

std::vector<RelayOptions> three_shed() {
  std::vector<RelayOptions> relays;
  for (const char* name : {"boiler", "heater", "car"}) {
    relays.push_back(relay_options(name));
    relays.back().shed_by = "meter";
  }
  return relays;
}

void all_on(RelayWorld& w) {
  w.start();
  for (const char* name : {"boiler", "heater", "car"}) w.command(name, true);
  w.meter("hour_limit", Decimal{5000, 0});
  w.meter("hour_projected", Decimal{6000, 0});
  w.pins.taken();
}

}  // namespace

TEST_CASE("relays: at_exit is driven at the end; hold leaves the line as it is") {
  std::vector<RelayOptions> relays;
  for (const char* name : {"boiler", "heater", "pump"}) relays.push_back(relay_options(name));
  relays[1].rules.at_exit = AtExit::hold;
  relays[2].rules.at_exit = AtExit::on;
  RelayWorld w(relays);
  w.start();
  w.command("boiler", true);
  w.command("heater", true);
  w.pins.taken();
  w.session->stop();
  CHECK(w.pins.taken() == "0-2+");
  CHECK(w.shown("relay_boiler") == "OFF");
  CHECK(w.shown("relay_pump") == "ON");
  w.clock.advance(1h);
  CHECK(w.pins.taken() == "");  // nothing is looked at any more
}

TEST_CASE("relays: after a crash the start is driven first, whatever was on") {
  auto relays = std::vector{relay_options("boiler"), relay_options("heater")};
  relays[1].rules.at_start = AtStart::last;
  RelayWorld w(relays);
  w.start();
  w.command("boiler", true);
  w.command("heater", true);
  w.pins.taken();
  w.restart_after_crash();
  CHECK(w.pins.taken() == "0-1+");
  CHECK(w.shown("relay_boiler") == "OFF");
  CHECK(w.shown("relay_heater") == "ON");
}

TEST_CASE("relays: min_off goes on where it was after a crash: it was kept when it began") {
  auto relays = std::vector{relay_options("boiler")};
  relays[0].rules.min_off = 10min;
  RelayWorld w(relays);
  w.start();
  w.clock.advance(1h);
  w.command("boiler", true);
  w.command("boiler", false);
  w.clock.advance(1min);
  w.restart_after_crash();
  w.command("boiler", true);
  CHECK(w.taken_refusals() == "relay_boiler: min_off: 540 s\n");
}

TEST_CASE("relays: where a restart changes nothing nothing is kept at a command") {
  RelayWorld w({relay_options("boiler")});
  w.start();
  const int kept = w.kept;
  w.command("boiler", true);
  w.command("boiler", false);
  CHECK(w.kept == kept);
}

TEST_CASE(
    "relays: after a crash a level is as old as the start, not as what was saved long before") {
  RelayWorld w({relay_options("boiler")});
  w.start();
  w.session->save(w.store);
  w.clock.advance(5min);
  w.command("boiler", true);
  w.clock.advance(5min);
  w.restart_after_crash();
  CHECK(w.shown("relay_boiler") == "OFF");
  std::string start;
  append_utc(start, RelayWorld::noon + 10min);
  CHECK(w.attributes_of("relay_boiler").find(start) != std::string::npos);
}

TEST_CASE("relays: what a restart would turn on again is kept once a minute while max_on runs") {
  auto relays = std::vector{relay_options("boiler")};
  relays[0].rules.at_start = AtStart::last;
  relays[0].rules.max_on = 1h;
  RelayWorld w(relays);
  w.start();
  w.command("boiler", true);
  const int kept = w.kept;
  w.clock.advance(10min);
  CHECK(w.kept == kept + 10);
}

// ---- the alarm of a meter -----------------------------------------------------------------------

TEST_CASE("relays: while the alarm is on they go off one after the other, by themselves") {
  RelayWorld w(three_shed());
  all_on(w);
  w.meter("hour_limit_exceeded", true);
  CHECK(w.pins.taken() == "0-");
  CHECK(w.shown("relay_boiler") == "OFF");
  CHECK(
      w.attributes_of("relay_boiler")
          .starts_with(
              R"({"why":"shed","since":"2027-01-15T12:00:00Z","free_at":"2027-01-15T13:00:00Z")"));
  w.command("boiler", true);
  CHECK(w.taken_refusals() == "relay_boiler: shed until 13:00\n");
  w.clock.advance(ShedQueue::pace);
  CHECK(w.pins.taken() == "1-");
  w.meter("hour_projected", Decimal{4900, 0});
  w.clock.advance(ShedQueue::pace);
  CHECK(w.pins.taken() == "");  // enough
}

TEST_CASE("relays: they come back in reverse order, those that had been on") {
  RelayWorld w(three_shed());
  all_on(w);
  w.command("car", false);
  w.pins.taken();
  w.meter("hour_limit_exceeded", true);
  w.clock.advance(ShedQueue::pace);
  CHECK(w.pins.taken() == "0-1-");
  w.command("boiler", false);  // and so it stays off
  w.meter("hour_projected", Decimal{4000, 0});
  w.clock.advance(ShedQueue::pace);
  w.meter("hour_limit_exceeded", false);
  CHECK(w.pins.taken() == "1+");
  CHECK(w.attributes_of("relay_heater").find(R"("why":"command")") != std::string::npos);
  w.clock.advance(ShedQueue::pace);
  w.meter("hour_projected", Decimal{4100, 0});
  CHECK(w.pins.taken() == "");
  w.command("boiler", true);
  w.command("car", true);
  CHECK(w.taken_refusals() == "");
}

TEST_CASE("relays: with the next hour all are back, though the meter has fallen silent") {
  RelayWorld w(three_shed());
  all_on(w);
  w.meter("hour_limit_exceeded", true);
  w.clock.advance(ShedQueue::pace);
  CHECK(w.pins.taken() == "0-1-");
  w.clock.advance(1h - ShedQueue::pace - 1ms);
  w.pins.taken();
  w.clock.advance(1min);
  CHECK(w.shown("relay_boiler") == "ON");
  CHECK(w.shown("relay_heater") == "ON");
  CHECK(w.shown("relay_car") == "ON");
}

TEST_CASE("relays: min_on holds a relay that is shed, and its own rules stay above the alarm") {
  auto relays = three_shed();
  relays[0].rules.min_on = 5min;
  RelayWorld w(relays);
  all_on(w);
  w.meter("hour_limit_exceeded", true);
  CHECK(w.pins.taken() == "");
  w.clock.advance(ShedQueue::pace);
  CHECK(w.pins.taken() == "1-");
  w.meter("hour_projected", Decimal{4900, 0});
  w.clock.advance(5min - ShedQueue::pace);
  CHECK(w.pins.taken() == "0-");
}

TEST_CASE("relays: only the meter that is named counts, and only its own readings") {
  RelayWorld w(three_shed());
  all_on(w);
  w.session->on_effect("other", Reading{"", "hour_limit_exceeded", "rule", true}, w.clock.now());
  w.session->on_effect("meter", Reading{"2", "hour_limit_exceeded", "rule", true}, w.clock.now());
  CHECK(w.pins.taken() == "");
  const Relays relays(three_shed(), w.pins, *Zone::named("UTC"), "", w.log);
  CHECK(relays.hears() == std::vector<std::string>{"meter"});
}
