// The lifetime counters of one meter, over restarts, exchanges and changes of their scale.
#include "parts/meter_totals.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Instant noon{1'800'000'000'000ms};
constexpr Decimal kwh(std::int64_t watt_hours) { return {watt_hours, -3}; }

// What it says beside its answers.
struct Notices final : Effects {
  std::string text;
  void operator()(const Effect& effect) override {
    if (const auto* notice = std::get_if<Notice>(&effect)) (text += notice->text) += '\n';
  }
};

class TestedTotals : public MeterTotals {
 public:
  using MeterTotals::is_of;
  using MeterTotals::scale;
  using MeterTotals::see;
  std::string_view judge(std::string_view key, Decimal value, Now now,
                         Limit limit = Limit::by_power) {
    return MeterTotals::judge(key, value, now, said, limit);
  }
  void is_of(std::string_view meter) { is_of(meter, true); }
  void scale(std::int8_t exponent) { scale(exponent, true); }
  void see(Decimal watts) { see(Flow::import, watts, {}); }
  Notices said;
};

Now after(std::chrono::milliseconds passed) { return {Mono{} + passed, noon + passed}; }

// What the next run of gridtap knows; its steady clock begins elsewhere.
TestedTotals restarted(const MeterTotals& before, std::string_view channel = "") {
  RecordWriter record;
  before.save(record, channel);
  TestedTotals totals;
  totals.restore(Record(record.text()), channel);
  return totals;
}
Now in_next_run(std::chrono::milliseconds passed) { return {Mono{77h} + passed, noon + passed}; }

}  // namespace

TEST_CASE("meter totals: a counter above 0 never becomes 0, over restarts neither") {
  TestedTotals totals;
  totals.is_of("4711");
  CHECK(totals.judge("energy_import", kwh(1'581'123), after(0s)) == "");
  TestedTotals next = restarted(totals);
  next.is_of("4711");
  for (int hour = 1; hour < 60; ++hour) {
    CHECK(next.judge("energy_import", kwh(0), in_next_run(hour * 1h)) == "zero");
  }
  CHECK(next.judge("energy_import", kwh(1'581'124), in_next_run(60h)) == "");
}

TEST_CASE("meter totals: what cannot have been used meanwhile is held, over restarts too") {
  TestedTotals totals;
  CHECK(totals.judge("energy_import", kwh(1'000'000), after(0s)) == "");
  TestedTotals next = restarted(totals);
  CHECK(next.judge("energy_import", kwh(10'000'000), in_next_run(1h)) == "jumped");
  CHECK(next.judge("energy_import", kwh(1'100'000), in_next_run(1h)) == "");
}

TEST_CASE("meter totals: a cottage that slept for three months is believed at once") {
  TestedTotals totals;
  CHECK(totals.judge("energy_import", kwh(1'000'000), after(0s)) == "");
  TestedTotals next = restarted(totals);
  CHECK(next.judge("energy_import", kwh(9'000'000), in_next_run(24h * 90)) == "");
}

TEST_CASE("meter totals: another meter's counters begin anew, over a restart too") {
  TestedTotals totals;
  totals.is_of("4711");
  CHECK(totals.judge("energy_import", kwh(1'581'123), after(0s)) == "");
  totals.is_of("");  // a message that does not say
  CHECK(totals.judge("energy_import", kwh(12), after(1s)) == "fell");
  TestedTotals next = restarted(totals);
  next.is_of("4712");
  CHECK(next.judge("energy_import", kwh(12), in_next_run(1s)) == "");
  totals.is_of("4712");
  CHECK(totals.judge("energy_import", kwh(12), after(2s)) == "");
}

TEST_CASE("meter totals: a serial number that comes later is no other meter") {
  TestedTotals totals;
  CHECK(totals.judge("energy_import", kwh(1'581'123), after(0s)) == "");
  totals.is_of("4711");
  CHECK(totals.judge("energy_import", kwh(12), after(1s)) == "fell");
}

TEST_CASE("meter totals: a plant carries what was seen, or what its nameplate says") {
  TestedTotals plant;
  CHECK(plant.judge("energy_produced", kwh(1'000'000), after(0s)) == "");
  CHECK(plant.judge("energy_produced", kwh(1'100'000), after(1min)) == "jumped");
  plant.carries({5'000'000, 0});
  CHECK(plant.judge("energy_produced", kwh(1'150'000), after(2min)) == "");
  TestedTotals seen;
  for (int second = 0; second < 3; ++second) seen.see({5'000'000, 0});
  CHECK(seen.judge("energy_produced", kwh(1'000'000), after(0s)) == "");
  CHECK(seen.judge("energy_produced", kwh(1'100'000), after(1min)) == "");
}

