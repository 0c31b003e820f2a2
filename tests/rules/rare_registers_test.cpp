// What a meter sends once an hour is known again at once after a restart.

#include "rules/rare_registers.hpp"

#include <doctest/doctest.h>

#include "core/record.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

struct Meter final : Effects {
  RareRegistersRule rule;
  Now now{Mono{50h}, {}};
  std::string said;
  int keeps = 0;

  explicit Meter(std::string_view state = "") { rule.restore(state); }

  void operator()(const Effect& effect) override {
    if (std::holds_alternative<Keep>(effect)) {
      ++keeps;
      return;
    }
    const auto& reading = std::get<Reading>(effect);
    CHECK(reading.source == "store");
    said += std::string(reading.key) + ' ' + to_text(reading.value) + '\n';
  }
  void hear(const Effect& effect) { rule.on_effect("meter", effect, now, *this); }
  Meter& is(std::string_view serial) {
    hear(Identified{"", {"", serial, serial, "", "", ""}});
    return *this;
  }
  Meter& reads(std::string_view key, Value value, std::string_view source = "wire",
               std::string_view channel = "") {
    hear(Reading{channel, key, source, value});
    return *this;
  }
  std::string list(bool quiet = false) {
    said.clear();
    hear(Frame{100, quiet});
    return said;
  }
};

std::string kept() {
  Meter meter;
  meter.is("4711").reads("energy_import", Decimal{5000123, -3}).reads("energy_export", Decimal{0});
  meter.reads("power_import", Decimal{900}).reads("meter_clock", std::string_view("12:00")).list();
  return meter.rule.state();
}

}  // namespace

TEST_CASE("rare registers: after a restart they come with the first list of the same meter") {
  Meter meter(kept());
  CHECK(meter.list(true) == "");
  CHECK(meter.reads("power_import", Decimal{800}).list() == "");  // whose list is not known yet
  CHECK(meter.is("4711").list() == "energy_export 0\nenergy_import 5000.123\n");
  CHECK(meter.list() == "");
}

TEST_CASE("rare registers: what this run heard is newer than what was kept") {
  Meter meter(kept());
  CHECK(meter.is("4711").reads("energy_import", Decimal{5001, 0}).list() == "energy_export 0\n");
}

TEST_CASE("rare registers: another meter shows nothing of the old one's") {
  Meter meter(kept());
  CHECK(meter.is("0815").list() == "");
  CHECK(meter.rule.state() == "");
  meter.reads("energy_import", Decimal{3}).list();
  CHECK(meter.is("4711").list() == "");  // swapped back: its counters come with its own lists
  CHECK(meter.rule.state() == "");
}

TEST_CASE("rare registers: a meter without a serial number goes on") {
  Meter before;
  before.reads("energy_import", Decimal{7}).list();
  Meter meter(before.rule.state());
  CHECK(meter.list() == "energy_import 7\n");
}

TEST_CASE("rare registers: values, what rules make and devices behind the meter are not kept") {
  Meter meter;
  meter.reads("power_import", Decimal{900}).reads("energy_import_live", Decimal{9}, "rule");
  meter.reads("gas", Decimal{3}, "wire", "gas").reads("serial", std::string_view("x")).list();
  CHECK(meter.rule.state() == "");
  CHECK(meter.keeps == 0);
}

TEST_CASE("rare registers: what changes often is not kept, as it would be old after a power cut") {
  Meter meter;
  const auto stored = [&] { return meter.rule.state().find("energy_import") != std::string::npos; };
  meter.reads("energy_import", Decimal{1});
  CHECK(meter.keeps == 1);
  for (int n = 2; n < 100; ++n) {
    meter.now.mono += 10s;
    meter.reads("energy_import", Decimal{n});
  }
  CHECK_FALSE(stored());
  CHECK(meter.keeps == 3);  // the second change takes it off the disk
  meter.now.mono += 1h;
  meter.reads("energy_import", Decimal{200});
  CHECK(stored());
  CHECK(meter.keeps == 4);
}

TEST_CASE("rare registers: one that does not move for a night is rare until the sun is out") {
  Meter meter;
  meter.reads("energy_export", Decimal{50});
  for (int hour = 0; hour < 8; ++hour) {
    meter.now.mono += 1h;
    meter.reads("energy_export", Decimal{50});
  }
  CHECK(Meter(meter.rule.state()).list() == "energy_export 50\n");
  for (int n = 51; n < 60; ++n) {
    meter.now.mono += 10s;
    meter.reads("energy_export", Decimal{n});
  }
  CHECK(Meter(meter.rule.state()).list() == "");
}

TEST_CASE("rare registers: a damaged record gives nothing, and one strange row costs no other") {
  CHECK(Meter("nonsense").rule.state() == "");
  const std::string whole = kept();
  CHECK(Meter(whole.substr(0, whole.size() / 2)).list() == "");
  RecordWriter record;
  record.add("serial", "4711")
      .add("register", "energy_import", 5)
      .add("register", "power_import", 5, 0);
  record.add("register", "energy_export", 6, -3).add("register", "nothing", 1, 0).add("other", 1);
  CHECK(Meter(record.text()).is("4711").list() == "energy_export 0.006\n");
}

TEST_CASE("rare registers: a meter of very many counters fills no memory") {
  Meter meter;
  int keys = 0;
  for (const auto theme : vocabulary()) {
    for (const EntitySpec& spec : theme) {
      if (spec.statistics == Statistics::total_increasing) ++keys;
      meter.reads(spec.key, Decimal{1});
    }
  }
  REQUIRE(keys > int{RareRegistersRule::max_registers});
  CHECK(Record(meter.rule.state()).rows().size() == 1 + RareRegistersRule::max_registers);
}
