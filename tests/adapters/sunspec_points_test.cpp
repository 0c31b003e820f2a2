// Registers as values: scaled exactly, "not implemented" known for each type.
#include "adapters/sunspec/points.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <vector>

#include "core/vocabulary.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;

namespace {

// The point stands at 1, its factor at 0.
std::string shown(Type type, std::vector<std::uint16_t> words, std::uint16_t factor = 0,
                  Rule rule = Rule::plain, std::string_view names = {},
                  PointSettings settings = {}) {
  Point point{1, "P", type, 0, "key", rule, names};
  words.insert(words.begin(), factor);
  std::vector<std::uint16_t> with_factor = words;
  point.factor = static_cast<std::uint16_t>(factor == 0 ? 0 : words.size());
  if (factor != 0) with_factor.push_back(factor);
  std::string scratch;
  return to_text(value_of(point, 1, with_factor, settings, scratch));
}

constexpr std::uint16_t minus(int n) { return static_cast<std::uint16_t>(-n); }
std::vector<std::uint16_t> as_words(float number) {
  const auto bits = std::bit_cast<std::uint32_t>(number);
  return {static_cast<std::uint16_t>(bits >> 16), static_cast<std::uint16_t>(bits)};
}

}  // namespace

TEST_CASE("sunspec points: each type has its own not-implemented value") {
  CHECK(shown(Type::uint16, {0xFFFF}) == "None");
  CHECK(shown(Type::int16, {0x8000}) == "None");
  CHECK(shown(Type::enum16, {0xFFFF}) == "None");
  CHECK(shown(Type::bitfield16, {0xFFFF}) == "None");
  CHECK(shown(Type::flag, {0xFFFF}) == "None");
  CHECK(shown(Type::uint32, {0xFFFF, 0xFFFF}) == "None");
  CHECK(shown(Type::int32, {0x8000, 0}) == "None");
  CHECK(shown(Type::bitfield32, {0xFFFF, 0xFFFF}) == "None");
  CHECK(shown(Type::acc32, {0, 0}) == "None");
  CHECK(shown(Type::acc64, {0, 0, 0, 0}) == "None");
  CHECK(shown(Type::uint64, {0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF}) == "None");
  CHECK(shown(Type::float32, {0x7FC0, 0}) == "None");
  CHECK(shown(Type::float32, {0x7F80, 0}) == "None");
  CHECK(shown(Type::text4, {0, 0, 0, 0}) == "None");
  CHECK(shown(Type::uint32, {0xFFFF}) == "None");  // cut off by the length of the model
}

TEST_CASE("sunspec points: the largest numbers are numbers") {
  CHECK(shown(Type::uint16, {65534}) == "65534");
  CHECK(shown(Type::int16, {32767}) == "32767");
  CHECK(shown(Type::int16, {0x8001}) == "-32767");
  CHECK(shown(Type::acc32, {0xFFFF, 0xFFFF}) == "4294967295");
  CHECK(shown(Type::uint64, {0, 0, 0, 0}) == "0");
  CHECK(shown(Type::uint64, {0xFFFF, 0, 0, 0}) == "None");  // beyond what anybody can count
  CHECK(shown(Type::int32, {0xFFFF, 0xFFFE}) == "-2");
}

TEST_CASE("sunspec points: a factor moves the point, and a wrong one makes unknown") {
  CHECK(shown(Type::uint16, {5003}, minus(2)) == "50.03");
  CHECK(shown(Type::int16, {minus(7)}, minus(1)) == "-0.7");
  CHECK(shown(Type::uint16, {12}, 3) == "12000");
  CHECK(shown(Type::uint16, {5}, 0x8000) == "None");
  CHECK(shown(Type::uint16, {5}, 11) == "None");
  CHECK(shown(Type::uint16, {5}, minus(11)) == "None");
}

TEST_CASE("sunspec points: watt-hours become kWh, per cent a ratio, seconds a time") {
  CHECK(shown(Type::acc32, {0, 12345}, 0, Rule::kilo) == "12.345");
  CHECK(shown(Type::acc32, {0, 12345}, 2, Rule::kilo) == "1234.500");
  CHECK(shown(Type::int16, {minus(9825)}, minus(2), Rule::ratio) == "-0.9825");
  CHECK(shown(Type::int16, {1000}, minus(3), Rule::ratio) == "1.000");
  CHECK(shown(Type::int16, {minus(100)}, minus(2), Rule::ratio) == "-1.00");
  CHECK(shown(Type::int16, {20000}, minus(2), Rule::ratio) == "None");
  CHECK(shown(Type::uint32, {0x3269, 0x6A80}, 0, Rule::clock).starts_with("2026-10-"));
}

