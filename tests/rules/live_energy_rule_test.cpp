// The rule hears what a meter says and makes energy_import_live and energy_export_live of it.

#include "rules/live_energy_rule.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "core/record.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 12h};

struct Meter final : Effects {
  LiveEnergyRule rule;
  Now now{Mono{50h}, noon};
  std::string said;
  int keeps = 0;

  void operator()(const Effect& effect) override {
    if (std::holds_alternative<Keep>(effect)) {
      ++keeps;
      return;
    }
    const auto& reading = std::get<Reading>(effect);
    CHECK(reading.source == "rule");
    CHECK(find_spec(reading.key) != nullptr);
    said += std::string(reading.key) + ' ' + to_text(reading.value) + '\n';
  }
  void hear(const Effect& effect) { rule.on_effect("meter", effect, now, *this); }
  void is(std::string_view serial) { hear(Identified{"", {"", serial, serial, "", "", ""}}); }
  void reads(std::string_view key, Value value, std::string_view channel = "") {
    hear(Reading{channel, key, "wire", value});
  }
  // What the rule says of the list that ends here.
  std::string list() {
    said.clear();
    hear(Frame{100});
    return said;
  }
  std::string power(std::int64_t watts, std::chrono::seconds later = 10s) {
    pass(later);
    reads("power_import", Decimal{watts, 0});
    return list();
  }
  std::string hourly(std::int64_t wh, std::string_view clock) {
    reads("energy_import", Decimal{wh, -3});
    if (!clock.empty()) reads("meter_clock", clock);
    return list();
  }
  void pass(std::chrono::milliseconds time) {
    now.mono += time;
    *now.wall += time;
  }
  void hour(std::int64_t watts) {
    for (int n = 0; n < 360; ++n) power(watts);
  }
};

}  // namespace

TEST_CASE("live energy rule: the register comes, and every list moves it on") {
  Meter meter;
  CHECK(meter.power(3600) == "");
  CHECK(meter.hourly(5000, "2026-11-20T12:00:00") == "energy_import_live 5.000\n");
  CHECK(meter.power(3600) == "energy_import_live 5.010\n");
  CHECK(meter.power(3600) == "energy_import_live 5.020\n");
}

TEST_CASE("live energy rule: a meter whose registers come with every list needs none") {
  Meter meter;
  for (int n = 0; n < 5; ++n) {
    meter.reads("power_import", Decimal{3600});
    CHECK(meter.hourly(5000 + 10 * n, "") == "");
    meter.pass(10s);
  }
  CHECK(meter.power(3600) == "energy_import_live 5.060\n");  // and one that stops to do so does
}

TEST_CASE("live energy rule: it reports when the value changes") {
  Meter meter;
  meter.power(0);
  meter.hourly(5000, "");
  CHECK(meter.power(0) == "");
  CHECK(meter.power(0) == "");
}

TEST_CASE("live energy rule: import and export are two, and a list may lack either") {
  Meter meter;
  meter.power(0);
  meter.pass(10s);
  meter.reads("energy_import", Decimal{5000, -3});
  meter.reads("energy_export", Decimal{70, -2});
  meter.reads("power_import", Decimal{0, 0});
  meter.reads("power_export", Decimal{3600, 0});
  CHECK(meter.list() == "energy_import_live 5.000\nenergy_export_live 0.700\n");
  meter.pass(10s);
  meter.reads("power_export", Decimal{3600, 0});
  CHECK(meter.list() == "energy_export_live 0.710\n");
}

