// The day files of the program before: torn, doubled and unordered lines, silences, another meter,
// clocks that are moved; then whole days.
#include "history/day_files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

namespace {

const Zone oslo = *Zone::named("Europe/Oslo");
const SeriesChoice everything({"*"});

std::string two(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

// As the program before wrote it at a time of the meter's clock.
std::string line_at(LocalSeconds time, std::int64_t watts, std::int64_t import_wh,
                    const std::string& meter = "6970631400000001") {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return std::to_string(static_cast<int>(date.year())) + '-' +
         two(static_cast<unsigned>(date.month())) + '-' + two(static_cast<unsigned>(date.day())) +
         ',' + two(clock.hours().count()) + ':' + two(clock.minutes().count()) + ':' +
         two(clock.seconds().count()) + ",KFM_001," + meter + ",MA304H3E," + std::to_string(watts) +
         ",0,0,154,2700,386,2979,2391,0,2383," + std::to_string(import_wh) + ",0,482221,9891";
}

LocalSeconds local(int month, int day, std::chrono::seconds time = 0s) {
  return std::chrono::local_days{std::chrono::year{2025} / month / day} + time;
}

struct Files {
  DayFiles days{"meter", everything, oslo};
  std::uint32_t lines = 0;

  void add(const std::string& text) { days.line(text, {0, ++lines}); }
  // A steady power, with a register that comes ten seconds after each full hour.
  void add_hours(LocalSeconds from, int hours, std::int64_t watts, std::int64_t& register_wh,
                 const std::string& meter = "6970631400000001") {
    for (int n = 0; n < hours * 360; ++n) {
      const LocalSeconds time = from + n * 10s;
      if ((time - std::chrono::floor<std::chrono::hours>(time)) == 10s) register_wh += watts;
      add(line_at(time, watts, register_wh, meter));
    }
  }
  std::string notes() const {
    std::string text;
    for (const ImportNote& each : days.notes().all()) {
      text += std::to_string(each.place.line) + ": " + each.text + '\n';
    }
    return text;
  }
};

std::vector<Slot> slots_of(const Imported& imported, const std::string& name) {
  for (const SeriesSlots& each : imported.series) {
    if (each.head.name == name) return each.slots;
  }
  return {};
}

std::int64_t sum(const std::vector<Slot>& slots) {
  std::int64_t all = 0;
  for (const Slot& each : slots) all += each.value;
  return all;
}

}  // namespace

TEST_CASE("day files: what begins otherwise is none") {
  CHECK(DayFiles::is_one(line_at(local(10, 24), 701, 5019414)));
  for (const char* other :
       {"", "time,meter/energy_import[kWh]", "2025-10-24,00:00:00", "2025-10-24T00:00:00+02:00,1",
        "2025-13-24,00:00:00,K,6,M,7,0,0,1,2,3,2,2,0,2,1,0,7,2",
        "2025-10-24,00:00:00,K,6,M,7,0,0,1,2,3,2,2,0,2,1,0,7,2,9"}) {
    CAPTURE(other);
    CHECK_FALSE(DayFiles::is_one(other));
  }
}

TEST_CASE("day files: torn, doubled, unordered and odd lines are left out, and their places told") {
  Files files;
  const std::string good = line_at(local(10, 24), 700, 1000);
  files.add(good);
  files.add(good.substr(0, 60));
  files.add(good);
  files.add(line_at(local(10, 23, 23h), 700, 1000));
  files.add("2025-10-24,25:00:00" + good.substr(19));
  CHECK(files.notes() ==
        "2: not 19 fields, it was torn: left out\n"
        "3: a second line of the same time: left out\n"
        "4: earlier than the line before: left out\n"
        "5: no time: left out\n");
}

TEST_CASE("day files: numbers that are none leave their line out, and many notes are counted") {
  Files files;
  for (const char* odd : {"x", "-5", "1.5", "", "1000000001", "1e3", " 7"}) {
    std::string line = line_at(local(10, 24), 1234567, 1000);
    line.replace(line.find("1234567"), 7, odd);
    files.add(line);
  }
  CHECK(files.notes().starts_with("1: field 6 is no number: left out\n2: "));
  CHECK(files.notes().ends_with("0: 2 more lines like these\n"));
  CHECK(files.days.finish().series.empty());
}

TEST_CASE("day files: a day of a steady power is covered, and its register shared by the hours") {
  Files files;
  std::int64_t wh = 1000;
  files.add_hours(local(10, 24), 24, 1200, wh);
  const Imported all = files.days.finish();
  const auto power = slots_of(all, "meter/power_import");
  REQUIRE(power.size() == 96);
  CHECK(power.front() ==
        Slot{slot_of(oslo.resolve(local(10, 24), {}).instant), 12'000, 12'000, 12'000, 900});
  CHECK(std::all_of(power.begin(), power.end(),
                    [](const Slot& each) { return each.value == 12'000 && each.covered == 900; }));
  const auto energy = slots_of(all, "meter/energy_import");
  CHECK(sum(energy) == 23 * 1200);  // from the first register that came to the last
  CHECK(energy[1].value >= 299);
  CHECK(energy[1].value <= 301);
  CHECK(energy[1].covered == 900);
  CHECK(slots_of(all, "meter/voltage_l1")[0].value == 239100);
  CHECK(slots_of(all, "meter/current_l1")[0].value == 2700);
  CHECK(files.notes().empty());
}

TEST_CASE("day files: what was 0 all the time has no series, and a line without a phase neither") {
  Files files;
  std::int64_t wh = 1000;
  files.add_hours(local(10, 24), 2, 500, wh);
  const Imported all = files.days.finish();
  CHECK(slots_of(all, "meter/power_export").empty());
  CHECK(slots_of(all, "meter/energy_export").empty());
  CHECK(slots_of(all, "meter/voltage_l2").empty());
  CHECK_FALSE(slots_of(all, "meter/voltage_l3").empty());
}

TEST_CASE("day files: what is not chosen is left out") {
  DayFiles days("meter", SeriesChoice({"default", "-meter/power_import"}), oslo);
  for (int n = 0; n < 200; ++n) days.line(line_at(local(10, 24, n * 10s), 700, 1000 + n), {});
  const Imported all = days.finish();
  CHECK(slots_of(all, "meter/power_import").empty());
  CHECK(slots_of(all, "meter/voltage_l1").empty());
  CHECK_FALSE(slots_of(all, "meter/energy_import").empty());
}

TEST_CASE("day files: the power shapes the hour that its register counts") {
  Files files;
  std::int64_t wh = 50'000;
  files.add_hours(local(10, 24), 1, 1000, wh);
  for (int n = 0; n < 360; ++n) {  // a quarter of the hour with all of its power
    const auto time = n * 10s;
    if (time == 10s) wh += 1000;
    files.add(line_at(local(10, 24, 1h + time), time < 900s ? 4000 : 0, wh));
  }
  files.add(line_at(local(10, 24, 2h), 0, wh));
  files.add(line_at(local(10, 24, 2h + 10s), 0, wh + 1000));
  const auto energy = slots_of(files.days.finish(), "meter/energy_import");
  REQUIRE(energy.size() >= 8);
  CHECK(energy[4].value > 990);
  CHECK(energy[5].value < 10);
  CHECK(sum(energy) == 2000);
}

TEST_CASE("day files: in a silence a power is not known, an increase is there and not covered") {
  Files files;
  std::int64_t wh = 1000;
  files.add_hours(local(10, 24), 2, 400, wh);
  wh += 1200;  // three hours of it
  files.add_hours(local(10, 24, 5h), 2, 400, wh);
  const Imported all = files.days.finish();
  const auto power = slots_of(all, "meter/power_import");
  CHECK(power.size() == 17);  // 60 seconds of the one after the second hour
  CHECK(power[8].covered == 50);
  const auto energy = slots_of(all, "meter/energy_import");
  CHECK(sum(energy) == wh - 1400);
  const auto silent = std::find_if(energy.begin(), energy.end(), [](const Slot& each) {
    return each.start == slot_of(oslo.resolve(local(10, 24, 3h), {}).instant);
  });
  REQUIRE(silent != energy.end());
  CHECK(silent->covered == 0);
  CHECK(silent->value > 0);
}

TEST_CASE("day files: the hour that comes twice in autumn is two, the one of spring is not there") {
  Files files;
  std::int64_t wh = 1000;
  files.add_hours(local(10, 26), 3, 400, wh);       // up to 03:00, in summer time
  files.add_hours(local(10, 26, 2h), 22, 400, wh);  // from 02:00 on, in winter time
  const auto power = slots_of(files.days.finish(), "meter/power_import");
  CHECK(power.size() == 100);
  CHECK(files.notes().empty());
  Files spring;
  spring.add_hours(local(3, 30), 2, 400, wh);
  spring.add_hours(local(3, 30, 3h), 21, 400, wh);
  CHECK(slots_of(spring.days.finish(), "meter/power_import").size() == 92);
  CHECK(spring.notes().empty());
}

TEST_CASE("day files: another meter begins anew, and its register is no increase") {
  Files files;
  std::int64_t wh = 5000, other = 7;
  files.add_hours(local(10, 24), 3, 400, wh);
  files.add_hours(local(10, 24, 3h), 3, 400, other, "6970631400000002");
  const Imported all = files.days.finish();
  CHECK(files.notes().find("another meter, 6970631400000002") != std::string::npos);
  CHECK(sum(slots_of(all, "meter/energy_import")) == 800 + 800);
}

TEST_CASE("day files: a quarter-hour is known to come from the first line of its time") {
  Files files;
  std::int64_t wh = 1000;
  files.add_hours(local(10, 24), 1, 400, wh);
  const Imported all = files.days.finish();
  const SlotTime first = slot_of(oslo.resolve(local(10, 24), {}).instant);
  CHECK(all.origins.of(first).line == 1);
  CHECK(all.origins.of(first + Quarters{1}).line == 91);
  CHECK(all.origins.of(first + Quarters{99}).line == 271);
  CHECK(all.origins.of(first - Quarters{9}).line == 1);
}

TEST_CASE("day files: a file makes the same of its hours alone and behind another one") {
  Files both, alone;
  std::int64_t wh = 1000;
  both.add_hours(local(10, 24), 24, 37, wh);
  std::int64_t again = wh;
  both.add_hours(local(10, 25), 24, 37, wh);
  alone.add_hours(local(10, 25), 24, 37, again);
  const auto whole = slots_of(both.days.finish(), "meter/energy_import");
  const auto part = slots_of(alone.days.finish(), "meter/energy_import");
  REQUIRE(part.size() > 90);
  for (std::size_t n = 1; n < part.size(); ++n) {  // the first begins ten seconds later
    CHECK(part[n] == whole[whole.size() - part.size() + n]);
  }
}
