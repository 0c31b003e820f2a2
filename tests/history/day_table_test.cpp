// Our own day files, read again: torn, doubled and unordered lines, silences; then whole days.
// Their registers: day_registers_test.cpp.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "history/day_table_rig.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

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
  files.add(noon + 10s, "700,1");
  files.add(noon - 10s, "700,0");
  files.add("noon,700,1");
  files.add("1999-12-31T00:00:00Z,700,1");
  CHECK(files.notes() ==
        "3: 2 fields instead of 3, it was torn: left out\n"
        "4: a second line of the same time: left out\n"
        "6: earlier than the line before: left out\n"
        "7: no time with its offset, as 2026-11-28T12:00:00+01:00: left out\n"
        "8: no time between 2000 and 2100: left out\n");
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

TEST_CASE("day table: of lines in order one of a time far ahead is left out, and no other") {
  for (const int odd : {0, 1, 50, 198, 199}) {
    for (const auto ahead : {std::chrono::seconds{24h}, std::chrono::seconds{20s}}) {
      CAPTURE(odd);
      CAPTURE(ahead.count());
      Files files;
      files.head("time,energy_import[kWh]");
      for (int n = 0; n < 200; ++n) {
        files.add(noon + n * 10s + (n == odd ? ahead + 5s : 0s), kwh(5000 + n));
      }
      files.days.end_of_file(noon + 2000s);
      files.head("time,energy_import[kWh]");
      for (int n = 200; n < 300; ++n) files.add(noon + n * 10s, kwh(5000 + n));
      const std::int64_t from = odd == 0 ? 5001 : 5000;
      CHECK(sum(files.slots("energy_import")) == 5299 - from);
      CHECK(files.notes() ==
            std::to_string(odd + 2) + ": later than the line after it: left out\n");
    }
  }
}

TEST_CASE("day table: where the last line was moved to the top it alone is left out") {
  Files files;
  files.head("time,energy_import[kWh]");
  files.add(noon + 2000s, kwh(5200));
  for (int n = 0; n < 200; ++n) files.add(noon + n * 10s, kwh(5000 + n));
  CHECK(sum(files.slots("energy_import")) == 199);
  CHECK(files.notes() == "2: later than the line after it: left out\n");
}

TEST_CASE("day table: of a file that overlaps with the one before what is there is left out") {
  Files files;
  files.head("time,energy_import[kWh]");
  for (int n = 0; n < 200; ++n) files.add(noon + n * 10s, kwh(5000 + n));
  files.days.end_of_file(noon + 1970s);
  files.head("time,energy_import[kWh]");
  for (int n = 197; n < 300; ++n) files.add(noon + n * 10s, kwh(5000 + n));
  CHECK(sum(files.slots("energy_import")) == 299);
  CHECK(files.notes() ==
        "2: earlier than the line before: left out\n"
        "3: earlier than the line before: left out\n"
        "4: a second line of the same time: left out\n");
}

TEST_CASE("day table: a second line of the same time is said to differ where it does") {
  Files files;
  files.head("time,power_import[W]");
  files.add(noon, "5");
  files.add(noon, "5");
  files.add(noon, "6");
  files.add(noon + 10s, "7");
  files.add(noon, "9");
  CHECK(files.notes() ==
        "3: a second line of the same time: left out\n"
        "4: a second line of the same time, with other values: left out\n"
        "6: a second line of the same time, with other values: left out\n");
}

TEST_CASE("day table: a file of which no line can be used is refused with what its first one has") {
  for (const char* time :
       {"2026-11-29T12:00:00", "2026-11-29 12:00:00+01:00", "29.11.2026 12:00"}) {
    Files files;
    files.head("time,power_import[W]");
    for (int n = 0; n < 3; ++n) files.add(time + std::string(",5"));
    CHECK(files.days.end_of_file() ==
          "none of its 3 lines can be used, the first one: no time with its offset, as "
          "2026-11-28T12:00:00+01:00");
    CHECK(files.days.end_of_file() == "");
  }
  Files torn;
  torn.head("time,power_import[W]");
  torn.add("2026-11-");
  CHECK(torn.days.end_of_file() == "");
  torn.head("time,power_import[W]");
  for (int n = 0; n < 9; ++n) torn.add("noon,5");
  torn.add(noon, "5");
  CHECK(torn.days.end_of_file() == "");
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

TEST_CASE("day table: an interval that changes within a file costs a few lines, and no more") {
  for (const auto& [before, after] : {std::pair{1s, 60s}, {60s, 1s}, {10s, 900s}, {900s, 10s}}) {
    CAPTURE(before.count());
    CAPTURE(after.count());
    Files files;
    files.head("time,relay_boiler");
    const Instant change = noon + 6h;
    Instant at = noon;
    for (; at < change; at += before) files.add(at, "1");
    for (; at < change + 12h; at += after) files.add(at, "1");
    const std::int64_t lost = 18 * 3600 - sum(files.slots("relay_boiler"));
    CHECK(lost >= 0);
    CHECK(lost <= std::max<std::int64_t>(0, 3 * (after - before).count()));
  }
}

TEST_CASE("day table: an extra line soon after another does not make an interval") {
  for (const int extra : {0, 1, 30}) {
    Files files;
    files.head("time,relay_boiler");
    for (int n = 0; n < 60; ++n) {
      files.add(noon + n * 60s, "1");
      if (n == extra) files.add(noon + n * 60s + 1s, "1");
    }
    CHECK(sum(files.slots("relay_boiler")) == 3600);
  }
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
    CHECK(are_whole(files.slots("power_import")));
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
