// The registers of played devices: laid out as real ones are, "not implemented" where nothing is
// set.
#include "adapters/sunspec/simulated_map.hpp"

#include <doctest/doctest.h>

#include "adapters/sunspec/adapter.hpp"
#include "adapters/sunspec/points.hpp"
#include "support/adapter_pair.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;
using namespace std::chrono_literals;

namespace {

std::uint16_t word(const SimulatedMap& map, int address) {
  return map.image().at(static_cast<std::uint16_t>(address));
}

std::string read(const SimulatedMap& map) {
  AdapterRig gateway(&make), device(std::make_unique<ModbusServer>(map.image()));
  Wires wires;
  wires.connect(gateway, device);
  wires.pass(1s);
  return gateway.said();
}

}  // namespace

TEST_CASE("sunspec simulated map: models lie one behind another, and the end closes the chain") {
  SimulatedMap map;
  map.add_common("Model", "S1");
  map.add(103, 50);
  map.end();
  CHECK(word(map, 40000) == 0x5375);
  CHECK(word(map, 40002) == 1);
  CHECK(word(map, 40069) == 103);
  CHECK(word(map, 40070) == 50);
  CHECK(word(map, 40121) == 0xFFFF);
  CHECK(word(map, 40122) == 0);
  CHECK(map.image().size() == 123);
}

TEST_CASE("sunspec simulated map: a point is found by its name, and there is none in no model") {
  SimulatedMap map;
  map.add(103, 50);
  CHECK(map.at(103, "W") == 40002 + 14);
  CHECK(map.at(101, "W") == 0);
  CHECK(map.has(103));
  CHECK_FALSE(map.has(101));
  SimulatedMap trackers;
  trackers.add(160, 48);
  CHECK(trackers.at_part(160, "DCW", 1) - trackers.at_part(160, "DCW", 0) == 20);
}

TEST_CASE("sunspec simulated map: numbers are written high register first, negative ones too") {
  SimulatedMap map;
  map.add(103, 50);
  map.put(map.at(103, "WH"), 0x12345678, 2);
  CHECK(word(map, map.at(103, "WH")) == 0x1234);
  CHECK(word(map, map.at(103, "WH") + 1) == 0x5678);
  map.put(map.at(103, "W"), -2);
  CHECK(word(map, map.at(103, "W")) == 0xFFFE);
  map.put(0, 7);  // a point of no model goes nowhere
  CHECK_FALSE(map.image().contains(0));
}

TEST_CASE("sunspec simulated map: texts are filled up with zeros, and cut at their room") {
  SimulatedMap map;
  map.add_common("ABC", "S1");
  const int at = map.at(1, model_at);
  CHECK(word(map, at) == 0x4142);
  CHECK(word(map, at + 1) == 0x4300);
  CHECK(word(map, at + 2) == 0);
  map.text(at, 2, "longer than four");
  CHECK(word(map, at + 1) == 0x6E67);
  CHECK(word(map, at + 2) == 0);  // what lies behind is not touched
}

TEST_CASE("sunspec simulated map: what is not set is unknown to a reader, in every model") {
  for (const std::uint16_t id :
       {std::uint16_t{103}, std::uint16_t{113}, std::uint16_t{120}, std::uint16_t{123},
        std::uint16_t{203}, std::uint16_t{701}, std::uint16_t{704}, std::uint16_t{802}}) {
    CAPTURE(id);
    SimulatedMap map;
    map.add(id, 160);
    std::vector<std::uint16_t> words;
    for (int n = 0; n < 162; ++n) words.push_back(word(map, 40002 + n));
    for (const Point& point : find_model(id)->points) {
      CAPTURE(point.name);
      std::string scratch;
      CHECK(to_text(value_of(point, point.at, words, {}, scratch)) == "None");
    }
  }
}

TEST_CASE("sunspec simulated map: both played houses are read without any complaint") {
  for (const SimulatedMap& map : {house_map(), der_map()}) {
    const std::string said = read(map);
    CHECK(lines_with(said, "identified gridtap") != "");
    CHECK(lines_with(said, "1: identified") ==
          (map.has(203) ? lines_with(said, "1: identified") : ""));
    CHECK(lines_with(said, "unknown") == "");
    CHECK(lines_with(said, "dropped") == "");
    CHECK(lines_with(said, "held") == "");
  }
}
