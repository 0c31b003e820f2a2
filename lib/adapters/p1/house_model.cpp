#include "adapters/p1/house_model.hpp"

#include <algorithm>

namespace gridtap::p1 {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::seconds;

constexpr seconds longest_catch_up = hours{24};
constexpr seconds long_failure = std::chrono::minutes{3};
constexpr std::size_t months_kept = 13;
constexpr std::size_t failures_kept = 10;

constexpr Second moved_in = std::chrono::sys_days{std::chrono::June / 1 / 2024};

// Watts of the house at each full hour, without its large appliances.
constexpr std::array<std::int64_t, 24> base_load_w = {220, 200, 190, 190, 200, 260, 420, 560,
                                                      480, 400, 380, 420, 460, 400, 360, 380,
                                                      480, 700, 820, 780, 700, 620, 480, 320};
constexpr std::array<std::int64_t, 3> phase_share = {450, 330, 220};  // per mille

// `once_in`: seconds between two starts, on average. The last one loads all phases.
struct Appliance {
  std::int64_t w, var, seconds, once_in;
};
constexpr std::array<Appliance, 6> appliances = {{
    {95, 70, 900, 1800},        // refrigerator
    {2050, 15, 180, 7200},      // kettle
    {1850, 60, 2400, 36000},    // oven
    {2150, 180, 1300, 50000},   // washing machine
    {1250, 90, 600, 20000},     // microwave oven
    {3600, 120, 9000, 120000},  // car
}};

// Minutes of the day in standard time, and per mille of the panels' best noon.
struct Daylight {
  std::int64_t rise, set, noon;
};
constexpr std::array<Daylight, 12> daylight = {{{525, 1010, 200},
                                                {475, 1065, 350},
                                                {415, 1115, 550},
                                                {345, 1170, 750},
                                                {285, 1220, 900},
                                                {260, 1260, 1000},
                                                {280, 1255, 950},
                                                {325, 1205, 850},
                                                {375, 1140, 700},
                                                {425, 1070, 450},
                                                {480, 1015, 250},
                                                {520, 990, 170}}};
// Litres of gas that the boiler burns in a day of each month.
constexpr std::array<std::int64_t, 12> gas_litres = {9000, 8000, 6000, 3500, 1500, 700,
                                                     600,  600,  1000, 3000, 6000, 8500};
constexpr std::int64_t burner_ml = 280;  // a second
constexpr std::int64_t tap_ml = 120;     // a second

Second last_sunday(std::chrono::year year, std::chrono::month month) {
  using namespace std::chrono;
  return sys_days{year / month / Sunday[last]} + hours{1};
}

}  // namespace

bool is_summer_time(Second time) {
  using namespace std::chrono;
  const year_month_day date{std::chrono::floor<days>(time)};
  return time >= last_sunday(date.year(), March) && time < last_sunday(date.year(), October);
}

std::size_t quadrant_of(std::int64_t w, std::int64_t var) {
  if (w >= 0) return var >= 0 ? 0 : 3;
  return var >= 0 ? 1 : 2;
}

std::int64_t square_root(std::int64_t square) {
  std::int64_t guess = 1;
  while (guess < square / guess) guess *= 2;
  while (guess > 0 && guess > square / guess) guess = (guess + square / guess) / 2;
  return square == 0 ? 0 : guess;
}

void Mean::add(std::int64_t value) {
  sum += value;
  ++count;
}

void Mean::close() {
  if (count > 0) last = sum / count;
  sum = 0;
  count = 0;
}

std::int64_t HouseState::net_power_w() const { return phase[0].w + phase[1].w + phase[2].w; }

std::int64_t HouseState::net_reactive_var() const {
  return phase[0].var + phase[1].var + phase[2].var;
}

House::House(const HouseSettings& settings, Second start, std::uint32_t seed)
    : settings_(settings), random_(seed) {
  state_.time = start;
  state_.phases = settings.phases;
  follow_calendar();
  furnish();
  draw_powers();
  for (Phase& phase : state_.phase) phase.decivolts.last = phase.decivolt;
  state_.import_w.last = std::max<std::int64_t>(state_.net_power_w(), 0);
  state_.net_w.last = state_.net_power_w();
}

void House::advance(Second to) {
  if (to - state_.time > longest_catch_up) fail_until(to);
  while (state_.time < to) {
    count_second();
    state_.time += seconds{1};
    close_spans();
    draw_powers();
    draw_water_and_gas();
  }
}

std::int64_t House::below(std::int64_t limit) {
  return static_cast<std::int64_t>(random_()) % limit;
}

std::int64_t House::walk(std::int64_t value, std::int64_t step, std::int64_t limit) {
  return std::clamp(value + below(2 * step + 1) - step, -limit, limit);
}

