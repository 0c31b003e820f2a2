// Which chip and which line a relay's configuration names, and what is said where it names none.
#include "io/gpio_search.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "support/fake_gpio.hpp"

using namespace gridtap;
using namespace gridtap::io;

namespace {

std::string found(FakeMachine& at, const std::string& wanted) {
  const auto chip = find_gpio_chip(at.machine(), wanted);
  return chip ? (*chip)->path() : chip.error().detail;
}

std::string line_on(FakeMachine& at, int number, const std::string& wanted) {
  const auto chip = find_gpio_chip(at.machine(), at.path(number));
  REQUIRE(chip);
  const auto offset = find_gpio_line(**chip, wanted);
  return offset ? std::to_string(*offset) : offset.error().detail;
}

std::string refused(FakeMachine& at, const PinSettings& settings, int error) {
  const auto chip = find_gpio_chip(at.machine(), settings.chip);
  REQUIRE(chip);
  return gpio_line_refused(**chip, 1, settings, error).detail;
}

}  // namespace

TEST_CASE("gpio: a label that two chips have is refused, and both are named") {
  FakeMachine at;
  at.add(0, "mcp23017");
  at.add(1, "pinctrl-bcm2711");
  at.add(2, "mcp23017");
  CHECK(found(at, "mcp23017") == "2 chips have the label mcp23017: mcp23017 (" + at.path(0) +
                                     "), mcp23017 (" + at.path(2) +
                                     "): give chip the path of one of them");
  CHECK(found(at, at.path(2)) == at.path(2));
}

TEST_CASE("gpio: a label that no chip has is answered with those that there are") {
  FakeMachine at;
  at.add(10, "gpio-brcmstb");
  at.add(0, "pinctrl-rp1");
  const std::string there =
      "this machine has pinctrl-rp1 (" + at.path(0) + "), gpio-brcmstb (" + at.path(10) + "): ";
  CHECK(found(at, "mcp23017") ==
        "no chip mcp23017: " + there + "give chip the label of one of these");
  CHECK(found(at, at / "gpiochip7") ==
        "no chip " + at / "gpiochip7" + ": " + there + "give chip the label of one of these");
}

TEST_CASE(
    "gpio: the label of an older Raspberry Pi, on a Raspberry Pi 5, is answered with its own") {
  FakeMachine at;
  at.add(0, "pinctrl-rp1");
  CHECK(
      found(at, "pinctrl-bcm2711").ends_with("the pin header of a Raspberry Pi 5 is pinctrl-rp1"));
}

TEST_CASE("gpio: a machine without chips says so") {
  FakeMachine at;
  CHECK(found(at, "pinctrl-bcm2711")
            .starts_with("no chip pinctrl-bcm2711: this machine has no GPIO chip"));
  const GpioMachine nowhere{at.machine().open, "/nowhere"};
  CHECK(find_gpio_chip(nowhere, "x").error().detail.find("no GPIO chip") != std::string::npos);
}

TEST_CASE("gpio: a chip is found by label before name, by name, by path, and by a link to it") {
  FakeMachine at;
  at.add(0, "gpiochip1");  // an odd label; labels are what configurations give
  at.add(1, "pinctrl-bcm2711");
  std::filesystem::create_symlink(at.path(1), at / "relay-board");
  CHECK(found(at, "pinctrl-bcm2711") == at.path(1));
  CHECK(found(at, "gpiochip1") == at.path(0));
  CHECK(found(at, "gpiochip0") == at.path(0));
  CHECK(found(at, at.path(1)) == at.path(1));
  CHECK(found(at, at / "relay-board") == at.path(1));
}

TEST_CASE("gpio: a link among the device files is no second chip with the same label") {
  FakeMachine at;
  at.add(0, "pinctrl-rp1");
  std::filesystem::create_symlink("gpiochip0", at / "gpiochip4");  // as Raspberry Pi OS has it
  CHECK(found(at, "pinctrl-rp1") == at.path(0));
  CHECK(found(at, at / "gpiochip4") == at.path(0));
}

TEST_CASE("gpio: a chip that may not be opened is named with the group that may, not as missing") {
  FakeMachine at;
  at.add(0, "pinctrl-bcm2711").refuses = EACCES;
  const auto chip = find_gpio_chip(at.machine(), "pinctrl-bcm2711");
  REQUIRE_FALSE(chip);
  CHECK(chip.error().detail.starts_with("permission denied on " + at.path(0) + ": "));
  CHECK(chip.error().cause == Cause::permission);
  CHECK(found(at, at.path(0)) == chip.error().detail);
  at.chip(0).refuses = EPERM;
  CHECK(found(at, "pinctrl-bcm2711").find("docker run --device") != std::string::npos);
}

TEST_CASE("gpio: a chip that may not be opened does not hide one that may") {
  FakeMachine at;
  at.add(0, "pinctrl-bcm2711").refuses = EACCES;
  at.add(1, "mcp23017");
  CHECK(found(at, "mcp23017") == at.path(1));
}

