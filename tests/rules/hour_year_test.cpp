// A year of a house, with restarts at random times: the hours always add up to what the register
// has counted, on the days with 23 and 25 hours too.

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <random>
#include <string>

#include "core/zone.hpp"
#include "rules/hour_meter.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Instant year_begin{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
constexpr auto year_time = 24h * 365;
constexpr auto step = 30s;

// A meter with a load that changes, its register in watt-milliseconds, and a gateway that comes
// and goes.
class Year {
 public:
  Year(bool hourly, std::uint32_t seed) : hourly_(hourly), random_(seed) {}

  void run() {
    for (; wall_ < year_begin + year_time + 1min; wall_ += step) {
      tick();
      if (wall_ >= away_until_) hear();
      if (away_until_ <= wall_ && below(3000) == 0) restart();
      if (below(60) == 0) saved_ = kept();  // up to half an hour old when the power is cut
    }
  }

  std::map<Instant, HourMeter::Hour> hours;
  std::map<Instant, std::int64_t> borders;  // Wh of the register at each full hour

 private:
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }
  std::int64_t wh() const { return register_ / 3'600'000; }

  void tick() {
    if (below(40) == 0) watts_ = below(4) == 0 ? 0 : static_cast<std::int64_t>(below(9000));
    register_ += watts_ * std::chrono::milliseconds(step).count();
    const auto into = wall_.time_since_epoch() % 1h;
    if (into == 0h) borders[wall_] = list_wh_ = wh();
  }
  void hear() {
    const bool is_list = wall_.time_since_epoch() % 1h == step;
    HourMeter::Sample sample{Decimal{watts_, 0}, {}};
    if (hourly_ && is_list && below(50) != 0) sample.kilowatt_hours = Decimal{list_wh_, -3};
    if (!hourly_) sample.kilowatt_hours = Decimal{wh(), -3};
    meter_.sample(sample, {Mono{} + (wall_ - booted_), wall_});
    while (const auto hour = meter_.take()) hours[hour->start] = *hour;
  }
  // In order with what is newest, or by a power cut with what was saved some time ago.
  void restart() {
    const std::string text = below(2) == 0 ? kept() : saved_;
    meter_ = HourMeter();
    meter_.restore(Record(text), "hours");
    const auto longest = below(10) == 0 ? 600U : 10U;  // 5 h, or 5 min
    away_until_ = wall_ + step * (1 + static_cast<int>(below(longest)));
    booted_ = away_until_;
  }
  std::string kept() const {
    RecordWriter record;
    meter_.keep(record, "hours");
    return record.text();
  }

  bool hourly_;
  std::mt19937 random_;
  HourMeter meter_;
  Instant wall_ = year_begin - 30min, away_until_ = wall_, booted_ = wall_;
  std::int64_t register_ = 5'000'000LL * 3'600'000, watts_ = 500, list_wh_ = 0;
  std::string saved_;
};

std::int64_t local_day(const Zone& zone, Instant instant) {
  return (instant + zone.offset_at(instant)).time_since_epoch() / 24h;
}

}  // namespace

TEST_CASE("hours of a year: they add up to the register, over restarts and lost lists") {
  for (const bool hourly : {true, false}) {
    CAPTURE(hourly);
    Year year(hourly, 17);
    year.run();
    std::int64_t sum = 0;
    int known = 0, exact = 0;
    auto last = year_begin - 2h;
    for (const auto& [start, hour] : year.hours) {
      CAPTURE(start.time_since_epoch() / 1h);
      CHECK(start == last + 1h);
      last = start;
      if (start < year_begin) continue;
      REQUIRE(hour.wh);
      sum += *hour.wh;
      ++known;
      const std::int64_t truth = year.borders.at(start + 1h) - year.borders.at(start);
      if (hour.estimated) continue;
      ++exact;
      if (hourly) CHECK(*hour.wh == truth);
      if (!hourly) CHECK(std::abs(*hour.wh - truth) <= 40);
    }
    CHECK(known == 365 * 24);
    CHECK(exact > 365 * 24 * 9 / 10);
    CHECK(exact < known);
    CHECK(std::abs(sum - (year.borders.at(year_begin + year_time) - year.borders.at(year_begin))) <=
          (hourly ? 0 : 1));
  }
}

TEST_CASE("hours of a year: each is of one local day, and days have 23, 24 or 25 of them") {
  Year year(true, 18);
  year.run();
  for (const char* name : {"Europe/Oslo", "America/New_York", "Australia/Adelaide",
                           "America/St_Johns", "Europe/London"}) {
    CAPTURE(name);
    const auto zone = Zone::named(name);
    REQUIRE(zone);
    std::map<std::int64_t, std::pair<int, std::int64_t>> days;
    for (const auto& [start, hour] : year.hours) {
      if (start < year_begin) continue;
      auto& [count, wh] = days[local_day(*zone, start)];
      ++count;
      wh += hour.wh.value_or(0);
    }
    days.erase(days.begin());  // begun, and not ended
    days.erase(std::prev(days.end()));
    std::map<int, int> lengths;
    auto border = year_begin;
    while (local_day(*zone, border) < days.begin()->first) border += 1h;
    const auto is_read = [&](Instant at) {
      return !year.hours.at(at).estimated || !year.hours.at(at - 1h).estimated;
    };
    for (const auto& [day, sums] : days) {
      CAPTURE(day);
      const auto end = border + 1h * sums.first;
      // A border that was worked out moves energy from one day to the next, and loses none.
      if (is_read(border) && is_read(end))
        CHECK(sums.second == year.borders.at(end) - year.borders.at(border));
      border = end;
      ++lengths[sums.first];
    }
    CHECK(lengths[23] == 1);
    CHECK(lengths[25] == 1);
    CHECK(lengths.size() == 3);
  }
}
