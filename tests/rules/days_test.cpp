// The rule hears the registers of a meter, and says what came since midnight.
#include "rules/days.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

Instant at(std::chrono::year_month_day date, std::chrono::minutes time = 0min) {
  return Instant(std::chrono::sys_days{date}) + time;
}

std::string utc(Instant time) {
  std::string out;
  append_utc(out, time);
  return out;
}

constexpr auto friday = std::chrono::year{2026} / 11 / 20;

struct Meter final : Effects {
  std::string zone;
  std::unique_ptr<DaysRule> rule;
  Now now{Mono{50h}, at(friday, 11h)};  // noon in Oslo
  std::int64_t wh = 5'000'000;
  std::string said;
  int keeps = 0;

  explicit Meter(std::string of = "Europe/Oslo") : zone(std::move(of)) { start(""); }

  void start(std::string_view state) {
    rule = std::make_unique<DaysRule>(*Zone::named(zone));
    rule->restore(state);
  }
  void restart(std::chrono::milliseconds away = 0s) {
    const std::string state = rule->state();
    pass(away);
    now.mono = Mono{1h};
    start(state);
  }
  void operator()(const Effect& effect) override {
    if (std::holds_alternative<Keep>(effect)) {
      ++keeps;
      return;
    }
    const auto& reading = std::get<Reading>(effect);
    CHECK(reading.source == "rule");
    CHECK(reading.channel == "");
    CHECK(find_spec(reading.key) != nullptr);
    said += std::string(reading.key) + ' ' + to_text(reading.value) + ' ' +
            std::string(reading.attributes) + '\n';
  }
  void hear(const Effect& effect) { rule->on_effect("meter", effect, now, *this); }
  void pass(std::chrono::milliseconds time) {
    now.mono += time;
    if (now.wall) *now.wall += time;
  }
  Meter& is(std::string_view serial, std::string_view channel = "") {
    hear(Identified{channel, {"", serial, serial, "", "", ""}});
    return *this;
  }
  Meter& reads(std::string_view key, std::int64_t of, std::string_view channel = "") {
    hear(Reading{channel, key, "wire", Decimal{of, -3}});
    return *this;
  }
  std::string frame() {
    said.clear();
    hear(Frame{100});
    return said;
  }
  // What is said of the import after so much time and use.
  std::string use(std::int64_t more, std::chrono::milliseconds later = 10s) {
    pass(later);
    wh += more;
    return reads("energy_import", wh).frame();
  }
  // The value alone.
  std::string today(std::int64_t more = 0, std::chrono::milliseconds later = 10s) {
    const std::string all = use(more, later);
    const std::size_t begin = all.find(' ') + 1;
    return all.empty() ? "same" : all.substr(begin, all.find(' ', begin) - begin);
  }
};

}  // namespace

TEST_CASE("days: import and export of a meter, since it is known") {
  Meter meter;
  meter.reads("energy_import", 5'000'000).reads("energy_export", 70);
  CHECK(meter.frame() ==
        "today_import 0.000 {\"since\":\"2026-11-20T11:00:00Z\"}\n"
        "today_export 0.000 {\"since\":\"2026-11-20T11:00:00Z\"}\n");
  meter.pass(10s);
  meter.reads("energy_import", 5'000'003).reads("energy_export", 70);
  CHECK(meter.frame() == "today_import 0.003 {\"since\":\"2026-11-20T11:00:00Z\"}\n");
  CHECK(meter.keeps == 1);
}

