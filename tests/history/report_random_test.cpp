// Reports of random histories, with holes, silences and other meters, in zones that move their
// clocks: nothing is lost, and what was not measured is said.
#include "history/report.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "report_rig.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

// Quarter-hours of which some are missing for a while, and some were not measured.
std::vector<Slot> random_history(const Period& time, std::mt19937& random) {
  std::vector<Slot> slots;
  const auto below = [&](int most) {
    return static_cast<std::int64_t>(random() % static_cast<unsigned>(most));
  };
  std::int64_t units = below(100'000);
  for (SlotTime at = slot_of(time.begin); at < time.end; at += Quarters{1}) {
    if (below(400) == 0) at += Quarters{below(200)};
    if (below(5000) == 0) units = below(1000);
    const std::int64_t wh = below(2500);
    const bool is_silent = below(300) == 0;
    if (at < time.end) slots.push_back({at, wh, units, units + wh, is_silent ? 0 : 900});
    units += wh;
  }
  return slots;
}

json report_of(const std::vector<Slot>& slots, const Period& time, const Zone& zone) {
  Report report({"", "auto", "1", Peaks::Options{}}, time, zone);
  put(report, series("meter/energy_import", ReportRole::bought), slots);
  return data_of(report.html(time.end));
}

std::int64_t sum_of(const json& values) {
  std::int64_t sum = 0;
  for (const json& value : values) sum += value.is_null() ? 0 : value.get<std::int64_t>();
  return sum;
}

// Of each that is not known whole, how much of it is, in percent.
std::map<std::int64_t, std::int64_t> shares_of(const json& runs) {
  std::map<std::int64_t, std::int64_t> shares;
  for (const json& run : runs) {
    for (std::int64_t n = 0; n < run[1]; ++n) shares[run[0].get<std::int64_t>() + n] = run[2];
  }
  return shares;
}

}  // namespace

TEST_CASE("report of a random history: hours, days and months add up to all that was counted") {
  std::mt19937 random(11);
  for (const char* name : {"Europe/Oslo", "Europe/Helsinki", "Europe/London"}) {
    const Zone zone = *Zone::named(name);
    const Period time{period_of(utc(2026, 2, 10), Step::day, zone).begin,
                      period_of(utc(2026, 11, 20), Step::day, zone).begin};
    const std::vector<Slot> slots = random_history(time, random);
    std::int64_t all = 0;
    for (const Slot& slot : slots) all += slot.value;
    const json row = report_of(slots, time, zone)["groups"][0]["rows"][0];
    CHECK(row["sum"] == all);
    for (const char* step : {"hours", "days", "months"}) CHECK(sum_of(row[step]) == all);
  }
}

TEST_CASE("report of a random history: nothing is hatched that was measured, all else is") {
  std::mt19937 random(12);
  const Zone oslo = *Zone::named("Europe/Oslo");
  const Period time{utc(2026, 9, 30, 22h), utc(2026, 10, 31, 23h)};
  for (int round = 0; round < 20; ++round) {
    const std::vector<Slot> slots = random_history(time, random);
    const json data = report_of(slots, time, oslo);
    std::vector<std::int64_t> covered(data["end"].get<std::size_t>(), 0);
    for (const Slot& slot : slots) {
      covered[static_cast<std::size_t>((Instant(slot.start) - time.begin) / 1h)] += slot.covered;
    }
    const auto shares = shares_of(data["groups"][0]["patchy"]["hours"]);
    for (std::size_t hour = data["begin"]; hour < covered.size(); ++hour) {
      const auto share = shares.find(static_cast<std::int64_t>(hour));
      REQUIRE((covered[hour] == 3600) == (share == shares.end()));
      if (share != shares.end()) REQUIRE(share->second == covered[hour] * 100 / 3600);
    }
  }
}

TEST_CASE("report of a random history: another meter is marked where it came, and nowhere else") {
  std::mt19937 random(13);
  const Zone oslo = *Zone::named("Europe/Oslo");
  const Period time{utc(2026, 1, 1), utc(2026, 3, 1)};
  for (int round = 0; round < 20; ++round) {
    const std::vector<Slot> slots = random_history(time, random);
    std::size_t others = 0;
    for (std::size_t n = 1; n < slots.size(); ++n) others += slots[n - 1].high != slots[n].low;
    CHECK(report_of(slots, time, oslo)["swaps"].size() == others);
  }
}

TEST_CASE("report of a random history: its figures come from hours that were measured whole") {
  std::mt19937 random(14);
  const Zone oslo = *Zone::named("Europe/Oslo");
  const Period time{utc(2026, 1, 31, 23h), utc(2026, 4, 30, 22h)};
  const json data = report_of(random_history(time, random), time, oslo);
  const json& group = data["groups"][0];
  const json& hours = group["rows"][0]["hours"];
  const auto shares = shares_of(group["patchy"]["hours"]);
  std::vector<std::int64_t> whole;
  for (std::size_t hour = data["begin"]; hour < data["end"]; ++hour) {
    if (!shares.contains(static_cast<std::int64_t>(hour))) whole.push_back(hours[hour]);
  }
  std::sort(whole.begin(), whole.end(), std::greater<>());
  CHECK(data["duration"][0]["hours"] == whole.size());
  CHECK(data["duration"][0]["curve"][0] == whole.front());
  CHECK(data["duration"][0]["curve"].back() == whole.back());
  for (std::size_t n = 0; n < 12; ++n) CHECK(data["highest"][n][2] == whole[n]);
  std::int64_t highest = 0;
  for (const json& month : data["peaks"]["months"]) {
    CHECK(month["peaks"].size() == 3);
    highest = std::max(highest, month["peaks"][0][2].get<std::int64_t>());
  }
  CHECK(highest == whole.front());
}

TEST_CASE("report: twenty years are as many hours, in a file of a few megabytes") {
  const Zone oslo = *Zone::named("Europe/Oslo");
  const Period time{utc(2006, 12, 31, 23h), utc(2026, 12, 31, 23h)};
  Report report({"", "auto", "1", {}}, time, oslo);
  report.begin(series("meter/energy_import", ReportRole::bought));
  for (SlotTime at = slot_of(time.begin); at < time.end; at += Quarters{1}) {
    report.add({at, 250, {}, {}, 900});
  }
  const std::string html = report.html(time.end);
  const json data = data_of(html);
  CHECK(html.size() < 3'000'000);
  CHECK(data["days"] == 7305);
  CHECK(data["end"] == 175'320);
  CHECK(data["clock"].size() == 40);
  CHECK(data["base"]["all"] == 1000);
}
