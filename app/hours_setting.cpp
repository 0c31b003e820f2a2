#include "app/hours_setting.hpp"

#include <algorithm>
#include <cstdint>

namespace gridtap::app {
namespace {

constexpr std::string_view no_import =
    "this kind of device does not measure the import of a house: set it at the meter";

// Lower borders in kW: from 0 upwards.
void read_steps(Section& section, Peaks::Options& options) {
  constexpr std::int64_t most_kw = 100'000;
  const std::vector<std::int64_t> steps = section.integers("steps", 0, most_kw);
  if (!section.has("steps")) return;
  const bool is_ascending =
      std::adjacent_find(steps.begin(), steps.end(), std::greater_equal<>()) == steps.end();
  if (steps.empty() || steps.front() != 0 || !is_ascending) {
    section.problem("steps",
                    "write the lower borders of the steps in kW, from 0 upwards: "
                    "[0, 2, 5, 10]");
  } else if (steps.size() > Peaks::most_steps) {
    section.problem("steps", "at most " + std::to_string(Peaks::most_steps) + " steps");
  } else {
    options.steps_kw = steps;
  }
}

Peaks::Options read_peaks(Section section) {
  Peaks::Options options;
  if (!section.usable()) return options;
  constexpr std::int64_t most_days = Peaks::most_days;
  options.days = static_cast<std::size_t>(section.integer("days", 3, 1, most_days));
  const bool is_quarters = section.choice("method", {"hours", "quarters"}, "hours") == "quarters";
  options.periods_an_hour = is_quarters ? 4 : 1;
  read_steps(section, options);
  section.finish();
  return options;
}

}  // namespace

bool counts_house(const AdapterKind& kind) {
  const auto keys = kind.keys();
  return std::find(keys.begin(), keys.end(), house_import.energy) != keys.end();
}

std::optional<HoursSource> hours_source(const AdapterKind& kind) {
  const auto keys = kind.keys();
  const auto has = [&](std::string_view key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  if (has(house_import.energy) || has(house_import.power)) return house_import;
  if (has(battery_discharge.energy)) return battery_discharge;
  return {};
}

std::optional<HoursOptions> read_hours(Section& section, const AdapterKind& kind,
                                       std::string_view zone) {
  HoursOptions options;
  const std::int64_t limit = section.integer("hour_limit", HoursRule::least_limit_wh,
                                             HoursRule::least_limit_wh, HoursRule::most_limit_wh);
  if (section.has("hour_limit")) options.limit_wh = limit;
  section.accept("peaks");
  if (section.has("peaks")) options.peaks = read_peaks(section.section("peaks"));
  if (!options.limit_wh && !options.peaks) return {};
  const auto source = hours_source(kind);
  if (!source || (options.peaks && source != house_import)) {
    section.problem(options.peaks ? "peaks" : "hour_limit", std::string(no_import));
    return {};
  }
  options.source = *source;
  options.zone = Zone::named(zone);
  if (options.peaks && !options.zone && zone.empty()) {
    section.problem("peaks",
                    "the time zone of this machine is not known, and days are local: "
                    "write `time_zone: Europe/Oslo` above `devices:`");
  }
  return options;
}

}  // namespace gridtap::app
