#include <string>

#include <doctest/doctest.h>

#include "adapters/p1/values.hpp"

using namespace gridtap;
using namespace gridtap::p1;

TEST_CASE("p1 values: what is no number gives none") {
  for (const std::string_view group : {"",
                                       " ",
                                       "-",
                                       "+",
                                       ".",
                                       ".5",
                                       "5.",
                                       "*kWh",
                                       "abc",
                                       "1.2.3",
                                       "1,5",
                                       "0x10",
                                       "--1",
                                       "1e3",
                                       "200426223325S",
                                       "200426223325W",
                                       "5S",
                                       "5W",
                                       "12 furlongs",
                                       "1kilo",
                                       "1/2",
                                       "kWh",
                                       "1234567890123456789",
                                       "0.1234567890123456789"}) {
    CAPTURE(std::string(group));
    CHECK_FALSE(parse_number(group));
  }
}

TEST_CASE("p1 values: a number keeps its digits, its decimals and whether it had a point") {
  struct Row {
    std::string_view group, value;
    bool point;
  };
  for (const Row& row :
       {Row{"1", "1", false}, Row{"001581.123", "1581.123", true}, Row{"-5", "-5", false},
        Row{"+5.0", "5.0", true}, Row{" 5 ", "5", false}, Row{"0000", "0", false},
        Row{"123456789012345678", "123456789012345678", false},
        Row{"000000000000000000001", "1", false}}) {
    CAPTURE(std::string(row.group));
    const auto number = parse_number(row.group);
    REQUIRE(number);
    CHECK(to_text(number->value) == row.value);
    CHECK(number->has_point == row.point);
    CHECK(number->quantity == Quantity::none);
  }
}

TEST_CASE("p1 values: units are scaled exactly to the published one") {
  struct Row {
    std::string_view group, value;
    Quantity quantity;
  };
  const Row rows[] = {
      {"001581.123*kWh", "1581.123", Quantity::energy},
      {"1581123*Wh", "1581.123", Quantity::energy},
      {"1.5*MWh", "1500", Quantity::energy},
      {"00.123*kW", "123", Quantity::power},
      {"123*W", "123", Quantity::power},
      {"0.25*MW", "250000", Quantity::power},
      {"1.5*kvarh", "1.5", Quantity::reactive_energy},
      {"1500*varh", "1.500", Quantity::reactive_energy},
      {"0.5*kvar", "500", Quantity::reactive_power},
      {"5*var", "5", Quantity::reactive_power},
      {"0.5*kVA", "500", Quantity::apparent_power},
      {"5*VA", "5", Quantity::apparent_power},
      {"230.1*V", "230.1", Quantity::voltage},
      {"0.2301*kV", "230.1", Quantity::voltage},
      {"001*A", "1", Quantity::current},
      {"1500*mA", "1.500", Quantity::current},
      {"50.01*Hz", "50.01", Quantity::frequency},
      {"0.05*kHz", "50", Quantity::frequency},
      {"00246.138*m3", "246.138", Quantity::volume},
      {"246138*dm3", "246.138", Quantity::volume},
      {"12.5*GJ", "12.5", Quantity::heat},
      {"12500*MJ", "12.500", Quantity::heat},
      {"0000000240*s", "240", Quantity::duration},
      {"5*furlong", "5", Quantity::unknown},
      {"5*", "5", Quantity::none},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.group));
    const auto number = parse_number(row.group);
    REQUIRE(number);
    CHECK(number->value == *parse_decimal(row.value));
    CHECK(number->quantity == row.quantity);
  }
}

TEST_CASE("p1 values: case does not matter, but milli is not mega") {
  CHECK(parse_number("1*KWH")->quantity == Quantity::energy);
  CHECK(parse_number("1*kwh")->quantity == Quantity::energy);
  CHECK(parse_number("1*M3")->quantity == Quantity::volume);
  CHECK(parse_number("1*mWh")->quantity == Quantity::unknown);
  CHECK(parse_number("1*mW")->quantity == Quantity::unknown);
  CHECK(parse_number("1*mJ")->quantity == Quantity::unknown);
  CHECK(parse_number("1*MA")->quantity == Quantity::unknown);
}

TEST_CASE("p1 values: spaces may surround the star, and a known unit needs no star") {
  for (const std::string_view group : {"5 * kWh", "5* kWh ", " 5 *kWh", "5 kWh", "5kWh"}) {
    const auto number = parse_number(group);
    REQUIRE(number);
    CHECK(number->quantity == Quantity::energy);
  }
  CHECK(parse_number("230V")->quantity == Quantity::voltage);
  CHECK(parse_number("16A")->quantity == Quantity::current);
}

TEST_CASE("p1 values: kilowatt-hours of heat are gigajoules, exactly") {
  CHECK(to_gigajoule({1000, 0}) == Decimal{36, -1});
  CHECK(to_gigajoule({1, -3}) == Decimal{36, -7});
}

TEST_CASE("p1 values: a hex text is decoded where all of it can be read") {
  struct Row {
    std::string_view group, message, id;
  };
  const Row rows[] = {
      {"4530303334303036", "E0034006", "E0034006"},
      {"48656C6C6F", "Hello", "Hello"},
      {"48656c6c6f", "Hello", "Hello"},
      {"E0034006", "E0034006", "E0034006"},
      {"Hello", "Hello", "Hello"},
      {"486", "486", "486"},
      {"00", "00", "00"},
      {"", "", ""},
      {"3031323334", "01234", "01234"},
      {"65666768", "efgh", "65666768"},  // plain digits: no octet of them is a digit
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.group));
    CHECK(decode_text(row.group, HexText::message) == row.message);
    CHECK(decode_text(row.group, HexText::id) == row.id);
  }
}

TEST_CASE("p1 values: an id that a topic or a unique id cannot bear becomes its hex digits") {
  CHECK(identity_of("4530303334303036") == "4530303334303036");
  CHECK(identity_of("ABC-1_2z") == "ABC-1_2z");
  CHECK(identity_of("1 2") == "312032");
  CHECK(identity_of("a/b+#") == "612F622B23");
  CHECK(identity_of("\xC3\xA9") == "C3A9");
}

TEST_CASE("p1 values: what is shown holds nothing that cannot be read") {
  CHECK(shown("abc") == "abc");
  CHECK(shown("a\tb\x7F\xC3\xA9\r\n") == "a?b?????");
  CHECK(trim(" \ta b\t ") == "a b");
  CHECK(trim("  ") == "");
}
