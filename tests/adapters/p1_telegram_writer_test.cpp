#include "adapters/p1/telegram_writer.hpp"

#include <bit>
#include <regex>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "adapters/p1/quantities.hpp"
#include "adapters/p1/simulator.hpp"
#include "codec/cipher.hpp"
#include "core/bytes.hpp"

using namespace gridtap;
using namespace gridtap::p1;
using namespace std::chrono;

namespace {

constexpr Second morning = sys_days{November / 20 / 2026} + hours{7};

std::string number(std::string_view picture, Decimal value) {
  std::string out;
  append_number(out, picture, value);
  return out;
}

std::string moment(Second time, const PlayedMeter& meter) {
  std::string out;
  append_moment(out, time, meter);
  return out;
}

HouseState at(Second time) {
  HouseState house;
  house.time = time;
  return house;
}

std::string write(PlayedMeter meter, std::span<const PlayedLine> lines,
                  const HouseState& house = at(morning)) {
  meter.lines = lines;
  return write_telegram({meter, house, meter.serial});
}

PlayedMeter test_meter() {
  return {.name = "test", .header = "/TST5demo", .lines = {}, .serial = "A1"};
}

// CRC-16/ARC by the book, bit by bit; the writer's comes from a table.
std::string crc_of(std::string_view bytes) {
  unsigned crc = 0;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1;
  }
  const std::uint8_t two[] = {static_cast<std::uint8_t>(crc >> 8),
                              static_cast<std::uint8_t>(crc & 0xFF)};
  return to_hex(two);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    REQUIRE(end != text.npos);
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 2);
  }
  return lines;
}

std::vector<PlayedMeter> all_meters() {
  std::vector<PlayedMeter> meters;
  for (const auto group : {dutch_meters(), other_meters()}) {
    meters.insert(meters.end(), group.begin(), group.end());
  }
  return meters;
}

}  // namespace

TEST_CASE("p1 writer: numbers have the width and decimals of their picture") {
  struct {
    std::string_view picture;
    Decimal value;
    std::string_view text;
  } const rows[] = {
      {"######.###", {1234567, -3}, "001234.567"},
      {"##.###", {244, -3}, "00.244"},
      {"##.###", {0, 0}, "00.000"},
      {"##.###", {5, 0}, "05.000"},
      {"####.##", {985, -3}, "0000.99"},  // halves away from zero
      {"####.##", {984, -3}, "0000.98"},
      {"###", {2990, -3}, "003"},
      {"###", {4, 1}, "040"},
      {"#####", {7, 0}, "00007"},
      {"##.###", {123456, -3}, "23.456"},  // a register rolls over
      {"####.###", {-3618, -3}, "-0003.618"},
      {"##.###", {-1, -4}, "00.000"},  // never "-0"
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.picture));
    CHECK(number(row.picture, row.value) == row.text);
  }
}

TEST_CASE("p1 writer: moments are local time with the flag of summer time") {
  const PlayedMeter plain = test_meter();
  PlayedMeter no_flag = plain;
  no_flag.time_flag = false;
  PlayedMeter normal_time = plain;
  normal_time.summer_time = false;
  PlayedMeter eastern = plain;
  eastern.house.utc_offset = hours{2};
  const Second winter = sys_days{November / 20 / 2026} + hours{7} + seconds{9};
  const Second summer = sys_days{June / 30 / 2026} + hours{22} + minutes{30};
  CHECK(moment(winter, plain) == "261120080009W");
  CHECK(moment(summer, plain) == "260701003000S");
  CHECK(moment(summer, no_flag) == "260701003000");
  CHECK(moment(summer, normal_time) == "260630233000W");
  CHECK(moment(winter, eastern) == "261120090009W");
  CHECK(moment(summer, eastern) == "260701013000S");
}

TEST_CASE("p1 writer: the doubled hour of October is told apart by its flag") {
  const Second change = sys_days{October / 25 / 2026} + hours{1};
  CHECK(moment(change - minutes{30}, test_meter()) == "261025023000S");
  CHECK(moment(change + minutes{30}, test_meter()) == "261025023000W");
}

TEST_CASE("p1 writer: a telegram is header, empty line, lines, and the CRC of all of it") {
  const PlayedLine lines[] = {{"1-0:1.7.0(00.123*kW)"}};
  CHECK(write(test_meter(), {}) == "/TST5demo\r\n\r\n!0FB0\r\n");
  CHECK(write(test_meter(), lines) == "/TST5demo\r\n\r\n1-0:1.7.0(00.123*kW)\r\n!F40F\r\n");
}

TEST_CASE("p1 writer: old meters send no CRC, some no empty line") {
  PlayedMeter meter = test_meter();
  meter.checksum = false;
  CHECK(write(meter, {}) == "/TST5demo\r\n\r\n!\r\n");
  meter.empty_line = false;
  CHECK(write(meter, {}) == "/TST5demo\r\n!\r\n");
}

