// What the simulated meters say is what the adapter hears: every reading of a telegram is compared
// with the house that the meter stands in, through a day of it.

#include <algorithm>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "adapters/p1/adapter.hpp"
#include "adapters/p1/simulator.hpp"
#include "p1_house_values.hpp"
#include "support/settings.hpp"

using namespace gridtap;
using namespace gridtap::p1;
using namespace std::chrono;

namespace {

constexpr std::uint32_t seed = 20261120;
constexpr auto between_telegrams = minutes{5};

const std::vector<std::pair<std::string, std::string>> demo_keys = {
    {"key_file", "key"}, {"authentication_key_file", "authentication_key"}};

struct Heard {
  std::string channel, key, source, text;
  Value value;
  std::optional<Instant> at;
};

struct Listener final : Effects {
  void operator()(const Effect& effect) override {
    std::visit(
        overloaded{
            [&](const Reading& reading) {
              Heard heard{std::string(reading.channel),
                          std::string(reading.key),
                          std::string(reading.source),
                          to_text(reading.value),
                          reading.value,
                          reading.at};
              readings.push_back(std::move(heard));
            },
            [&](const Frame&) { ++frames; },
            [&](const Held& held) { trouble += "held " + std::string(held.reading.key) + ' '; },
            [&](const Dropped& dropped) { trouble += "dropped " + dropped.error.detail + ' '; },
            [&](const Diagnosis& found) {
              if (found.cause != Cause::seven_bit) trouble += std::string(name(found.cause)) + ' ';
            },
            [](const auto&) {}},
        effect);
  }

  std::vector<Heard> readings;
  int frames = 0;
  std::string trouble;
};

// A simulator and an adapter with one wire and one clock between them.
class Wire final : public Effects {
 public:
  Wire(const HeardMeter& meter, Second start, const std::string& noise = "0")
      : start_(start), house_(find_played_meter(meter.name)->house, start, seed) {
    simulator_ = built(&played, {{"meter", std::string(meter.name)}, {"noise", noise}});
    auto settings = meter.settings;
    settings.emplace_back("time_zone", "Europe/Amsterdam");
    adapter_ = built(&make, settings);
    adapter_->on_start(now(), listener);
    adapter_->on_open(now(), listener);
    simulator_->on_open(now(), *this);
  }

  void operator()(const Effect& effect) override {
    adapter_->on_bytes(std::get<Send>(effect).bytes, now(), listener);
  }

  // Lets the next telegram through, with the silence behind it; the house as it was then.
  const HouseState& next_telegram() {
    listener.readings.clear();
    const Mono begin = std::max({time_, earliest_, simulator_->next_wake()});
    while (adapter_->next_wake() < begin) {
      time_ = std::max(time_, adapter_->next_wake());
      adapter_->on_wake(now(), listener);
    }
    time_ = begin;
    earliest_ += between_telegrams;
    house_.advance(floor<seconds>(start_ + time_.time_since_epoch()));
    simulator_->on_wake(now(), *this);
    for (const Mono end = time_ + milliseconds{900}; time_ < end;) {
      time_ = std::min({simulator_->next_wake(), adapter_->next_wake(), end});
      if (time_ >= simulator_->next_wake() && time_ < end) simulator_->on_wake(now(), *this);
      if (time_ >= adapter_->next_wake()) adapter_->on_wake(now(), listener);
    }
    return house_.state();
  }

  Listener listener;

 private:
  static std::unique_ptr<Adapter> played(Section& section, std::uint32_t number) {
    return std::move(simulate(section, number)[0]);
  }
  static std::unique_ptr<Adapter> built(
      Make make_one, const std::vector<std::pair<std::string, std::string>>& settings) {
    std::vector<Member> members;
    for (const auto& [key, value] : settings) members.push_back({key, plain(value)});
    SectionRig rig(std::move(members));
    rig.files = {{"key", std::string(demo_key) + '\n'},
                 {"authentication_key", std::string(demo_authentication_key) + '\n'}};
    Section section = rig.section();
    auto part = make_one(section, seed);
    section.finish();
    REQUIRE(rig.problems() == "");
    return part;
  }

  Now now() const { return {time_, floor<milliseconds>(start_ + time_.time_since_epoch())}; }

