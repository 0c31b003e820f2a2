// Our own day files, read again: torn, doubled and unordered lines, silences, registers of all
// kinds; then whole days.
#include "history/day_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/zone.hpp"
#include "history/slot_rig.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

namespace {

const Zone oslo = *Zone::named("Europe/Oslo");

std::string line_at(Instant time, const std::string& fields) {
  std::string text;
  append(text, Timestamp{time, oslo.offset_at(time)});
  return text + ',' + fields;
}

std::string kwh(std::int64_t its_wh) { return to_text(wh(its_wh)); }

struct Files {
  explicit Files(const std::vector<std::string>& choice = {"*"}, std::vector<SeriesHead> known = {})
      : days("meter", SeriesChoice(choice), std::move(known)) {}

  std::string head(const std::string& text) {
    lines = 1;
    return days.head(text, {file++, 1});
  }
  void add(const std::string& text) { days.line(text, {file - 1, ++lines}); }
  void add(Instant time, const std::string& fields) { add(line_at(time, fields)); }
  std::string notes() const {
    std::string text;
    for (const ImportNote& each : days.notes().all()) {
      text += std::to_string(each.place.line) + ": " + each.text + '\n';
    }
    return text;
  }
  std::vector<Slot> slots(const std::string& key) {
    if (!all) all = days.finish();
    for (const SeriesSlots& each : all->series) {
      if (each.head.name == "meter/" + key) return each.slots;
    }
    return {};
  }

  DayTable days;
  std::uint32_t file = 0, lines = 0;
  std::optional<Imported> all;
};

Slot slot_in(const std::vector<Slot>& slots, Instant time) {
  for (const Slot& each : slots) {
    if (each.start == slot_of(time)) return each;
  }
  return {slot_of(time), -1};
}

bool is_whole(const std::vector<Slot>& slots) {
  return std::all_of(slots.begin(), slots.end(),
                     [](const Slot& each) { return each.covered == 900; });
}

}  // namespace

TEST_CASE("day table: what begins otherwise is none") {
  CHECK(DayTable::is_one("time,energy_import[kWh],power_import[W]"));
  CHECK(DayTable::is_one("time,relay_boiler"));
  for (const char* other : {"", "time", "time,", "time,meter/energy_import[kWh]", "time;power[W]",
                            "Time,power[W]", "2026-11-28T12:00:00+01:00,5"}) {
    CAPTURE(other);
    CHECK_FALSE(DayTable::is_one(other));
  }
  CHECK(DayTable::time_of(line_at(noon, "5")) == noon);
  for (const char* other : {"", "power", "1999-12-31T00:00:00Z,1", "2100-01-01T00:00:00Z,1"}) {
    CHECK_FALSE(DayTable::time_of(other));
  }
}

TEST_CASE("day table: torn, doubled, unordered and odd lines are left out, and their places told") {
  Files files;
  CHECK(files.head("time,power_import[W],relay_boiler") == "");
  files.add(noon, "700,1");
  files.add(noon + 10s, "700");
  files.add(noon, "700,1");
  files.add(noon - 10s, "700,0");
  files.add("noon,700,1");
  CHECK(files.notes() ==
        "3: 2 fields instead of 3, it was torn: left out\n"
        "4: a second line of the same time: left out\n"
        "5: earlier than the line before: left out\n"
        "6: no time between 2000 and 2100: left out\n");
  Files odd;
  odd.head("time,power_import[W],relay_boiler");
  for (const char* fields : {"x,1", "1e3,1", " 7,1", "5,2", "5,ON"}) odd.add(noon, fields);
  CHECK(odd.notes().starts_with(
      "2: field 2 is no number: left out\n3: field 2 is no number: left out\n4: field 2"));
  CHECK(odd.notes().find("6: field 3 is no number: left out\n") != std::string::npos);
  odd.add(noon, "5,-1");
  CHECK(odd.notes().ends_with("0: 1 more lines like these\n"));
  CHECK(odd.slots("power_import").empty());
}

