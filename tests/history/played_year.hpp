#pragma once
// A year of a house that tests make up: it heats in winter, charges a car at night, has the sun on
// its roof, another meter in March, and nothing was heard of it for some days in May.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "core/journal.hpp"
#include "core/zone.hpp"
#include "history/periods.hpp"

namespace gridtap::history {

inline Instant utc(int year, unsigned month, unsigned day,
                   std::chrono::minutes time = std::chrono::minutes{0}) {
  return std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) /
                               static_cast<int>(day)} +
         time;
}

class PlayedYear {
 public:
  std::vector<Slot> bought, sold, made, water;  // Wh, Wh, Wh, liters

  explicit PlayedYear(const Zone& zone, int year = 2026, int years = 1)
      : zone_(zone), time_(of_years(year, years)) {
    for (SlotTime at = slot_of(time_.begin); at < time_.end; at += Quarters{1}) quarter(at);
  }

  const Period& time() const { return time_; }

 private:
  struct Register {
    std::int64_t units;
    Slot grow(SlotTime at, std::int64_t by, std::int32_t covered) {
      const std::int64_t low = units;
      return {at, by, low, units += by, covered};
    }
  };

  Period of_years(int year, int years) const {
    const auto begin = [&](int each) {
      const std::chrono::local_days day =
          std::chrono::local_days{std::chrono::year{each} / std::chrono::January / 1};
      return zone_.resolve(LocalSeconds(day), {}).instant;
    };
    return {begin(year), begin(year + years)};
  }

  double chance() { return static_cast<double>(random_() % 10'000) / 10'000; }

  double sun(double day, double hour) const {
    const double height = std::sin((hour - 13) / 24 * 2 * M_PI + M_PI / 2) * 0.58 -
                          std::cos((day + 10) / 365 * 2 * M_PI) * 0.42 + 0.02;
    return std::max(0.0, height) * 7'200 * clouds_;
  }

  double use(double day, double hour, int weekday) {
    const double cold = 0.5 + 0.5 * std::cos((day - 20) / 365 * 2 * M_PI);
    const double morning = std::exp(-std::pow(hour - (weekday > 4 ? 9.5 : 7.2), 2) / 1.6);
    const double evening = std::exp(-std::pow(hour - 18.2, 2) / 6);
    double watts = 260 + 2'300 * cold * (0.75 + chance() * 0.5) + 1'300 * morning + 1'900 * evening;
    if (chance() < 0.06) watts += 1'900;  // cooking, washing
    if (car_ && (hour >= 23 || hour < 3.5)) watts += 6'900;
    if (weekday == 5 && hour >= 19 && hour < 21 && cold > 0.5) watts += 5'500;  // a sauna
    const bool is_away = day > 190 && day < 208;
    return is_away ? 210 + chance() * 60 : watts;
  }

  void new_day(int weekday) {
    clouds_ = 0.25 + 0.75 * chance();
    car_ = chance() < (weekday > 4 ? 0.2 : 0.42);
  }

  void quarter(SlotTime at) {
    const Instant local = Instant(at) + zone_.offset_at(at);
    const auto date = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day ymd{date};
    const auto of_year = static_cast<double>(
        (date - std::chrono::sys_days{ymd.year() / std::chrono::January / 1}).count());
    const double hour = static_cast<double>((local - date).count()) / 3.6e6;
    const int weekday = static_cast<int>(std::chrono::weekday{date}.iso_encoding()) - 1;
    if (hour == 12) new_day(weekday);
    const bool is_silent = of_year >= 131 && of_year < 133.6;
    if (of_year == 72 && hour == 13.25) import_.units = 4;  // another meter
    const double watts = use(of_year, hour, weekday), roof = sun(of_year, hour);
    const auto wh = [](double power) {
      return static_cast<std::int64_t>(std::max(0.0, power) / 4);
    };
    const std::int32_t covered = is_silent ? 0 : 900;
    bought.push_back(import_.grow(at, wh(watts - roof), covered));
    sold.push_back(export_.grow(at, wh(roof - watts), covered));
    if (roof > 0) made.push_back(roof_.grow(at, wh(roof), covered));
    const bool is_flush = hour > 6 && hour < 23 && chance() < 0.3;
    water.push_back(water_.grow(at, is_flush ? static_cast<std::int64_t>(chance() * 40) : 0, 900));
  }

  Zone zone_;
  Period time_;
  std::mt19937 random_{17};
  double clouds_ = 0.6;
  bool car_ = false;
  Register import_{48'211'300}, export_{9'120'040}, roof_{0}, water_{512'000};
};

}  // namespace gridtap::history
