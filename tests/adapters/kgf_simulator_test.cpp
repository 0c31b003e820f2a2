// The played coulometers, heard by the adapter over a pair of wires.
#include "adapters/kgf/simulator.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "adapters/kgf/adapter.hpp"
#include "adapters/kgf/simulated_meter.hpp"
#include "support/adapter_pair.hpp"

using namespace gridtap;
using namespace gridtap::kgf;
using namespace std::chrono_literals;

namespace {

struct Played {
  Played(const char* meter, std::vector<Member> settings = {},
         const AdapterRig::Settings& more = {})
      : gateway(&make, std::move(settings)), device(&simulate, with(meter, more)) {
    CHECK(gateway.problems == "");
    CHECK(device.problems == "");
    wires.connect(gateway, device);
  }
  static AdapterRig::Settings with(const char* meter, AdapterRig::Settings more) {
    more.push_back({"meter", meter});
    return more;
  }
  std::size_t frames() {
    const std::string frames = lines_with(gateway.said(), "frame");
    return static_cast<std::size_t>(std::count(frames.begin(), frames.end(), '\n'));
  }

  AdapterRig gateway, device;
  Wires wires;
};

}  // namespace

TEST_CASE(
    "kgf simulator: a battery is polled once a second, and its totals agree with its current") {
  Played played("battery");
  played.wires.pass(63s);
  CHECK(played.frames() >= 60);
  played.wires.pass(600s);
  const std::string said = played.gateway.said();
  CHECK(lines_with(said, "direction charge") != "");
  CHECK(lines_with(said, "direction discharge") != "");
  CHECK(lines_with(said, "dropped") == "");
  CHECK(lines_with(said, "identified") == "");
}

TEST_CASE("kgf simulator: beside a display the gateway is silent, and hears everything") {
  Played played("display");
  played.wires.pass(60s);
  CHECK(played.wires.from_one == "");
  CHECK(played.wires.from_other.find(":R50=01.") != std::string::npos);
  const std::string said = played.gateway.said();
  CHECK(lines_with(said, "identified Juntek|KG140F|6") != "");
  CHECK(lines_with(said, "battery_level") != "");
  CHECK(lines_with(said, "dropped") == "");
}

TEST_CASE("kgf simulator: a display that goes leaves the line to the gateway") {
  Played played("battery");
  played.gateway.feed(":r00=1,217,2140,110,6,\r\n");  // somebody else's
  played.wires.pass(59s);
  CHECK(played.wires.from_one == "");
  played.wires.pass(3s);
  CHECK(played.wires.from_one.find(":R50=1") != std::string::npos);
}

TEST_CASE("kgf simulator: two meters on one pair are two devices") {
  Played played("pair", {{"address", list_of({plain("1"), plain("3")})}});
  played.wires.pass(30s);
  const std::string said = played.gateway.said();
  CHECK(lines_with(said, "1: identified Juntek|KG140F|6|kgf_KG140F_6_1") != "");
  CHECK(lines_with(said, "3: identified Juntek|KG140F|8|kgf_KG140F_8_3") != "");
  CHECK(lines_with(said, "3: battery_level") != "");
}

TEST_CASE("kgf simulator: commands are obeyed, and a stubborn meter is found out") {
  for (const bool stubborn : {false, true}) {
    CAPTURE(stubborn);
    Played played("battery", {{"writes", plain("true")}},
                  {{"stubborn", stubborn ? "true" : "false"}});
    played.wires.pass(5s);
    const std::pair<const char*, Value> commands[] = {
        {"output_on", false},
        {"capacity_nominal", Decimal{200, 0}},
        {"over_voltage", Decimal{57, 0}},
        {"temperature_calibration", Decimal{-2, 0}},
        {"clear_totals", true},
    };
    for (const auto& [key, value] : commands) {
      (void)played.gateway.said();
      played.gateway.command(key, value, "it");
      played.wires.pass(6s);
      const bool refused = lines_with(played.gateway.said(), "rejected") != "";
      CAPTURE(key);
      // Its totals are still small: that they were cleared shows in either case.
      CHECK(refused == (stubborn && std::string_view(key) != "clear_totals"));
    }
  }
}

TEST_CASE("kgf simulator: a bad pair of wires costs answers, and nothing else") {
  Played played("battery", {}, {{"noise", "20"}});
  played.wires.pass(600s);
  CHECK(lines_with(played.gateway.said(), "frame").size() > 500 * 8);
}

TEST_CASE("kgf simulator: requests are understood as every master writes them") {
  for (const char* line : {":R50=1,2,1,", ":R50=01.", ":R50=1,"}) {
    CAPTURE(line);
    const auto request = parse_request(line);
    REQUIRE(request);
    CHECK(request->number == 50);
    CHECK(request->address == 1);
    CHECK_FALSE(request->write);
  }
  CHECK(parse_request(":W28=1,216,2000,")->value == 2000);
  for (const char* line : {":r50=1,2,1,", ":R5", "", ":Rxx=1,", ":R50=,"})
    CHECK_FALSE(parse_request(line));
}
