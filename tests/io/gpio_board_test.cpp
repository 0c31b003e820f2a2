// Lines that a Raspberry Pi may need itself.
#include "io/gpio_board.hpp"

#include <doctest/doctest.h>

using namespace gridtap::io;

namespace {

bool nothing(const std::string&) { return false; }
bool everything(const std::string&) { return true; }
bool plug_of_its_own(const std::string& path) { return path == "/dev/serial0"; }

}  // namespace

TEST_CASE("board: lines beside the header belong to the board, whatever is switched on") {
  CHECK(board_warning("pinctrl-bcm2835", 48, nothing).find("SD card") != std::string::npos);
  CHECK(board_warning("pinctrl-rp1", 28, nothing).find("SD card") != std::string::npos);
  CHECK(board_warning("pinctrl-bcm2711", 27, everything).empty());
  CHECK(board_warning("pinctrl-bcm2711", 0, nothing).find("add-on boards") != std::string::npos);
}

TEST_CASE("board: a bus is warned of while it is switched on") {
  CHECK(board_warning("pinctrl-bcm2711", 2, nothing).empty());
  CHECK(board_warning("pinctrl-bcm2711", 2, everything) ==
        "it belongs to the I2C bus 1, which is switched on: take another line, or switch that off "
        "(dtparam=i2c_arm=off in config.txt)");
  CHECK(board_warning("pinctrl-bcm2711", 8, everything).find("SPI") != std::string::npos);
  CHECK(board_warning("pinctrl-bcm2711", 11, everything).find("SPI") != std::string::npos);
  CHECK(board_warning("pinctrl-bcm2711", 4, everything).find("1-Wire") != std::string::npos);
  CHECK(board_warning("pinctrl-bcm2835", 14, everything).find("serial port") != std::string::npos);
}

TEST_CASE("board: the serial plug of a Raspberry Pi 5 is not on its header") {
  CHECK(board_warning("pinctrl-rp1", 15, plug_of_its_own).empty());
  CHECK_FALSE(board_warning("pinctrl-rp1", 15, everything).empty());
  CHECK_FALSE(board_warning("pinctrl-bcm2711", 15, plug_of_its_own).empty());
}

TEST_CASE("board: other lines are free of it, whatever is switched on, and so are other chips") {
  for (const unsigned offset : {5U, 6U, 16U, 17U, 22U, 23U, 24U, 25U, 26U, 27U}) {
    CHECK(board_warning("pinctrl-bcm2711", offset, everything).empty());
  }
  CHECK(board_warning("mcp23017", 2, everything).empty());
}

TEST_CASE("board: a device is there or not") {
  CHECK(device_exists("/dev/null"));
  CHECK_FALSE(device_exists("/dev/null/nowhere"));
}
