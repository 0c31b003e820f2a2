// The rule hears what a meter says and makes of it the hour, its alarm and the peaks of the month.

#include "rules/hours.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 12h};

HoursOptions with_limit(std::int64_t wh) { return {wh, {}, {}}; }

HoursOptions with_peaks(std::int64_t periods_an_hour = 1) {
  Peaks::Options peaks;
  peaks.periods_an_hour = periods_an_hour;
  return {{}, peaks, Zone::named("Europe/Oslo")};
}

struct Meter final : Effects {
  HoursOptions options;
  std::unique_ptr<HoursRule> rule;
  Now now{Mono{50h}, noon};
  std::int64_t wh = 5'000'000;
  std::string said;
  int keeps = 0;

  explicit Meter(const HoursOptions& wanted) : options(wanted) { start(""); }

  void operator()(const Effect& effect) override {
    std::visit(overloaded{
                   [&](const Reading& e) {
                     CHECK(e.source == "rule");
                     CHECK(find_spec(e.key) != nullptr);
                     said += std::string(e.key) + ' ' + to_text(e.value);
                     if (!e.attributes.empty()) said += ' ' + std::string(e.attributes);
                     said += '\n';
                   },
                   [&](const Notice& e) { (said += "notice: ") += std::string(e.text) + '\n'; },
                   [&](const Rejected& e) {
                     said += "rejected " + std::string(e.command) + ": " + e.error.detail + '\n';
                   },
                   [&](const Entity& e) {
                     said += "entity " + std::string(e.spec->key) + ' ' + to_text(e.spec->min) +
                             ".." + to_text(e.spec->max) + '\n';
                   },
                   [&](const Keep&) { ++keeps; },
                   [](const auto&) { FAIL("a rule has no such effect"); },
               },
               effect);
  }
  void hear(const Effect& effect) { rule->on_effect("meter", effect, now, *this); }
  void is(std::string_view serial) { hear(Identified{"", {"", serial, serial, "", "", ""}}); }
  void start(std::string_view state) {
    rule = std::make_unique<HoursRule>(options);
    rule->restore(state);
    rule->on_start(now, *this);
  }
  void restart() {
    const std::string state = rule->state();
    take();
    start(state);
  }
  // A telegram of a meter that counts what it is drawn.
  void telegram(std::int64_t watts, std::chrono::seconds later = 10s) {
    now.mono += later;
    *now.wall += later;
    wh += watts * later.count() / 3600;
    hear(Reading{"", "power_import", "wire", Decimal{watts, 0}});
    hear(Reading{"", "energy_import", "wire", Decimal{wh, -3}});
    hear(Frame{100});
  }
  void draw(std::int64_t watts, std::chrono::seconds time) {
    for (auto left = time; left > 0s; left -= 10s) telegram(watts);
  }
  // At noon, with a first register: what comes then is measured from the begin of the hour.
  void begin() {
    telegram(0, 0s);
    take();
  }
  std::string take() { return std::exchange(said, {}); }
  // The lines of what was said that begin like this.
  std::string take(std::string_view begin) {
    std::string out;
    const std::string all = take();
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t end = all.find('\n', at) + 1;
      if (all.compare(at, begin.size(), begin) == 0) out += all.substr(at, end - at);
      at = end;
    }
    return out;
  }
  std::string command(std::string_view text, const Value& value) {
    take();
    rule->on_command({"", "hour_limit", value, text}, now, *this);
    return take();
  }
};

}  // namespace

TEST_CASE("hours: the limit is an entity with its range, known from the start") {
  Meter meter(with_limit(5000));
  CHECK(meter.take() == "entity hour_limit 100..99999\nhour_limit 5000\n");
}

TEST_CASE("hours: each telegram moves the hour on, and the alarm's figures with it") {
  Meter meter(with_limit(5000));
  meter.begin();
  meter.telegram(3600);
  CHECK(meter.take() == "hour_energy 10\nhour_projected 1805\nhour_available_power 3204\n");
  meter.draw(3600, 600s);
  meter.take();
  meter.telegram(3600);
  CHECK(meter.take() == "hour_energy 620\nhour_available_power 1691\n");
}

