#include "core/value.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Instant seven = std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 7h;

}  // namespace

TEST_CASE("value: a state topic shows each kind of value in its own plain form") {
  CHECK(to_text(Value{}) == "None");
  CHECK(to_text(Value{true}) == "ON");
  CHECK(to_text(Value{false}) == "OFF");
  CHECK(to_text(Value{Decimal{12784325, -3}}) == "12784.325");
  CHECK(to_text(Value{Timestamp{seven, 60min}}) == "2026-11-20T08:00:00+01:00");
  CHECK(to_text(Value{std::string_view("low")}) == "low");
  CHECK(to_text(Value{std::string_view()}) == "");
}

TEST_CASE("value: a timestamp carries the device's own offset") {
  std::string text;
  for (const auto offset : {0min, 120min, 345min, -210min, -30min}) {
    append(text, Timestamp{seven, offset});
    text += '\n';
  }
  CHECK(text ==
        "2026-11-20T07:00:00+00:00\n"
        "2026-11-20T09:00:00+02:00\n"
        "2026-11-20T12:45:00+05:45\n"
        "2026-11-20T03:30:00-03:30\n"
        "2026-11-20T06:30:00-00:30\n");
}

TEST_CASE("value: UTC is whole seconds, cut downwards before and after 1970") {
  std::string text;
  append_utc(text, seven + 999ms);
  append_utc(text, Instant{0ms});
  append_utc(text, Instant{-1ms});
  CHECK(text == "2026-11-20T07:00:00Z1970-01-01T00:00:00Z1969-12-31T23:59:59Z");
}

TEST_CASE("value: the day, the month and the year turn with the offset") {
  const Instant eve = std::chrono::sys_days{std::chrono::year{2025} / 12 / 31} + 23h + 30min;
  CHECK(to_text(Value{Timestamp{eve, 60min}}) == "2026-01-01T00:30:00+01:00");
  const Instant leap = std::chrono::sys_days{std::chrono::year{2028} / 2 / 29};
  CHECK(to_text(Value{Timestamp{leap, -60min}}) == "2028-02-28T23:00:00-01:00");
}

TEST_CASE("value: a moment at the end of the clock's range is still a text") {
  for (const Instant end : {Instant::min() + 24h, Instant::max() - 24h}) {
    std::string text;
    append(text, Timestamp{end, 0min});
    CHECK(text.size() < 64);
  }
}
