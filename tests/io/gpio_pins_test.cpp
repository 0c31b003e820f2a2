// The relays' lines: taken with the level that is wanted, read back, lost and taken again.
#include "io/gpio_pins.hpp"

#include <doctest/doctest.h>

#include "support/fake_gpio.hpp"

using namespace gridtap;
using namespace gridtap::io;

namespace {

std::string why(const Result<bool>& answer) {
  REQUIRE_FALSE(answer);
  return answer.error().detail;
}

bool level(const Result<bool>& answer) {
  REQUIRE(answer);
  return *answer;
}

struct Board {
  FakeMachine at;
  FakeLine& line = at.add(0, "board").lines[1];
  std::unique_ptr<Pins> pins = make_gpio_pins({{"board", "1"}, {"other", "3"}}, at.machine());
};

}  // namespace

TEST_CASE("pins: nothing is opened before a level is wanted") {
  Board board;
  CHECK(why(board.pins->read(0)) == "line 1 of board has not been set yet");
  CHECK(board.at.opened == 0);
}

TEST_CASE("pins: a line is taken with the level wanted, and never has another one before") {
  for (const bool on : {true, false}) {
    Board board;
    board.line.level = !on;
    CHECK(level(board.pins->set(0, on)) == on);
    CHECK(board.line.taken == 1);
    CHECK(board.line.driven == 0);  // the level came with the request
    CHECK(board.at.open_now == 0);
  }
}

TEST_CASE("pins: the line is told how it is wired") {
  FakeMachine at;
  at.add(0, "board");
  const auto pins =
      make_gpio_pins({{"board", "2", true, Bias::pull_up, Drive::open_drain}}, at.machine());
  CHECK(level(pins->set(0, true)));
  CHECK(at.line(0, 2).settings.active_low);
  CHECK(at.line(0, 2).settings.bias == Bias::pull_up);
  CHECK(at.line(0, 2).settings.drive == Drive::open_drain);
}

TEST_CASE("pins: a line that is held is driven, not taken again") {
  Board board;
  CHECK(level(board.pins->set(0, true)));
  CHECK_FALSE(level(board.pins->set(0, false)));
  CHECK(level(board.pins->set(0, true)));
  CHECK(board.line.taken == 1);
  CHECK(board.line.driven == 2);
  CHECK(board.line.given == 0);
}

TEST_CASE("pins: the level comes from the line, not from memory") {
  Board board;
  board.line.stuck = true;
  CHECK_FALSE(level(board.pins->set(0, false)));
  CHECK_FALSE(level(board.pins->set(0, true)));
  board.line.level = true;
  CHECK(level(board.pins->read(0)));
}

TEST_CASE("pins: a busy line is named with its holder, and taken when it is free") {
  Board board;
  board.line.used = true;
  board.line.holder = "gpioset";
  const auto answer = board.pins->set(0, true);
  CHECK(why(answer).starts_with("line 1 of board is busy: gpioset holds it"));
  CHECK(answer.error().cause == Cause::busy);
  CHECK(why(board.pins->read(0)) == why(answer));
  board.line.used = false;
  CHECK(level(board.pins->set(0, true)));
}

TEST_CASE("pins: a pin that cannot be found leaves the others alone") {
  Board board;
  CHECK(why(board.pins->set(1, true)).starts_with("no chip other: this machine has board ("));
  CHECK(level(board.pins->set(0, true)));
  CHECK(why(board.pins->read(1)).starts_with("no chip other"));
  board.at.add(1, "other");
  CHECK(level(board.pins->set(1, true)));
  CHECK(board.at.line(1, 3).level);
}

TEST_CASE("pins: a chip that was removed is missing, and its line is taken again when it is back") {
  Board board;
  CHECK(level(board.pins->set(0, true)));
  board.at.remove(0);
  CHECK(why(board.pins->set(0, true)).starts_with("no chip board: this machine has no GPIO chip"));
  board.at.add(3, "board");                                      // under another number
  CHECK(why(board.pins->read(0)).starts_with("no chip board"));  // read() takes nothing
  CHECK(level(board.pins->set(0, true)));
  CHECK(board.at.line(3, 1).level);
  CHECK(board.at.line(3, 1).driven == 0);
}