TEST_CASE("sunspec points: floats have the decimals of their quantity") {
  CHECK(shown(Type::float32, as_words(230.43f), 0, Rule::plain, {}, {.decimals = 1}) == "230.4");
  CHECK(shown(Type::float32, as_words(-0.04f), 0, Rule::plain, {}, {.decimals = 1}) == "0.0");
  CHECK(shown(Type::float32, as_words(100.0f), 0, Rule::ratio) == "1.000");
  CHECK(shown(Type::float32, as_words(300.0f), 0, Rule::ratio) == "None");
  CHECK(shown(Type::float32, as_words(5e6f), 0, Rule::kilo) == "5000.000");
  CHECK(shown(Type::float32, as_words(1e30f)) == "None");
}

TEST_CASE("sunspec points: states and bits have names, or numbers") {
  constexpr std::string_view names = "1=off,sleeping,99=fault";
  CHECK(shown(Type::enum16, {1}, 0, Rule::plain, names) == "off");
  CHECK(shown(Type::enum16, {2}, 0, Rule::plain, names) == "sleeping");
  CHECK(shown(Type::enum16, {99}, 0, Rule::plain, names) == "fault");
  CHECK(shown(Type::enum16, {0}, 0, Rule::plain, names) == "code0");
  CHECK(shown(Type::enum16, {3}, 0, Rule::plain, names) == "code3");
  CHECK(shown(Type::enum16, {7}) == "7");
  CHECK(shown(Type::bitfield32, {0, 0b101}, 0, Rule::plain, "ground,2=over_temp") ==
        "ground, over_temp");
  CHECK(shown(Type::bitfield32, {0x4000, 2}, 0, Rule::plain, "ground") == "bit1, bit30");
  CHECK(shown(Type::bitfield32, {0, 0}) == "none");
  CHECK(shown(Type::flag, {3}) == "ON");
}

TEST_CASE("sunspec points: texts end at their first zero, trimmed and harmless") {
  CHECK(shown(Type::text4, {0x2041, 0x4200, 0x4343, 0}) == "AB");
  CHECK(shown(Type::text4, {0x4142, 0x4344, 0x4546, 0x4748}) == "ABCDEFGH");
  CHECK(shown(Type::text4, {0x410A, 0x4280, 0, 0}).find('\n') == std::string::npos);
}

TEST_CASE("sunspec points: negative sums of a few makers are known for what they are") {
  const PointSettings kostal{.signed_accumulator = true};
  CHECK(shown(Type::acc32, {0xFFFF, 0xFFF6}, 0, Rule::plain, {}, kostal) == "10");
  CHECK(shown(Type::acc32, {0x8000, 0}, 0, Rule::plain, {}, kostal) == "None");
  CHECK(shown(Type::acc32, {0, 10}, 0, Rule::plain, {}, kostal) == "10");
}

TEST_CASE("sunspec models: every key is in the vocabulary, and no two points overlap") {
  constexpr std::uint16_t ids[] = {101, 102, 103, 111, 112, 113, 120, 121, 122, 123,
                                   124, 160, 201, 202, 203, 204, 211, 212, 213, 214,
                                   701, 702, 703, 704, 713, 714, 715, 802};
  for (const std::uint16_t id : ids) {
    CAPTURE(id);
    const Model* const model = find_model(id);
    REQUIRE(model != nullptr);
    int end = 2;
    for (const Point& point : model->points) {
      CAPTURE(point.name);
      CHECK(point.at >= end);
      end = point.at + registers_of(point.type);
      if (!point.key.empty()) CHECK(find_spec(point.key) != nullptr);
    }
    for (const Point& point : model->group.points) {
      std::string key(point.key);
      key.replace(key.find("<N>"), 3, "1");
      CHECK(find_spec(key) != nullptr);
    }
  }
  CHECK(find_model(64001) == nullptr);
  CHECK(is_silent(705));
  CHECK(rank_of(701) < rank_of(103));
}