TEST_CASE("day table: numbers beyond all bounds are unknown, and harm no other") {
  Files files;
  files.head("time,energy_import[kWh],power_import[W],voltage_l1[V]");
  const std::string huge = "999999999999999999";
  for (int n = 0; n < 200; ++n) {
    files.add(noon + n * 10s, (n % 2 == 0 ? huge : "-5") + ',' + huge + ",230");
  }
  CHECK(files.slots("voltage_l1").size() == 3);
  CHECK(files.slots("power_import").empty());
  CHECK(files.slots("energy_import").empty());
}

TEST_CASE("day table: columns that are twice, of another unit or too many refuse the file") {
  CHECK(Files().head("time,power_import[W],power_import[W]") ==
        "the column `power_import[W]` is there twice");
  CHECK(Files().head("time,power_import[kW]") == "the column `power_import[kW]` should be in W");
  CHECK(Files().head("time,power_import") == "the column `power_import` should be in W");
  CHECK(Files().head("time,relay_boiler[s]") ==
        "the column `relay_boiler[s]` should be without a unit");
  std::string many = "time";
  for (int n = 0; n < 1024; ++n) many += ",x" + std::to_string(n);
  CHECK(Files().head(many) == "1025 columns: at most 1024");
}

TEST_CASE("day table: columns that are unknown are told once, those not chosen are left out") {
  Files files({"*", "-*/voltage_l1"}, {{"meter/well", "m", SeriesKind::mean, -3}});
  const std::string head = "time,unheard_of[W],voltage_l1[V],well[m],\"odd[a,b]\"";
  CHECK(files.head(head) == "");
  for (int n = 0; n < 9; ++n) files.add(noon + n * 10s, "x,x,1.25,x");
  CHECK(files.head(head) == "");
  files.days.end_of_file();
  CHECK(files.notes() ==
        "1: the column `unheard_of` is of no value that this program knows as measured: left out\n"
        "1: the column `odd` is of no value that this program knows as measured: left out\n");
  CHECK(files.slots("well") == std::vector<Slot>{{first, 1250, 1250, 1250, 90}});
  CHECK(files.all->series.size() == 1);
}

TEST_CASE("day table: what is measured is weighted by time, and holds for three intervals") {
  Files files;
  files.head("time,power_import[W],relay_boiler");
  for (int n = 0; n < 45; ++n) files.add(noon + n * 10s, "100,1");
  for (int n = 45; n < 90; ++n) files.add(noon + n * 10s, "300,0");
  files.add(noon + 900s, "50,1");
  files.add(noon + 1500s, ",");
  CHECK(files.slots("power_import")[0] == Slot{first, 2000, 1000, 3000, 900});
  CHECK(files.slots("power_import")[1] == Slot{first + Quarters{1}, 500, 500, 500, 30});
  CHECK(files.slots("relay_boiler")[0] == Slot{first, 450, {}, {}, 900});
  CHECK(files.slots("relay_boiler")[1] == Slot{first + Quarters{1}, 30, {}, {}, 30});
}

TEST_CASE("day table: a register that comes often adds up to the difference of its ends, exactly") {
  for (const std::chrono::seconds interval : {1s, 10s, 60s, 900s}) {
    CAPTURE(interval.count());
    Files files;
    files.head("time,energy_import[kWh]");
    std::int64_t now_wh = 5000;
    const std::int64_t count = 6 * 3600s / interval;
    for (std::int64_t n = 0; n <= count; ++n) {
      files.add(noon + n * interval, kwh(now_wh));
      if (n < count) now_wh += 1 + n % 3;
    }
    const auto energy = files.slots("energy_import");
    CHECK(sum(energy) == now_wh - 5000);
    CHECK(energy.front().low == 5000);
    CHECK(energy.back().high == now_wh);
    REQUIRE(energy.size() >= 24);
    CHECK(is_whole({energy.begin(), energy.begin() + 24}));
  }
}

