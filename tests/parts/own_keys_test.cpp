// Keys that the configuration names.
#include "parts/own_keys.hpp"

#include <doctest/doctest.h>

#include "support/settings.hpp"

using namespace gridtap;

namespace {

bool is_lower(std::string_view text) { return !text.empty() && text[0] >= 'a' && text[0] <= 'z'; }
bool is_short(std::string_view text) { return text.size() <= 4; }

struct Read {
  Read(std::vector<Member> keys, std::vector<Member> entities)
      : rig({{"keys", map_of(std::move(keys))}, {"entities", map_of(std::move(entities))}}) {
    Section section = rig.section();
    found = OwnKeys::read(section, {&is_lower, "a small letter first"}, {&is_short, "at most 4"});
    section.finish();
    problems = rig.problems();
  }
  SectionRig rig;
  OwnKeys found;
  std::string problems;
};

Member entity(std::string key, std::vector<Member> settings) {
  return {std::move(key), map_of(std::move(settings))};
}

}  // namespace

TEST_CASE("own keys: a name on the line gets a key of the vocabulary, with its unit and class") {
  const Read it({{"t", plain("temperature")}}, {});
  CHECK(it.problems == "");
  const OwnKey* const key = it.found.named("t");
  REQUIRE(key != nullptr);
  CHECK(key->spec.key == "temperature");
  CHECK(key->spec.unit == "°C");
  CHECK(it.found.find("temperature") == key);
  CHECK(it.found.named("temperature") == nullptr);
}

TEST_CASE("own keys: any other key has the unit and class that it is given") {
  const Read it(
      {{"s", plain("soil")}},
      {entity("soil",
              {{"unit", plain("%")}, {"class", plain("moisture")}, {"name", plain("Soil")}}),
       entity("count", {{"total", plain("true")}}), entity("note", {})});
  CHECK(it.problems == "");
  CHECK(it.found.named("s")->spec.device_class == "moisture");
  CHECK(it.found.named("s")->spec.statistics == Statistics::measurement);
  CHECK(it.found.named("count")->spec.statistics == Statistics::total_increasing);
  CHECK(it.found.named("note")->spec.statistics == Statistics::none);
}

TEST_CASE("own keys: what Home Assistant would refuse is reported, with place and remedy") {
  const Read it(
      {{"1x", plain("soil")}},
      {entity("soil", {{"unit", plain("kg")}, {"class", plain("moisture")}}),
       entity("warmth", {{"class", plain("temperatur")}}),
       entity("rain",
              {{"unit", plain("mm")}, {"class", plain("distance")}, {"total", plain("true")}}),
       entity("pump", {{"set", plain("switch")}}),
       entity("gate", {{"set", plain("number")},
                       {"node", plain("no node")},
                       {"min", plain("5")},
                       {"max", plain("5")}}),
       entity("temperature", {{"unit", plain("K")}})});
  for (const char* part :
       {"keys.1x: a small letter first", "soil.unit: class moisture has one of %",
        "did you mean `temperature`?", "rain.total: no class of measurements",
        "pump: `set` needs `node`", "gate.node: at most 4", "gate.max: must be above",
        "temperature.unit: `temperature` has its unit already: °C"}) {
    CAPTURE(part);
    CAPTURE(it.problems);
    CHECK(it.problems.find(part) != std::string::npos);
  }
}

TEST_CASE("own keys: a key that can be set says how, and by whom") {
  const Read it({}, {entity("pump", {{"set", plain("switch")}, {"node", plain("g1")}}),
                     entity("gate", {{"set", plain("number")},
                                     {"unit", plain("%")},
                                     {"node", list_of({plain("g1"), plain("g2")})},
                                     {"min", plain("0")},
                                     {"max", plain("100")},
                                     {"step", plain("0.5")}})});
  CHECK(it.problems == "");
  CHECK(it.found.named("pump")->spec.platform == Platform::toggle);
  CHECK(it.found.named("pump")->nodes == std::vector<std::string>{"g1"});
  const OwnKey& gate = *it.found.named("gate");
  CHECK(gate.spec.platform == Platform::number);
  CHECK(gate.spec.max == Decimal{100, 0});
  CHECK(gate.spec.step == Decimal{5, -1});
  CHECK(gate.nodes.size() == 2);
}
