// The settings of relays: what is read, what is refused with the remedy, and what is warned of.
#include "app/relay_setting.hpp"

#include <doctest/doctest.h>

#include <string>

#include "app/house_config.hpp"
#include "support/command_line.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

const std::string meter =
    "state_dir: /tmp\ndevices:\n"
    "  meter: {adapter: p1, line: tcp://h:1, hour_limit: 5000}\n"
    "  other: {adapter: p1, line: tcp://h:2}\n";

struct House {
  app::LoadedHouse load(const std::string& relays) const {
    return app::load_house(shell.write("config.yaml", meter + "relays:\n" + relays));
  }
  // From line 6 on, without what the file before them has.
  std::string problems(const std::string& relays) const { return text_of(load(relays).problems); }
  std::string warnings(const std::string& relays) const {
    const auto loaded = load(relays);
    CHECK(text_of(loaded.problems) == "");
    return text_of(loaded.place_warnings);
  }
  static std::string text_of(const Problems& problems) {
    std::string out;
    for (const Problem& problem : problems) out += to_text(problem, "F") + '\n';
    return out;
  }
  CommandLine shell;
};

// One relay named boiler, on a line of its own.
std::string boiler(const std::string& more) {
  return "  boiler: {chip: simulated, line: 17" + (more.empty() ? "" : ", " + more) + "}\n";
}

// A pair of one interlock group.
std::string pair(const std::string& more) {
  return "  boiler: {chip: simulated, line: 1, interlock: climate, " + more + "}\n" +
         "  heater: {chip: simulated, line: 2, interlock: climate, " + more + "}\n";
}

io::PinSettings pin_of(const std::string& chip, const std::string& line) {
  io::PinSettings pin;
  pin.chip = chip;
  pin.line = line;
  return pin;
}

}  // namespace

TEST_CASE("relay settings: a chip and a line are enough, the rest is safe") {
  const House house;
  const auto loaded = house.load(boiler(""));
  CHECK(House::text_of(loaded.problems) == "");
  REQUIRE(loaded.house.relays.size() == 1);
  const app::RelayConfig& relay = loaded.house.relays[0];
  const RelaySettings& rules = relay.options.rules;
  CHECK(rules.name == "boiler");
  CHECK(rules.at_start == AtStart::off);
  CHECK(rules.at_exit == AtExit::off);
  CHECK(rules.on_broker_loss == OnBrokerLoss::hold);
  CHECK(rules.on_broker_loss_after == 30s);
  CHECK(rules.max_on == 0s);
  CHECK(rules.min_on == 0s);
  CHECK(rules.min_off == 0s);
  CHECK(rules.rate == 0);
  CHECK(rules.interlock.empty());
  CHECK(relay.options.simulated);
  CHECK(relay.options.shed_by.empty());
  CHECK(relay.pin.chip == "simulated");
  CHECK(relay.pin.line == "17");
  CHECK_FALSE(relay.pin.active_low);
  CHECK(relay.pin.bias == io::Bias::as_is);
  CHECK(relay.pin.drive == io::Drive::push_pull);
}

TEST_CASE("relay settings: all of them, in the order of the file") {
  const House house;
  const auto loaded = house.load(
      boiler("at_start: last, at_exit: hold, on_broker_loss: \"off\", on_broker_loss_after: 5min, "
             "min_on: 1min, min_off: 2min, rate: 6, interlock: climate, shed_by: meter, "
             "active_low: true, bias: pull_up, drive: open_drain, name: Hot water, "
             "icon: mdi:water-boiler, max_on: 2h") +
      "  a_heater: {chip: simulated, line: B, interlock: climate}\n");
  CHECK(House::text_of(loaded.problems) == "");
  REQUIRE(loaded.house.relays.size() == 2);
  CHECK(loaded.house.relays[1].options.rules.name == "a_heater");
  const app::RelayConfig& relay = loaded.house.relays[0];
  const RelaySettings& rules = relay.options.rules;
  CHECK(rules.at_start == AtStart::last);
  CHECK(rules.at_exit == AtExit::hold);
  CHECK(rules.on_broker_loss == OnBrokerLoss::off);
  CHECK(rules.on_broker_loss_after == 5min);
  CHECK(rules.max_on == 2h);
  CHECK(rules.min_on == 1min);
  CHECK(rules.min_off == 2min);
  CHECK(rules.rate == 6);
  CHECK(rules.interlock == "climate");
  CHECK(relay.options.shed_by == "meter");
  CHECK(relay.options.name == "Hot water");
  CHECK(relay.options.icon == "mdi:water-boiler");
  CHECK(relay.pin.active_low);
  CHECK(relay.pin.bias == io::Bias::pull_up);
  CHECK(relay.pin.drive == io::Drive::open_drain);
}

