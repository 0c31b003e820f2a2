#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "parts/totals.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Mono begin{};

// kWh with three decimals.
constexpr Decimal kwh(std::int64_t watt_hours) { return {watt_hours, -3}; }

struct Step {
  std::int64_t watt_hours;
  std::string_view doubt;  // empty: believed
};

// One telegram each ten seconds.
void plays(const std::vector<Step>& steps, std::chrono::seconds pace = 10s) {
  Total total;
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

TEST_CASE("totals: three in a row that agree are believed: the meter was exchanged") {
  plays({{1581123, ""}, {12, "fell"}, {12, "fell"}, {13, ""}, {14, ""}});
  plays({{1581123, ""}, {0, "zero"}, {0, "zero"}, {0, ""}, {1, ""}});
  plays({{1581123, ""}, {9581123, "jumped"}, {9581124, "jumped"}, {9581125, ""}});
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
  Total total;
  CHECK(total.judge(kwh(1), begin, std::nullopt) == "");
  CHECK(total.judge(kwh(999999999), begin + 1s, std::nullopt) == "");
  CHECK(total.judge(kwh(999999998), begin + 2s, std::nullopt) == "fell");
}

TEST_CASE("totals: other decimals of the same number are the same number") {
  Total total;
  CHECK(total.judge({1500, -3}, begin, most_per_second) == "");
  CHECK(total.judge({15, -1}, begin + 10s, most_per_second) == "");
  CHECK(total.judge({1499, -3}, begin + 20s, most_per_second) == "fell");
}

TEST_CASE("totals: after forget() the first value is believed, whatever came before") {
  Total total;
  CHECK(total.judge(kwh(1581123), begin, most_per_second) == "");
  CHECK(total.judge(kwh(12), begin + 10s, most_per_second) == "fell");
  total.forget();
  CHECK(total.judge(kwh(12), begin + 20s, most_per_second) == "");
  CHECK(total.judge(kwh(11), begin + 30s, most_per_second) == "fell");
}