TEST_CASE("days: a meter without export has no export, and one without registers nothing") {
  Meter meter;
  CHECK(meter.reads("power_import", 900'000).frame() == "");
  CHECK(meter.use(0).find("today_export") == std::string::npos);
}

TEST_CASE("days: at local midnight the day begins, with the next telegram of the meter") {
  Meter meter;
  meter.use(0);
  CHECK(meter.today(800, 11h + 59min) == "0.800");
  meter.pass(2min);
  CHECK(meter.reads("power_import", 1).frame() ==
        "today_import 0.000 {\"since\":\"2026-11-20T23:00:00Z\"}\n");
  CHECK(meter.keeps == 2);                  // it is on the disk
  CHECK(meter.today(600, 60s) == "0.433");  // of 50 s before midnight and 130 s after it
}

TEST_CASE("days: the days on which clocks change have 23 and 25 hours") {
  for (const auto& [date, hours] : {std::pair{std::chrono::year{2026} / 3 / 29, 23},
                                    std::pair{std::chrono::year{2026} / 10 / 25, 25}}) {
    Meter meter;
    meter.now.wall = at(date) - 3h;  // the evening before
    meter.use(0);
    std::string since = "{\"since\":\"" + utc(*meter.now.wall) + "\"}\n";
    std::vector<int> begins;
    for (int hour = 0; hour < 60; ++hour) {
      const std::string said = meter.use(1000, 1h);
      const std::string its = said.substr(said.find('{'));
      if (its != since) begins.push_back(hour);
      since = its;
    }
    REQUIRE(begins.size() >= 2);
    CHECK(begins[1] - begins[0] == hours);
  }
}

TEST_CASE("days: where clocks change at midnight, the day has a begin all the same") {
  for (const char* zone : {"Africa/Cairo", "America/Havana", "Asia/Beirut", "America/Santiago",
                           "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"}) {
    CAPTURE(zone);
    Meter meter(zone);
    meter.now.wall = at(std::chrono::year{2026} / 1 / 1);
    meter.use(0);
    int days = 0;
    std::string since;
    for (int quarter = 0; quarter < 365 * 24 * 4; ++quarter) {
      const std::string said = meter.use(1, 15min);
      const std::string its = said.substr(said.find('{'));
      if (its != since) ++days;
      since = its;
    }
    CHECK(days >= 365);
    CHECK(days <= 366);
  }
}

TEST_CASE("days: a restart keeps the day, and what came meanwhile is counted") {
  Meter meter;
  meter.is("E1").use(0);
  meter.use(400);
  meter.restart(2h);
  CHECK(meter.is("E1").today(600, 0s) == "1.000");
  meter.restart(14h);  // over midnight: of 14 h, four are of the next day
  CHECK(meter.is("E1").today(1400, 0s) == "0.400");
}

TEST_CASE("days: after a power cut in the first minute of a day it is that day all the same") {
  Meter meter;
  meter.use(0);
  meter.use(9000, 11h + 59min);
  meter.use(20, 65s);
  const std::string disk = meter.rule->state();  // the rule asked for it
  CHECK(meter.keeps == 2);
  meter.use(500, 20min);
  meter.now.mono = Mono{1h};
  meter.start(disk);
  CHECK(meter.today(10, 10s) == "0.514");
}

TEST_CASE("days: another meter begins with its own register, and the day of the house goes on") {
  Meter meter;
  meter.is("E1").use(0);
  meter.use(700);
  meter.wh = 12;
  meter.is("E2");
  CHECK(meter.today() == "same");
  CHECK(meter.today(30) == "0.730");
  meter.restart();
  meter.wh = 80'000;
  CHECK(meter.is("E3").today(0) == "0.730");
  CHECK(meter.today(5) == "0.735");
}

TEST_CASE("days: a meter that only now says who it is goes on") {
  Meter meter;
  meter.use(0);
  meter.is("E1");
  CHECK(meter.today(100) == "0.100");
}

TEST_CASE("days: a register that comes once an hour is counted by its live energy") {
  Meter meter;
  meter.use(0);
  meter.reads("energy_import_live", 5'000'000).frame();
  meter.pass(30min);
  CHECK(meter.reads("energy_import_live", 5'000'450).frame().find(" 0.450 ") != std::string::npos);
  meter.pass(30min);
  meter.wh = 5'000'890;
  CHECK(meter.reads("energy_import", meter.wh)
            .reads("energy_import_live", 5'000'900)
            .frame()
            .find(" 0.900 ") != std::string::npos);
  CHECK(meter.today(0, 10s) == "same");
}

TEST_CASE("days: of several meters behind an inverter the first that counts is the house") {
  Meter meter;
  meter.is("INVERTER").is("M1", "1").is("M2", "2");
  meter.reads("energy_import", 1000, "1").reads("energy_import", 9000, "2").frame();
  meter.pass(10s);
  meter.reads("energy_import", 1100, "1").reads("energy_import", 9900, "2");
  CHECK(meter.frame().find("today_import 0.100 ") == 0);
}

TEST_CASE("days: a meter within an inverter counts as well") {
  Meter meter;
  meter.reads("meter_energy_import", 1000).frame();
  meter.pass(10s);
  CHECK(meter.reads("meter_energy_import", 1005).frame().find("today_import 0.005 ") == 0);
}

TEST_CASE("days: without a time of day nothing is counted, and nothing is lost once it is there") {
  Meter meter;
  meter.now.wall.reset();
  CHECK(meter.use(0) == "");
  CHECK(meter.use(100) == "");
  meter.now.wall = at(friday, 11h);
  CHECK(meter.today(0, 0s) == "0.000");
  meter.now.wall.reset();
  CHECK(meter.use(50) == "");
  meter.now.wall = at(friday, 11h) + 20s;
  CHECK(meter.today(0, 0s) == "0.050");
}

TEST_CASE("days: a clock that is put right after midnight begins no day twice") {
  Meter meter;
  meter.use(0);
  meter.use(500, 12h);  // 00:00:10
  *meter.now.wall -= 40s;
  const std::string said = meter.use(10);
  CHECK((said.empty() || said.find("2026-11-20T23:00:00Z") != said.npos));
}

TEST_CASE("days: a clock that was wrong for years has counted no day of then") {
  Meter meter;
  meter.now.wall = at(std::chrono::year{2019} / 3 / 1, 23h + 30min);
  meter.use(0);
  meter.use(300, 10min);
  meter.now.wall = at(friday, 14h);
  CHECK(meter.use(20, 0s) == "today_import 0.020 {\"since\":\"2026-11-20T14:00:00Z\"}\n");
  // And back, without a day of the future that stays.
  meter.now.wall = at(std::chrono::year{2026} / 11 / 18, 14h);
  CHECK(meter.use(5, 0s) == "today_import 0.005 {\"since\":\"2026-11-18T14:00:00Z\"}\n");
}

TEST_CASE("days: a damaged record is no record") {
  Meter meter;
  meter.use(0);
  meter.use(100);
  const std::string whole = meter.rule->state();
  for (const std::string& text : {std::string("nonsense"), whole.substr(0, whole.size() / 2)}) {
    meter.start(text);
    CHECK(meter.rule->state() == "");
  }
}
