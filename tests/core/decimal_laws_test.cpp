// What must hold of every decimal number, tried on thousands of them: what is exact is exact, and
// what does not fit is nothing.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/decimal.hpp"

#include "support/wire_bytes.hpp"

using namespace gridtap;

namespace {

// Digits of every length, with the ends of 64 bits and their neighbours among them.
std::vector<Decimal> numbers() {
  Dice dice(11);
  std::vector<Decimal> all;
  for (const std::int64_t digits :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{9}, std::int64_t{-10},
        INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1, std::int64_t{5'000'000'000'000'000'000},
        std::int64_t{-4'999'999'999'999'999'999}}) {
    for (const int exponent : {-18, -3, 0, 1})
      all.push_back({digits, static_cast<std::int8_t>(exponent)});
  }
  for (int n = 0; n < 160; ++n) {
    std::int64_t digits = 0;
    for (std::uint32_t length = dice(19); length > 0; --length) {
      digits = digits * 10 + static_cast<std::int64_t>(dice(10));
    }
    if (dice(2) == 0) digits = -digits;
    all.push_back({digits, static_cast<std::int8_t>(static_cast<int>(dice(22)) - 18)});
  }
  return all;
}

bool is_negative(Decimal value) { return value < Decimal{}; }

}  // namespace

TEST_CASE("decimal laws: what is printed is read as the same number, with the same decimals") {
  for (const Decimal value : numbers()) {
    const std::string text = to_text(value);
    CAPTURE(text);
    CHECK(text.find('e') == text.npos);
    CHECK_FALSE(text.starts_with("-0 "));
    if (const auto again = parse_decimal(text)) {
      CHECK(*again == value);
      CHECK(to_text(*again) == text);
    } else {
      CHECK(text.size() > 18);  // too many digits to be read
    }
  }
}

TEST_CASE("decimal laws: exactly one of less, equal and greater holds, whichever comes first") {
  const auto all = numbers();
  for (const Decimal a : all) {
    for (const Decimal b : all) {
      CHECK((a < b) + (a == b) + (a > b) == 1);
      CHECK((a < b) == (b > a));
      if (const auto difference = subtract(a, b)) CHECK((a < b) == is_negative(*difference));
    }
  }
}

TEST_CASE("decimal laws: a sum less one of its numbers is the other one") {
  const auto all = numbers();
  std::size_t tried = 0;
  for (const Decimal a : all) {
    for (const Decimal b : all) {
      const auto sum = add(a, b);
      CHECK(sum.has_value() == add(b, a).has_value());
      if (!sum) continue;
      CHECK(*sum == *add(b, a));
      if (const auto rest = subtract(*sum, b)) {
        ++tried;
        CHECK(*rest == a);
      }
    }
  }
  CHECK(tried > 5'000);
}

TEST_CASE("decimal laws: a product has the sign of its factors, and one changes nothing") {
  const auto all = numbers();
  for (const Decimal a : all) {
    CHECK(*multiply(a, Decimal{1, 0}) == a);
    for (const Decimal b : all) {
      const auto product = multiply(a, b);
      if (!product || product->digits == 0) continue;
      CHECK(*product == *multiply(b, a));
      CHECK(is_negative(*product) == (is_negative(a) != is_negative(b)));
    }
  }
}

TEST_CASE("decimal laws: a point that is moved and moved back is where it was") {
  for (const Decimal value : numbers()) {
    for (const int places : {1, 3, 6}) {
      CAPTURE(to_text(value));
      const Decimal smaller = shifted(value, -places);
      CHECK(shifted(smaller, places) == value);
      if (value.digits != 0) CHECK((smaller < value) == (value.digits > 0));
    }
  }
}

TEST_CASE("decimal laws: rounding moves a number by half a step at most, and twice is once") {
  for (const Decimal value : numbers()) {
    for (const int decimals : {0, 1, 3}) {
      CAPTURE(to_text(value));
      CAPTURE(decimals);
      const Decimal near = rounded(value, decimals);
      CHECK(rounded(near, decimals) == near);
      CHECK(near.exponent >= std::min<int>(value.exponent, -decimals));
      const auto moved = subtract(near, value);
      if (!moved) continue;
      const auto half = shifted(Decimal{5, -1}, -decimals);
      CHECK(*moved <= half);
      CHECK(*subtract(Decimal{}, half) <= *moved);
    }
  }
}

TEST_CASE("decimal laws: digits that come one by one are read one way only") {
  Dice dice(5);
  constexpr std::string_view alphabet = "0123456789.-+e ,";
  for (int n = 0; n < 50'000; ++n) {
    std::string text;
    for (std::uint32_t length = dice(8); length > 0; --length) {
      text += alphabet[dice(16)];
    }
    CAPTURE(text);
    const bool plain = text.find_first_of("e ,") == text.npos;
    const auto value = parse_decimal(text);
    if (!value) continue;
    CHECK(plain);
    CHECK(text.find_first_of("0123456789") <= 1);
    CHECK(text.find('.') == text.rfind('.'));
    CHECK(text.find_first_of("+-", 1) == text.npos);
  }
}