TEST_CASE("live energy rule: a stale hour, the same registers and clock again, changes nothing") {
  Meter meter;
  meter.power(3600);
  meter.hourly(5000, "2026-11-20T12:00:00");
  meter.hour(3600);
  CHECK(meter.hourly(5000, "2026-11-20T12:00:00") == "");
  CHECK(meter.power(3600) == "energy_import_live 8.610\n");
  meter.hour(3600);
  CHECK(meter.hourly(12'250, "2026-11-20T14:00:00") == "energy_import_live 12.250\n");
}

TEST_CASE("live energy rule: the hour that comes twice in October is new both times") {
  Meter meter;
  meter.hourly(5000, "2026-10-25T02:00:10");
  meter.hour(3600);
  CHECK(meter.hourly(8700, "2026-10-25T02:00:10") == "energy_import_live 8.700\n");
}

TEST_CASE("live energy rule: an hour without consumption is new by its clock") {
  Meter meter;
  meter.power(3600);
  meter.hourly(5000, "2026-11-20T12:00:10");
  meter.power(3600);
  meter.hour(0);
  CHECK(meter.hourly(5000, "2026-11-20T13:00:10") == "");
  // The register restarts the integral: 5 Wh of the first ten seconds' tail are shown and held.
  CHECK(meter.power(3600, 2s) == "");
}

TEST_CASE("live energy rule: nulls, other channels and other kinds of value are not meant") {
  Meter meter;
  meter.reads("energy_import", Value{});
  meter.reads("energy_import", Decimal{1, 0}, "1");
  CHECK(meter.list() == "");
}

TEST_CASE("live energy rule: another meter begins anew, one that identifies itself late goes on") {
  Meter meter;
  meter.power(3600);
  meter.hourly(5000, "");
  meter.is("A1");
  CHECK(meter.power(3600) == "energy_import_live 5.010\n");
  meter.is("A1");
  CHECK(meter.power(3600) == "energy_import_live 5.020\n");
  meter.is("B2");
  CHECK(meter.power(3600) == "");
  CHECK(meter.hourly(70, "") == "energy_import_live 0.070\n");
}

// ---- restart ------------------------------------------------------------------------------------

namespace {

// A meter of 3.6 kW some minutes after its hourly list, and what its rule would have stored.
std::string stored_after(std::chrono::seconds time, const char* serial = "A1") {
  Meter meter;
  meter.is(serial);
  meter.power(3600);
  meter.hourly(5000, "2026-11-20T12:00:10");
  for (std::chrono::seconds n{0}; n < time; n += 10s) meter.power(3600);
  meter.rule.on_stop(meter.now, meter);
  return meter.rule.state();
}

Meter restarted(const std::string& state, std::chrono::seconds later) {
  Meter meter;
  meter.rule.restore(state);
  meter.pass(10s + later);  // the first list above took 10 s
  return meter;
}

}  // namespace

TEST_CASE("live energy rule: a restart within the hour goes on") {
  Meter meter = restarted(stored_after(600s), 600s + 5s);
  meter.is("A1");
  CHECK(meter.power(3600, 0s) == "energy_import_live 5.600\n");
  CHECK(meter.power(3600) == "energy_import_live 5.610\n");
}

TEST_CASE("live energy rule: a restart hours later waits for the register") {
  Meter meter = restarted(stored_after(600s), 2h);
  meter.is("A1");
  meter.hour(100);
  CHECK(meter.said == "");
  meter.hourly(9000, "2026-11-20T15:00:10");
  meter.hour(3600);
  CHECK(meter.said == "energy_import_live 12.595\n");
}

TEST_CASE("live energy rule: without a time of day what was stored is only a mark") {
  Meter meter = restarted(stored_after(600s), 605s);
  meter.now.wall.reset();
  meter.reads("power_import", Decimal{3600, 0});
  CHECK(meter.list() == "");
  CHECK(meter.rule.state() != "");
}

TEST_CASE("live energy rule: what was stored of another meter is forgotten") {
  Meter meter = restarted(stored_after(600s, "A1"), 605s);
  meter.is("B2");
  CHECK(meter.power(3600) == "");
  CHECK(meter.hourly(70, "") == "energy_import_live 0.070\n");
}

TEST_CASE("live energy rule: what was restored is stored again unchanged until a list comes") {
  const std::string state = stored_after(600s);
  LiveEnergyRule rule;
  rule.restore(state);
  CHECK(state.find("import.bound_wh 5600\n") != state.npos);
  CHECK(rule.state().find("import.bound_wh 5800\n") != state.npos);
  Meter meter;
  rule.on_start(meter.now, meter);
  CHECK(meter.keeps == 1);
  rule.on_stop(meter.now, meter);
  CHECK(rule.state() == state);
  CHECK(LiveEnergyRule{}.state() == "");
}

TEST_CASE("live energy rule: a state that is broken anywhere restores nothing, breaks nothing") {
  const std::string state = stored_after(600s);
  for (std::size_t size = 0; size < state.size(); ++size) {
    CAPTURE(size);
    LiveEnergyRule rule;
    rule.restore(state.substr(0, size));
    CHECK(rule.state() == "");
  }
}

namespace {

// The state of a meter whose import has these numbers.
std::string stored(std::int64_t heard, std::int64_t registered, std::int64_t register_wh,
                   std::int64_t power_mw) {
  return RecordWriter()
      .add("serial", "A1")
      .add("heard", heard)
      .add("import.registered", registered)
      .add("import.register_wh", register_wh)
      .add("import.shown_wh", 5)
      .add("import.beyond_mws", 6)
      .add("import.power_mw", power_mw)
      .text();
}

}  // namespace

TEST_CASE("live energy rule: a state with a number that no house can have is not taken") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  for (const std::string& bad : {stored(-1, 1, 5, 7), stored(2, -1, 5, 7), stored(2, 1, most, 7),
                                 stored(2, 1, -5, 7), stored(2, 1, 5, most)}) {
    CAPTURE(bad);
    LiveEnergyRule rule;
    rule.restore(bad);
    CHECK(rule.state() == "");
  }
  LiveEnergyRule rule;
  rule.restore(stored(2, 1, 5, 7));
  CHECK(rule.state() == stored(2, 1, 5, 7));
}

TEST_CASE("live energy rule: a direction that lacks a number is unknown, the other one is not") {
  LiveEnergyRule rule;
  rule.restore(RecordWriter()
                   .add("serial", "A1")
                   .add("heard", 2)
                   .add("import.registered", 1)
                   .add("import.register_wh", 3)
                   .add("export.registered", 1)
                   .add("export.register_wh", 4)
                   .add("export.shown_wh", 5)
                   .add("export.beyond_mws", 6)
                   .add("export.power_mw", 7)
                   .text());
  CHECK(rule.state().find("import") == std::string::npos);
  CHECK(rule.state().find("export.shown_wh 5") != std::string::npos);
}

TEST_CASE("live energy rule: a state of the version before goes on as a record") {
  LiveEnergyRule rule;
  rule.restore("1 A1 2 1 5 5 6 7 -");
  CHECK(rule.state() == stored(2, 1, 5, 7));
  rule.restore("1 - 2 - 1 5 5 6 7");
  CHECK(rule.state().find("serial \"\"\n") != std::string::npos);
  CHECK(rule.state().find("export.register_wh 5\n") != std::string::npos);
}

TEST_CASE("live energy rule: a broken state of the version before restores nothing") {
  const std::string state = "1 A1 2 1 5 5 6 7 -";
  for (std::size_t size = 0; size < state.size(); ++size) {
    CAPTURE(size);
    LiveEnergyRule rule;
    rule.restore(state.substr(0, size));
    CHECK(rule.state() == "");
  }
  for (const char* bad : {"2 A1 0 - -", "1 A1 x - -", "1 A1 0 1 -5 6 7 8 -",
                          "1 A1 0 1 9223372036854775807 1 1 1 -"}) {
    CAPTURE(bad);
    LiveEnergyRule rule;
    rule.restore(bad);
    CHECK(rule.state() == "");
  }
}
