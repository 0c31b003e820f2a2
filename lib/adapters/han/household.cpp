#include "adapters/han/household.hpp"

#include <algorithm>

namespace gridtap::han {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t appliance_watts[] = {60, 150, 900, 1200, 1800, 2100, 2400};
constexpr std::int64_t begin_import_wh = 48'213'070, begin_export_wh = 1'204'990;

std::int64_t hour_of_day(std::chrono::sys_seconds time) {
  return (time.time_since_epoch() / 1h) % 24;
}

// Per cent of the base load by hour (UTC).
constexpr std::array<std::int64_t, 24> habit = {60,  55,  55,  55,  60,  90,  130, 140,
                                                110, 95,  90,  95,  100, 95,  90,  100,
                                                140, 170, 180, 170, 150, 120, 90,  70};

}  // namespace

Household::Household(const HouseholdSettings& settings, std::chrono::sys_seconds start,
                     std::uint32_t seed)
    : settings_(settings), random_(seed) {
  state_.time = start;
  state_.phases = settings.phases;
  state_.import_ws = (begin_import_wh + below(10'000)) * 3600;
  state_.export_ws = settings.sun_w > 0 ? (begin_export_wh + below(10'000)) * 3600 : 0;
  state_.reactive_import_vars = (310'000 + below(10'000)) * 3600;
  state_.reactive_export_vars = (5'000'000 + below(10'000)) * 3600;
  for (std::size_t n = 0; n < settings.phases; ++n) base_w_[n] = 150 + below(200);
  draw_powers();
}

void Household::advance(std::chrono::sys_seconds to) {
  state_.time = std::max(state_.time, to - 24h);
  while (state_.time < to) {
    count_second();
    state_.time += 1s;
    draw_powers();
  }
}

std::int64_t Household::below(std::int64_t limit) {
  return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
}

void Household::count_second() {
  const std::int64_t net = state_.net_w();
  (net >= 0 ? state_.import_ws : state_.export_ws) += net >= 0 ? net : -net;
  const std::int64_t var = state_.var;
  (var >= 0 ? state_.reactive_import_vars : state_.reactive_export_vars) += var >= 0 ? var : -var;
}

// A parabola from 5 to 17 o'clock (UTC).
std::int64_t Household::sun_w() const {
  const std::int64_t second = (state_.time.time_since_epoch() % 24h) / 1s;
  const std::int64_t from_noon = second - 11 * 3600, half_day = 6 * 3600;
  if (from_noon < -half_day || from_noon > half_day) return 0;
  return settings_.sun_w * (half_day * half_day - from_noon * from_noon) / (half_day * half_day);
}

void Household::draw_powers() {
  for (Appliance& each : appliances_) {
    if (each.left_s > 0) {
      --each.left_s;
    } else if (below(900) == 0) {
      each = {60 + below(1800), appliance_watts[below(std::size(appliance_watts))],
              static_cast<std::size_t>(below(static_cast<std::int64_t>(settings_.phases)))};
    }
  }
  const std::int64_t share = habit[static_cast<std::size_t>(hour_of_day(state_.time))];
  const std::int64_t sun = sun_w() / static_cast<std::int64_t>(settings_.phases);
  for (std::size_t n = 0; n < settings_.phases; ++n) {
    base_w_[n] = std::clamp<std::int64_t>(base_w_[n] + below(21) - 10, 80, 600);
    std::int64_t load = base_w_[n] * share / 100;
    for (const Appliance& each : appliances_) {
      if (each.left_s > 0 && each.phase == n) load += each.w;
    }
    state_.w[n] = load - sun;
    state_.decivolt[n] = std::clamp<std::int64_t>(state_.decivolt[n] + below(5) - 2, 2210, 2390);
    const std::int64_t magnitude = std::abs(state_.w[n]) + 40;
    state_.milliampere[n] = magnitude * 10'000 / state_.decivolt[n];
  }
  state_.var = 60 - below(240);
}

}  // namespace gridtap::han
