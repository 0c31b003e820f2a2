#include "core/decimal.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace gridtap;

namespace {

Decimal number(std::string_view text) {
  const auto value = parse_decimal(text);
  REQUIRE_MESSAGE(value, text);
  return *value;
}

constexpr Decimal largest{INT64_MAX, 0};
constexpr Decimal least{INT64_MIN, 0};

}  // namespace

TEST_CASE("decimal: texts that are no plain decimal number are refused") {
  for (const char* text : {"",
                           "-",
                           "+",
                           ".",
                           "-.",
                           "1.",
                           ".5",
                           "-.5",
                           "1..2",
                           "1.2.3",
                           "1,5",
                           "1e3",
                           "1E3",
                           " 1",
                           "1 ",
                           "0x10",
                           "--1",
                           "+-1",
                           "1-",
                           "1_000",
                           "inf",
                           "nan",
                           "1234567890123456789",
                           "1\n",
                           "\xd9\xa1",
                           "0.0000000000000000001"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_decimal(text));
  }
  CHECK_FALSE(parse_decimal(std::string(100'000, '9')));
  CHECK_FALSE(parse_decimal(std::string("1\0", 2)));
}

TEST_CASE("decimal: a text keeps the decimals that the device sent, and no others") {
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"671.578", "671.578"},
      {"002.10", "2.10"},
      {"000000", "0"},
      {"0.000", "0.000"},
      {"-12", "-12"},
      {"+5", "5"},
      {"-0", "0"},
      {"-0.0", "0.0"},
      {"0.050", "0.050"},
      {"-0.5", "-0.5"},
      {"999999999999999999", "999999999999999999"},
      {"000000000000000000000012", "12"},
      {"0.000000000000000001", "0.000000000000000001"},
  };
  for (const auto& [text, shown] : texts) CHECK(to_text(number(text)) == shown);
}

TEST_CASE("decimal: every number that fits is printed in plain notation") {
  CHECK(to_text(Decimal{5, 3}) == "5000");
  CHECK(to_text(Decimal{0, 3}) == "0");
  CHECK(to_text(Decimal{-5, -3}) == "-0.005");
  CHECK(to_text(largest) == "9223372036854775807");
  CHECK(to_text(least) == "-9223372036854775808");
  CHECK(to_text(Decimal{INT64_MIN, -19}) == "-0.9223372036854775808");
  std::string text = "W ";
  append(text, Decimal{244, 0});
  CHECK(text == "W 244");
}

TEST_CASE("decimal: the same number is equal however many decimals it shows") {
  CHECK(number("1.50") == number("1.5"));
  CHECK(number("0.000") == number("0"));
  CHECK(Decimal{5, 3} == number("5000"));
  CHECK(number("1.5") != number("1.05"));
  CHECK(Decimal{0, 100} == Decimal{0, -100});
}

TEST_CASE("decimal: numbers are ordered by value, also where 64 bits do not hold both") {
  const std::vector<Decimal> rising = {
      Decimal{-9, 100},  least,         number("-2"),     number("-1.5"),
      Decimal{-1, -100}, number("0"),   Decimal{1, -100}, number("0.05"),
      number("1.49"),    number("1.5"), largest,          Decimal{1, 19},
      Decimal{9, 100}};
  for (std::size_t a = 0; a < rising.size(); ++a) {
    for (std::size_t b = 0; b < rising.size(); ++b) {
      CAPTURE(a);
      CAPTURE(b);
      CHECK((rising[a] < rising[b]) == (a < b));
      CHECK((rising[a] == rising[b]) == (a == b));
    }
  }
}

TEST_CASE("decimal: a change of unit moves the point and loses nothing") {
  CHECK(to_text(shifted(number("1.234"), 3)) == "1234");
  CHECK(to_text(shifted(number("1.5"), 3)) == "1500");
  CHECK(to_text(shifted(number("1234"), -3)) == "1.234");
  CHECK(to_text(shifted(number("12784.325"), 0)) == "12784.325");
  CHECK(to_text(shifted(number("-0.002"), 3)) == "-2");
  CHECK(to_text(shifted(largest, 3)) == "9223372036854775807000");
}

TEST_CASE("decimal: a hostile exponent cannot print megabytes") {
  CHECK(to_text(shifted(Decimal{1, 100}, 100)).size() <= 60);
  CHECK(to_text(shifted(Decimal{1, -100}, -100)).size() <= 60);
}

TEST_CASE("decimal: sums, differences and products are exact") {
  CHECK(to_text(*add(number("0.1"), number("0.2"))) == "0.3");
  CHECK(to_text(*add(number("1.50"), number("2"))) == "3.50");
  CHECK(to_text(*subtract(number("1"), number("1.001"))) == "-0.001");
  CHECK(to_text(*multiply(number("0.25"), number("40"))) == "10.00");
  CHECK(to_text(*multiply(number("-2"), number("3"))) == "-6");
}

TEST_CASE("decimal: sums and differences of one register keep its decimals, to the last digit") {
  CHECK(to_text(*add(number("002.10"), number("0.05"))) == "2.15");
  CHECK(to_text(*add(number("-1.500"), number("1.500"))) == "0.000");
  CHECK(to_text(*subtract(number("671.578"), number("671.577"))) == "0.001");
  CHECK(to_text(*subtract(number("0.5"), number("2.0"))) == "-1.5");
  CHECK(*add({INT64_MAX - 1, -3}, {1, -3}) == Decimal{INT64_MAX, -3});
  CHECK(*subtract({INT64_MIN + 1, 5}, {1, 5}) == Decimal{INT64_MIN, 5});
  CHECK_FALSE(add({INT64_MAX, -3}, {1, -3}));
  CHECK_FALSE(subtract({INT64_MIN, 5}, {1, 5}));
}

TEST_CASE("decimal: a result that 64 bits do not hold is nothing, never a wrong number") {
  CHECK_FALSE(add(largest, number("1")));
  CHECK_FALSE(add(largest, number("0.1")));
  CHECK_FALSE(subtract(least, number("1")));
  CHECK_FALSE(multiply(largest, number("2")));
  CHECK_FALSE(multiply(least, number("-1")));
  CHECK_FALSE(multiply(Decimal{1, 30}, Decimal{1, 30}));
  CHECK_FALSE(add(Decimal{1, 100}, number("1")));
}

TEST_CASE("decimal: rounding takes halves away from zero and adds no decimals") {
  CHECK(to_text(rounded(number("2.345"), 2)) == "2.35");
  CHECK(to_text(rounded(number("-2.345"), 2)) == "-2.35");
  CHECK(to_text(rounded(number("2.344"), 2)) == "2.34");
  CHECK(to_text(rounded(number("0.5"), 0)) == "1");
  CHECK(to_text(rounded(number("-0.4"), 0)) == "0");
  CHECK(to_text(rounded(number("2.3"), 3)) == "2.3");
  CHECK(to_text(rounded(number("999.9"), 0)) == "1000");
  CHECK(to_text(rounded(Decimal{5, -30}, 2)) == "0.00");
  CHECK(to_text(rounded(Decimal{INT64_MIN, -19}, 0)) == "-1");
}
