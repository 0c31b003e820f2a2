// Powers that an inverter cannot have, by its ratings and its apparent power; and right ones of
// unusual plants, which stay.
#include <string>

#include <doctest/doctest.h>

#include "adapters/sunspec/power_check.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;
using namespace std::chrono_literals;

namespace {

struct Inverter final : Effects {
  explicit Inverter(std::int64_t rating, std::optional<Decimal> max_power = {}) : check(max_power) {
    check.rate({rating, 0});
  }
  // Read a second later. `va`: below 0: not implemented.
  bool withholds(std::int64_t watts, std::int64_t va = -1) {
    now += 1s;
    const auto apparent = va < 0 ? std::nullopt : std::optional(Decimal{va, 0});
    return check.withholds({watts, 0}, apparent, now, *this);
  }
  // Whether it was withheld at each second of that time.
  bool withholds_for(std::chrono::seconds time, std::int64_t watts, std::int64_t va = -1) {
    bool all = true;
    for (std::chrono::seconds passed{0}; passed < time; passed += 1s) {
      all = withholds(watts, va) && all;
    }
    return all;
  }
  void operator()(const Effect& effect) override {
    if (const auto* notice = std::get_if<Notice>(&effect)) said += std::string(notice->text) + '\n';
  }

  PowerCheck check;
  Mono now{};
  std::string said;
};

}  // namespace

TEST_CASE("sunspec power check: more than twice the rating is withheld, in both directions") {
  Inverter inverter(5000);
  CHECK_FALSE(inverter.withholds(4900));
  CHECK_FALSE(inverter.withholds(10'000));
  CHECK(inverter.withholds(10'001));
  CHECK(inverter.withholds(-127'220));
  CHECK_FALSE(inverter.withholds(-9000));
}

TEST_CASE("sunspec power check: the largest rating counts, and 0 is none") {
  Inverter inverter(0);
  CHECK_FALSE(inverter.withholds(1'267'400));
  inverter.check.rate({5000, 0});
  inverter.check.rate({100, 0});
  inverter.check.rate({-1, 0});
  CHECK_FALSE(inverter.withholds(9000));
  CHECK(inverter.withholds(11'000));
}

TEST_CASE("sunspec power check: what lasts for ten minutes is right, and the rating is not") {
  Inverter inverter(500);
  CHECK(inverter.withholds_for(10min, 5000));
  CHECK_FALSE(inverter.withholds(5000));
  CHECK_FALSE(inverter.withholds(6000));
  CHECK(inverter.said.find("the rating is wrong") != std::string::npos);
  CHECK(inverter.said.find("max_power") != std::string::npos);
  CHECK(inverter.said.find('\n') == inverter.said.size() - 1);
}

TEST_CASE("sunspec power check: a good power between two that are not begins the time anew") {
  Inverter inverter(500);
  CHECK(inverter.withholds_for(6min, 5000));
  CHECK_FALSE(inverter.withholds(400));
  CHECK(inverter.withholds_for(6min, 5000));
  CHECK(inverter.said == "");
}

TEST_CASE("sunspec power check: max_power takes the place of the rating, and holds for good") {
  Inverter larger(500, Decimal{4000, 0}), smaller(50'000, Decimal{4000, 0});
  CHECK_FALSE(larger.withholds(7900));
  CHECK(larger.withholds_for(30min, 8100));
  CHECK(smaller.withholds_for(30min, 8100));
  CHECK(larger.said == "");
}

TEST_CASE("sunspec power check: above one and a half times a VA that has fitted it is withheld") {
  Inverter inverter(0);
  CHECK_FALSE(inverter.withholds(2900, 2900));
  CHECK_FALSE(inverter.withholds(4350, 2900));
  CHECK(inverter.withholds(4351, 2900));
  CHECK(inverter.withholds(-29'000, 2900));
  CHECK_FALSE(inverter.withholds(3000, 3010));
}

TEST_CASE("sunspec power check: a VA that never fitted, or is none, says nothing") {
  Inverter never(0), none(0), gone(0), small(0);
  for (int n = 0; n < 3; ++n) CHECK_FALSE(never.withholds(5000, 500));  // in the wrong unit
  for (int n = 0; n < 3; ++n) CHECK_FALSE(none.withholds(5000));
  CHECK_FALSE(gone.withholds(5000, 5000));
  CHECK_FALSE(gone.withholds(5000, 0));
  CHECK_FALSE(gone.withholds(5000));
  CHECK_FALSE(small.withholds(900, 900));  // below 1 kW nothing fits, and nothing is judged
  CHECK_FALSE(small.withholds(5000, 900));
  CHECK_FALSE(gone.withholds(1000, 10));
}

TEST_CASE("sunspec power check: a VA that stays behind for ten minutes is wrong, once") {
  Inverter inverter(10'000);
  CHECK_FALSE(inverter.withholds(5000, 5000));
  CHECK(inverter.withholds_for(10min, 5000, 700));  // it stands still
  CHECK_FALSE(inverter.withholds(5000, 700));
  CHECK(inverter.said.find("apparent power is wrong") != std::string::npos);
  CHECK_FALSE(inverter.withholds(5000, 5000));
  CHECK_FALSE(inverter.withholds_for(20min, 5000, 700));
  CHECK(inverter.said.find('\n') == inverter.said.size() - 1);
  CHECK(inverter.withholds(21'000, 700));  // the rating is judged as before
}

TEST_CASE("sunspec power check: both wrong are told in one go") {
  Inverter inverter(1000);
  CHECK_FALSE(inverter.withholds(1500, 1500));
  CHECK(inverter.withholds_for(10min, 5000, 1500));
  CHECK_FALSE(inverter.withholds(5000, 1500));
  CHECK(inverter.said.find("the rating is wrong") != std::string::npos);
  CHECK(inverter.said.find("apparent power is wrong") != std::string::npos);
}

TEST_CASE("sunspec power check: unusual plants that no rule may touch") {
  SUBCASE("a plant of two megawatts, with its rating in VA") {
    Inverter plant(2'200'000);
    CHECK_FALSE(plant.withholds(2'150'000, 2'190'000));
    CHECK_FALSE(plant.withholds(-2'150'000, 2'190'000));
  }
  SUBCASE("a battery inverter that turns from charging to feeding in") {
    Inverter battery(5000);
    for (const std::int64_t watts : {-5000, -1200, -3, 0, 1800, 5000, 7400}) {
      CHECK_FALSE(battery.withholds(watts, watts < 0 ? -watts : watts));
    }
  }
  SUBCASE("one that carries twice its power for a motor that starts") {
    CHECK_FALSE(Inverter(3000).withholds(6000, 6100));
  }
  SUBCASE("one that makes reactive power only, at night") {
    Inverter inverter(10'000);
    CHECK_FALSE(inverter.withholds(5000, 5100));
    CHECK_FALSE(inverter.withholds(12, 9800));
  }
  SUBCASE("a balcony's of 12 V and 300 W") {
    Inverter small(300);
    CHECK_FALSE(small.withholds_for(5min, 310, 3));
  }
}

TEST_CASE("sunspec power check: numbers at the end of 64 bits are no trouble") {
  Inverter inverter(INT64_MAX);
  CHECK_FALSE(inverter.withholds(INT64_MAX, INT64_MAX));
}
