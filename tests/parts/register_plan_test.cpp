// Which requests read which registers.
#include "parts/register_plan.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/wire_bytes.hpp"

using namespace gridtap;

namespace {

template <class Ranges>
std::string text(const Ranges& ranges) {
  std::string text;
  for (const modbus::Range& range : ranges) {
    text += std::to_string(range.address) + '+' + std::to_string(range.count) + ' ';
  }
  return text;
}

// Values of these sizes, one behind another, from register 100 on.
RegisterStretch values_of(const std::vector<std::uint16_t>& sizes) {
  RegisterStretch stretch{{100, 0}};
  for (const std::uint16_t size : sizes) {
    stretch.values.push_back({static_cast<std::uint16_t>(stretch.range.end()), size});
    stretch.range.count = static_cast<std::uint16_t>(stretch.range.count + size);
  }
  return stretch;
}

}  // namespace

TEST_CASE("register plan: a stretch that fits is one request, an empty one needs none") {
  CHECK(text(requests_for(values_of({1, 2, 4}), {})) == "100+7 ");
  CHECK(text(requests_for({{100, 50}}, {})) == "100+50 ");
  CHECK(text(requests_for({{100, 0}}, {})) == "");
}

TEST_CASE("register plan: a value is never split between two requests") {
  CHECK(text(requests_for(values_of({2, 2, 2, 2}), {.max_count = 5})) == "100+4 104+4 ");
  CHECK(text(requests_for(values_of({1, 4, 1, 4}), {.max_count = 4})) ==
        "100+1 101+4 105+1 106+4 ");
}

TEST_CASE("register plan: what is longer than a request is split all the same") {
  CHECK(text(requests_for(values_of({16}), {.max_count = 6})) == "100+6 106+6 112+4 ");
  CHECK(text(requests_for(values_of({1, 16, 1}), {.max_count = 8})) == "100+1 101+8 109+8 117+1 ");
  CHECK(text(requests_for({{100, 30}}, {.max_count = 16})) == "100+16 116+14 ");
}

TEST_CASE("register plan: one value per request, whatever its size") {
  CHECK(text(requests_for(values_of({1, 2, 4}), {.one_value_per_request = true})) ==
        "100+1 101+2 103+4 ");
}

TEST_CASE("register plan: near requests are joined, far and long ones are not") {
  std::deque<modbus::Range> queue;
  append_joined(queue, {{100, 10}, {120, 10}}, {});  // ten between them
  CHECK(text(queue) == "100+30 ");
  append_joined(queue, {{141, 10}}, {});  // eleven
  CHECK(text(queue) == "100+30 141+10 ");
  append_joined(queue, {{151, 115}}, {});
  CHECK(text(queue) == "100+30 141+125 ");
  append_joined(queue, {{266, 1}}, {});  // would be 126
  CHECK(text(queue) == "100+30 141+125 266+1 ");
  append_joined(queue, {{267, 1}}, {.one_value_per_request = true});
  CHECK(text(queue) == "100+30 141+125 266+1 267+1 ");
}

TEST_CASE("register plan: every register of any stretch is read once, in any limits") {
  Dice dice(5);
  for (int n = 0; n < 500; ++n) {
    std::vector<std::uint16_t> sizes;
    for (std::uint32_t count = 1 + dice(20); count > 0; --count) {
      sizes.push_back(static_cast<std::uint16_t>(1 + dice(16)));
    }
    const RegisterStretch stretch = values_of(sizes);
    const auto most = static_cast<std::uint16_t>(1 + dice(125));
    unsigned next = 100;
    for (const modbus::Range& range :
         requests_for(stretch, {.max_count = most, .one_value_per_request = dice(2) == 0})) {
      REQUIRE(range.address == next);
      REQUIRE(range.count >= 1);
      REQUIRE(range.count <= most);
      next = range.end();
    }
    REQUIRE(next == stretch.range.end());
  }
}

TEST_CASE("register plan: the last register of all can be read") {
  CHECK(text(requests_for({{65530, 6}, {{65530, 4}, {65534, 2}}}, {.max_count = 4})) ==
        "65530+4 65534+2 ");
}