TEST_CASE("hours: an hour that has ended says when it began and whether it is an estimate") {
  Meter meter(with_limit(5000));
  meter.begin();
  meter.draw(3600, 1h);
  CHECK(meter.take("last_hour") ==
        "last_hour_energy 3600 "
        "{\"start\":\"2026-11-20T12:00:00Z\",\"estimated\":false}\n");
}

TEST_CASE("hours: what was not measured from its begin is unknown, and nothing begins with that") {
  Meter meter(with_limit(5000));
  *meter.now.wall += 20min;
  meter.begin();
  meter.draw(3600, 20min);
  CHECK(meter.take().empty());
  meter.draw(3600, 20min);
  CHECK(meter.take("last_hour") ==
        "last_hour_energy None "
        "{\"start\":\"2026-11-20T12:00:00Z\",\"estimated\":true}\n");
  meter.telegram(3600);
  CHECK(meter.take("hour_energy") == "hour_energy 10\n");
}

TEST_CASE("hours: the alarm comes with its reason, once, and the hour is named when it has ended") {
  Meter meter(with_limit(3000));
  meter.begin();
  meter.draw(3600, 110s);
  CHECK(meter.take("notice").empty());
  meter.draw(3600, 1h - 110s);
  const std::string said = meter.take();
  CHECK(said.find("hour_limit_exceeded ON\nnotice: this hour will come to 3") != said.npos);
  CHECK(said.find("notice: this hour has used more than the limit of 3000 Wh\n") != said.npos);
  CHECK(said.find("notice: the hour from 2026-11-20T12:00:00Z used 3600 Wh, more than the limit of "
                  "3000 Wh\n") != said.npos);
  CHECK(said.find("hour_limit_exceeded OFF\n") > said.find("notice: the hour from"));
  std::size_t notices = 0;
  for (std::size_t at = said.find("notice"); at != said.npos; at = said.find("notice", at + 1)) {
    ++notices;
  }
  CHECK(notices == 3);
}

TEST_CASE("hours: the limit is set by command, and holds over a restart") {
  Meter meter(with_limit(5000));
  meter.begin();
  CHECK(meter.command("4500", Decimal{4500, 0}) == "hour_limit 4500\nhour_available_power 4500\n");
  meter.restart();
  CHECK(meter.take("hour_limit") == "hour_limit 4500\n");
  SUBCASE("until the settings have another one") {
    meter.options = with_limit(6000);
    meter.restart();
    CHECK(meter.take("hour_limit") == "hour_limit 6000\n");
  }
}

TEST_CASE("hours: a limit that was set and an hour that has ended are kept at once") {
  Meter meter(with_limit(5000));
  meter.begin();
  CHECK(meter.keeps == 0);
  meter.command("4500", Decimal{4500, 0});
  CHECK(meter.keeps == 1);
  meter.draw(1000, 3590s);
  CHECK(meter.keeps == 1);
  meter.draw(1000, 20s);
  CHECK(meter.keeps == 2);
}

