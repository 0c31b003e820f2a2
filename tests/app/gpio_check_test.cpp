// `gridtap check --gpio`: the relays' lines as this machine has them.
#include "app/gpio_check.hpp"

#include <doctest/doctest.h>

#include "support/command_line.hpp"
#include "support/fake_gpio.hpp"

using namespace gridtap;
using namespace gridtap::app;

namespace {

RelayConfig relay(const std::string& name, const std::string& chip, const std::string& line) {
  RelayConfig config;
  config.options.rules.name = name;
  config.options.chip = config.pin.chip = chip;
  config.options.simulated = chip == io::simulated_chip;
  config.pin.line = line;
  return config;
}

const std::string house =
    "state_dir: /nowhere/state\nmqtt: {host: localhost}\ndevices:\n"
    "  meter: {adapter: p1, line: \"tcp://127.0.0.1:9\"}\nrelays:\n";

}  // namespace

TEST_CASE("gpio check: each relay has its row: free, used by whom, missing, or simulated") {
  io::FakeMachine at;
  at.add(0, "board");
  at.line(0, 2).used = true;
  at.line(0, 2).holder = "fan-\x1b[31mcontrol";  // other programs choose their names
  const GpioCheck found = check_gpio({relay("boiler", "board", "1"), relay("fan", "board", "2"),
                                      relay("pump", "board", "9"), relay("lamp", "simulated", "1")},
                                     at.machine());
  const std::string of_board = " of board, " + at.path(0) + ": ";
  CHECK(found.text == "boiler: line 1" + of_board + "free\nfan: line 2" + of_board +
                          "used by fan- [31mcontrol\n"
                          "pump: no line 9 on chip board: its lines are 0 to 3\n"
                          "lamp: simulated, it has no line\n");
  CHECK_FALSE(found.is_good);
  CHECK(at.line(0, 1).taken == 0);
}

TEST_CASE("gpio check: all is good while every line is there, held or not") {
  io::FakeMachine at;
  at.add(0, "board").lines[2].used = true;
  CHECK(check_gpio({relay("a", "board", "1"), relay("b", "board", "2")}, at.machine()).is_good);
  CHECK(check_gpio({}, at.machine()).text.empty());
}

TEST_CASE("gpio check: only --gpio looks at lines, and a line that is missing ends it with 66") {
  const CommandLine gridtap;
  const std::string file =
      gridtap.write("house.yaml", house +
                                      "  boiler: {chip: no-such-chip, line: 1}\n"
                                      "  lamp: {chip: simulated, line: 1}\n");
  const Ended plain = gridtap("check " + file);
  CHECK(plain.status == 0);
  CHECK(plain.out.find("no-such-chip") == std::string::npos);
  const Ended looked = gridtap("check --gpio " + file);
  CHECK(looked.status == 66);
  CHECK(looked.out.starts_with(plain.out));
  CHECK(looked.out.find("\nboiler: no chip no-such-chip: ") != std::string::npos);
  CHECK(looked.out.find("\nlamp: simulated, it has no line\n") != std::string::npos);
  CHECK(gridtap("check --gpio " +
                gridtap.write("lamp.yaml", house + "  lamp: {chip: simulated, line: 1}\n"))
            .status == 0);
}
