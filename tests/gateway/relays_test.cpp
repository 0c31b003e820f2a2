// Relays from command to pin and back: what is driven when, what is shown, and what is said where
// a line cannot be driven. The rules of safety themselves are tested in tests/rules.
#include <doctest/doctest.h>

#include "relay_world.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

const std::string well = R"("free_at":null,"chip":"pinctrl-bcm2711"})";

std::vector<RelayOptions> two() { return {relay_options("boiler"), relay_options("heater")}; }

}  // namespace

TEST_CASE("relays: the safe levels are driven at the start, OFF before ON, and then shown") {
  auto relays = two();
  relays[0].rules.at_start = AtStart::on;
  RelayWorld w(relays);
  CHECK(w.pins.taken() == "");
  w.start();
  CHECK(w.pins.taken() == "1-0+");
  CHECK(w.shown("relay_boiler") == "ON");
  CHECK(w.shown("relay_heater") == "OFF");
  CHECK(w.attributes_of("relay_boiler") ==
        R"({"why":"at_start","since":"2027-01-15T12:00:00Z",)" + well);
  CHECK(w.shown("fault_relay_boiler") == "OFF");
  CHECK(w.taken_log() == "");
}

TEST_CASE("relays: each is a switch and a fault, with the names of the configuration") {
  auto relays = two();
  relays[1].name = "Bathroom heater";
  RelayWorld w(relays);
  w.start();
  CHECK(w.declared ==
        "relay_boiler, Relay boiler\nfault_relay_boiler, Fault relay boiler\n"
        "relay_heater, Bathroom heater\nfault_relay_heater, Bathroom heater fault\n");
}

TEST_CASE("relays: a command moves the line at once, and the level read back is shown") {
  RelayWorld w(two());
  w.start();
  w.pins.taken();
  w.clock.advance(10s);
  w.command("boiler", true);
  CHECK(w.pins.taken() == "0+");
  CHECK(w.shown("relay_boiler") == "ON");
  CHECK(w.attributes_of("relay_boiler") ==
        R"({"why":"command","since":"2027-01-15T12:00:10Z",)" + well);
  w.command("boiler", true);
  CHECK(w.pins.taken() == "");
  w.command("boiler", false);
  CHECK(w.pins.taken() == "0-");
  CHECK(w.taken_refusals() == "");
}

TEST_CASE("relays: a command that a rule forbids is refused with the reason and the seconds left") {
  auto relays = two();
  relays[0].rules.min_off = 60s;
  relays[0].rules.interlock = relays[1].rules.interlock = "climate";
  RelayWorld w(relays);
  w.start();
  w.clock.advance(60s);
  w.command("boiler", true);
  w.command("heater", true);
  CHECK(w.taken_refusals() == "relay_heater: interlock: boiler is on\n");
  CHECK(w.shown("relay_heater") == "OFF");
  w.command("boiler", false);
  w.clock.advance(18s);
  w.pins.taken();
  w.command("boiler", true);
  CHECK(w.taken_refusals() == "relay_boiler: min_off: 42 s\n");
  CHECK(w.pins.taken() == "");
  CHECK(w.attributes_of("relay_boiler") ==
        R"({"why":"command","since":"2027-01-15T12:01:00Z","free_at":"2027-01-15T12:02:00Z",)"
        R"("chip":"pinctrl-bcm2711"})");
}

TEST_CASE("relays: when a wait is over, that is shown too") {
  auto relays = two();
  relays[0].rules.min_off = 60s;
  RelayWorld w(relays);
  w.start();
  w.command("boiler", true);
  w.command("boiler", false);
  w.clock.advance(61s);
  CHECK(w.attributes_of("relay_boiler").find(R"("free_at":null)") != std::string::npos);
}

TEST_CASE("relays: of two in a group the one that goes off is off before the other goes on") {
  auto relays = two();
  relays[0].rules.interlock = relays[1].rules.interlock = "climate";
  relays[0].rules.on_broker_loss = OnBrokerLoss::off;
  relays[1].rules.on_broker_loss = OnBrokerLoss::on;
  RelayWorld w(relays);
  w.start();
  w.session->broker(true);
  w.command("heater", true);
  w.command("heater", false);
  w.command("boiler", true);
  w.pins.taken();
  w.session->broker(false);
  w.clock.advance(30s);
  CHECK(w.pins.taken() == "0-1+");
  CHECK(w.attributes_of("relay_heater").find(R"("why":"broker_lost")") != std::string::npos);
}

TEST_CASE("relays: max_on turns off by itself, without a broker") {
  auto relays = two();
  relays[0].rules.max_on = 2h;
  RelayWorld w(relays);
  w.start();
  w.command("boiler", true);
  w.clock.advance(2h - 1ms);
  CHECK(w.shown("relay_boiler") == "ON");
  w.clock.advance(1ms);
  CHECK(w.shown("relay_boiler") == "OFF");
  CHECK(w.attributes_of("relay_boiler").find(R"("why":"max_on")") != std::string::npos);
}

// ---- lines that cannot be driven ----------------------------------------------------------------

