#include "core/journal.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Instant noon =
    std::chrono::sys_days{std::chrono::year{2026} / std::chrono::November / 30} + 12h;

}  // namespace

TEST_CASE("journal: a quarter-hour begins at its first millisecond and ends before the next one") {
  const SlotTime first = slot_of(noon);
  CHECK(Instant(first) == noon);
  CHECK(slot_of(noon + 14min + 59'999ms) == first);
  CHECK(slot_of(noon + 15min) == first + Quarters{1});
  CHECK(slot_of(noon - 1ms) == first - Quarters{1});
}

TEST_CASE("journal: a time before 1970, of a clock that was never set, is in one too") {
  CHECK(slot_of(Instant{}) == SlotTime{});
  CHECK(slot_of(Instant{-1ms}) == SlotTime{Quarters{-1}});
}

TEST_CASE("journal: the kinds of series are spelt as files have them") {
  CHECK(name(SeriesKind::mean) == "measurement");
  CHECK(name(SeriesKind::growth) == "total");
  CHECK(name(SeriesKind::time_on) == "switch");
}

TEST_CASE("journal: a series is another one where any part of its head is") {
  const SeriesHead head{"meter/energy_import", "kWh", SeriesKind::growth, -3};
  SeriesHead other = head;
  CHECK(other == head);
  other.exponent = 0;
  CHECK(other != head);
  other = head;
  other.unit = "Wh";
  CHECK(other != head);
}
