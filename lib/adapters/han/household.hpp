#pragma once
// The household behind a simulated meter: loads that follow the time of day, appliances that come
// and go, panels on the roof. Powers stay as they are for a whole second, and every register is
// their exact integral, so whatever the lists say of one another is true. Integers only: a seed
// gives the same household on every machine.

#include <array>
#include <chrono>
#include <cstdint>
#include <random>

namespace gridtap::han {

struct HouseholdSettings {
  std::size_t phases = 3;  // 1 or 3
  std::int64_t sun_w = 0;  // of the panels at noon; 0: none
};

struct HouseholdState {
  std::chrono::sys_seconds time;  // everything before it is counted
  std::size_t phases = 3;
  std::array<std::int64_t, 3> w{};  // by phase, from the grid positive
  std::array<std::int64_t, 3> decivolt{2300, 2300, 2300}, milliampere{};
  std::int64_t var = 0;                       // from the grid positive
  std::int64_t import_ws = 0, export_ws = 0;  // watt-seconds
  std::int64_t reactive_import_vars = 0, reactive_export_vars = 0;

  std::int64_t net_w() const { return w[0] + w[1] + w[2]; }
};

class Household {
 public:
  Household(const HouseholdSettings& settings, std::chrono::sys_seconds start, std::uint32_t seed);

  // Lives on second by second; a moment in the past changes nothing. Of more than a day only the
  // last one is lived.
  void advance(std::chrono::sys_seconds to);

  const HouseholdState& state() const { return state_; }

 private:
  struct Appliance {
    std::int64_t left_s = 0, w = 0;
    std::size_t phase = 0;
  };

  std::int64_t below(std::int64_t limit);
  void count_second();
  void draw_powers();
  std::int64_t sun_w() const;

  HouseholdSettings settings_;
  std::mt19937 random_;
  HouseholdState state_;
  std::array<std::int64_t, 3> base_w_{};
  std::array<Appliance, 6> appliances_;
};

}  // namespace gridtap::han
