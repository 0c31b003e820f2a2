// What the played meters say is what the adapter hears: every list of two hours is compared with
// the household that the meter stands in, over a good line and a bad one.

#include <map>
#include <memory>
#include <optional>

#include <doctest/doctest.h>

#include "adapters/han/played_meters.hpp"
#include "adapters/han/simulator.hpp"
#include "support/han_line.hpp"

using namespace gridtap;
using namespace gridtap::han;
using namespace std::chrono;

namespace {

constexpr std::uint32_t seed = 20261120;
constexpr sys_seconds start{sys_days{2026y / November / 20} + 9h + 59min};

std::string number(std::int64_t digits, int exponent) {
  return to_text(Decimal{digits, static_cast<std::int8_t>(exponent)});
}
std::int64_t positive(std::int64_t value) { return value > 0 ? value : 0; }

// How a meter counts: of current and voltage the decimals, of registers the step.
struct Scale {
  int current, voltage, register_wh;
};
Scale scale_of(std::string_view meter) {
  if (meter.starts_with("kaifa")) return {3, 1, 1};
  return meter == "aidon" ? Scale{1, 1, 10} : Scale{2, 0, 10};
}

// What its list of all values has to say; registers where it has any.
std::map<std::string, std::string> expected(const PlayedMeter& meter, const HouseholdState& house,
                                            bool registers) {
  const Scale scale = scale_of(meter.name);
  std::map<std::string, std::string> values;
  values["power_import"] = number(positive(house.net_w()), 0);
  values["power_export"] = number(positive(-house.net_w()), 0);
  values["power_net"] = number(house.net_w(), 0);
  values["reactive_power_import"] = number(positive(house.var), 0);
  values["reactive_power_export"] = number(positive(-house.var), 0);
  for (std::size_t n = 0; n < house.phases; ++n) {
    const std::string phase = "_l" + std::to_string(n + 1);
    const std::int64_t divisor = scale.current == 3 ? 1 : scale.current == 2 ? 10 : 100;
    values["current" + phase] = number(house.milliampere[n] / divisor, -scale.current);
    values["voltage" + phase] =
        number(scale.voltage == 1 ? house.decivolt[n] : house.decivolt[n] / 10, -scale.voltage);
  }
  if (!registers) return values;
  const std::int64_t step = 3600 * scale.register_wh;
  const int exponent = scale.register_wh == 1 ? -3 : -2;
  values["energy_import"] = number(house.import_ws / step, exponent);
  values["energy_export"] = number(house.export_ws / step, exponent);
  values["reactive_energy_import"] = number(house.reactive_import_vars / step, exponent);
  values["reactive_energy_export"] = number(house.reactive_export_vars / step, exponent);
  return values;
}

// A simulator, a line and an adapter with one clock.
class Round final : Effects {
 public:
  explicit Round(const PlayedMeter& meter, const std::string& noise = "0")
      : line({{"key_file", "key"}, {"authentication_key_file", "authentication_key"}}),
        meter_(meter) {
    SectionRig rig({{"meter", plain(std::string(meter.name))}, {"noise", plain(noise)}});
    Section section = rig.section();
    simulator_ = std::move(simulate(section, seed)[0]);
    simulator_->on_open(now(), *this);
  }
  // To the next push, and what was heard of it.
  std::string next() {
    turn_to(simulator_->next_wake());
    // The meter looks at its house when the list is due, and moves in with the first one.
    const auto due = floor<seconds>(*now().wall);
    if (!house_) house_.emplace(meter_.house, due, seed);
    house_->advance(due);
    simulator_->on_wake(now(), *this);
    // Pieces of a list follow one another at once.
    while (simulator_->next_wake() - line.now.mono < 300ms) {
      turn_to(simulator_->next_wake());
      simulator_->on_wake(now(), *this);
    }
    line.pass(300ms);
    return line.said();
  }

  const HouseholdState& house() const { return house_->state(); }

  LineRig line;

 private:
  Now now() const { return {line.now.mono, floor<milliseconds>(start + (line.now.mono - begin_))}; }
  void turn_to(Mono when) {
    line.pass(duration_cast<milliseconds>(ceil<milliseconds>(when) - line.now.mono));
  }
  void operator()(const Effect& effect) override {
    line.feed(as_text(std::get<Send>(effect).bytes));
  }

  const PlayedMeter& meter_;
  std::optional<Household> house_;
  Mono begin_{1h};
  std::unique_ptr<Adapter> simulator_;
};

std::map<std::string, std::string> values_in(std::string_view text) {
  std::map<std::string, std::string> values;
  for (; !text.empty(); text.remove_prefix(text.find('\n') + 1)) {
    const std::string_view each = text.substr(0, text.find('\n'));
    const std::size_t blank = each.find(' ');
    values[std::string(each.substr(0, blank))] =
        each.substr(blank + 1, each.find(' ', blank + 1) - blank - 1);
  }
  return values;
}

}  // namespace

TEST_CASE("han round trip: every value of every list is that of the household") {
  for (const PlayedMeter& meter : played_meters()) {
    CAPTURE(meter.name);
    Round round(meter);
    int full = 0, hourly = 0;
    for (int n = 0; n < 400; ++n) {
      const std::string said = round.next();
      CHECK(lines_with(said, "dropped") == "");
      CHECK(lines_with(said, "unknown") == "");
      CHECK(lines_with(said, "held") == "");
      const auto heard = values_in(said);
      REQUIRE(heard.contains("frame"));
      const bool registers = heard.contains("energy_import");
      if (!heard.contains("voltage_l1")) {
        CHECK(heard.at("power_import") == number(positive(round.house().net_w()), 0));
        continue;
      }
      ++full;
      hourly += registers;
      for (const auto& [key, value] : expected(meter, round.house(), registers)) {
        CAPTURE(key);
        REQUIRE(heard.contains(key));
        CHECK(heard.at(key) == value);
      }
    }
    CHECK(full > 70);
    CHECK(hourly > 0);
  }
}

TEST_CASE("han round trip: the identities of the played meters") {
  const std::map<std::string_view, std::string> makers = {
      {"kaifa", "Kaifa|MA304H4"},
      {"kaifa_1ph", "Kaifa|MA105H2E"},
      {"aidon", "Aidon|6534"},
      {"kamstrup", "Kamstrup|6841131BN243101040"},
      {"kamstrup_dk", "Kamstrup|"}};
  for (const PlayedMeter& meter : played_meters()) {
    CAPTURE(meter.name);
    Round round(meter);
    std::string said;
    for (int n = 0; n < 6; ++n) said += lines_with(round.next(), "identified");
    const std::string serial(meter.serial);
    CHECK(
        said.ends_with("identified " + makers.at(meter.name) + '|' + serial + '|' + serial + '\n'));
  }
}

TEST_CASE("han round trip: on a bad line no wrong value comes through") {
  for (const PlayedMeter& meter : played_meters()) {
    CAPTURE(meter.name);
    Round round(meter, "50");
    int heard_lists = 0, dropped = 0;
    for (int n = 0; n < 300; ++n) {
      const std::string said = round.next();
      dropped += lines_with(said, "dropped") != "";
      const auto heard = values_in(said);
      if (!heard.contains("power_import")) continue;
      ++heard_lists;
      CHECK(heard.at("power_import") == number(positive(round.house().net_w()), 0));
    }
    CHECK(heard_lists > 100);
    CHECK(dropped > 50);
  }
}
