#include <vector>

#include <doctest/doctest.h>

#include "parts/power_doubt.hpp"

using namespace gridtap;

namespace {

// One message with one power. Returns whether it waits.
bool waits(PowerDoubt& doubt, std::int64_t watts) {
  doubt.begin();
  return doubt.waits(0, {watts, 0});
}

}  // namespace

TEST_CASE("power doubt: one power far above all before it waits, and what follows does not") {
  PowerDoubt doubt;
  CHECK_FALSE(waits(doubt, 2300));
  CHECK(waits(doubt, 2'300'000));
  CHECK_FALSE(waits(doubt, 2310));
  CHECK(waits(doubt, 2'300'000));
  CHECK(waits(doubt, 23'000'000));  // another damaged one confirms nothing
}

TEST_CASE("power doubt: the next one that agrees within half makes it right") {
  for (const std::int64_t next : {30'000, 31'000, 60'000, 89'000, 90'000}) {
    PowerDoubt doubt;
    CHECK_FALSE(waits(doubt, 300));
    CHECK(waits(doubt, 60'000));
    CHECK_FALSE(waits(doubt, next));
    CHECK_FALSE(waits(doubt, 54'000));
  }
  PowerDoubt doubt;
  CHECK_FALSE(waits(doubt, 300));
  CHECK(waits(doubt, 60'000));
  CHECK(waits(doubt, 90'001));
  CHECK_FALSE(waits(doubt, 90'001));
}

TEST_CASE("power doubt: the first message counts as it is, with all its powers") {
  PowerDoubt doubt;
  doubt.begin();
  CHECK_FALSE(doubt.waits(0, {0, 0}));
  CHECK_FALSE(doubt.waits(1, {900'000, 0}));
  CHECK_FALSE(doubt.waits(2, {-300'000, 0}));
}

TEST_CASE("power doubt: up to 55 kW, and up to three times the largest, nothing waits") {
  PowerDoubt house, plant;
  CHECK_FALSE(waits(house, 0));
  CHECK_FALSE(waits(house, 55'000));
  CHECK_FALSE(waits(house, 165'000));
  CHECK(waits(house, 495'001));
  CHECK_FALSE(waits(plant, 400'000));
  CHECK_FALSE(waits(plant, -1'200'000));
}

TEST_CASE("power doubt: each kind waits for its own next one") {
  PowerDoubt doubt;
  const auto message = [&](std::int64_t all, std::int64_t phase) {
    doubt.begin();
    const bool first = doubt.waits(0, {all, 0});
    return std::vector{first, doubt.waits(1, {phase, 0})};
  };
  CHECK(message(600, 200) == std::vector{false, false});
  CHECK(message(900'000, 300'000) == std::vector{true, true});
  CHECK(message(900'000, 300'000) == std::vector{false, false});
  CHECK(message(910'000, 310'000) == std::vector{false, false});
}

TEST_CASE("power doubt: a message without that power does not end its waiting") {
  PowerDoubt doubt;
  CHECK_FALSE(waits(doubt, 10));
  CHECK(waits(doubt, 80'000));
  doubt.begin();
  CHECK_FALSE(doubt.waits(7, {5, 0}));
  CHECK_FALSE(waits(doubt, 80'000));
}

TEST_CASE("power doubt: powers with decimals, signs, and at the end of 64 bits") {
  PowerDoubt doubt;
  CHECK_FALSE(waits(doubt, 100));
  doubt.begin();
  CHECK_FALSE(doubt.waits(0, {550'000'00, -3}));
  doubt.begin();
  CHECK(doubt.waits(0, {-550'001, 0}));
  doubt.begin();
  CHECK(doubt.waits(0, {INT64_MAX, 0}));
  doubt.begin();
  CHECK(doubt.waits(1, {INT64_MIN, 0}));
  doubt.begin();
  CHECK_FALSE(doubt.waits(0, {INT64_MAX, 0}));
}