std::int64_t House::second_of_day() const {
  const auto local = state_.time + state_.local_offset;
  return (local - floor<days>(local)).count();
}

std::chrono::year_month_day House::date() const {
  return std::chrono::year_month_day{floor<days>(state_.time + state_.local_offset)};
}

// The years before the first telegram: registers follow from the date, so that a house that starts
// anew goes on about where it was.
void House::furnish() {
  const std::int64_t lived = std::max<std::int64_t>((state_.time - moved_in).count(), 0);
  state_.import_ws = {150 * lived, 130 * lived};
  state_.export_ws = {settings_.sun_w / 50 * lived, settings_.sun_w / 20 * lived};
  state_.quadrant_vars = {{{12 * lived, 9 * lived},
                           {2 * lived, 4 * lived},
                           {1 * lived, 2 * lived},
                           {15 * lived, 8 * lived}}};
  state_.gas.millilitres = 46 * lived;
  state_.water.millilitres = 4 * lived;
  const auto gas_time = state_.time - (state_.time.time_since_epoch() % settings_.gas_interval);
  state_.gas.told_at = gas_time;
  state_.gas.told_millilitres = state_.gas.millilitres;
  state_.water.told_at = state_.time;
  state_.water.told_millilitres = state_.water.millilitres;
  for (std::int64_t n = 3; n > 0; --n) {
    const Second end = state_.time - days{200 * n} - seconds{below(days{90} / seconds{1})};
    state_.failures.push_back({end, 200 + below(9000)});
  }
  state_.short_failures = 3 + below(8);
  for (std::size_t n = 0; n < state_.phases; ++n) {
    state_.phase[n].sags = below(12);
    state_.phase[n].swells = below(3);
  }
  remember_months();
}

void House::remember_months() {
  using namespace std::chrono;
  const year_month_day today = date();
  const auto local_start = [&](year_month month) {
    const Second standard = Second{sys_days{month / 1}} - settings_.utc_offset;
    return is_summer_time(standard) ? standard - hours{1} : standard;
  };
  const year_month now{today.year(), today.month()};
  for (int n = 12; n >= 1; --n) {
    const Second end = local_start(now - months{n - 1});
    const Second peak = end - minutes{15} * (1 + below(2600));
    state_.months.push_back({end, {peak, 1800 + below(4200)}});
  }
  const Second begin = local_start(now);
  const Second quarter = begin + (state_.time - begin) / minutes{30} * minutes{15};
  state_.month_peak = {quarter, quarter == begin ? 0 : 1500 + below(1500)};
  state_.month_close = {begin, state_.import_ws, state_.export_ws};
  const std::int64_t hours_gone = (state_.time - begin) / hours{1};
  for (std::int64_t& wattseconds : state_.month_close.import_ws) {
    wattseconds -= hours_gone * 200 * 3600;
  }
}

void House::count_second() {
  const std::int64_t w = state_.net_power_w();
  const std::int64_t var = state_.net_reactive_var();
  const auto tier = static_cast<std::size_t>(state_.tier);
  const std::int64_t in = std::max<std::int64_t>(w, 0);
  const std::int64_t out = std::max<std::int64_t>(-w, 0);
  state_.import_ws[tier] += in;
  state_.export_ws[tier] += out;
  state_.quadrant_vars[quadrant_of(w, var)][tier] += var < 0 ? -var : var;
  state_.import_quarter.watt_seconds += in;
  state_.export_quarter.watt_seconds += out;
  state_.import_w.add(in);
  state_.net_w.add(w);
  for (Phase& phase : state_.phase) phase.decivolts.add(phase.decivolt);
}

void House::close_spans() {
  const auto since = state_.time.time_since_epoch();
  if (since % std::chrono::minutes{10} == seconds{0}) {
    state_.import_w.close();
    state_.net_w.close();
    for (Phase& phase : state_.phase) phase.decivolts.close();
  }
  if (since % std::chrono::minutes{15} == seconds{0}) close_quarter();
  if (since % settings_.gas_interval == seconds{0}) {
    state_.gas.told_at = state_.time;
    state_.gas.told_millilitres = state_.gas.millilitres;
  }
}

void House::close_quarter() {
  const std::int64_t mean = state_.import_quarter.now_w();
  if (mean > state_.month_peak.w) state_.month_peak = {state_.time, mean};
  state_.import_quarter = {0, mean};
  state_.export_quarter = {0, state_.export_quarter.now_w()};
  const unsigned month_before = month_;
  follow_calendar();
  if (month_ != month_before) close_month();
}

void House::close_month() {
  state_.months.push_back({state_.time, state_.month_peak});
  if (state_.months.size() > months_kept) state_.months.erase(state_.months.begin());
  state_.month_peak = {state_.time, 0};
  state_.month_close = {state_.time, state_.import_ws, state_.export_ws};
}

