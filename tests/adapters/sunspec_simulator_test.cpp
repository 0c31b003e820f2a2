// The played house of SunSpec: its sun, its limits, its meter and its battery.
#include "adapters/sunspec/simulator.hpp"

#include <doctest/doctest.h>

#include "adapters/sunspec/adapter.hpp"
#include "support/adapter_pair.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;
using namespace std::chrono_literals;

namespace {

struct Played {
  explicit Played(const char* meter, const char* noon = "false",
                  const AdapterRig::Settings& settings = {{"period", "60s"}})
      : gateway(&make, settings), device(&simulate, {{"meter", meter}, {"noon", noon}}) {
    CHECK(gateway.problems == "");
    CHECK(device.problems == "");
    wires.connect(gateway, device);
  }
  // The newest value of a key after that time.
  std::string newest(const std::string& key, std::chrono::milliseconds time = 0ms) {
    wires.pass(time);
    said += gateway.said();
    const std::size_t at = said.rfind('\n' + key + ' ');
    if (at == std::string::npos) return "";
    const std::size_t begin = at + key.size() + 2;
    return said.substr(begin, said.find(' ', begin) - begin);
  }

  AdapterRig gateway, device;
  Wires wires;
  std::string said = "\n";
};

}  // namespace

TEST_CASE("sunspec simulator: the sun rises and sets, and the inverter sleeps") {
  for (const char* meter : {"house", "der"}) {
    CAPTURE(meter);
    Played played(meter);  // it begins at eleven
    CHECK(std::stod(played.newest("power", 1s)) > 7000);
    const double produced = std::stod(played.newest("energy_produced"));
    CHECK(played.newest("power", 11h) == "None");
    CHECK(played.newest("state") == "sleeping");
    CHECK(std::stod(played.newest("energy_produced")) > produced + 30);
    CHECK(std::stod(played.newest("power", 12h)) > 4000);
    CHECK(lines_with(played.said, "dropped") == "");
    CHECK(lines_with(played.said, "held") == "");
  }
}

TEST_CASE("sunspec simulator: meter and battery follow the sun") {
  Played played("house");
  CHECK(std::stod(played.newest("1: power_net", 1s)) < -6000);
  CHECK(played.newest("charge_state") == "charging");
  const double level = std::stod(played.newest("battery_level"));
  CHECK(std::stod(played.newest("battery_level", 2h)) > level);
  CHECK(played.newest("1: power_net", 9h) == "900");
  CHECK(played.newest("charge_state") == "discharging");
}

TEST_CASE("sunspec simulator: a limit that is not renewed lapses") {
  for (const char* meter : {"house", "der"}) {
    CAPTURE(meter);
    Played played(meter, "true", {{"writes", "true"}});
    CHECK(played.newest("power", 1s) == "8000");
    played.gateway.command("power_limit_revert_time", Decimal{30, 0}, "30");
    played.gateway.command("power_limit", Decimal{25, 0}, "25");
    played.gateway.command("power_limit_enabled", true, "ON");
    CHECK(played.newest("power", 5s) == "2000");
    CHECK(played.newest("power", 120s) == "2000");  // it is renewed
    AdapterRig other(&make);                        // a gateway that knows nothing of it
    Wires wires;
    wires.connect(other, played.device);
    other.now = played.gateway.now;
    wires.pass(40s);
    CHECK(other.said().rfind("power 8000") != std::string::npos);
  }
}

TEST_CASE("sunspec simulator: other units are not there") {
  Played played("house", "true", {{"unit", "7"}});
  CHECK(played.newest("power", 30s) == "");
  CHECK(lines_with(played.said, "dropped refused") != "");
}