TEST_CASE("day table: a register that comes each hour is shared by its hour") {
  Files files;
  files.head("time,energy_import[kWh],power_import[W]");
  std::int64_t now_wh = 5000;
  for (int n = 0; n < 5 * 360; ++n) {
    if (n % 360 == 1) now_wh += 1200 * (n / 360);
    files.add(noon + n * 10s, kwh(now_wh) + ",5");
  }
  const auto energy = files.slots("energy_import");
  CHECK(sum(energy) == 1200 * (2 + 3 + 4));  // from the first that came
  for (int hour = 1; hour < 4; ++hour) {
    for (int quarter = 0; quarter < 4; ++quarter) {
      const Slot slot = slot_in(energy, noon + hour * 1h + quarter * 15min);
      CHECK(slot.value >= 300 * (hour + 1) - 6);  // the first came ten seconds late
      CHECK(slot.value <= 300 * (hour + 1) + 6);
      CHECK(slot.covered >= 890);
    }
  }
}

TEST_CASE("day table: what the program counts itself does not tell when registers were read") {
  Files files;
  files.head("time,energy_import[kWh],today_import[kWh],hour_energy[Wh]");
  std::int64_t now_wh = 5000;
  for (int n = 0; n < 5 * 360; ++n) {
    if (n % 360 == 1) now_wh += 1200;
    files.add(noon + n * 10s, kwh(now_wh) + ',' + kwh(n) + ',' + std::to_string(n % 360));
  }
  const auto energy = files.slots("energy_import");
  CHECK(slot_in(energy, noon + 2h + 15min).value == 300);
  CHECK(slot_in(energy, noon + 3h).value == 300);
  CHECK(sum(files.slots("today_import")) == 5 * 360 - 1);
}

TEST_CASE("day table: a livelier total shapes the hours of a register that comes seldom") {
  Files files({"default"});
  files.head("time,energy_import[kWh],energy_import_live[kWh]");
  std::int64_t now_wh = 5000, live_wh = 5000;
  for (int n = 0; n < 4 * 360; ++n) {
    if (n % 360 < 90) live_wh += 10;
    if (n % 360 == 1) now_wh = live_wh;
    files.add(noon + n * 10s, kwh(now_wh) + ',' + kwh(live_wh));
  }
  const auto energy = files.slots("energy_import");
  CHECK(files.slots("energy_import_live").empty());
  CHECK(slot_in(energy, noon + 2h).value > 880);
  CHECK(slot_in(energy, noon + 2h + 15min).value < 20);
}

TEST_CASE(
    "day table: a register that stands still was read, and what it grows by then came since") {
  Files files;
  files.head("time,gas[m³]");
  std::int64_t litres = 7000;
  for (int n = 0; n < 12 * 360; ++n) {
    if (n == 10 * 360) litres += 400;
    files.add(noon + n * 10s, kwh(litres));
  }
  const auto gas = files.slots("gas");
  CHECK(sum(gas) == 400);
  CHECK(slot_in(gas, noon + 5h).value == 0);
  CHECK(slot_in(gas, noon + 5h).covered == 900);
  CHECK(slot_in(gas, noon + 8h + 45min).value == 0);
  CHECK(slot_in(gas, noon + 9h + 15min).value == 100);
}

TEST_CASE("day table: a register that stands still beside one that grows was read with it") {
  Files files;
  files.head("time,energy_import[kWh],energy_export[kWh]");
  for (int n = 0; n <= 360; ++n) files.add(noon + n * 10s, kwh(5000 + n) + ",7.000");
  const auto sold = files.slots("energy_export");
  REQUIRE(sold.size() >= 4);
  CHECK(is_whole({sold.begin(), sold.begin() + 4}));
  CHECK(sum(sold) == 0);
}