// Summer time, month and tariff change at the begin of a quarter only.
void House::follow_calendar() {
  const bool summer = is_summer_time(state_.time);
  state_.local_offset = settings_.utc_offset + (summer ? hours{1} : hours{0});
  month_ = static_cast<unsigned>(date().month());
  const std::chrono::weekday weekday{floor<days>(state_.time + state_.local_offset)};
  const bool weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
  const std::int64_t hour = second_of_day() / 3600;
  state_.tier = weekend || hour < 7 || hour >= 23 ? Tier::low : Tier::normal;
}

void House::fail_until(Second to) {
  const seconds length = to - state_.time;
  ++state_.short_failures;
  if (length > long_failure) state_.failures.push_back({to, length.count()});
  if (state_.failures.size() > failures_kept) state_.failures.erase(state_.failures.begin());
  state_.time = to;
  state_.import_quarter = {};
  state_.export_quarter = {};
  const unsigned month_before = month_;
  follow_calendar();
  if (month_ != month_before) close_month();
}

void House::draw_powers() {
  const std::int64_t second = second_of_day();
  const auto hour = static_cast<std::size_t>(second / 3600);
  const std::int64_t from = base_load_w[hour];
  const std::int64_t to = base_load_w[(hour + 1) % base_load_w.size()];
  const std::int64_t base_w = from + (to - from) * (second % 3600) / 3600;
  for (std::size_t n = 0; n < appliances.size(); ++n) {
    Running& running = running_[n];
    if (running.until > state_.time || !once_in(appliances[n].once_in)) continue;
    running.until = state_.time + seconds{appliances[n].seconds / 2 + below(appliances[n].seconds)};
    running.phase = static_cast<std::size_t>(below(static_cast<std::int64_t>(state_.phases)));
  }
  const std::int64_t sun = sun_w() / static_cast<std::int64_t>(state_.phases);
  for (std::size_t n = 0; n < state_.phases; ++n) draw_phase(n, base_w, sun);
  state_.centihertz = 5000 + walk(state_.centihertz - 5000, 1, 6);
}

void House::draw_phase(std::size_t n, std::int64_t base_w, std::int64_t sun_w) {
  Phase& phase = state_.phase[n];
  load_walk_[n] = walk(load_walk_[n], 9, 350);
  voltage_walk_[n] = walk(voltage_walk_[n], 2, 45);
  const std::int64_t share = state_.phases == 1 ? 1000 : phase_share[n];
  std::int64_t load = base_w * share / 1000 * (1000 + load_walk_[n]) / 1000;
  std::int64_t var = load / 4 - 45;
  for (std::size_t a = 0; a < appliances.size(); ++a) {
    const bool everywhere = a + 1 == appliances.size();
    if (running_[a].until <= state_.time || (!everywhere && running_[a].phase != n)) continue;
    load += appliances[a].w;
    var += appliances[a].var;
  }
  phase.w = load - sun_w;
  phase.var = var;
  phase.decivolt = 2310 + voltage_walk_[n] - phase.w / 120;
  if (once_in(60000)) ++phase.sags;
  if (once_in(150000)) ++phase.swells;
  const std::int64_t milli_va =
      square_root((phase.w * phase.w + phase.var * phase.var) * 1'000'000);
  phase.milliampere = milli_va * 10 / phase.decivolt;
}

std::int64_t House::sun_w() {
  if (settings_.sun_w == 0) return 0;
  clear_sky_ = 600 + walk(clear_sky_ - 600, 8, 400);
  const Daylight& day = daylight[month_ - 1];
  const std::int64_t summer = (state_.local_offset - settings_.utc_offset).count() * 60;
  const std::int64_t since = second_of_day() - summer - day.rise * 60;
  const std::int64_t length = (day.set - day.rise) * 60;
  if (since <= 0 || since >= length) return 0;
  const std::int64_t height = 4000 * since / length * (length - since) / length;  // per mille
  return settings_.sun_w * day.noon / 1000 * height / 1000 * clear_sky_ / 1000;
}

void House::draw_water_and_gas() {
  const std::int64_t hour = second_of_day() / 3600;
  if (tap_until_ > state_.time) {
    state_.water.millilitres += tap_ml;
  } else if (hour >= 6 && hour < 23 && once_in(1500)) {
    tap_until_ = state_.time + seconds{5 + below(240)};
  }
  state_.water.told_at = state_.time;
  state_.water.told_millilitres = state_.water.millilitres;
  if (burner_until_ > state_.time) {
    state_.gas.millilitres += burner_ml;
  } else if (once_in(burner_ml * 60 * 86400 / (gas_litres[month_ - 1] * 1000))) {
    burner_until_ = state_.time + seconds{30 + below(60)};
  }
}

}  // namespace gridtap::p1