TEST_CASE("pins: a line that cannot be read is given back, with the reason, and taken again") {
  Board board;
  CHECK(level(board.pins->set(0, true)));
  board.line.sick = EIO;
  CHECK(why(board.pins->read(0)) == "line 1 of board was lost: Input/output error");
  CHECK(board.line.given == 1);
  board.line.sick = 0;
  CHECK(why(board.pins->read(0)) == "line 1 of board was lost: Input/output error");
  CHECK(level(board.pins->set(0, true)));
  CHECK(board.line.taken == 2);
}

TEST_CASE("pins: a line that cannot be driven is taken again at once, with the level wanted") {
  Board board;
  CHECK_FALSE(level(board.pins->set(0, false)));
  board.line.sick = EIO;
  CHECK(why(board.pins->set(0, true)) == "line 1 of board was lost: Input/output error");
  board.line.sick = 0;
  CHECK(level(board.pins->set(0, true)));
}

TEST_CASE("pins: every line is given back at the end") {
  Board board;
  CHECK(level(board.pins->set(0, true)));
  board.pins.reset();
  CHECK(board.line.given == 1);
  CHECK_FALSE(board.line.used);
}

TEST_CASE("pins: two pins that name one line: the second is told that we hold it ourselves") {
  FakeMachine at;
  at.add(0, "board");
  at.line(0, 1).name = "RELAY";
  const auto pins = make_gpio_pins({{"board", "1"}, {"board", "RELAY"}}, at.machine());
  CHECK(level(pins->set(0, true)));
  at.line(0, 1).holder = gpio_consumer;
  CHECK(why(pins->set(1, true)).starts_with("line RELAY of board is busy: gridtap holds it"));
}

TEST_CASE("pins: a look at the lines says free, used by whom, or missing, and takes none") {
  FakeMachine at;
  at.add(0, "pinctrl-bcm2711", 54);
  at.line(0, 17).name = "GPIO17";
  at.line(0, 22).used = true;
  at.line(0, 22).holder = "gpioset";
  at.line(0, 23).used = true;
  const auto states = gpio_line_states({{"pinctrl-bcm2711", "17"},
                                        {"pinctrl-bcm2711", "22"},
                                        {"pinctrl-bcm2711", "23"},
                                        {"pinctrl-bcm2711", "PUMP"},
                                        {"mcp23017", "0"},
                                        {"pinctrl-bcm2711", "50"}},
                                       at.machine());
  using Use = GpioLineState::Use;
  const std::string of_chip = " of pinctrl-bcm2711, " + at.path(0) + ": ";
  REQUIRE(states.size() == 6);
  CHECK(states[0].use == Use::free);
  CHECK(states[0].text == "line 17 (GPIO17)" + of_chip + "free");
  CHECK(states[0].warning.empty());
  CHECK(states[1].use == Use::used);
  CHECK(states[1].text == "line 22" + of_chip + "used by gpioset");
  CHECK(states[2].text == "line 23" + of_chip + "used by another program");
  CHECK(states[3].use == Use::missing);
  CHECK(states[3].text.starts_with("no line PUMP on chip pinctrl-bcm2711"));
  CHECK(states[4].text.starts_with("no chip mcp23017"));
  CHECK(states[5].use == Use::free);
  CHECK(states[5].text == "line 50" + of_chip + "free");
  CHECK(at.line(0, 17).taken == 0);
  CHECK(at.open_now == 0);
}

TEST_CASE("pins: a line that cannot be looked at is missing, with the reason") {
  FakeMachine at;
  at.add(0, "board").lines[1].sick = ENODEV;
  const auto states = gpio_line_states({{"board", "1"}}, at.machine());
  REQUIRE(states.size() == 1);
  CHECK(states[0].use == GpioLineState::Use::missing);
  CHECK(states[0].text.ends_with("No such device"));
}

TEST_CASE("pins: the library of this build finds no chip in a plain file") {
  const Scratch scratch;
  std::ofstream(scratch / "gpiochip0").put('x');
  const auto chip = find_gpio_chip({open_gpio_chip, scratch / ""}, scratch / "gpiochip0");
  REQUIRE_FALSE(chip);
  CHECK(chip.error().detail ==
        scratch / "gpiochip0" + " is not a GPIO chip: give chip the label of one");
}
