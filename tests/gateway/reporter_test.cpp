#include "gateway/reporter.hpp"

#include <doctest/doctest.h>

#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

struct NoEffects final : Effects {
  void operator()(const Effect&) override { FAIL("a reporter only listens"); }
};

struct Desk {
  MemoryLog log;
  Reporter reporter{log, "meter"};
  NoEffects none;
  Now now{Mono{} + 1h, {}};
  void hear(const Effect& effect) { reporter.on_effect("meter", effect, now, none); }
  void line(bool open, const Error* why = nullptr) {
    reporter.on_line({open, "115200 8N1", why}, now, none);
  }
};

}  // namespace

TEST_CASE("reporter: a flood of one kind is one line a minute with a count") {
  Desk desk;
  for (int n = 0; n < 1000; ++n) {
    desk.hear(Dropped{{Fault::bad_checksum, "crc 1234, computed ABCD"}, 800});
  }
  REQUIRE(desk.log.lines.size() == 1);
  CHECK(desk.log.lines[0] ==
        "warning meter: dropped 800 bytes, bad_checksum: crc 1234, computed ABCD");
  desk.now.mono += 60s;
  desk.hear(Dropped{{Fault::bad_checksum, "crc 1234, computed ABCD"}, 800});
  REQUIRE(desk.log.lines.size() == 2);
  CHECK(desk.log.lines[1].ends_with("(999 more since)"));
}

TEST_CASE("reporter: one kind of trouble does not hide another") {
  Desk desk;
  desk.hear(Dropped{{Fault::bad_checksum, "x"}, 800});
  desk.hear(Held{{"", "energy_import_t1", "1-0:1.8.1", Decimal{0, 0}}, "fell"});
  CHECK(desk.log.lines.size() == 2);
}

TEST_CASE("reporter: a value that is held back is told with what ends it") {
  for (const auto& [reason, words] : {std::pair{"zero", "it goes on when it counts"},
                                      {"fell", "ten minutes that fit"},
                                      {"jumped", "max_power raises that"},
                                      {"unit", "energy_exponent decides"},
                                      {"implausible", "max_power decides"}}) {
    Desk desk;
    desk.hear(Held{{"", "energy_import", "1-0:1.8.0", Decimal{5, 0}}, reason});
    REQUIRE(desk.log.lines.size() == 1);
    CHECK(desk.log.lines[0].starts_with("warning meter: held back energy_import, 5: "));
    CHECK(desk.log.lines[0].find(words) != std::string::npos);
  }
}

TEST_CASE("reporter: a refused command is logged by its sender, not here") {
  Desk desk;
  desk.hear(Rejected{"", "output_on", "on", {Fault::bad_syntax, "ON or OFF"}});
  CHECK(desk.log.lines.empty());
}

TEST_CASE("reporter: a line that cannot be opened is reported when the reason changes") {
  Desk desk;
  const Error gone{Fault::io, "no such device: /dev/ttyUSB0"};
  const Error denied{Fault::io, "permission denied on /dev/ttyUSB0"};
  for (int n = 0; n < 100; ++n) {
    desk.line(false, &gone);
    desk.now.mono += 61s;
  }
  desk.line(false, &denied);
  CHECK(desk.log.lines.size() == 2);
}

TEST_CASE("reporter: a diagnosis is logged with its remedy") {
  Desk desk;
  desk.hear(Diagnosis{Cause::inverted, "the adapter needs inversion"});
  CHECK(desk.log.lines.at(0) == "warning meter: inverted: the adapter needs inversion");
}

TEST_CASE("reporter: the device is named when it is known, without control characters") {
  Desk desk;
  desk.hear(Identified{"1", {"gas", "G4\x1b[31m", "G4", "Itron", "", ""}});
  CHECK(desk.log.lines.at(0) == "info meter: channel 1 is Itron gas, serial number G4 [31m");
}

TEST_CASE("reporter: a device that names nothing of itself is told as a sentence all the same") {
  Desk desk;
  desk.hear(Identified{"", {}});
  CHECK(desk.log.lines.at(0) ==
        "info meter: is of a maker that it does not name, no serial number");
}

TEST_CASE("reporter: online and offline are logged once each") {
  Desk desk;
  for (int n = 0; n < 10; ++n) desk.hear(Alive{"", 30s});
  desk.now.mono += 5min;
  desk.hear(Alive{"", 0ms});
  desk.hear(Alive{"1", 0ms});
  CHECK(desk.log.lines.size() == 2);
}

TEST_CASE("reporter: a device that is back within a minute is told to be, a minute later") {
  Desk desk;
  desk.hear(Alive{"", 30s});
  desk.now.mono += 5min;
  desk.hear(Alive{"", 0ms});
  for (int n = 0; n < 7; ++n) {
    desk.now.mono += 10s;
    desk.hear(Alive{"", 30s});
  }
  REQUIRE(desk.log.lines.size() == 3);
  CHECK(desk.log.lines[1] == "warning meter: offline: no good frame");
  CHECK(desk.log.lines[2] == "info meter: online (1 more since)");
  // One that wavers within a minute, and is as it was told to be, is not told again.
  desk.hear(Alive{"", 0ms});
  desk.now.mono += 10s;
  desk.hear(Alive{"", 30s});
  desk.now.mono += 60s;
  desk.hear(Alive{"", 30s});
  CHECK(desk.log.lines.size() == 3);
}

TEST_CASE("reporter: a notice is a warning, made safe for a terminal") {
  Desk desk;
  desk.hear(Notice{"lists are not proved genuine\x1B[2J"});
  REQUIRE(desk.log.lines.size() == 1);
  CHECK(desk.log.lines[0].starts_with("warning meter: lists are not proved genuine"));
  CHECK(desk.log.lines[0].find('\x1B') == std::string::npos);
}