  Second start_;
  House house_;
  Mono time_{}, earliest_{};
  std::unique_ptr<Adapter> simulator_, adapter_;
};

void check_own(const HeardMeter& meter, const Heard& heard, const HouseState& house) {
  CAPTURE(heard.key);
  CAPTURE(heard.text);
  if (heard.key == "p1_version" || heard.key == "meter_clock" || heard.key == "clock_offset")
    return;
  if (const auto number = house_value(meter, heard.key, house)) {
    REQUIRE(std::holds_alternative<Decimal>(heard.value));
    CAPTURE(to_text(*number));
    CHECK(std::get<Decimal>(heard.value) == *number);
  } else if (const auto time = moment_of(heard.key, house)) {
    REQUIRE(std::holds_alternative<Timestamp>(heard.value));
    CHECK(std::get<Timestamp>(heard.value).instant == *time);
  } else if (const auto text = words_of(meter, heard.key, house)) {
    CHECK(heard.text == *text);
  } else {
    FAIL_CHECK("no house value for this key");
  }
}

void check_behind(const Heard& heard, const HouseState& house) {
  CAPTURE(heard.channel);
  CAPTURE(heard.key);
  const Flow& flow = heard.channel == "1" ? house.gas : house.water;
  if (heard.key == "gas" || heard.key == "water") {
    REQUIRE(std::holds_alternative<Decimal>(heard.value));
    CHECK(std::get<Decimal>(heard.value) == Decimal{flow.told_millilitres / 1000, -3});
    REQUIRE(heard.at.has_value());
    CHECK(*heard.at == flow.told_at);
  } else if (heard.key == "reading_time") {
    CHECK(std::get<Timestamp>(heard.value).instant == flow.told_at);
  } else if (heard.key == "valve") {
    CHECK(heard.text == "open");
  } else {
    FAIL_CHECK("no house value for this key");
  }
}

void check_values(const HeardMeter& meter, const Listener& listener, const HouseState& house) {
  for (const Heard& heard : listener.readings) {
    if (heard.channel.empty()) {
      check_own(meter, heard, house);
    } else {
      check_behind(heard, house);
    }
  }
}

using Keys = std::vector<std::string>;

Keys sorted(Keys keys) {
  std::sort(keys.begin(), keys.end());
  return keys;
}

// A current has a sign only while the phase carries enough to tell it (p1.md 5.5).
bool expected_now(const std::string& key, const HouseState& house) {
  if (!key.starts_with("current_signed")) return true;
  const std::int64_t w = house.phase[static_cast<std::size_t>(key.back() - '1')].w;
  return w > 20 || w < -20;
}

Keys expected_keys(std::string_view words, const HouseState& house) {
  Keys keys;
  std::istringstream stream{std::string(words)};
  for (std::string word; stream >> word;) {
    const std::size_t star = word.find('*');
    for (const char digit : {'1', '2', '3'}) {
      if (star != word.npos) word[star] = digit;
      if (expected_now(word, house)) keys.push_back(word);
      if (star == word.npos) break;
    }
  }
  return sorted(std::move(keys));
}

Keys heard_keys(const Listener& listener, bool own) {
  Keys keys;
  for (const Heard& heard : listener.readings) {
    if (heard.channel.empty() != own) continue;
    keys.push_back(own ? heard.key : heard.channel + '.' + heard.key);
  }
  return sorted(std::move(keys));
}

constexpr std::string_view old_dutch =
    "energy_import_t1 energy_import_t2 energy_export_t1 energy_export_t2 energy_import "
    "energy_export power_import power_export power_net tariff tariff_name fuse_threshold breaker "
    "message message_code";
constexpr std::string_view kaifa =
    "p1_version meter_time energy_import_t1 energy_import_t2 energy_export_t1 energy_export_t2 "
    "energy_import energy_export tariff tariff_name power_import power_export power_net "
    "power_failures long_power_failures last_power_failure voltage_sags_l* voltage_swells_l* "
    "message message_code current_l* current_signed_l* power_import_l* power_export_l* "
    "power_net_l*";
constexpr std::string_view iskra =
    "p1_version meter_time energy_import_t1 energy_import_t2 energy_export_t1 energy_export_t2 "
    "energy_import energy_export tariff tariff_name power_import power_export power_net "
    "power_failures long_power_failures last_power_failure voltage_sags_l* voltage_swells_l* "
    "message voltage_l* current_l* current_signed_l* power_import_l* power_export_l* power_net_l*";
constexpr std::string_view one_phase =
    "p1_version meter_time energy_import_t1 energy_import_t2 energy_export_t1 energy_export_t2 "
    "energy_import energy_export tariff tariff_name power_import power_export power_net "
    "power_failures long_power_failures last_power_failure voltage_sags_l1 voltage_swells_l1 "
    "message voltage_l1 current_l1 current_signed_l1 power_import_l1 power_export_l1 power_net_l1";
constexpr std::string_view fluvius =
    "p1_version meter_time energy_import_t1 energy_import_t2 energy_export_t1 energy_export_t2 "
    "energy_import energy_export tariff tariff_name demand_import_now demand_import_month_peak "
    "demand_import_month_peak_time demand_history power_import power_export power_net "
    "power_import_l* power_export_l* power_net_l* voltage_l* current_l* current_signed_l* "
    "breaker limiter fuse_threshold message";
constexpr std::string_view smarty =
    "p1_version meter_time energy_import energy_export reactive_energy_import "
    "reactive_energy_export power_import power_export power_net reactive_power_import "
    "reactive_power_export limiter_apparent breaker message message_2 message_3 message_4 "
    "message_5 voltage_l* current_l* fuse_threshold fuse_threshold_export";
constexpr std::string_view austrian =
    "p1_version meter_time energy_import energy_import_t1 energy_import_t2 energy_export "
    "energy_export_t1 energy_export_t2 reactive_energy_import reactive_energy_import_t1 "
    "reactive_energy_import_t2 reactive_energy_export reactive_energy_export_t1 "
    "reactive_energy_export_t2 power_import power_export power_net reactive_power_import "
    "reactive_power_export";
constexpr std::string_view e360 =
    "meter_time energy_import energy_export reactive_energy_import reactive_energy_export "
    "power_import power_export power_net reactive_power_import reactive_power_export "
    "power_import_l* power_export_l* power_net_l* reactive_power_import_l* "
    "reactive_power_export_l* voltage_l* current_l* current_signed_l*";
constexpr std::string_view eso =
    "meter_time energy_import energy_import_t* energy_import_t4 energy_export energy_export_t* "
    "energy_export_t4 reactive_energy_import reactive_energy_import_t1 reactive_energy_import_t2 "
    "reactive_energy_export reactive_energy_export_t1 reactive_energy_export_t2 voltage_l* "
    "voltage_avg_l* current_l* current_signed_l* current_max_phase current_sum frequency "
    "power_import power_export power_net power_combined power_import_l* power_export_l* "
    "power_net_l* reactive_power_import reactive_power_export reactive_power_import_l* "
    "reactive_power_export_l* apparent_power_import apparent_power_export "
    "apparent_power_import_l* apparent_power_export_l* power_import_avg power_net_avg "
    "power_factor power_factor_l* power_failures";
constexpr std::string_view eon =
    "meter_time tariff breaker limiter energy_import energy_import_t* energy_import_t4 "
    "energy_export energy_export_t* energy_export_t4 energy_combined reactive_energy_import "
    "reactive_energy_export reactive_energy_q* reactive_energy_q4 voltage_l* current_l* "
    "power_factor power_factor_l* frequency power_import power_export power_net "
    "reactive_power_q* reactive_power_q4 fuse_threshold message";

const HeardMeter played[] = {
    {"dsmr22", -1, 1, 0, 0, true, old_dutch, "1.gas 1.reading_time 1.valve"},
    {"dsmr30", -1, 1, 0, 0, true, old_dutch, "1.gas 1.reading_time 1.valve"},
    {"dsmr42", 0, 1, 0, 0, true, kaifa, "1.gas 1.reading_time"},
    {"dsmr5", 0, 1, 0, 0, true, iskra, "1.gas 1.reading_time"},
    {"dsmr5_1ph", 0, 1, 0, 0, true, one_phase, "1.gas 1.reading_time"},
    {"belgium", 0, 1, 2, 0, false, fluvius, "1.gas 1.reading_time 1.valve 2.water 2.reading_time"},
    {"luxembourg", 0, 1, 0, 0, true, smarty, "", demo_keys},
    {"austria", 0, 1, 0, 0, false, austrian, "", demo_keys},
    {"sweden", 0, 1, 1, 0, true, e360},
    {"lithuania", 0, 0, 0, 0, false, eso, "", {{"utc_offset", "2h"}}},
    {"hungary", 0, 1, 0, 2, false, eon},
};

}  // namespace

