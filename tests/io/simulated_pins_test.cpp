// Pins without hardware: what a script sees of them and can play, and which chip gets which pin.
#include "io/simulated_pins.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "io/make_pins.hpp"
#include "support/scratch.hpp"

using namespace gridtap;

namespace {

std::string content_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

io::PinSettings simulated(const std::string& line) {
  io::PinSettings pin;
  pin.chip = io::simulated_chip;
  pin.line = line;
  return pin;
}

}  // namespace

TEST_CASE("simulated pins: a line reads what was set, and nothing before that") {
  const auto pins = io::make_simulated_pins({simulated("17"), simulated("18")});
  CHECK_FALSE(pins->read(0));
  CHECK(pins->set(0, true) == true);
  CHECK(pins->read(0) == true);
  CHECK_FALSE(pins->read(1));
  CHECK(pins->set(0, false) == false);
  CHECK(pins->read(0) == false);
}

TEST_CASE("simulated pins: a line that is a path shows its level there, and keeps it at the end") {
  const Scratch scratch;
  const std::string path = scratch / "boiler";
  {
    const auto pins = io::make_simulated_pins({simulated(path)});
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(pins->set(0, true) == true);
    CHECK(content_of(path) == "ON \n");
    CHECK(pins->set(0, false) == false);
    CHECK(content_of(path) == "OFF\n");
    CHECK(pins->set(0, true) == true);
  }
  CHECK(content_of(path) == "ON \n");
}

TEST_CASE("simulated pins: what another one writes into the file is the level") {
  const Scratch scratch;
  const std::string path = scratch / "boiler";
  const auto pins = io::make_simulated_pins({simulated(path)});
  CHECK(pins->set(0, false) == false);
  std::ofstream(path) << "ON";
  CHECK(pins->read(0) == true);
  CHECK(pins->set(0, false) == false);
}

TEST_CASE("simulated pins: a file that is gone is a line that was lost, and is taken again") {
  const Scratch scratch;
  const std::string path = scratch / "boiler";
  const auto pins = io::make_simulated_pins({simulated(path)});
  CHECK(pins->set(0, true) == true);
  std::filesystem::remove(path);
  const auto lost = pins->read(0);
  REQUIRE_FALSE(lost);
  CHECK(lost.error().detail == "the simulated line " + path + ": No such file or directory");
  CHECK(pins->set(0, false) == false);
  CHECK(content_of(path) == "OFF\n");
}

TEST_CASE("simulated pins: a path that cannot be written, or is no file, says why") {
  const Scratch scratch;
  const auto pins = io::make_simulated_pins(
      {simulated("/nowhere/boiler"), simulated(scratch / "fifo"), simulated(scratch / "link")});
  CHECK(pins->set(0, true).error().detail ==
        "the simulated line /nowhere/boiler: No such file or directory");
  REQUIRE(::mkfifo((scratch / "fifo").c_str(), 0600) == 0);
  CHECK(pins->set(1, true).error().detail.ends_with(": Invalid argument"));
  std::filesystem::create_symlink("/tmp/elsewhere", scratch / "link");
  CHECK_FALSE(pins->set(2, true));
}

TEST_CASE("pins: each goes to its chip, in any order") {
  io::PinSettings hardware;
  hardware.chip = "no-such-chip";
  hardware.line = "17";
  const auto pins = io::make_pins({simulated("a"), hardware, simulated("b")});
  CHECK(pins->set(2, true) == true);
  CHECK_FALSE(pins->read(0));
  CHECK(pins->set(0, false) == false);
  CHECK(pins->read(2) == true);
  CHECK_FALSE(pins->set(1, true));
  CHECK_FALSE(pins->read(1));
}