TEST_CASE("relay settings: a house may have relays alone") {
  const CommandLine shell;
  const auto loaded =
      app::load_house(shell.write("config.yaml", "relays:\n  a: {chip: simulated, line: 1}\n"));
  CHECK(House::text_of(loaded.problems) == "");
  const auto empty = app::load_house(shell.write("empty.yaml", "base: gridtap\n"));
  CHECK(House::text_of(empty.problems).find("no devices: add one below `devices:`") !=
        std::string::npos);
}

TEST_CASE("relay settings: what is wrong is told with its place and the remedy") {
  const House house;
  CHECK(house.problems("  boiler: {line: 17}\n") ==
        "F:6:3: relays.boiler: no `chip`: write its label, as `gpiodetect` shows it (`chip: "
        "pinctrl-bcm2711`), or `chip: simulated`\n");
  CHECK(house.problems("  boiler: {chip: simulated}\n") ==
        "F:6:3: relays.boiler: no `line`: write its offset or its name, as `gpioinfo` shows it\n");
  CHECK(house.problems("  Boiler-1: {chip: simulated, line: 1}\n")
            .starts_with("F:6:3: relays.Boiler-1: the name of a relay has 1 to 36 characters of "
                         "a-z, 0-9 and _\n"));
  CHECK(house.problems(boiler("shed_by: metre")) ==
        "F:6:48: relays.boiler.shed_by: there is no device `metre` (did you mean `meter`?)\n");
  CHECK(house.problems(boiler("shed_by: other")) ==
        "F:6:48: relays.boiler.shed_by: the device `other` has no alarm: give it an "
        "`hour_limit:`\n");
  CHECK(house.problems(boiler("icon: boiler")) ==
        "F:6:45: relays.boiler.icon: an icon of Home Assistant: write `icon: mdi:water-boiler`\n");
  CHECK(house.problems(boiler("max_on: 2")).starts_with("F:6:47: relays.boiler.max_on: "));
  CHECK(house.problems(boiler("rate: 0")).starts_with("F:6:45: relays.boiler.rate: "));
  CHECK(house.problems(boiler("at_strat: last")) ==
        "F:6:39: relays.boiler.at_strat: unknown key (did you mean `at_start`?)\n");
}

TEST_CASE("relay settings: off without quotes is not guessed") {
  const House house;
  CHECK(house.problems(boiler("at_exit: off")) ==
        "F:6:48: relays.boiler.at_exit: `off` has two meanings in YAML: put it in quotes, "
        "\"off\"\n");
  CHECK(
      house.problems(boiler("at_exit: last")).find("expected one of off, on, hold, found `last`") !=
      std::string::npos);
}

TEST_CASE("relay settings: keys of other programs are translated") {
  const House house;
  CHECK(house.problems("  boiler: {chip: simulated, pin: 17}\n") ==
        "F:6:29: relays.boiler.pin: write `line:`, the offset or the name of the "
        "line: `line: 17`\n");
  CHECK(house.problems(boiler("inverted: true")).find("write `active_low: true`") !=
        std::string::npos);
}

