// Texts as values, and which of them are believed where nothing checks them.
#include "adapters/kq330/values.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace gridtap::kq330;

TEST_CASE("kq330 values: numbers are digits with a point between them, the rest is text") {
  for (const char* number : {"21.5", "-3.25", "007", "0", "48"}) {
    CAPTURE(number);
    CHECK(std::holds_alternative<Decimal>(value_of(number)));
  }
  for (const char* text :
       {"+1", ".5", "3.", "1e5", "on", "-", "1 2", "1,5", "12345678901234567890"}) {
    CAPTURE(text);
    CHECK(to_text(value_of(text)) == text);
    CHECK(std::holds_alternative<std::string_view>(value_of(text)));
  }
  CHECK(to_text(value_of("007")) == "7");
  for (const char* unknown : {"nan", "NaN", "NAN"}) CHECK(to_text(value_of(unknown)) == "None");
}

TEST_CASE("kq330 values: a switch is 1 or 0, on or off") {
  CHECK(to_text(position_of("1")) == "ON");
  CHECK(to_text(position_of("Off")) == "OFF");
  CHECK(to_text(position_of("2")) == "None");
}

TEST_CASE("kq330 guard: what cannot be, jumped, or came once is not believed") {
  const auto at = [](std::int64_t digits) { return Decimal{digits, 0}; };
  Guard range;
  range.least = at(0);
  range.most = at(59);
  CHECK(range.judge("v", at(59)) == Doubt::none);
  CHECK(range.judge("v", at(60)) == Doubt::left_range);
  CHECK(range.judge("v", at(-1)) == Doubt::left_range);

  Guard steps;
  steps.max_step = at(5);
  CHECK(steps.judge("v", at(20)) == Doubt::none);
  CHECK(steps.judge("v", at(25)) == Doubt::none);
  CHECK(steps.judge("v", at(99)) == Doubt::jumped);
  CHECK(steps.judge("v", at(26)) == Doubt::none);
  CHECK(steps.judge("v", at(50)) == Doubt::jumped);
  CHECK(steps.judge("v", at(52)) == Doubt::none);  // it has moved indeed
  CHECK(steps.judge("other", at(99)) == Doubt::none);

  Guard twice;
  twice.confirm = 2;
  CHECK(twice.judge("v", at(1)) == Doubt::unconfirmed);
  CHECK(twice.judge("v", at(1)) == Doubt::none);
  CHECK(twice.judge("v", at(2)) != Doubt::none);
  CHECK(twice.judge("v", at(1)) != Doubt::none);
}

TEST_CASE("kq330 guard: names are bounded") {
  Guard guard;
  guard.confirm = 2;
  for (std::size_t n = 0; n < Guard::most_values; ++n) (void)guard.judge(std::to_string(n), {});
  CHECK(guard.judge("one more", {}) == Doubt::one_of_too_many);
  CHECK(guard.judge("7", {}) == Doubt::none);
}

TEST_CASE("kq330 values: a doubt reads behind the name of its value") {
  CHECK(text_of(Doubt::none) == "");
  CHECK(text_of(Doubt::left_range) == "left its range");
  CHECK(text_of(Doubt::one_of_too_many) == "is one of too many");
  CHECK(text_of(Doubt::jumped) == "jumped");
  CHECK(text_of(Doubt::unconfirmed) == "has not been confirmed yet");
}
