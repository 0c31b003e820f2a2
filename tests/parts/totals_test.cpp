#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "parts/totals.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Mono begin{};

// Most tests need no time of day.
class TestedTotal : public Total {
 public:
  using Total::judge;
  using Total::Total;
  std::string_view judge(Decimal value, Mono now, std::optional<Decimal> most) {
    return judge(value, Now{now, {}}, most);
  }
};

// kWh with three decimals.
constexpr Decimal kwh(std::int64_t watt_hours) { return {watt_hours, -3}; }

struct Step {
  std::int64_t watt_hours;
  std::string_view doubt;  // empty: believed
};

// One telegram each ten seconds.
void plays(const std::vector<Step>& steps, std::chrono::seconds pace = 10s) {
  TestedTotal total;
  Mono now = begin;
  for (std::size_t n = 0; n < steps.size(); ++n, now += pace) {
    CAPTURE(n);
    CHECK(total.judge(kwh(steps[n].watt_hours), now, most_per_second) == steps[n].doubt);
  }
}

}  // namespace

TEST_CASE("totals: one zero among good values is held back, and the next good value is believed") {
  plays({{1581123, ""}, {0, "zero"}, {1581124, ""}, {1581125, ""}});
}

TEST_CASE("totals: one value that fell is held back") {
  plays({{1581123, ""}, {1581122, "fell"}, {1581123, ""}});
  plays({{1581123, ""}, {158112, "fell"}, {1581130, ""}});
}

TEST_CASE("totals: one value that jumped is held back") {
  plays({{1581123, ""}, {9581123, "jumped"}, {1581125, ""}});
}

TEST_CASE("totals: a fall is believed after three telegrams and ten minutes that fit") {
  plays({{1581123, ""}, {12, "fell"}, {12, "fell"}, {13, "fell"}, {14, "fell"}});
  plays({{1581123, ""}, {12, "fell"}, {12, "fell"}, {12, "fell"}, {13, ""}, {14, ""}}, 200s);
  plays({{1581123, ""}, {12, "fell"}, {12, "fell"}, {13, ""}, {14, ""}}, 300s);
}

TEST_CASE("totals: a zero is never believed, but a counter that begins at zero and counts is") {
  const std::vector<Step> zeros(200, Step{0, "zero"});
  std::vector<Step> steps = {{1581123, ""}};
  steps.insert(steps.end(), zeros.begin(), zeros.end());
  steps.push_back({1, ""});
  steps.push_back({2, ""});
  plays(steps, 60s);
  plays({{1581123, ""}, {0, "zero"}, {0, "zero"}, {1581130, ""}, {1581131, ""}},
        300s);  // a wake-up
}

TEST_CASE("totals: what jumped agrees with itself for ever: only time makes it possible") {
  const std::vector<Step> jumped(100, Step{9581123, "jumped"});
  std::vector<Step> steps = {{1581123, ""}};
  steps.insert(steps.end(), jumped.begin(), jumped.end());
  steps.push_back({1581130, ""});
  plays(steps);
  TestedTotal total;
  CHECK(total.judge(kwh(1'000'000), begin, most_per_second) == "");
  CHECK(total.judge(kwh(9'000'000), begin + 24h, most_per_second) == "jumped");
  CHECK(total.judge(kwh(9'000'000), begin + 73h, most_per_second) == "");  // 8,000 kWh at 110 kW
}

TEST_CASE("totals: a cottage that was dark for months is believed at once") {
  TestedTotal total;
  CHECK(total.judge(kwh(1'000'000), begin, most_per_second) == "");
  CHECK(total.judge(kwh(1'900'000), begin + 24h * 90, most_per_second) == "");
}

