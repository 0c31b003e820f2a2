// Which series of a history a report shows, and as what.
#include "history/report_series.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

using namespace gridtap;
using namespace gridtap::history;

namespace {

SeriesHead head(std::string name, std::string unit = "kWh", SeriesKind kind = SeriesKind::growth) {
  return {std::move(name), std::move(unit), kind, -3};
}

std::string capitals(std::string_view device) { return "<" + std::string(device) + ">"; }

// "role name" of each
std::vector<std::string> chosen(const std::vector<SeriesHead>& heads, std::string_view meter = "") {
  constexpr std::array<const char*, 4> roles = {"bought", "sold", "made", "other"};
  std::vector<std::string> out;
  for (const ReportSeries& series : report_series(heads, meter, capitals)) {
    out.push_back(std::string(roles[static_cast<std::size_t>(series.role)]) + ' ' +
                  series.head.name + ' ' + series.name);
  }
  return out;
}

}  // namespace

TEST_CASE("report series: the meter of the house, its inverters, gas and water") {
  CHECK(chosen({head("roof/energy_produced"), head("meter/energy_export"),
                head("meter/energy_import"), head("meter_gas/gas", "m³"),
                head("shed/energy_produced")}) ==
        std::vector<std::string>{
            "made roof/energy_produced <roof>", "sold meter/energy_export <meter>",
            "bought meter/energy_import <meter>", "other meter_gas/gas <meter_gas>",
            "made shed/energy_produced <shed>"});
}

TEST_CASE("report series: parts of a total, its live form and what is no counter are left out") {
  CHECK(
      chosen({head("meter/energy_import"), head("meter/energy_import_live"),
              head("meter/energy_import_t1"), head("meter/energy_import_l3"),
              head("meter/reactive_energy_import", "kvarh"),
              head("meter/power_import", "W", SeriesKind::mean),
              head("gateway/relay_boiler", "", SeriesKind::time_on), head("meter/today_import")}) ==
      std::vector<std::string>{"bought meter/energy_import <meter>"});
}

TEST_CASE("report series: a live total stands in where a history has it alone") {
  CHECK(chosen({head("meter/energy_import_live"), head("meter/energy_export_live")}) ==
        std::vector<std::string>{"bought meter/energy_import_live <meter>",
                                 "sold meter/energy_export_live <meter>"});
}

TEST_CASE("report series: another meter is a counter by itself, and may be the one of the house") {
  const std::vector<SeriesHead> heads = {head("flat/energy_import"), head("flat/energy_export"),
                                         head("house/energy_import")};
  CHECK(chosen(heads) == std::vector<std::string>{
                             "bought flat/energy_import <flat>", "sold flat/energy_export <flat>",
                             "other house/energy_import <house> · Energy import"});
  CHECK(chosen(heads, "gone") == chosen(heads));
  CHECK(chosen(heads, "house")[2] == "bought house/energy_import <house>");
  CHECK(chosen(heads, "house")[1] == "other flat/energy_export <flat> · Energy export");
}

TEST_CASE("report series: without a meter of the house an inverter is a counter by itself") {
  CHECK(chosen({head("roof/energy_produced")}) ==
        std::vector<std::string>{"other roof/energy_produced <roof> · Energy produced"});
  CHECK(chosen({}).empty());
}

TEST_CASE("report series: a configured counter is shown, whatever its key, and not too many") {
  std::vector<SeriesHead> heads = {head("well/litres_drawn", "l")};
  CHECK(chosen(heads) == std::vector<std::string>{"other well/litres_drawn <well> · Litres drawn"});
  for (int n = 0; n < 20; ++n) heads.push_back(head("m" + std::to_string(n) + "/water", "m³"));
  CHECK(chosen(heads).size() == most_report_counters);
  heads.push_back(head("meter/energy_import"));
  CHECK(chosen(heads).back() == "bought meter/energy_import <meter>");
}
