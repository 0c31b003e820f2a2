#include "history/report_series.hpp"

#include <algorithm>
#include <array>

#include "core/vocabulary.hpp"

namespace gridtap::history {
namespace {

struct Name {
  std::string_view device, key;
};

Name split(std::string_view series) {
  const std::size_t slash = series.find('/');
  if (slash == std::string_view::npos) return {series, series};
  return {series.substr(0, slash), series.substr(slash + 1)};
}

// Those that are counted by themselves. A meter's live totals are its registers again.
constexpr std::array<std::string_view, 11> counters = {
    "energy_import",     "energy_export", "energy_produced", "energy_charged", "gas",
    "energy_discharged", "heat",          "cooling",         "water",          "hot_water",
    "mbus_electricity"};

bool is_counter(std::string_view key) {
  return find_spec(key) == nullptr ||  // of a configured counter
         std::find(counters.begin(), counters.end(), key) != counters.end();
}

// The series of a house meter: its register, else its live total, which some histories have alone.
const SeriesHead* find(const std::vector<SeriesHead>& heads, std::string_view device,
                       std::string_view key) {
  const std::string register_name = std::string(device) + '/' + std::string(key);
  for (const std::string& name : {register_name, register_name + "_live"}) {
    for (const SeriesHead& head : heads) {
      if (head.kind == SeriesKind::growth && head.unit == "kWh" && head.name == name) return &head;
    }
  }
  return nullptr;
}

std::string_view house_meter(const std::vector<SeriesHead>& heads) {
  for (const SeriesHead& head : heads) {
    const std::string_view device = split(head.name).device;
    if (find(heads, device, "energy_import") != nullptr) return device;
  }
  return {};
}

}  // namespace

std::vector<ReportSeries> report_series(
    const std::vector<SeriesHead>& heads, std::string_view meter,
    const std::function<std::string(std::string_view device)>& name_of) {
  const bool has_it = find(heads, meter, "energy_import") != nullptr;
  const std::string_view house = has_it ? meter : house_meter(heads);
  const SeriesHead* bought = find(heads, house, "energy_import");
  const SeriesHead* sold = find(heads, house, "energy_export");
  std::vector<ReportSeries> shown;
  std::size_t others = 0;
  for (const SeriesHead& head : heads) {
    const auto [device, key] = split(head.name);
    if (head.kind != SeriesKind::growth) continue;
    const bool is_made = key == "energy_produced" && head.unit == "kWh" && bought != nullptr;
    if (&head == bought || &head == sold || is_made) {
      const ReportRole role = &head == bought ? ReportRole::bought
                              : &head == sold ? ReportRole::sold
                                              : ReportRole::made;
      shown.push_back({head, role, name_of(device)});
    } else if (is_counter(key) && others < most_report_counters) {
      const std::string name = name_of(device);
      shown.push_back({head, ReportRole::other,
                       is_main_feature(key) ? name : name + " \u00b7 " + entity_name(key)});
      ++others;
    }
  }
  return shown;
}

}  // namespace gridtap::history
