// Rows as CSV, lines of JSON and columns: numbers, times, what is not known, odd names.
#include "history/tables.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const Zone oslo = *Zone::named("Europe/Oslo");
const Instant noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 28} + 11h;

const std::vector<SeriesHead> series = {{"meter/energy_import", "kWh", SeriesKind::growth, -3},
                                        {"meter/power_import", "W", SeriesKind::mean, 0},
                                        {"gateway/relay_boiler", "", SeriesKind::time_on, 0}};

Row known(int hour, std::int64_t value, std::int64_t low, std::int64_t high) {
  const Period period{noon + hour * 1h, noon + (hour + 1) * 1h};
  return {period,
          {Point{period, value, low, high, 3600}, Point{period, -244, -300, 9, 3000},
           Point{period, 90, {}, {}, 3600}}};
}
Row unknown(int hour) { return {{noon + hour * 1h, noon + (hour + 1) * 1h}, {{}, {}, {}}}; }

std::string csv(Decimals decimals, const std::vector<Row>& rows) {
  const CsvTable table(series, oslo, decimals);
  std::string out;
  table.head(out);
  for (const Row& each : rows) table.row(out, each);
  return out;
}

json columns(const std::vector<Row>& rows) {
  JsonColumns table({series, {noon, noon + 3h}, Step::hour});
  for (const Row& each : rows) table.row(each);
  return json::parse(table.text());
}

}  // namespace

TEST_CASE(
    "tables: CSV has the unit in its head, times with offset, nothing where nothing is known") {
  CHECK(csv(Decimals::point, {known(0, 1234, 5000, 6234), unknown(1)}) ==
        "time,meter/energy_import[kWh],meter/power_import[W],gateway/relay_boiler[s]\n"
        "2026-11-28T12:00:00+01:00,1.234,-244,90\n"
        "2026-11-28T13:00:00+01:00,,,\n");
}

TEST_CASE("tables: with a decimal comma fields are separated by semicolons") {
  CHECK(csv(Decimals::comma, {known(0, 1234, 5000, 6234)}) ==
        "time;meter/energy_import[kWh];meter/power_import[W];gateway/relay_boiler[s]\n"
        "2026-11-28T12:00:00+01:00;1,234;-244;90\n");
}

TEST_CASE("tables: a unit with separators and quotes stays one field") {
  const CsvTable table({{"node/x", "a,\"b\";\n", SeriesKind::mean, 0}}, oslo, Decimals::point);
  std::string out;
  table.head(out);
  CHECK(out == "time,\"node/x[a,\"\"b\"\";\n]\"\n");
}

TEST_CASE("tables: an hour that comes twice has two offsets") {
  const CsvTable table(series, oslo, Decimals::point);
  const Instant first = std::chrono::sys_days{std::chrono::year{2026} / 10 / 25};
  std::string out;
  table.row(out, {{first, first + 1h}, {}});
  table.row(out, {{first + 1h, first + 2h}, {}});
  CHECK(out == "2026-10-25T02:00:00+02:00\n2026-10-25T02:00:00+01:00\n");
}

TEST_CASE("tables: a line of JSON has a number or null for each series") {
  const JsonTable table(series, oslo);
  std::string out;
  table.row(out, known(0, 1234, 5000, 6234));
  table.row(out, unknown(1));
  CHECK(out ==
        "{\"time\":\"2026-11-28T12:00:00+01:00\",\"meter/energy_import\":1.234,"
        "\"meter/power_import\":-244,\"gateway/relay_boiler\":90}\n"
        "{\"time\":\"2026-11-28T13:00:00+01:00\",\"meter/energy_import\":null,"
        "\"meter/power_import\":null,\"gateway/relay_boiler\":null}\n");
}

TEST_CASE("tables: columns have one time for all, and numbers with the decimals of the series") {
  JsonColumns table({series, {noon, noon + 2h}, Step::hour});
  table.row(known(0, 1234, 5000, 6234));
  table.row(unknown(1));
  const std::string text = table.text();
  CHECK(text.find("\"value\":[1.234,null]") != text.npos);
  CHECK(text.find('\n') == text.npos);
  const json all = json::parse(text);
  CHECK(all["step"] == "hour");
  CHECK(all["time"] == json({1795863600, 1795867200}));
  CHECK(all["end"] == 1795870800);
  const json& energy = all["series"][0];
  CHECK(energy["series"] == "meter/energy_import");
  CHECK(energy["unit"] == "kWh");
  CHECK(energy["kind"] == "total");
  CHECK(energy["low"] == json({5.0, nullptr}));
  CHECK(energy["high"] == json({6.234, nullptr}));
  CHECK(energy["covered"] == json({3600, 0}));
  CHECK(energy["swaps"].empty());
  CHECK(all["series"][1]["value"] == json({-244, nullptr}));
  CHECK(all["series"][2]["unit"] == "s");
  CHECK(all["series"][2]["low"] == json({nullptr, nullptr}));
}

TEST_CASE("tables: columns without rows are whole JSON") {
  const json all = columns({});
  CHECK(all["time"].empty());
  CHECK(all["series"][2]["value"].empty());
}

TEST_CASE("tables: another register is marked where it came, within a period and between two") {
  const auto swaps = [](const std::vector<Row>& rows, int column = 0) {
    return columns(rows)["series"][static_cast<std::size_t>(column)]["swaps"];
  };
  CHECK(swaps({known(0, 100, 5000, 5100), unknown(1), known(2, 50, 5100, 5150)}).empty());
  CHECK(swaps({known(0, 100, 5000, 5100), known(1, 50, 7, 57)}) == json({1}));
  CHECK(swaps({known(0, 100, 5000, 20), known(1, 50, 20, 70)}) == json({0}));
  CHECK(swaps({known(0, 100, 5000, 9100)}) == json({0}));
  CHECK(swaps({known(0, 1, 0, 1), known(1, 1, 9, 1)}, 1).empty());
}

TEST_CASE("tables: what was imported has no registers, which is no other register") {
  Row imported = known(1, 40, 0, 0);
  imported.points[0]->low.reset();
  imported.points[0]->high.reset();
  const std::vector<Row> rows = {known(0, 100, 5000, 5100), imported, known(2, 50, 5140, 5190)};
  CHECK(columns(rows)["series"][0]["swaps"].empty());
  // A half of the first, and nothing of the middle of the second.
  CHECK(
      columns({known(0, 100, 5050, 5100), known(1, 60, 5120, 5160)})["series"][0]["swaps"].empty());
}

TEST_CASE("tables: the series that there are, with unit and kind") {
  CHECK(json::parse(series_json({}))["series"].empty());
  const json all = json::parse(series_json(series))["series"];
  REQUIRE(all.size() == 3);
  CHECK(all[1] == json({{"series", "meter/power_import"}, {"unit", "W"}, {"kind", "measurement"}}));
}
