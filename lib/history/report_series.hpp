#pragma once
// Which series of a history a report shows, and as what: the energy of the house, and each counter
// besides (gas, water, another meter).

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/journal.hpp"

namespace gridtap::history {

// Of the house's electricity: from the grid, into the grid, made by its inverters; or by itself.
enum class ReportRole : std::uint8_t { bought, sold, made, other };

struct ReportSeries {
  SeriesHead head;
  ReportRole role = ReportRole::other;
  std::string name;  // as a person reads it
  friend bool operator==(const ReportSeries&, const ReportSeries&) = default;
};

inline constexpr std::size_t most_report_counters = 8;  // by themselves; the others are left out

// `meter`: the device that counts the house; where it counts no import, the first that does.
// `name_of` names a device. Phases, tariffs and reactive energy are parts of what is shown, and are
// left out.
std::vector<ReportSeries> report_series(
    const std::vector<SeriesHead>& heads, std::string_view meter,
    const std::function<std::string(std::string_view device)>& name_of);

}  // namespace gridtap::history
