#include "core/scalar.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

TEST_CASE("scalar: an integer is read in one form only") {
  CHECK(parse_integer("0") == 0);
  CHECK(parse_integer("-0") == 0);
  CHECK(parse_integer("9223372036854775807") == INT64_MAX);
  CHECK(parse_integer("-9223372036854775808") == INT64_MIN);
  for (const char* text : {"", "-", "+1", "00", "-01", "9223372036854775808", "1 ", " 1", "1a"}) {
    CHECK_FALSE(parse_integer(text));
  }
}

TEST_CASE("scalar: what was meant by an odd number") {
  CHECK(plain_number("007") == "7");
  CHECK(plain_number("0xff") == "255");
  CHECK(plain_number("1E3") == "1000");
  CHECK(plain_number("1.5e3") == "1500");
  CHECK(plain_number("5e-3") == "0.005");
  CHECK(plain_number("-1_000.5") == "-1000.5");
  for (const char* text :
       {"", "5", "1:30", ".inf", "e", "1e", "e3", "1e+3", "0xzz", "1e19", "text"}) {
    CHECK(plain_number(text) == "");
  }
}

TEST_CASE("scalar: what was meant by a word of another language") {
  for (const char* text : {"true", "YES", "On", "y", "1"}) CHECK(meant_flag(text) == true);
  for (const char* text : {"False", "no", "OFF", "N", "0"}) CHECK(meant_flag(text) == false);
  for (const char* text : {"", "2", "maybe", "null"}) CHECK_FALSE(meant_flag(text));
}

TEST_CASE("scalar: a duration is written and read in its largest unit") {
  for (const auto length :
       {0ms, 1ms, 999ms, 1000ms, 90'000ms, 300'000ms, 86'400'000ms, -1'800'000ms}) {
    CHECK(parse_duration(duration_text(length)) == length);
  }
  CHECK(duration_text(0s) == "0s");
  CHECK(duration_text(90s) == "90s");
  CHECK(duration_text(60s) == "1min");
  CHECK(duration_text(24h) == "24h");
  CHECK(duration_text(1500ms) == "1500ms");
  CHECK(duration_text(-30min) == "-30min");
}

TEST_CASE("scalar: what readers of YAML disagree about is known as such") {
  for (const char* text :
       {"yes",      "No",  "ON",  "off",   "True", "FALSE", "y",     "N",    "null",
        "NULL",     "~",   "010", "-010",  "+07",  "0x1F",  "0o17",  "0b1",  "1:30",
        "12:00:00", "1e3", "1E5", "1_000", "-1_0", ".inf",  "-.Inf", ".NaN", "190:20:30.15"}) {
    CAPTURE(text);
    CHECK(is_ambiguous(text));
  }
}

TEST_CASE("scalar: what nobody mistakes is not") {
  for (const char* text : {"",
                           "0",
                           "5",
                           "-12",
                           "1.5",
                           "nobody",
                           "yesterday",
                           "only",
                           "0 1",
                           "a:b",
                           "meter:1",
                           "1.2.3",
                           "e3",
                           "-",
                           "+",
                           ".",
                           "..",
                           "_1",
                           "1a",
                           "0y",
                           "tcp://[::1]:23",
                           "/dev/ttyUSB0",
                           "inf"}) {
    CAPTURE(text);
    CHECK_FALSE(is_ambiguous(text));
  }
}

TEST_CASE("scalar: an odd number is one that some reader takes for another") {
  for (const char* text : {"010", "0x10", "1:30", "1e3", "1_000", ".inf", "-0x1", "+1e1"}) {
    CAPTURE(text);
    CHECK(is_odd_number(text));
  }
  for (const char* text : {"10", "1.0", "0", "00x", "x10", "0xx", ":30", "1:", "", "true", "~"}) {
    CAPTURE(text);
    CHECK(is_odd_number(text) ==
          (std::string_view(text) == "1:" || std::string_view(text) == "0xx"));
  }
}

TEST_CASE("scalar: a duration has a unit, a whole number, and nothing else") {
  for (const char* text : {"",
                           "10",
                           "s",
                           "-s",
                           "1.5s",
                           "10 s",
                           "10S",
                           "10sec",
                           "10m",
                           "10d",
                           "1h30min",
                           "010s",
                           "+5s",
                           "--5s",
                           "5-s",
                           " 5s",
                           "5s ",
                           "0x5s",
                           "9223372036854775808ms",
                           "1e3ms"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
  CHECK(parse_duration("0s") == 0ms);
  CHECK(parse_duration("-5min") == -300'000ms);
  CHECK(parse_duration("2h") == 7'200'000ms);
}

TEST_CASE("scalar: a duration that 64 bits do not hold is none") {
  CHECK(parse_duration("9223372036854775807ms"));
  for (const char* text : {"9223372036854775807s", "9223372036854775807h", "-9223372036854775807h",
                           "2562047788016h"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
  CHECK(parse_duration("2562047788015h"));
}

TEST_CASE("scalar: every duration that is written is read as it was") {
  Dice dice(3);
  for (int n = 0; n < 10'000; ++n) {
    const auto count = std::int64_t{dice(1U << 24)} - (1 << 23);
    const auto length = std::chrono::milliseconds{count * (n % 3 == 0 ? 3'600'000 : n % 2 + 1)};
    CAPTURE(length.count());
    CHECK(parse_duration(duration_text(length)) == length);
  }
}

TEST_CASE("scalar: what was meant by an odd number is no odd number") {
  for (const char* text :
       {"007", "0xff", "1E3", "1.5e3", "5e-3", "-1_000.5", "00", "-0x0", "1e18"}) {
    const std::string meant = plain_number(text);
    CAPTURE(text);
    CHECK_FALSE(is_odd_number(meant));
  }
  CHECK(plain_number("1e19") == "");
  CHECK(plain_number("1e-19") == "");
  CHECK(plain_number("0xffffffffffffffffff") == "");
  CHECK(plain_number("1e999999999999999999999") == "");
}