TEST_CASE("totals: where three telegrams may end a jump, they do") {
  TestedTotal total{Total::Jumps::agree};
  CHECK(total.judge(kwh(1'000), begin, most_per_second) == "");
  CHECK(total.judge(kwh(9'000), begin + 10s, most_per_second) == "jumped");
  CHECK(total.judge(kwh(9'000), begin + 20s, most_per_second) == "jumped");
  CHECK(total.judge(kwh(9'000), begin + 30s, most_per_second) == "");
}

TEST_CASE("totals: a register that begins anew behind its last digit has not fallen") {
  plays({{99'999'900, ""}, {100, ""}, {200, ""}});
  plays({{999'999'100, ""}, {1, ""}});
  plays({{99'999'900, ""}, {2'000'000, "fell"}});  // too far behind it
  plays({{98'000'000, ""}, {100, "fell"}});        // not near it
  plays({{9'999'900, ""}, {100, "fell"}});         // 9,999.9 kWh: no register is so short
  plays({{99'999'900, ""}, {0, "zero"}});
}

TEST_CASE("totals: a power limit grows with what is set and what is seen") {
  const auto allows = [](const PowerLimit& limit, std::int64_t watt_hours) {
    TestedTotal total;
    (void)total.judge(kwh(0), begin, limit.per_second());
    return total.judge(kwh(watt_hours), begin + 1h, limit.per_second()).empty();
  };
  CHECK(allows(PowerLimit(), 110'000));
  CHECK_FALSE(allows(PowerLimit(), 111'000));
  CHECK(allows(PowerLimit(Decimal{100'000, 0}), 200'000));
  CHECK_FALSE(allows(PowerLimit(Decimal{100'000, 0}), 201'000));
  CHECK(allows(PowerLimit(Decimal{10, 0}), 110'000));  // never below what a house carries
  PowerLimit plant;
  plant.see({2'000'000, 0});  // once: it may be damaged
  CHECK_FALSE(allows(plant, 111'000));
  plant.see({1'900'000, 0});
  CHECK(allows(plant, 5'000'000));
  PowerLimit phases;
  for (const std::int64_t watts : {900'000, 300'000, 900'000, 300'000}) phases.see({watts, 0});
  CHECK(allows(phases, 1'300'000));
  PowerLimit house;
  for (const std::int64_t watts : {3000, 60'000, 2000, 4000}) house.see({watts, 0});
  CHECK_FALSE(allows(house, 111'000));
  for (const std::int64_t watts : {30'000, 60'000}) house.see({watts, 0});
  CHECK(allows(house, 180'000));
}

TEST_CASE("totals: three in a row that do not agree among one another are not believed") {
  plays({{1581123, ""}, {12, "fell"}, {11, "fell"}, {10, "fell"}, {9, "fell"}, {1581124, ""}});
  plays({{1581123, ""}, {12, "fell"}, {500012, "fell"}, {12, "fell"}, {900012, "fell"}});
}

TEST_CASE("totals: a good value in between starts the counting anew") {
  plays({{1581123, ""}, {12, "fell"}, {12, "fell"}, {1581124, ""}, {12, "fell"}, {12, "fell"}});
}

TEST_CASE("totals: the same value in between starts the counting anew as well") {
  plays({{1581123, ""}, {12, "fell"}, {12, "fell"}, {1581123, ""}, {12, "fell"}, {12, "fell"}});
}

TEST_CASE("totals: the first value is believed, a zero too, and rises from there") {
  plays({{0, ""}, {0, ""}, {1, ""}, {200, ""}});
  plays({{1581123, ""}});
}

TEST_CASE("totals: what the connection can carry is allowed, one watt-hour more is not") {
  plays({{1000000, ""}, {1000306, ""}});
  plays({{1000000, ""}, {1000307, "jumped"}});
}

TEST_CASE("totals: a total that stood still for long may rise by all that fits in that time") {
  plays({{1000000, ""}, {1000000, ""}, {1000000, ""}, {1000918, ""}});
  plays({{1000000, ""}, {1000000, ""}, {1000000, ""}, {1000919, "jumped"}});
}

TEST_CASE("totals: where no time passes nothing has jumped, but a fall is still a fall") {
  plays({{1000000, ""}, {9000000, ""}, {9000001, ""}, {8000000, "fell"}, {0, "zero"}}, 0s);
}

TEST_CASE("totals: without a limit there is no test for jumps") {
  TestedTotal total;
  CHECK(total.judge(kwh(1), begin, std::nullopt) == "");
  CHECK(total.judge(kwh(999999999), begin + 1s, std::nullopt) == "");
  CHECK(total.judge(kwh(999999998), begin + 2s, std::nullopt) == "fell");
}

TEST_CASE("totals: other decimals of the same number are the same number") {
  TestedTotal total;
  CHECK(total.judge({1500, -3}, begin, most_per_second) == "");
  CHECK(total.judge({15, -1}, begin + 10s, most_per_second) == "");
  CHECK(total.judge({1499, -3}, begin + 20s, most_per_second) == "fell");
}

TEST_CASE("totals: over a restart the time away counts, where the clock was set before and after") {
  constexpr Instant noon{1'800'000'000'000ms};
  TestedTotal before;
  CHECK(before.judge(kwh(1'000'000), {begin, noon}, most_per_second) == "");
  const auto restarted = [&](std::int64_t watt_hours, std::optional<Instant> wall) {
    TestedTotal after;
    after.restore(*before.kept());
    return after.judge(kwh(watt_hours), {Mono{5s}, wall}, most_per_second);
  };
  CHECK(restarted(1'110'000, noon + 1h) == "");
  CHECK(restarted(1'111'000, noon + 1h) == "jumped");
  CHECK(restarted(1'900'000, noon + 24h * 90) == "");  // a cottage after three months
  // Without a trustworthy time the first value counts, and what follows is judged again.
  CHECK(restarted(9'000'000, std::nullopt) == "");
  CHECK(restarted(9'000'000, noon - 1h) == "");
  // What is below needs no time to be in doubt.
  CHECK(restarted(0, std::nullopt) == "zero");
  CHECK(restarted(999'000, std::nullopt) == "fell");
}

TEST_CASE("totals: the first value after a start without time is the begin of the next span") {
  TestedTotal after;
  after.restore({kwh(1'000'000), {}});
  CHECK(after.judge(kwh(1'000'000), begin, most_per_second) == "");
  CHECK(after.judge(kwh(1'000'400), begin + 10s, most_per_second) == "jumped");
  CHECK(after.judge(kwh(1'000'400), begin + 20s, most_per_second) == "");
}

TEST_CASE("totals: a device's own times of reading need no clock of ours") {
  constexpr Instant noon{1'800'000'000'000ms};
  Total after{Total::Jumps::agree};
  after.restore({kwh(1'000), noon - 1h});
  CHECK(after.judge(kwh(100'000), {begin, noon}, most_per_second) == "");
  CHECK(after.judge(kwh(300'000), {begin + 1s, noon + 1h}, most_per_second) == "jumped");
}

TEST_CASE("totals: what is held back is taken when a person says so") {
  TestedTotal total;
  CHECK(total.judge(kwh(1'000'000), begin, most_per_second) == "");
  CHECK_FALSE(total.accept());
  CHECK(total.judge(kwh(0), begin + 10s, most_per_second) == "zero");
  CHECK(total.accept());
  CHECK(*total.value() == kwh(0));
  CHECK(total.judge(kwh(0), begin + 20s, most_per_second) == "");
  CHECK(total.judge(kwh(1), begin + 30s, most_per_second) == "");
}