TEST_CASE("p1 round trip: through a day, the adapter reads what the meters send") {
  for (const HeardMeter& meter : played) {
    CAPTURE(std::string(meter.name));
    Wire wire(meter, sys_days{June / 23 / 2027} + hours{3});
    for (int n = 1; n <= 288; ++n) {
      const HouseState& house = wire.next_telegram();
      REQUIRE(wire.listener.frames == n);
      REQUIRE(wire.listener.trouble == "");
      CHECK(heard_keys(wire.listener, true) == expected_keys(meter.keys, house));
      CHECK(heard_keys(wire.listener, false) == expected_keys(meter.behind, house));
      check_values(meter, wire.listener, house);
    }
  }
}

TEST_CASE("p1 round trip: the clock change and the end of a month are read right") {
  for (const Second start : {Second{sys_days{October / 24 / 2026} + hours{23}},
                             Second{sys_days{March / 28 / 2027} + hours{0}},
                             Second{sys_days{October / 31 / 2026} + hours{21}}}) {
    for (const HeardMeter& meter : played) {
      // Without a flag nobody can tell the two hours of that night apart.
      if (!find_played_meter(meter.name)->time_flag) continue;
      CAPTURE(std::string(meter.name));
      Wire wire(meter, start);
      for (int n = 1; n <= 40; ++n) {
        const HouseState& house = wire.next_telegram();
        REQUIRE(wire.listener.frames == n);
        REQUIRE(wire.listener.trouble == "");
        check_values(meter, wire.listener, house);
      }
    }
  }
}

TEST_CASE("p1 round trip: a bad line costs telegrams, never a wrong value") {
  for (const HeardMeter& meter : played) {
    CAPTURE(std::string(meter.name));
    Wire wire(meter, sys_days{January / 13 / 2027} + hours{6}, "80");
    for (int n = 1; n <= 150; ++n) check_values(meter, wire.listener, wire.next_telegram());
    CHECK(wire.listener.frames >= 30);
    CHECK(wire.listener.frames <= 120);
    CHECK(wire.listener.trouble.find("held") == std::string::npos);
  }
}