TEST_CASE("relays: a line that is busy at the start is unavailable, and taken when it is free") {
  RelayWorld w(two());
  w.pins.lines[0].why = "line 17 is in use by `other`";
  w.start();
  CHECK(w.pins.taken() == "0-!1-");
  CHECK(w.shown("relay_boiler") == "None");
  CHECK(w.attributes_of("relay_boiler").starts_with(R"({"why":"line 17 is in use by `other`",)"));
  CHECK(w.shown("fault_relay_boiler") == "ON");
  CHECK(w.shown("relay_heater") == "OFF");
  CHECK(w.taken_log() ==
        "warning gateway: relay_boiler: the line cannot be driven: line 17 is in use by `other`\n");
  w.command("boiler", true);
  CHECK(w.taken_refusals() ==
        "relay_boiler: the line cannot be driven: line 17 is in use by `other`\n");
  w.clock.advance(10s);
  CHECK(w.pins.taken() == "0-!0-!0-!0-!0-!0-!0-!0-!0-!0-!");
  CHECK(w.taken_log() == "");  // said once
  w.pins.lines[0].why.reset();
  w.clock.advance(1s);
  CHECK(w.shown("relay_boiler") == "OFF");
  CHECK(w.shown("fault_relay_boiler") == "OFF");
  CHECK(w.taken_log() == "info gateway: relay_boiler: its line is as it should be again\n");
  w.command("boiler", true);
  CHECK(w.shown("relay_boiler") == "ON");
}

TEST_CASE("relays: a line that is lost while it is on begins anew by at_start when it is back") {
  RelayWorld w(two());
  w.start();
  w.command("boiler", true);
  w.pins.lines[0].why = "the chip is gone";
  w.clock.advance(1s);
  CHECK(w.shown("relay_boiler") == "None");
  CHECK(w.taken_log() ==
        "warning gateway: relay_boiler: the line cannot be driven: the chip is gone\n");
  w.pins.taken();
  w.pins.lines[0].why.reset();
  w.clock.advance(1s);
  CHECK(w.pins.taken() == "0-");
  CHECK(w.shown("relay_boiler") == "OFF");
  CHECK(w.attributes_of("relay_boiler").find(R"("why":"at_start")") != std::string::npos);
}

TEST_CASE("relays: a line that comes and goes is logged at most once a minute") {
  RelayWorld w(two());
  w.start();
  for (int n = 0; n < 100; ++n) {
    w.pins.lines[0].why = "the chip is gone";
    w.clock.advance(1s);
    w.pins.lines[0].why.reset();
    w.clock.advance(1s);
  }
  CHECK(w.log.lines.size() <= 8);
}

TEST_CASE("relays: a level that is not the one that was set is shown, and a fault") {
  RelayWorld w(two());
  w.start();
  w.command("boiler", true);
  w.pins.lines[0].stuck = true;
  w.command("boiler", false);
  CHECK(w.shown("relay_boiler") == "ON");  // the truth, at once
  w.clock.advance(1s);
  CHECK(w.shown("fault_relay_boiler") == "ON");
  CHECK(w.shown("fault_relay_heater") == "OFF");
  w.clock.advance(1min);
  CHECK(w.taken_log() ==
        "warning gateway: relay_boiler: the line was set to OFF and reads ON: something else "
        "drives it, or a short circuit; look at the wiring\n");
  w.pins.lines[0].stuck.reset();
  w.clock.advance(1s);
  CHECK(w.shown("relay_boiler") == "OFF");
  CHECK(w.shown("fault_relay_boiler") == "OFF");
  CHECK(w.taken_log() == "info gateway: relay_boiler: its line is as it should be again\n");
}

TEST_CASE("relays: a level that another one has changed is set again, and that is no fault yet") {
  RelayWorld w(two());
  w.start();
  w.pins.taken();
  w.pins.lines[0].level = true;
  w.clock.advance(1s);
  CHECK(w.pins.taken() == "0-");
  CHECK(w.shown("relay_boiler") == "OFF");
  CHECK(w.shown("fault_relay_boiler") == "OFF");
  CHECK(w.taken_log() == "");
}

TEST_CASE("relays: a partner of a line that cannot be read stays off") {
  auto relays = two();
  relays[0].rules.interlock = relays[1].rules.interlock = "climate";
  RelayWorld w(relays);
  w.pins.lines[0].why = "busy";
  w.start();
  w.command("heater", true);
  CHECK(w.taken_refusals() ==
        "relay_heater: interlock: boiler may be on, its line cannot be read\n");
  CHECK(w.shown("relay_heater") == "OFF");
}

TEST_CASE("relays: where nothing happens nothing is published, driven or kept") {
  RelayWorld w(two());
  w.start();
  w.pins.taken();
  w.readings.clear();
  const int kept = w.kept;
  w.clock.advance(1h);
  CHECK(w.pins.taken() == "");
  CHECK(w.readings.empty());
  CHECK(w.kept == kept);
}

TEST_CASE("relays: a simulated one says so in its attributes and in the log") {
  auto relays = two();
  relays[0].chip = "simulated";
  relays[0].simulated = true;
  RelayWorld w(relays);
  w.start();
  CHECK(w.attributes_of("relay_boiler").ends_with(R"("chip":"simulated","simulated":true})"));
  CHECK(w.attributes_of("relay_heater").find("simulated") == std::string::npos);
  CHECK(w.taken_log() ==
        "info gateway: relay_boiler is simulated: no line is driven, nothing is switched\n");
}