TEST_CASE("meter totals: a counter of no power has no limit, but does not fall") {
  TestedTotals totals;
  constexpr auto none = MeterTotals::Limit::none;
  CHECK(totals.judge("battery_cycles", {5, 0}, after(0s), none) == "");
  CHECK(totals.judge("battery_cycles", {5000, 0}, after(1s), none) == "");
  CHECK(totals.judge("battery_cycles", {4999, 0}, after(2s), none) == "fell");
}

TEST_CASE("meter totals: a person takes all that is held, and it goes on from there") {
  TestedTotals totals;
  CHECK_FALSE(totals.accept({}));
  for (const char* key : {"energy_import", "energy_export"}) {
    CHECK(totals.judge(key, kwh(1'000'000), after(0s)) == "");
  }
  CHECK(totals.judge("energy_import", kwh(9'000'000), after(1s)) == "jumped");
  CHECK(totals.judge("energy_export", kwh(0), after(1s)) == "zero");
  std::string taken;
  CHECK(totals.accept([&](std::string_view key, Decimal value) {
    taken += std::string(key) + ' ' + to_text(value) + ';';
  }));
  CHECK(taken == "energy_import 9000.000;energy_export 0.000;");
  CHECK(totals.judge("energy_import", kwh(9'000'001), after(2s)) == "");
  CHECK(totals.judge("energy_export", kwh(0), after(2s)) == "");
}

TEST_CASE("meter totals: another scale moves what is known, and is no jump") {
  TestedTotals totals;
  totals.scale(1);
  CHECK(totals.judge("energy_import", {14'512'345, -2}, after(0s)) == "");
  totals.scale(0);
  CHECK(totals.judge("energy_import", {14'512'346, -3}, after(10s)) == "");
  TestedTotals next = restarted(totals);
  next.scale(1);
  CHECK(next.judge("energy_import", {14'512'347, -2}, in_next_run(20s)) == "");
  CHECK(next.judge("energy_import", {14'512'347, -1}, in_next_run(30s)) == "jumped");
}

TEST_CASE("meter totals: each channel has its own rows, and broken rows are passed over") {
  TestedTotals first, second;
  CHECK(first.judge("energy_import", kwh(1000), after(0s)) == "");
  CHECK(second.judge("energy_import", kwh(2000), after(0s)) == "");
  RecordWriter record;
  first.save(record, "");
  second.save(record, "1");
  record.add("totals", "2");
  record.add("total", "energy_import", "12x", 5);
  record.add("total", "energy_import", "-12", 5);
  record.add("total", "", "12", 5);
  record.add("total", "energy_import");
  record.add("total");
  const Record rows(record.text());
  TestedTotals totals;
  totals.restore(rows, "1");
  CHECK(totals.judge("energy_import", kwh(1999), in_next_run(1s)) == "fell");
  TestedTotals other;
  other.restore(rows, "2");
  CHECK(other.judge("energy_import", kwh(1), in_next_run(1s)) == "");
}

// ---- what powers prove --------------------------------------------------------------------------

TEST_CASE("meter totals: a plant of megawatts is explained from its second message on") {
  TestedTotals plant;
  for (int second = 0; second < 60; ++second) {
    const Now now = after(second * 1s);
    CHECK(plant.judge("energy_import", kwh(1'000'000 + second * 833), now) == "");  // 3 MW
    plant.see(Flow::import, {3'000'000, 0}, now);
  }
}

