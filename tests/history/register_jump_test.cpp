// Registers that jump as no meter can, in the lines of files.
#include "history/register_jump.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/iso_time.hpp"
#include "history/day_files.hpp"
#include "history/day_table.hpp"
#include "history/slot_rig.hpp"

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

namespace {

SeriesHead head_in(const std::string& unit) {
  return {"meter/energy_import", unit, SeriesKind::growth, -3};
}

bool jumps(const std::string& unit, const char* before, const char* now, Milliseconds between) {
  return is_other_meter(head_in(unit), *parse_decimal(before), *parse_decimal(now), between);
}

struct Read {
  std::vector<Slot> energy;
  std::string notes;
};
template <class Days>
Read finished(Days& days) {
  Read out;
  for (const SeriesSlots& each : days.finish().series) {
    if (each.head.name == "meter/energy_import") out.energy = each.slots;
  }
  for (const ImportNote& each : days.notes().all()) {
    out.notes += std::to_string(each.place.line) + ": " + each.text + '\n';
  }
  return out;
}

// A line each ten seconds.
Read of_day_files(const std::vector<std::string>& registers) {
  DayTable days("meter", SeriesChoice({"*"}), {});
  CHECK(days.head("time,energy_import[kWh]", {0, 1}) == "");
  std::uint32_t line = 1;
  for (const std::string& each : registers) {
    std::string text;
    append(text, Timestamp{noon + (line - 1) * 10s, 0min});
    days.line(text + ',' + each, {0, ++line});
  }
  return finished(days);
}

// A line each minute.
Read of_old_day_files(const std::vector<std::int64_t>& registers) {
  DayFiles days("meter", SeriesChoice({"*"}), *Zone::named("Europe/Oslo"));
  std::uint32_t line = 0;
  for (const std::int64_t each : registers) {
    const std::string minute = (line < 10 ? "0" : "") + std::to_string(line);
    days.line("2025-11-20,12:" + minute + ":10,KFM_001,1,MA304H3E,100,0,0,154,2700,386,2979,2391," +
                  "0,2383," + std::to_string(each) + ",0,482221,9891",
              {0, ++line});
  }
  return finished(days);
}

}  // namespace

TEST_CASE("register jump: more than ten megawatts are another meter, in each unit of energy") {
  CHECK(jumps("kWh", "13.000", "9000.000", 10s));
  CHECK(jumps("Wh", "13000", "9000000", 10s));
  CHECK(jumps("MWh", "0.013", "9.000", 10s));
  CHECK_FALSE(jumps("kWh", "13.000", "23.000", 10s));
  CHECK_FALSE(jumps("kWh", "13.000", "9000.000", 1h));
  CHECK_FALSE(jumps("Wh", "13000", "13010", 10s));
  CHECK(jumps("kWh", "0", "99999999999999", 24h * 365));
  CHECK(jumps("kWh", "0.000", "45000.000", 0s));
}

TEST_CASE("register jump: what fell, stood still or is no energy is none") {
  CHECK_FALSE(jumps("kWh", "9000.000", "13.000", 10s));
  CHECK_FALSE(jumps("kWh", "9000.000", "9000.000", 0s));
  CHECK_FALSE(jumps("m³", "13.000", "9000.000", 10s));
  CHECK_FALSE(jumps("kvarh", "13.000", "9000.000", 10s));
}

TEST_CASE("register jump: one step of the last digit is none, however coarse it is") {
  CHECK_FALSE(jumps("MWh", "13", "14", 10s));
  CHECK(jumps("MWh", "13", "15", 10s));
  CHECK_FALSE(jumps("MWh", "13.0", "13.1", 1s));
  CHECK(jumps("MWh", "13.000", "13.100", 1s));
}

TEST_CASE("register jump: in day files it begins anew, adds nothing and is told with its place") {
  const Read read = of_day_files({"13.000", "13.001", "13.002", "9000.000", "9000.001"});
  CHECK(read.notes ==
        "5: meter/energy_import from 13.002 to 9000.000 kWh: no meter grows so fast, taken as "
        "another one that begins anew\n");
  CHECK(sum(read.energy) == 3);
  REQUIRE(read.energy.size() == 1);
  CHECK(begins_anew(read.energy[0], {}));
  CHECK(read.energy[0].high == 9'000'001);
}

TEST_CASE("register jump: a single line of a day file with nothing in its register adds nothing") {
  const Read read = of_day_files({"45000.000", "45000.001", "0.000", "45000.002", "45000.003"});
  CHECK(read.notes.starts_with("5: meter/energy_import from 0.000 to 45000.002 kWh"));
  CHECK(sum(read.energy) == 2);
}

TEST_CASE("register jump: in old day files it begins anew, adds nothing and is told") {
  const Read read = of_old_day_files({13'000, 13'001, 13'002, 9'000'000, 9'000'001});
  CHECK(read.notes.starts_with("4: meter/energy_import from 13.002 to 9000.000 kWh: no meter"));
  CHECK(sum(read.energy) == 2);
  CHECK(of_old_day_files({13'000, 13'001, 13'002, 13'004}).notes == "");
}