TEST_CASE("gpio: a path to something else is called what it is") {
  FakeMachine at;
  std::ofstream(at / "notes.txt").put('x');
  CHECK(found(at, at / "notes.txt") ==
        at / "notes.txt" + " is not a GPIO chip: give chip the label of one");
  at.add(0, "broken").refuses = EMFILE;
  CHECK(found(at, at.path(0)) == at.path(0) + ": Too many open files");
}

TEST_CASE("gpio: searching leaves no chip open") {
  FakeMachine at;
  at.add(0, "a");
  at.add(1, "b");
  CHECK(found(at, "b") == at.path(1));
  CHECK(found(at, "c").starts_with("no chip c"));
  CHECK(at.opened == 4);
  CHECK(at.open_now == 0);
}

TEST_CASE("gpio: an offset beyond the chip is answered with the range") {
  FakeMachine at;
  at.add(0, "pinctrl-bcm2835", 54);
  CHECK(line_on(at, 0, "53") == "53");
  CHECK(line_on(at, 0, "0") == "0");
  CHECK(line_on(at, 0, "54") == "no line 54 on chip pinctrl-bcm2835: its lines are 0 to 53");
  CHECK(line_on(at, 0, "99999999999999999999").starts_with("no line 99999999999999999999"));
}

TEST_CASE("gpio: a name that no line has is answered with the nearest, or with those there are") {
  FakeMachine at;
  at.add(0, "board");
  CHECK(line_on(at, 0, "RELAY") ==
        "no line RELAY on chip board: its lines have no names: give the offset, 0 to 3");
  CHECK(line_on(at, 0, "").find("its lines have no names") != std::string::npos);
  at.line(0, 1).name = "GPIO17";
  at.line(0, 3).name = "RELAY_1";
  CHECK(line_on(at, 0, "GPIO18") ==
        "no line GPIO18 on chip board: did you mean GPIO17? An offset, 0 to 3, is good too");
  CHECK(line_on(at, 0, "pump") ==
        "no line pump on chip board: its lines are named GPIO17, "
        "RELAY_1; an offset, 0 to 3, is good too");
}

TEST_CASE("gpio: a list of names is cut where it would be long") {
  FakeMachine at;
  at.add(0, "board", 30);
  for (std::size_t n = 0; n < 30; ++n) at.line(0, n).name = "P" + std::to_string(100 + n);
  const std::string text = line_on(at, 0, "pump");
  CHECK(text.find("P111, ...;") != std::string::npos);
  CHECK(text.find("P112") == std::string::npos);
}

TEST_CASE("gpio: a name that two lines have is refused, and both are named") {
  FakeMachine at;
  at.add(0, "board");
  at.line(0, 0).name = at.line(0, 2).name = "RELAY";
  at.line(0, 1).name = "LED";
  CHECK(line_on(at, 0, "RELAY") ==
        "lines 0 and 2 of chip board are both named RELAY: give the offset of one");
  CHECK(line_on(at, 0, "LED") == "1");
}

TEST_CASE("gpio: digits are always an offset, even where a line has them as its name") {
  FakeMachine at;
  at.add(0, "board");
  at.line(0, 3).name = "1";
  CHECK(line_on(at, 0, "1") == "1");
}

TEST_CASE("gpio: a chip that goes away during the search is an error, not a missing name") {
  FakeMachine at;
  at.add(0, "board");
  at.line(0, 2).sick = ENODEV;
  CHECK(line_on(at, 0, "RELAY") == at.path(0) + ": No such device");
}

TEST_CASE("gpio: a busy line is named with its holder") {
  FakeMachine at;
  at.add(0, "board");
  at.line(0, 1).used = true;
  CHECK(refused(at, {"board", "1"}, EBUSY).starts_with("line 1 of board is busy: another program"));
  at.line(0, 1).holder = "gpioset";
  CHECK(refused(at, {"board", "1"}, EBUSY) ==
        "line 1 of board is busy: gpioset holds it: stop that, or give the relay another line "
        "(gpioinfo lists them)");
}

TEST_CASE("gpio: a setting that the kernel refuses is named as the configuration spells it") {
  FakeMachine at;
  at.add(0, "board");
  PinSettings settings{"board", "1"};
  CHECK(refused(at, settings, EINVAL) ==
        "line 1 of board cannot be made an output: Invalid argument");
  settings.bias = Bias::pull_up;
  CHECK(refused(at, settings, EINVAL) ==
        "line 1 of board: this chip refuses bias: pull_up: leave that setting out");
  settings.drive = Drive::open_source;
  CHECK(refused(at, settings, ENOTSUP) ==
        "line 1 of board: this chip refuses bias: pull_up and drive: open_source: leave that "
        "setting out");
  settings.bias = Bias::as_is;
  CHECK(refused(at, settings, 524).find("refuses drive: open_source:") != std::string::npos);
  CHECK(refused(at, {"board", "1"}, 524).ends_with("its chip cannot do that"));
  CHECK(refused(at, settings, EIO).ends_with("cannot be made an output: Input/output error"));
  CHECK(refused(at, settings, EPERM).starts_with("permission denied on "));
}