TEST_CASE("relay settings: relays beside `relays:` belong below it, and a list has no names") {
  const House house;
  const std::string told = House::text_of(
      app::load_house(house.shell.write("c.yaml", meter + "relays:\nboiler:\n  chip: simulated\n"
                                                          "  line: 1\n"))
          .problems);
  CHECK(told ==
        "F:6:1: boiler: `boiler` is in the same column as `relays`: it belongs below it, "
        "two spaces more\n");
  CHECK(house.problems("  - chip: simulated\n") != "");
}

TEST_CASE("relay settings: one line is one relay, by whatever name") {
  const House house;
  CHECK(house.problems("  a: {chip: simulated, line: 17}\n  b: {chip: simulated, line: 17}\n") ==
        "F:7:30: relays.b.line: this line already belongs to `a`: one line, one relay\n");
  CHECK(app::raspberry_gpio(pin_of("pinctrl-bcm2711", "17")) == 17);
  CHECK(app::raspberry_gpio(pin_of("pinctrl-rp1", "GPIO17")) == 17);
  CHECK(app::raspberry_gpio(pin_of("pinctrl-bcm2835", "SDA1")) == std::nullopt);
  CHECK(app::raspberry_gpio(pin_of("gpio-sim", "17")) == std::nullopt);
}

TEST_CASE("relay settings: two of one name, and a name that belongs to another relay") {
  const House house;
  CHECK(house.problems("  a: {chip: simulated, line: 1, name: Pump}\n"
                       "  b: {chip: simulated, line: 2, name: Pump}\n") ==
        "F:7:39: relays.b.name: the relay `a` has the same name\n");
  CHECK(house.problems("  a: {chip: simulated, line: 1}\n"
                       "  a_auto: {chip: simulated, line: 2}\n") ==
        "F:7:3: relays.a_auto: names that end in `_auto` belong to the relay without it: choose "
        "another one\n");
}

TEST_CASE("relay settings: a good house has nothing to be warned of") {
  const House house;
  CHECK(house.warnings(boiler("max_on: 2h, min_on: 1min")) == "");
  CHECK(house.warnings(pair("max_on: 2h")) == "");
}

TEST_CASE("relay settings: limits that do not go together are warned of") {
  const House house;
  CHECK(house.warnings(boiler("max_on: 1min, min_on: 2min")) ==
        "F:6:47: relays.boiler.max_on: shorter than `min_on`: max_on wins\n");
  CHECK(house.warnings(boiler("max_on: 1min, at_exit: hold")) ==
        "F:6:62: relays.boiler.at_exit: a relay that is on when gridtap ends stays on: nothing "
        "ends `max_on` then\n");
  CHECK(house.warnings(boiler("interlock: climate")) ==
        "F:6:50: relays.boiler.interlock: no other relay is in the group `climate`\n");
}

TEST_CASE("relay settings: of two that want to be on in one moment only the first is") {
  const House house;
  for (const std::string key : {"at_start", "at_exit", "on_broker_loss"}) {
    CAPTURE(key);
    CHECK(house.warnings(pair(key + ": \"on\""))
              .find("relays.heater." + key +
                    ": `boiler` of the same interlock wants to be on, too: only the first is\n") !=
          std::string::npos);
  }
}

TEST_CASE("relay settings: lines that a Raspberry Pi needs itself, and those that are on at boot") {
  const auto warned = [](const std::string& line, bool active_low) {
    app::RelayConfig relay;
    relay.options.rules.name = "a";
    relay.pin = pin_of("pinctrl-bcm2711", line);
    relay.pin.active_low = active_low;
    Setting empty;
    empty.kind = Setting::Kind::map;
    Problems warnings;
    app::warn_of_relays(Section(empty, "relays", warnings, app::file_reader()), {relay});
    return House::text_of(warnings);
  };
  CHECK(warned("17", false) == "");
  CHECK(warned("0", true).find("relays.a.line: GPIO 0: it is reserved for") != std::string::npos);
  CHECK(warned("GPIO47", false).find("GPIO 47: it is not on the 40-pin") != std::string::npos);
  CHECK(warned("5", false).find("GPIO 5 is pulled up from power-on") != std::string::npos);
  CHECK(warned("5", true) == "");
}
