// The data-notification of DLMS and its clock.

#include <doctest/doctest.h>

#include "codec/dlms.hpp"

using namespace gridtap;
using namespace std::chrono;

namespace {

const std::string clock_bytes = *from_hex("07EA0B1405080010FF800000");

std::string body_of(const std::string& hex) {
  const std::string apdu = *from_hex(hex);
  const auto parsed = parse_data_notification(as_bytes(apdu));
  if (!parsed) return std::string(name(parsed.error().fault));
  return to_hex(parsed->clock) + '|' + to_hex(parsed->body);
}

std::string read(std::string bytes) {
  const auto clock = DlmsClock::read(as_bytes(bytes));
  return clock ? std::string(clock->text()) : "none";
}
std::string read_with(std::size_t at, int value) {
  std::string bytes = clock_bytes;
  bytes[at] = static_cast<char>(value);
  return read(bytes);
}

}  // namespace

TEST_CASE("dlms: the example of the header is a notification with a clock and a structure") {
  CHECK(body_of("0F40000000090C07EA0B140508000AFF8000000201060000012C") ==
        "07EA0B140508000AFF800000|0201060000012C");
}

TEST_CASE("dlms: the clock has one of three forms") {
  CHECK(body_of("0F00000000000600") == "|0600");
  CHECK(body_of("0F000000000C07EA0B1405080010FF8000000600") == "07EA0B1405080010FF800000|0600");
  CHECK(body_of("0F00000000090C07EA0B1405080010FF8000000600") == "07EA0B1405080010FF800000|0600");
}

TEST_CASE("dlms: any other form is refused") {
  for (const char* hex : {"0F00000000010600", "0F00000000090507EA0B14050600",
                          "0F00000000190C07EA0B1405080010FF8000000600", "0F0000000009"}) {
    CAPTURE(hex);
    CHECK(body_of(hex) == "bad_syntax");
  }
}

TEST_CASE("dlms: a notification cut anywhere before its body is refused") {
  const std::string whole = "0F000000000C07EA0B1405080010FF800000";
  for (std::size_t digits = 0; digits < whole.size(); digits += 2) {
    CAPTURE(digits);
    const std::string said = body_of(whole.substr(0, digits));
    CHECK((said == "truncated" || said == "bad_syntax"));
  }
  CHECK(body_of(whole) == "07EA0B1405080010FF800000|");
}

TEST_CASE("dlms clock: read as sent, without a zone") {
  CHECK(read(clock_bytes) == "2026-11-20T08:00:16");
  CHECK(read(*from_hex("07E60A1E0702000AFF003C00")) == "2022-10-30T02:00:10");
}

TEST_CASE("dlms clock: weekday, hundredths, deviation and status may be anything") {
  for (const std::size_t at : {4u, 8u, 9u, 10u, 11u}) {
    CAPTURE(at);
    CHECK(read_with(at, 0xFF) == "2026-11-20T08:00:16");
    CHECK(read_with(at, 0x77) == "2026-11-20T08:00:16");
  }
}

TEST_CASE("dlms clock: it counts as a whole, or not at all") {
  CHECK(read_with(0, 0xFF) == "none");  // year
  CHECK(read_with(0, 0x06) == "none");  // before 2000
  CHECK(read_with(1, 0xD0) == "2000-11-20T08:00:16");
  CHECK(read_with(2, 0) == "none");  // month
  CHECK(read_with(2, 13) == "none");
  CHECK(read_with(2, 0xFE) == "none");  // begin of summer time: no month
  CHECK(read_with(3, 0) == "none");     // day
  CHECK(read_with(3, 31) == "none");    // of November
  CHECK(read_with(5, 24) == "none");    // hour
  CHECK(read_with(6, 60) == "none");    // minute
  CHECK(read_with(7, 0xFF) == "none");  // a missing second is not 0
  CHECK(read(clock_bytes.substr(1)) == "none");
  CHECK(read("") == "none");
}

TEST_CASE("dlms clock: February has 29 days every four years") {
  CHECK(read(*from_hex("07E8021D04000000FF800000")) == "2024-02-29T00:00:00");
  CHECK(read(*from_hex("07E9021D06000000FF800000")) == "none");
}

TEST_CASE("dlms clock: what is written is read again") {
  const local_seconds time = local_days{2026y / March / 29} + 23h + 59min + 58s;
  const auto bytes = dlms_clock(time, minutes{-120}, 0x80);
  CHECK(to_hex(bytes) == "07EA031D07173B3AFFFF8880");
  CHECK(read(std::string(as_text(bytes))) == "2026-03-29T23:59:58");
  CHECK(to_hex(dlms_clock(time, std::nullopt, 0)) == "07EA031D07173B3AFF800000");
}