TEST_CASE("hours: a limit out of its range, or with parts of a watt-hour, is refused") {
  Meter meter(with_limit(5000));
  for (const auto& [text, value] :
       {std::pair{"99", Decimal{99, 0}}, std::pair{"100000", Decimal{100'000, 0}},
        std::pair{"500.5", Decimal{5005, -1}}}) {
    CHECK(meter.command(text, value) ==
          "rejected " + std::string(text) + ": expected whole Wh from 100 to 99999\n");
  }
  CHECK(meter.command("100.0", Decimal{1000, -1}) == "hour_limit 100\n");
}

TEST_CASE("hours: a restart within the hour goes on with it") {
  Meter meter(with_limit(5000));
  meter.is("M1");
  meter.begin();
  meter.draw(3600, 30min);
  meter.restart();
  meter.is("M1");
  meter.telegram(3600);
  CHECK(meter.take("hour_energy") == "hour_energy 1810\n");
}

TEST_CASE("hours: another meter makes the hour unknown, and the peaks stay") {
  HoursOptions options = with_peaks();
  options.limit_wh = 5000;
  Meter meter(options);
  meter.is("M1");
  meter.begin();
  meter.draw(3600, 1h + 30min);
  CHECK(meter.take("month_max_1").starts_with("month_max_1 3600 "));
  meter.is("M2");
  meter.wh = 17;
  meter.telegram(3600);
  CHECK(meter.take("hour_energy") == "hour_energy None\n");
  meter.draw(3600, 30min);
  CHECK(meter.take("last_hour").starts_with("last_hour_energy None"));
  meter.restart();
  meter.telegram(3600);
  CHECK(meter.take("month_max_1").starts_with("month_max_1 3600 "));
}

TEST_CASE("hours: the peaks of the month, as soon as an hour has ended") {
  Meter meter(with_peaks());
  meter.begin();
  meter.draw(3600, 1h);
  CHECK(meter.take("month_max") ==
        "month_max_1 3600 {\"date\":\"2026-11-20\",\"start\":\"2026-11-20T12:00:00Z\"}\n"
        "month_max_average 3600.0 {\"month\":\"2026-11\",\"days\":1,\"provisional\":true}\n");
  meter.draw(5400, 1h);
  CHECK(meter.take("tariff_step") ==
        "tariff_step 5-10 kW {\"number\":3,\"from_kw\":5,\"to_kw\":10,\"left_w\":4600}\n");
  meter.draw(1800, 1h);
  CHECK(meter.take("month_max").empty());
  meter.draw(7200, 24h);
  CHECK(meter.take("month_max_2").find("2026-11-20") != std::string::npos);
}

TEST_CASE("hours: a new month begins with its first hour, and keeps the mean of the last one") {
  Meter meter(with_peaks());
  *meter.now.wall += 24h * 10 + 10h;  // 23:00 in Oslo, on the last of November
  meter.begin();
  meter.draw(3600, 1h);
  CHECK(meter.take("month_max_average").find("\"2026-11\"") != std::string::npos);
  meter.draw(1800, 1h);
  CHECK(meter.take("month_max_average") ==
        "month_max_average 1800.0 {\"month\":\"2026-12\",\"days\":1,\"provisional\":true,"
        "\"last_month\":{\"month\":\"2026-11\",\"average\":3600.0}}\n");
}

TEST_CASE("hours: quarters are means of four times their energy") {
  Meter meter(with_peaks(4));
  meter.begin();
  meter.draw(3600, 15min);
  meter.draw(7200, 15min);
  meter.draw(3600, 30min);
  const std::string said = meter.take();
  CHECK(said.find("month_max_1 7200 "
                  "{\"date\":\"2026-11-20\",\"start\":\"2026-11-20T12:15:00Z\"}") != said.npos);
  CHECK(said.find("last_hour_energy 4500 ") != said.npos);
}

TEST_CASE("hours: what other devices behind the meter say is not the meter's") {
  Meter meter(with_limit(5000));
  meter.begin();
  meter.hear(Reading{"1", "power_import", "wire", Decimal{9000, 0}});
  meter.hear(Reading{"", "voltage_l1", "wire", Decimal{230, 0}});
  meter.hear(Frame{100});
  CHECK(meter.take().empty());
}

TEST_CASE("hours: the meter behind an inverter is the one that reports the import") {
  Meter meter(with_limit(5000));
  std::int64_t wh = 4'321'000;
  const auto poll = [&](std::int64_t net, std::string_view channel, const std::string& part) {
    meter.now.mono += 10s;
    *meter.now.wall += 10s;
    wh += std::max<std::int64_t>(net, 0) * 10 / 3600;
    meter.hear(Reading{"", "power", "103.W", Decimal{4000, 0}});  // of the inverter itself
    meter.hear(Reading{channel, part + "power_net", "203.W", Decimal{net, 0}});
    meter.hear(Reading{channel, part + "energy_import", "203.TotWhImp", Decimal{wh, -3}});
    meter.hear(Reading{"9", "power_import", "wire", Decimal{99'999, 0}});  // of one more meter
    meter.hear(Frame{60});
  };
  for (const bool same_unit : {false, true}) {
    meter.start("");
    meter.is("INVERTER");
    if (!same_unit) meter.hear(Identified{"1", {"1", "METER", "METER", "", "", ""}});
    const std::string_view channel = same_unit ? "" : "1";
    const std::string part = same_unit ? "meter_" : "";
    *meter.now.wall = noon - 10s;
    poll(0, channel, part);
    meter.take();
    for (int n = 0; n < 30; ++n) poll(3600, channel, part);  // 10 Wh each
    CHECK(meter.take("hour_energy").find("hour_energy 300\n") != std::string::npos);
    for (int n = 0; n < 30; ++n) poll(-2000, channel, part);  // the sun is out
    CHECK(meter.take("hour_energy").empty());
    CHECK(meter.rule->state().find(same_unit ? "INVERTER" : "METER") != std::string::npos);
  }
}

TEST_CASE("hours: while the meter behind an inverter is silent the hour is unknown, not frozen") {
  Meter meter(with_limit(5000));
  const auto poll = [&](bool answers) {
    meter.now.mono += 10s;
    *meter.now.wall += 10s;
    meter.hear(Reading{"", "power", "103.W", Decimal{4000, 0}});
    if (answers) meter.hear(Reading{"1", "power_net", "203.W", Decimal{3600, 0}});
    meter.hear(Frame{60});
  };
  *meter.now.wall -= 10s;
  for (int n = 0; n < 30; ++n) poll(true);
  CHECK(meter.take("hour_energy").find("hour_energy 290\n") != std::string::npos);
  meter.hear(Alive{"2", 0ms});
  CHECK(meter.take() == "");
  meter.hear(Alive{"1", 0ms});
  const std::string said = meter.take();
  CHECK(said.find("hour_energy None\n") != std::string::npos);
  CHECK(said.find("hour_available_power None\n") != std::string::npos);
  CHECK(said.find("hour_limit_exceeded None\n") != std::string::npos);
  poll(false);
  CHECK(meter.take() == "");
  poll(true);
  CHECK(meter.take("hour_energy") != "");
}

TEST_CASE("hours: of a battery what is drawn from it, by its energy and its power below zero") {
  HoursOptions options = with_limit(1000);
  options.source = battery_discharge;
  Meter meter(options);
  std::int64_t drawn_wh = 70'000;
  const auto answer = [&](std::int64_t watts) {
    meter.now.mono += 10s;
    *meter.now.wall += 10s;
    drawn_wh += std::max<std::int64_t>(-watts, 0) * 10 / 3600;
    meter.hear(Reading{"", "power", "computed", Decimal{watts * 100, -2}});
    meter.hear(Reading{"", "energy_discharged", "computed", Decimal{drawn_wh, -3}});
    meter.hear(Frame{60});
  };
  *meter.now.wall -= 10s;
  answer(0);
  for (int n = 0; n < 30; ++n) answer(-3600);  // 10 Wh each
  CHECK(meter.take("hour_energy").find("hour_energy 300\n") != std::string::npos);
  for (int n = 0; n < 30; ++n) answer(2000);  // it is charged
  CHECK(meter.take("hour_energy").empty());
}

TEST_CASE("hours: every key that it may say is in its list") {
  for (const std::string_view key : HoursRule::hour_keys()) CHECK(find_spec(key) != nullptr);
  for (const std::string_view key : HoursRule::month_keys()) CHECK(find_spec(key) != nullptr);
}
