// The table of every model against tests/data/sunspec/models.expect: which key, unit and source
// each point has, and where it lies. Each number is its own place in the model with one decimal (a
// factor of -1): `power 1.4` stands at register 14.
#include "adapters/sunspec/models.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <fstream>
#include <sstream>
#include <string>

#include "adapters/sunspec/readings.hpp"
#include "core/vocabulary.hpp"
#include "support/adapter_rig.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;

namespace {

constexpr std::uint16_t minus_one = 0xFFFF;

struct Sample {
  std::uint16_t id, length;
};
// Lengths as the definitions have them; two parts of those that have parts.
constexpr Sample samples[] = {
    {1, 66},    {101, 50},  {102, 50},  {103, 50},  {111, 60},  {112, 60},  {113, 60},  {120, 26},
    {121, 30},  {122, 44},  {123, 24},  {124, 24},  {160, 48},  {201, 105}, {202, 105}, {203, 105},
    {204, 105}, {211, 124}, {212, 124}, {213, 124}, {214, 124}, {701, 153}, {702, 50},  {703, 17},
    {704, 65},  {713, 7},   {714, 68},  {715, 7},   {802, 62},
};

void fill(std::vector<std::uint16_t>& words, const Point& point, std::size_t at) {
  const std::size_t size = registers_of(point.type);
  if (at + size > words.size()) return;
  const auto place = static_cast<std::uint16_t>(at);
  if (point.type >= Type::text4) {
    words[at] = 0x4100;  // "A"
  } else if (point.type == Type::float32) {
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(at));
    words[at] = static_cast<std::uint16_t>(bits >> 16);
    words[at + 1] = static_cast<std::uint16_t>(bits);
  } else {
    words[at + size - 1] = place;
  }
}

struct Lines final : Effects {
  void operator()(const Effect& effect) override {
    const auto* const reading = std::get_if<Reading>(&effect);
    if (reading == nullptr) return;
    const EntitySpec* const spec = find_spec(reading->key);
    text += std::string(reading->key) + ' ' + to_text(reading->value) + ' ' +
            std::string(spec != nullptr && !spec->unit.empty() ? spec->unit : "-") + ' ' +
            std::string(reading->source) + '\n';
  }
  std::string text;
};

std::string read(const Sample& sample) {
  Layout layout = lay_out({{1, 40002, 65}, {sample.id, 40069, sample.length}}, "", {});
  PlacedModel& placed = layout.models[1];
  std::vector<std::uint16_t>& words = placed.words;
  const Group& group = placed.model->group;
  if (group.count_at > 0) {
    words[group.count_at] = 2;
    add_group_slots(layout, placed, 2);
  }
  for (const Slot& slot : placed.slots) {
    fill(words, *slot.point, slot.at);
    if (slot.point->factor > 0) words[slot.point->factor] = minus_one;
  }
  Lines lines;
  Readings readings({});
  readings.begin(layout, lines);
  readings.publish(layout, placed, {}, lines);
  return lines.text;
}

std::string all() {
  std::string text;
  for (const Sample& sample : samples) {
    text += "model " + std::to_string(sample.id) + '\n' + read(sample);
  }
  return text;
}

std::string expected() {
  std::ifstream file(GRIDTAP_SOURCE_DIR "/tests/data/sunspec/models.expect");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("sunspec models: every point has the key, unit, source and place that are written down") {
  std::istringstream found(all()), wanted(expected());
  std::string model, line, want;
  while (std::getline(found, line)) {
    REQUIRE(std::getline(wanted, want));
    if (line.starts_with("model ")) model = line;
    CAPTURE(model);
    CHECK(line == want);
  }
  CHECK_FALSE(std::getline(wanted, want));
}

TEST_CASE("sunspec models: factors and counts lie inside their model, behind its header") {
  for (const Sample& sample : samples) {
    CAPTURE(sample.id);
    const Model& model = *find_model(sample.id);
    const unsigned end = 2U + sample.length;
    for (const Point& point : model.points) {
      CAPTURE(point.name);
      CHECK(point.at + registers_of(point.type) <= end);
      CHECK((point.factor == 0 || (point.factor >= 2 && point.factor < end)));
    }
    for (const Point& point : model.group.points) {
      CAPTURE(point.name);
      CHECK(point.at >= model.group.begin);
      CHECK(point.at + registers_of(point.type) <= model.group.begin + model.group.size);
      CHECK(point.key.find("<N>") != point.key.npos);
    }
    CHECK((model.group.count_at == 0 || model.group.count_at < model.group.begin));
  }
}

TEST_CASE("sunspec models: each state name appears once in its list") {
  for (const Sample& sample : samples) {
    for (const Point& point : find_model(sample.id)->points) {
      CAPTURE(point.name);
      for (unsigned n = 0; n < 32; ++n) {
        const std::string_view name = name_at(point.names, n);
        for (unsigned other = n + 1; other < 32 && !name.empty(); ++other) {
          CHECK(name != name_at(point.names, other));
        }
      }
    }
  }
}

TEST_CASE("sunspec models: which model goes before which") {
  // Newest first: IEEE 1547, then floats, then integers, and of these three phases before one.
  constexpr std::uint16_t order[] = {701, 113, 112, 111, 103, 102, 101, 122};
  for (std::size_t n = 1; n < std::size(order); ++n) {
    CHECK(rank_of(order[n - 1]) < rank_of(order[n]));
  }
  CHECK(rank_of(704) < rank_of(123));
  CHECK(rank_of(802) < rank_of(124));
  CHECK(rank_of(120) < rank_of(64001));  // what nobody knows goes last
}

TEST_CASE("sunspec models: curves are known and never read, makers' own models are unknown") {
  for (std::uint16_t id = 705; id <= 712; ++id) {
    CHECK(is_silent(id));
    CHECK(find_model(id) == nullptr);
  }
  constexpr std::uint16_t others[] = {0, 2, 704, 713, 64001, 65535};
  for (const std::uint16_t id : others) CHECK_FALSE(is_silent(id));
}