TEST_CASE("day table: in a silence a power is not known, an increase is there and not covered") {
  Files files;
  files.head("time,energy_import[kWh],power_import[W]");
  for (int n = 0; n < 360; ++n) files.add(noon + n * 10s, kwh(5000 + n) + ",360");
  for (int n = 0; n < 360; ++n) files.add(noon + 4h + n * 10s, kwh(6500 + n) + ",360");
  const auto energy = files.slots("energy_import"), power = files.slots("power_import");
  CHECK(sum(energy) == 6500 + 359 - 5000);
  CHECK(slot_in(energy, noon + 2h).covered == 0);
  CHECK(slot_in(energy, noon + 2h).value > 90);
  CHECK(slot_in(energy, noon).covered == 900);
  CHECK(slot_in(energy, noon + 4h + 15min).covered == 900);
  CHECK(slot_in(power, noon + 2h).value == -1);
  CHECK(slot_in(power, noon + 1h).covered == 20);
}

TEST_CASE("day table: a register that fell begins anew, and adds nothing") {
  Files files;
  files.head("time,energy_import[kWh]");
  for (int n = 0; n < 100; ++n) files.add(noon + n * 10s, kwh(5000 + n));
  for (int n = 100; n < 200; ++n) files.add(noon + n * 10s, kwh(n - 100));
  CHECK(sum(files.slots("energy_import")) == 99 + 99);
}

TEST_CASE("day table: a file with more columns goes on where the one before ended") {
  Files files;
  files.head("time,energy_import[kWh]");
  for (int n = 0; n < 90; ++n) files.add(noon + n * 10s, kwh(5000 + n));
  files.head("time,voltage_l1[V],energy_import[kWh]");
  for (int n = 90; n < 180; ++n) files.add(noon + n * 10s, "230," + kwh(5000 + n));
  CHECK(sum(files.slots("energy_import")) == 179);
  CHECK(files.slots("energy_import")[0].covered == 900);
  CHECK(files.slots("voltage_l1").size() == 1);
  CHECK(files.notes().empty());
}

TEST_CASE("day table: the day of 25 hours has 100 quarter-hours, that of 23 has 92") {
  const Instant days[] = {
      oslo.resolve(std::chrono::local_days{std::chrono::year{2026} / 10 / 25}, {}).instant,
      oslo.resolve(std::chrono::local_days{std::chrono::year{2026} / 3 / 29}, {}).instant};
  const int hours[] = {25, 23};
  for (int day = 0; day < 2; ++day) {
    Files files;
    files.head("time,power_import[W]");
    for (int n = 0; n < hours[day] * 60; ++n) files.add(days[day] + n * 60s, "5");
    CHECK(files.slots("power_import").size() == static_cast<std::size_t>(hours[day]) * 4);
    CHECK(is_whole(files.slots("power_import")));
    CHECK(files.notes().empty());
  }
}

TEST_CASE("day table: a file makes of its hours the same alone and behind another one, or less") {
  const auto add_day = [](Files& files, int day) {
    files.head("time,energy_import[kWh],energy_export[kWh],power_import[W]");
    for (int n = day * 8640; n < day * 8640 + 8640; ++n) {
      files.add(noon + n * 10s,
                kwh(5000 + n / 7) + "," + kwh(n / 2000) + ',' + std::to_string(n % 50));
    }
  };
  Files both, alone;
  add_day(both, 0);
  add_day(both, 1);
  add_day(alone, 1);
  ImportSum sum;
  CHECK_FALSE(sum.add(alone.days.finish()));
  CHECK_FALSE(sum.add(both.days.finish()));
}

TEST_CASE("day table: a quarter-hour is known to come from the first line of its time") {
  Files files;
  files.head("time,power_import[W]");
  for (int n = 0; n < 200; ++n) files.add(noon + n * 10s, "5");
  CHECK(files.slots("power_import").size() == 3);
  CHECK(files.all->origins.of(first).line == 2);
  CHECK(files.all->origins.of(first + Quarters{1}).line == 92);
}
