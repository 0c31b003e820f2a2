// The powers of the last 15 minutes, as a chart opens with them.
#include "web/recent.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

#include "web_rig.hpp"

using namespace gridtap;
using namespace gridtap::web;
using namespace gridtap::web_test;

namespace {

struct Chart : model::ModelRig {
  explicit Chart(const std::vector<std::string>& hide = {})
      : ModelRig({"meter", "solar"}), shown(hide), recent(shown, clock, log) {
    model->add(recent);
    identify("meter", "E1");
    say("meter", Alive{"", 30s});
    const auto begun = clock.now().mono.time_since_epoch() % Recent::step;
    clock.advance_to(clock.now().mono + Recent::step - begun);  // where a mean begins
  }
  ~Chart() { model->remove(recent); }
  void power(std::int64_t watts) { read("meter", "power_import", Decimal{watts, 0}); }
  json all() { return json::parse(recent.json()); }
  json values() {
    const json series = all()["series"];
    REQUIRE(series.size() == 1);
    return series[0]["values"];
  }
  std::size_t count() { return all()["series"].size(); }

  Shown shown;
  Recent recent;
};

}  // namespace

TEST_CASE("recent: no more than 16 powers have a past, which is said once") {
  Chart chart;
  chart.identify("solar", "S1");
  for (int n = 0; n < 40; ++n) {
    EntitySpec spec{.key = "", .unit = "W", .device_class = "power"};
    const std::string key = "own_" + std::to_string(n);
    spec.key = key;
    spec.statistics = Statistics::measurement;
    chart.say("solar", Entity{"", &spec});
    chart.read("solar", key, Decimal{n, 0});
    chart.read("solar", key, Decimal{n, 0});
  }
  chart.power(1);
  CHECK(chart.count() == Recent::max_series);
  CHECK(std::count_if(chart.log.lines.begin(), chart.log.lines.end(), [](const std::string& line) {
          return line.find("solar/own_16") != line.npos;
        }) == 1);
  chart.clock.advance(1h);
  CHECK(chart.recent.json().size() < 32'000);
}

TEST_CASE("recent: numbers that are no power of a house do no harm") {
  Chart chart;
  for (const Decimal odd : {Decimal{INT64_MAX, 0}, Decimal{INT64_MIN, 0}, Decimal{1, 30},
                            Decimal{9, -18}, Decimal{-5, 0}}) {
    chart.read("meter", "power_import", odd);
    chart.clock.advance(5s);
  }
  CHECK(chart.values() == json{1'000'000'000, -1'000'000'000, nullptr, 0, -5});
}

TEST_CASE("recent: what is hidden, of a phase, a rating or disabled is not in the chart") {
  Chart chart({"meter/power_export"});
  for (const char* key : {"power_export", "power_l1", "power_import_l2", "power_rated",
                          "month_max_1", "hour_available_power", "mppt1_power", "voltage_l1",
                          "apparent_power", "power_import_avg"}) {
    CAPTURE(key);
    chart.read("meter", key, Decimal{1, 0});
    CHECK(chart.count() == 0);
  }
}

TEST_CASE("recent: a mean of 5 s is weighted by time") {
  Chart chart;
  chart.power(100);
  chart.clock.advance(2s);
  chart.power(200);
  chart.clock.advance(3s);
  CHECK(chart.values() == json{160});
  chart.clock.advance(5s);  // it holds until the next
  CHECK(chart.values() == json{160, 200});
  chart.clock.advance(4s);
  chart.power(0);
  chart.clock.advance(1s);
  CHECK(chart.values() == json{160, 200, 160});
}

TEST_CASE("recent: of a silent device nothing is known") {
  Chart chart;
  chart.power(100);
  chart.clock.advance(7s);
  chart.say("meter", Alive{"", 0s});
  chart.clock.advance(8s);
  CHECK(chart.values() == json{100, 100, nullptr});
  chart.say("meter", Alive{"", 30s});
  chart.clock.advance(5s);
  chart.power(50);
  chart.clock.advance(5s);
  CHECK(chart.values() == json{100, 100, nullptr, nullptr, 50});
  chart.read("meter", "power_import", Value{});
  chart.clock.advance(5s);
  CHECK(chart.values().back() == nullptr);
}

TEST_CASE("recent: it holds 15 minutes, the newest last, and its end is the time of day") {
  Chart chart;
  for (int n = 1; n <= 200; ++n) {
    chart.power(n);
    chart.clock.advance(5s);
  }
  const json all = chart.all();
  CHECK(all["step"] == 5);
  CHECK(all["series"][0]["device"] == "meter");
  CHECK(all["series"][0]["key"] == "power_import");
  CHECK(all["series"][0]["unit"] == "W");
  CHECK(all["series"][0]["values"].size() == Recent::slots);
  const auto now = std::chrono::floor<std::chrono::seconds>(*chart.clock.now().wall);
  const std::int64_t end = all["end"];
  CHECK(end <= now.time_since_epoch().count());
  CHECK(end > now.time_since_epoch().count() - 6);
}

TEST_CASE("recent: a series that came later has no past") {
  Chart chart;
  chart.power(100);
  chart.clock.advance(10s);
  chart.identify("solar", "S1");
  chart.read("solar", "power", Decimal{7, 0});
  chart.clock.advance(10s);
  const json series = chart.all()["series"];
  REQUIRE(series.size() == 2);
  CHECK(series[0]["values"].size() == series[1]["values"].size());
  CHECK(series[1]["values"][0] == nullptr);
  CHECK(series[1]["values"].back() == 7);
}

TEST_CASE("recent: after a long pause it begins anew") {
  Chart chart;
  chart.power(100);
  chart.clock.advance(48h);
  CHECK(chart.values().empty());
  chart.power(5);
  chart.clock.advance(10s);
  CHECK(chart.values().back() == 5);
}

TEST_CASE("recent: an entity that is gone is no series") {
  Chart chart;
  chart.power(100);
  CHECK(chart.count() == 1);
  chart.identify("meter", "E2");  // another meter in its place
  CHECK(chart.count() == 0);
}
