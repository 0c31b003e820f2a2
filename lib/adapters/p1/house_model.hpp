#pragma once
// The house behind a simulated meter: loads that follow the time of day with a random walk and
// appliances on top, solar panels under clouds, a boiler that burns gas, taps that draw water.
// Powers stay as they are for a whole second and every register is their exact integral, so that
// whatever the telegrams say of one another is true. Integers only: a seed gives the same house on
// every machine.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace gridtap::p1 {

using Second = std::chrono::sys_seconds;

// Summer time by the rule of the European Union: from the last Sunday of March, 01:00 UTC, to the
// last Sunday of October, 01:00 UTC (directive 2000/84/EC).
bool is_summer_time(Second time);

// 0 to 3 for quadrants I to IV (IEC 62056-6-1): by the signs of active and reactive power.
std::size_t quadrant_of(std::int64_t w, std::int64_t var);
// The largest whole number whose square is not above it.
std::int64_t square_root(std::int64_t square);

struct HouseSettings {
  std::size_t phases = 3;  // 1 or 3
  std::int64_t sun_w = 0;  // of the panels at noon in June; 0: none
  std::chrono::seconds gas_interval{3600};
  std::chrono::minutes utc_offset{60};  // of standard time
};

// What the tariff clock switches between: low from 23:00 to 07:00 and at the weekend.
enum class Tier : std::uint8_t { low, normal };
using ByTier = std::array<std::int64_t, 2>;

// A mean over fixed spans, as registers with "average" in their names keep it.
struct Mean {
  std::int64_t sum = 0, count = 0;
  std::int64_t last = 0;  // of the last whole span

  void add(std::int64_t value);
  void close();
};

struct Phase {
  std::int64_t w = 0, var = 0;  // from the grid positive, into the grid negative
  std::int64_t decivolt = 2300, milliampere = 0;
  std::int64_t sags = 0, swells = 0;
  Mean decivolts;  // of ten minutes
};

// Energy of the running quarter of an hour, and the mean power of the last whole one.
struct Quarter {
  std::int64_t watt_seconds = 0, last_w = 0;

  std::int64_t now_w() const { return watt_seconds / 900; }
};

// A quarter of an hour by its end.
struct Peak {
  Second end;
  std::int64_t w = 0;
};
// The highest quarter of a month by the first second after the month.
struct MonthPeak {
  Second month_end;
  Peak peak;
};
struct PowerFailure {
  Second end;
  std::int64_t seconds = 0;
};
// Registers as they stood when the last month ended.
struct MonthClose {
  Second end;
  ByTier import_ws{}, export_ws{};
};
// A meter of another medium: what has flowed, and what it last sent to the smart meter.
struct Flow {
  std::int64_t millilitres = 0;
  Second told_at;
  std::int64_t told_millilitres = 0;
};

struct HouseState {
  Second time;                           // everything before it is counted
  std::chrono::minutes local_offset{0};  // from UTC, summer time included
  Tier tier = Tier::low;
  std::size_t phases = 3;
  std::array<Phase, 3> phase;             // powers from `time` on
  ByTier import_ws{}, export_ws{};        // watt-seconds
  std::array<ByTier, 4> quadrant_vars{};  // var-seconds of quadrants I to IV
  std::int64_t centihertz = 5000;
  Quarter import_quarter, export_quarter;
  Peak month_peak;
  std::vector<MonthPeak> months;  // oldest first
  MonthClose month_close;
  Mean import_w, net_w;                // of ten minutes
  std::vector<PowerFailure> failures;  // of more than three minutes, oldest first
  std::int64_t short_failures = 0;     // of any length
  Flow gas, water;

  std::int64_t net_power_w() const;
  std::int64_t net_reactive_var() const;
};

class House {
 public:
  House(const HouseSettings& settings, Second start, std::uint32_t seed);

  // Lives on second by second. A moment in the past changes nothing; more than a day at once is a
  // power failure of that length.
  void advance(Second to);

  const HouseState& state() const { return state_; }

 private:
  struct Running {
    Second until{};
    std::size_t phase = 0;
  };

  std::int64_t below(std::int64_t limit);
  bool once_in(std::int64_t count) { return below(count) == 0; }
  std::int64_t walk(std::int64_t value, std::int64_t step, std::int64_t limit);
  std::int64_t second_of_day() const;
  std::chrono::year_month_day date() const;

  void furnish();
  void remember_months();
  void count_second();
  void close_spans();
  void close_quarter();
  void close_month();
  void follow_calendar();
  void fail_until(Second to);
  void draw_powers();
  void draw_phase(std::size_t n, std::int64_t base_w, std::int64_t sun_w);
  void draw_water_and_gas();
  std::int64_t sun_w();

  HouseSettings settings_;
  std::mt19937 random_;
  HouseState state_;
  unsigned month_ = 1;                          // 1 to 12
  std::array<std::int64_t, 3> load_walk_{};     // per mille of the base load
  std::array<std::int64_t, 3> voltage_walk_{};  // tenths of a volt
  std::int64_t clear_sky_ = 800;                // per mille
  std::array<Running, 6> running_;
  Second tap_until_{}, burner_until_{};
};

}  // namespace gridtap::p1
