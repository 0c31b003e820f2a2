// The report as a file: what stands in it, that nothing is fetched, and that no text becomes code.
// GRIDTAP_WRITE_REPORT=FILE writes that of a made year, to look at it.
#include "history/report.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "history/report_page.hpp"
#include "report_rig.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const Zone oslo = *Zone::named("Europe/Oslo");
const Instant made_at = std::chrono::sys_days{std::chrono::year{2027} / 1 / 2} + 131min;

std::string of_a_year(ReportOptions options) {
  const PlayedYear year(oslo);
  Report report(std::move(options), year.time(), oslo);
  put(report, series("meter/energy_import", ReportRole::bought), year.bought);
  put(report, series("meter/energy_export", ReportRole::sold), year.sold);
  put(report, series("roof/energy_produced", ReportRole::made, "Roof"), year.made);
  ReportSeries water = series("meter_water/water", ReportRole::other, "Water");
  water.head.unit = "m³";
  put(report, water, year.water);
  return report.html(made_at);
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("report: the file of a year has every figure, and can be written to be looked at") {
  ReportOptions options{"House in the wood", "auto", "0.1.0", Peaks::Options{}};
  const std::string html = of_a_year(options);
  if (const char* file = std::getenv("GRIDTAP_WRITE_REPORT")) std::ofstream(file) << html;
  const json data = data_of(html);
  CHECK(data["title"] == "House in the wood");
  CHECK(data["days"] == 365);
  CHECK(data["months"].size() == 12);
  CHECK(data["groups"].size() == 2);
  CHECK(data["groups"][0]["rows"].size() == 3);
  CHECK(data["groups"][0]["rows"][0]["hours"].size() == 8760);
  CHECK(data["groups"][1]["name"] == "Water");
  CHECK(data["clock"].size() == 2);
  CHECK(data["clock"][0][1].size() == 23);
  CHECK(data["clock"][1][1].size() == 25);
  REQUIRE(data["swaps"].size() == 1);
  CHECK(data["swaps"][0] == json{"Meter", 0, 72, 13 * 60 + 15});
  CHECK(data["peaks"]["months"].size() == 12);
  CHECK(data["highest"].size() == 12);
  CHECK(data["duration"].size() == 2);
  CHECK(html.size() < 600'000);
}

TEST_CASE("report: nothing is fetched, and the page says so to the browser") {
  const std::string html = of_a_year({"House", "auto", "0.1.0", {}});
  CHECK(html.find("default-src 'none'") != std::string::npos);
  for (const char* outside :
       {" src=", "@import", "https:", "//cdn", "fetch(", "import(", "XMLHttp"}) {
    CHECK_MESSAGE(html.find(outside) == std::string::npos, outside);
  }
  CHECK(count(html, "http:") == count(html, "http://www.w3.org/2000/svg"));
  CHECK(count(html, "url(") == count(html, "url(#hatch"));
  CHECK(count(html, "href=") == count(html, "href=\"data:,\""));
}

TEST_CASE("report: no text of a house or a meter becomes code") {
  const std::string hostile = "</script><script>alert(1)</script><!-- & \"\n\x01\xff";
  Report report({hostile, "auto", hostile, {}}, {utc(2026, 6, 1), utc(2026, 6, 2)}, oslo);
  ReportSeries shown = series("meter/energy_import", ReportRole::other, hostile);
  shown.head.unit = hostile;
  put(report, shown, steady(utc(2026, 6, 1), utc(2026, 6, 1, 2h), 1));
  const std::string html = report.html(made_at);
  CHECK(count(html, "<script") == 2);
  CHECK(count(html, "</script>") == 2);
  CHECK(count(html, "<!--") == 0);
  CHECK(html.find("<title>&lt;/script>&lt;script>alert(1)&lt;/script>&lt;!-- &amp; ") !=
        std::string::npos);
  CHECK(html.find('\x01') == std::string::npos);
  CHECK(data_of(html)["groups"][0]["name"].get<std::string>().starts_with(
      "</script><script>alert(1)</script><!-- & \"\n"));
}

TEST_CASE("report: each element that is opened in the page is closed") {
  std::string page;
  for (const ReportPiece& piece : report_pieces()) page += piece.text;
  for (const char* name : {"html", "head", "body", "style", "title", "header", "main", "footer",
                           "div", "h1", "p", "noscript", "script", "svg", "defs", "pattern"}) {
    const std::string tag = name;
    const std::size_t opened = count(page, "<" + tag + ">") + count(page, "<" + tag + " ");
    CHECK_MESSAGE(opened == count(page, "</" + tag + ">"), name);
  }
  CHECK(page.find("{{") == std::string::npos);
  CHECK(page.starts_with("<!doctype html>"));
  CHECK(page.ends_with("</html>\n"));
}

TEST_CASE("report: amounts, days and months of a small range are exact") {
  Report report({"", "nb", "1", {}}, {utc(2026, 2, 27, 23h), utc(2026, 3, 2, 12h)}, oslo);
  put(report, series("meter/energy_import", ReportRole::bought),
      steady(utc(2026, 2, 28), utc(2026, 3, 2, 10h), 25));
  const json data = data_of(report.html(made_at));
  CHECK(data["language"] == "nb");
  CHECK(data["zone"] == "Europe/Oslo");
  CHECK(data["made"] == json{20820, 191});  // 2027-01-02 03:11
  CHECK(data["first"] == 20512);            // 2026-02-28
  CHECK(data["days"] == 3);
  CHECK(data["months"] == json{{673, 0, 1}, {674, 1, 2}});
  CHECK(data["begin"] == 1);
  CHECK(data["end"] == 59);
  const json& group = data["groups"][0];
  const json& row = group["rows"][0];
  CHECK(group["rows"].size() == 1);
  CHECK(row["id"] == "bought");
  CHECK(row["sum"] == 5800);
  CHECK(row["days"] == json{2300, 2400, 1100});
  CHECK(row["months"] == json{2300, 3500});
  CHECK(row["hours"][0] == nullptr);
  CHECK(row["hours"][1] == 100);
  for (const char* step : {"hours", "days", "months"}) CHECK(group["patchy"][step].empty());
  CHECK(data["peaks"]["has_steps"] == false);
  CHECK(data["peaks"]["months"][0]["peaks"] == json{{20512, 60, 100}});
}

TEST_CASE("report: what was not measured is said, by hour, day and month") {
  Report report({"", "auto", "1", {}}, {utc(2026, 5, 31, 22h), utc(2026, 6, 2, 22h)}, oslo);
  std::vector<Slot> slots = steady(utc(2026, 5, 31, 22h), utc(2026, 6, 2, 22h), 25);
  for (std::size_t n = 8; n < 16; ++n) slots[n].covered = 0;  // 2:00 to 4:00: shared among them
  slots.erase(slots.begin() + 100, slots.begin() + 102);      // the next day, half of an hour
  put(report, series("meter/energy_import", ReportRole::bought), slots);
  const json group = data_of(report.html(made_at))["groups"][0];
  CHECK(group["patchy"]["hours"] == json{{2, 2, 0}, {25, 1, 50}});
  CHECK(group["patchy"]["days"] == json{{0, 1, 91}});  // the other one: more than 95 %
  CHECK(group["patchy"]["months"] == json{{0, 1, 94}});
  CHECK(group["rows"][0]["hours"][2] == 100);
  CHECK(group["rows"][0]["hours"][25] == 50);
}

TEST_CASE("report: the sun that a house used itself is what was made and not given") {
  Report report({"", "auto", "1", {}}, {utc(2026, 6, 1), utc(2026, 6, 1, 2h)}, oslo);
  const Instant end = utc(2026, 6, 1, 2h);
  put(report, series("meter/energy_import", ReportRole::bought), steady(utc(2026, 6, 1), end, 100));
  put(report, series("meter/energy_export", ReportRole::sold), steady(utc(2026, 6, 1), end, 30));
  put(report, series("east/energy_produced", ReportRole::made), steady(utc(2026, 6, 1), end, 40));
  put(report, series("west/energy_produced", ReportRole::made),
      steady(utc(2026, 6, 1, 1h), end, 50));
  const json rows = data_of(report.html(made_at))["groups"][0]["rows"];
  CHECK(rows[0]["sum"] == 800);
  CHECK(rows[1]["id"] == "own");
  CHECK(rows[1]["hours"][2] == 40);   // 160 - 120
  CHECK(rows[1]["hours"][3] == 240);  // 160 + 200 - 120
  CHECK(rows[2]["id"] == "sold");
  CHECK(rows[2]["sum"] == 240);
}

TEST_CASE("report: a tariff of quarter-hours has the peaks of quarter-hours, and its steps") {
  Peaks::Options quarters;
  quarters.periods_an_hour = 4;
  quarters.days = 1;
  Report report({"", "auto", "1", quarters}, {utc(2026, 6, 1), utc(2026, 6, 3)}, oslo);
  std::vector<Slot> slots = steady(utc(2026, 6, 1), utc(2026, 6, 2), 100);
  slots[9].value = 1500;                             // 6 kW, the hour 1.8
  slots[50] = {slots[50].start, 2500, {}, {}, 500};  // not measured whole
  put(report, series("meter/energy_import", ReportRole::bought), slots);
  const json peaks = data_of(report.html(made_at))["peaks"];
  CHECK(peaks["minutes"] == 15);
  CHECK(peaks["days"] == 1);
  CHECK(peaks["has_steps"] == true);
  const json month = peaks["months"][0];
  CHECK(month["peaks"] == json{{20605, 4 * 60 + 15, 6000}});
  CHECK(month["mean"] == 6000.0);
  CHECK(month["step"] == "5-10 kW");
}

TEST_CASE("report: a history without electricity shows its counters alone") {
  Report report({"", "auto", "1", {}}, {utc(2026, 6, 1), utc(2026, 6, 2)}, oslo);
  ReportSeries gas = series("meter_gas/gas", ReportRole::other, "Gas");
  gas.head.unit = "m³";
  gas.head.exponent = -2;
  put(report, gas, steady(utc(2026, 6, 1), utc(2026, 6, 2), 3));
  const json data = data_of(report.html(made_at));
  CHECK_FALSE(data.contains("base"));
  CHECK_FALSE(data.contains("peaks"));
  CHECK(data["groups"][0]["unit"] == "m³");
  CHECK(data["groups"][0]["exponent"] == -2);
  CHECK(data["groups"][0]["rows"][0]["sum"] == 288);
}

TEST_CASE("report: where nothing is known the file is whole all the same") {
  Report report({"", "auto", "1", {}}, {utc(2026, 6, 1), utc(2026, 6, 1)}, oslo);
  const json data = data_of(report.html(made_at));
  CHECK(data["days"] == 0);
  CHECK(data["groups"].empty());
  CHECK(data["begin"] == 0);
  CHECK(data["end"] == 0);
}

TEST_CASE("report: another meter is marked at its own counter, beside a house and without one") {
  std::vector<Slot> slots = steady(utc(2026, 6, 1), utc(2026, 6, 1, 5h), 3);
  for (std::size_t n = 7; n < slots.size(); ++n) *slots[n].low += 100, *slots[n].high += 100;
  for (const bool has_house : {false, true}) {
    Report report({"", "auto", "1", {}}, {utc(2026, 6, 1), utc(2026, 6, 2)}, oslo);
    put(report, series("gas/gas", ReportRole::other, "Gas"),
        steady(utc(2026, 6, 1), utc(2026, 6, 2), 1));
    put(report, series("well/water", ReportRole::other, "Well"), slots);
    if (has_house) put(report, series("meter/energy_import", ReportRole::bought), slots);
    const json swaps = data_of(report.html(made_at))["swaps"];
    REQUIRE(swaps.size() == (has_house ? 2 : 1));
    CHECK(swaps[0] == json{"Well", has_house ? 2 : 1, 0, 3 * 60 + 45});
    if (has_house) CHECK(swaps[1] == json{"Meter", 0, 0, 3 * 60 + 45});
  }
}