TEST_CASE("meter totals: a jump that powers do not add up to is not explained") {
  TestedTotals plant;
  for (int second = 0; second < 3; ++second) {
    plant.see(Flow::import, {70'000, 0}, after(second * 1s));
  }
  CHECK(plant.judge("energy_import", kwh(1'000'000), after(2s)) == "");
  CHECK(plant.judge("energy_import", kwh(1'000'400), after(3s)) == "jumped");
  CHECK(plant.judge("energy_export", kwh(1'000'000), after(2s)) == "");
  CHECK(plant.judge("energy_export", kwh(1'000'400), after(3s)) == "jumped");
}

TEST_CASE("meter totals: that a register began anew is said with both numbers") {
  TestedTotals totals;
  totals.is_of("4711");
  CHECK(totals.judge("energy_import", kwh(1'581'123), after(0s)) == "");
  for (const auto time : {1min, 5min}) {
    CHECK(totals.judge("energy_import", kwh(12), after(time)) == "fell");
  }
  CHECK(totals.judge("energy_import", kwh(13), after(11min)) == "");
  CHECK(totals.said.text ==
        "energy_import begins anew: 1581.123 before, 0.013 now; taken as another meter, or a "
        "reset\n");
}

namespace {

// Two tariffs that begin at 0, the second of which never counts; power of the first all the time.
std::string fate_of_second_tariff(bool has_serial, int watts, std::chrono::hours time) {
  TestedTotals totals;
  totals.is_of("4711", has_serial);
  const auto judge = [&](std::string_view key, std::int64_t watt_hours, Now now) {
    return std::string(totals.judge(key, kwh(watt_hours), now));
  };
  judge("energy_import_t1", 1'000'000, after(0s));
  judge("energy_import_t2", 2'000'000, after(0s));
  std::string fate;
  for (std::chrono::seconds now = 10s; now <= time; now += 10s) {
    judge("energy_import_t1", now.count() / 6, after(now));  // 600 W
    fate = judge("energy_import_t2", 0, after(now));
    totals.see(Flow::import, {watts, 0}, after(now));
  }
  return fate;
}

}  // namespace

TEST_CASE("meter totals: a zero is another meter's where its tariffs never grew as powers say") {
  CHECK(fate_of_second_tariff(false, 600, 2h) == "zero");
  CHECK(fate_of_second_tariff(true, 600, 30h) == "zero");
}

namespace {

// A meter without serial number that has counted 1,581.123 kWh, and what is said of a register that
// is there instead, every ten seconds for that long, while powers say so much; below 0: nothing.
struct Exchange {
  void plays(std::int64_t begin, std::int64_t watts_counted, int watts, std::chrono::hours time) {
    for (std::chrono::seconds passed{10}; passed <= time; passed += 10s) {
      now += 10s;
      if (watts >= 0) totals.see(Flow::import, {watts, 0}, after(now));
      fate = totals.judge(key, kwh(begin + watts_counted * passed.count() / 3600), after(now));
    }
  }
  explicit Exchange(std::string_view counter = "energy_import", bool has_serial = false)
      : key(counter) {
    totals.is_of("4711", has_serial);
    fate = totals.judge(key, kwh(1'581'123), after(now));
  }
  std::string_view key;
  TestedTotals totals;
  std::chrono::seconds now{0};
  std::string fate;
};

}  // namespace

TEST_CASE("meter totals: a low register waits a day where no serial number tells of a new meter") {
  Exchange exchange;
  exchange.plays(3000, 600, 600, 23h);
  CHECK(exchange.fate == "fell");
  exchange.plays(3000 + 23 * 600, 600, 600, 2h);
  CHECK(exchange.fate == "");
  CHECK(exchange.totals.said.text.starts_with("energy_import begins anew: 1581.123 before, 17."));
  CHECK(exchange.totals.said.text.ends_with(" now; taken as another meter, or a reset\n"));
}

TEST_CASE("meter totals: a low register that rests, or grows otherwise than powers say, waits on") {
  for (const int counted : {0, 300, 900}) {
    CAPTURE(counted);
    Exchange exchange;
    exchange.plays(3000, counted, 600, 30h);
    CHECK(exchange.fate == "fell");
    CHECK(exchange.totals.said.text.empty());
    CHECK(exchange.totals.judge("energy_import", kwh(1'596'123), after(31h)) == "");
  }
}

TEST_CASE("meter totals: any other fall is believed after ten minutes, serial number or not") {
  for (const std::int64_t begin : {1'581'000, 800'000, 158'113}) {
    CAPTURE(begin);
    Exchange exchange;
    exchange.plays(begin, 600, 600, 1h);
    CHECK(exchange.fate == "");
  }
  Exchange numbered("energy_import", true), reactive("reactive_energy_import"), alone;
  numbered.plays(3000, 600, 600, 1h);
  CHECK(numbered.fate == "");
  reactive.plays(3000, 600, 600, 1h);  // nothing could prove it
  CHECK(reactive.fate == "");
  alone.plays(3000, 600, -1, 1h);
  CHECK(alone.fate == "");
}

TEST_CASE("meter totals: a person ends the wait for a low register") {
  Exchange exchange;
  exchange.plays(3000, 600, 0, 1h);
  CHECK(exchange.fate == "fell");
  CHECK(exchange.totals.accept({}));
  exchange.plays(3600, 600, 0, 1h);
  CHECK(exchange.fate == "");
}

TEST_CASE("meter totals: the tariffs of a new meter are taken together, low or not") {
  TestedTotals totals;
  totals.is_of("/HEADER", false);
  CHECK(totals.judge("energy_import_t1", kwh(5'000'000), after(0s)) == "");
  CHECK(totals.judge("energy_import_t2", kwh(20'000), after(0s)) == "");
  std::string first, second;
  for (std::chrono::seconds now = 10s; now <= 25h; now += 10s) {
    totals.see(Flow::import, {600, 0}, after(now));
    const std::int64_t half = now.count() * 300 / 3600;
    first = totals.judge("energy_import_t1", kwh(2000 + half), after(now));
    second = totals.judge("energy_import_t2", kwh(3000 + half), after(now));
    if (now == 20h) CHECK(first + second == "fellfell");
  }
  CHECK(first + second == "");
}

// ---- a change of unit ---------------------------------------------------------------------------

TEST_CASE("meter totals: a register that is ten times itself has changed its unit, and waits") {
  for (const std::int64_t factor : {10, 100, 1000}) {
    TestedTotals totals;
    totals.scale(1, false);
    CHECK(totals.judge("energy_import", {1'451'630, -2}, after(0s)) == "");
    CHECK(totals.judge("energy_import", {1'451'830 * factor, -2}, after(1h)) == "unit");
    CHECK(totals.judge("energy_import", {1'452'030 * factor, -2}, after(2h)) == "unit");
  }
}

TEST_CASE("meter totals: when the exponent follows, the counter goes on from what it had") {
  TestedTotals totals;
  totals.scale(1, false);
  CHECK(totals.judge("energy_import", {1'451'630, -2}, after(0s)) == "");
  CHECK(totals.judge("energy_import", {14'518'300, -2}, after(1h)) == "unit");
  totals.scale(0, false);
  CHECK(totals.judge("energy_import", {14'520'300, -3}, after(2h)) == "");
  CHECK(totals.judge("energy_import", {14'520'200, -3}, after(3h)) == "fell");
}

TEST_CASE("meter totals: a tenth of itself waits for the exponent too, and is no fall meanwhile") {
  TestedTotals totals;
  totals.scale(0, false);
  CHECK(totals.judge("energy_import", {14'516'300, -3}, after(0s)) == "");
  for (int hour = 1; hour < 6; ++hour) {
    CHECK(totals.judge("energy_import", {1'451'830 + hour, -3}, after(hour * 1h)) == "unit");
  }
  totals.scale(1, false);
  CHECK(totals.judge("energy_import", {1'452'900, -2}, after(6h)) == "");
}

TEST_CASE("meter totals: no unit has changed where one is set, or on the wire, or in few counts") {
  TestedTotals set, wire, few;
  set.scale(1, true);
  few.scale(1, false);
  for (TestedTotals* totals : {&set, &wire}) {
    CHECK(totals->judge("energy_import", {1'451'630, -2}, after(0s)) == "");
    CHECK(totals->judge("energy_import", {14'516'300, -2}, after(1h)) == "jumped");
    CHECK(totals->judge("energy_import", {145'163, -2}, after(2h)) == "fell");
  }
  CHECK(few.judge("energy_import", {90, -2}, after(0s)) == "");
  CHECK(few.judge("energy_import", {900, -2}, after(1h)) == "");
}

TEST_CASE("meter totals: what no power ever decides is in doubt for a day") {
  TestedTotals totals;
  totals.scale(0, false);
  CHECK(totals.judge("energy_import", {14'516'300, -3}, after(0s)) == "");
  for (int hour = 1; hour <= 24; ++hour) {
    CHECK(totals.judge("energy_import", {1'451'640, -3}, after(hour * 1h)) == "unit");
  }
  CHECK(totals.judge("energy_import", {1'451'640, -3}, after(25h)) == "");
}

TEST_CASE(
    "meter totals: what a register that is updated now and then rises by at first has no limit") {
  constexpr auto later = MeterTotals::Limit::by_power_later;
  TestedTotals totals;
  totals.is_of("4711");
  CHECK(totals.judge("energy_produced", kwh(26'320'000), after(0s), later) == "");
  CHECK(totals.judge("energy_produced", kwh(26'320'000), after(5s), later) == "");
  CHECK(totals.judge("energy_produced", kwh(26'325'000), after(6s), later) == "");
  CHECK(totals.judge("energy_produced", kwh(26'330'000), after(7s), later) == "jumped");
  TestedTotals next = restarted(totals);
  next.is_of("4711");
  CHECK(next.judge("energy_produced", kwh(26'335'000), in_next_run(8s), later) == "jumped");
}