TEST_CASE("p1 writer: pictures are filled with number, moment and text") {
  PlayedMeter meter = test_meter();
  meter.checksum = false;
  HouseState house = at(morning);
  house.phase[0].w = 1234;
  house.phase[0].decivolt = 2317;
  house.import_ws = {1000 * 3600 + 3599, 500 * 3600};
  house.gas = {0, morning, 2307'368'900};
  const PlayedLine lines[] = {
      {"0-0:96.1.1(%)", serial_hex},
      {"1-0:1.7.0(##.###*kW)", power_import},
      {"1-0:1.7.0(#########*W)", power_import},
      {"1-0:32.7.0(####.###*kV)", voltage<0>},
      {"1-0:1.8.0(######.###*kWh)", import_total},
      {"0-1:24.2.1(@)(#####.###*m3)", gas_time, gas},
      {"0-1:24.3.0(@)(08)\r\n(#####.###)", gas_time, gas},
  };
  CHECK(write(meter, lines, house) ==
        "/TST5demo\r\n\r\n"
        "0-0:96.1.1(4131)\r\n"
        "1-0:1.7.0(01.234*kW)\r\n"
        "1-0:1.7.0(000001234*W)\r\n"
        "1-0:32.7.0(0000.232*kV)\r\n"
        "1-0:1.8.0(000001.500*kWh)\r\n"
        "0-1:24.2.1(261120080000W)(02307.368*m3)\r\n"
        "0-1:24.3.0(261120080000W)(08)\r\n(02307.368)\r\n"
        "!\r\n");
}

TEST_CASE("p1 writer: lists hold one pair or triple of groups for each entry") {
  PlayedMeter meter = test_meter();
  meter.checksum = false;
  HouseState house = at(morning);
  house.failures = {{morning, 2014}};
  house.months = {{morning, {morning - hours{1}, 4229}}};
  house.month_close = {morning, {3600 * 1500L, 3600 * 500L}, {0, 3600}};
  const PlayedLine lines[] = {
      {"1-0:99.97.0%", failure_log}, {"0-0:98.1.0%", peak_history}, {"0-0:98.1.0%", month_record}};
  const auto text = lines_of(write(meter, lines, house));
  CHECK(text[2] == "1-0:99.97.0(1)(0-0:96.7.19)(261120080000W)(0000002014*s)");
  CHECK(text[3] == "0-0:98.1.0(1)(1-0:1.6.0)(1-0:1.6.0)(261120080000W)(261120070000W)(04.229*kW)");
  CHECK(text[4] ==
        "0-0:98.1.0(261120080000W)(000002.000*kWh)(000001.500*kWh)(000000.500*kWh)"
        "(000000.001*kWh)(000000.000*kWh)(000000.001*kWh)");
}

TEST_CASE("p1 writer: every meter's telegram keeps the grammar and its CRC") {
  const std::regex object(R"(\d-\d:\d{1,2}\.\d{1,3}\.\d{1,3}(\([^()#@%]*\))+)");
  const std::regex value(R"(\([^()#@%]*\))");  // the second line of an old gas record
  for (const PlayedMeter& meter : all_meters()) {
    CAPTURE(std::string(meter.name));
    House house(meter.house, morning, 11);
    for (int n = 0; n < 20; ++n) {
      house.advance(morning + minutes{n * 47});
      const std::string telegram = write_telegram({meter, house.state(), meter.serial});
      REQUIRE(telegram.size() < 4096);
      auto text = lines_of(telegram);
      REQUIRE(text.size() > 10);
      CHECK(text.front() == meter.header);
      const std::size_t mark = telegram.rfind('!');
      CHECK(text.back() ==
            (meter.checksum ? "!" + crc_of(telegram.substr(0, mark + 1)) : std::string("!")));
      if (meter.empty_line) CHECK(text[1].empty());
      for (std::size_t line = meter.empty_line ? 2 : 1; line + 1 < text.size(); ++line) {
        CAPTURE(text[line]);
        const bool well_formed =
            std::regex_match(text[line], object) || std::regex_match(text[line], value);
        CHECK(well_formed);
      }
    }
  }
}

TEST_CASE("p1 writer: the DSMR 5 telegram has 35 value lines in 942 bytes") {
  const PlayedMeter& meter = *find_played_meter("dsmr5");
  House house(meter.house, morning, 1);
  CHECK(meter.lines.size() == 35);
  CHECK(write_telegram({meter, house.state(), meter.serial}).size() == 942);
}

TEST_CASE("p1 writer: even parity sits in bit 7 and leaves the text below it") {
  std::string bytes = "/0123456789().*-:!\r\n";
  const std::string text = bytes;
  add_even_parity(bytes);
  CHECK(to_hex(as_bytes(bytes)) == "AF30B1B233B43536B7B83928A92EAA2D3A218D0A");
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const auto byte = static_cast<std::uint8_t>(bytes[n]);
    CHECK(std::popcount(byte) % 2 == 0);
    CHECK(static_cast<char>(byte & 0x7F) == text[n]);
  }
}

TEST_CASE("p1 writer: an envelope is title, length, counter, ciphertext and tag") {
  const EnvelopeKeys keys = {*from_hex(demo_key), *from_hex(demo_authentication_key), "GTP00001"};
  const std::string telegram = "/TST5demo\r\n\r\n!0FB0\r\n";
  const std::string frame = write_envelope(telegram, keys, 0x01020304);
  REQUIRE(frame.size() == 13 + 5 + telegram.size() + 12);
  CHECK(to_hex(as_bytes(frame).first(18)) ==
        "DB08475450303030303182"
        "0025"
        "30"
        "01020304");
  const std::string iv = "GTP00001\x01\x02\x03\x04";
  const std::string additional = '\x30' + keys.authentication_key;
  const ByteView bytes = as_bytes(frame);
  const auto text = gcm_decrypt(as_bytes(keys.key), as_bytes(iv), as_bytes(additional),
                                bytes.subspan(18, telegram.size()), bytes.last(12));
  REQUIRE(text.has_value());
  CHECK(*text == telegram);
}

TEST_CASE("p1 writer: no envelope without keys of the right size") {
  CHECK(write_envelope("text", {}, 1).empty());
  CHECK(
      write_envelope("text", {"short", *from_hex(demo_authentication_key), "GTP00001"}, 1).empty());
}
