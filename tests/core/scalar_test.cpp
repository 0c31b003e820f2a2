#include "core/scalar.hpp"

#include <doctest/doctest.h>

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
