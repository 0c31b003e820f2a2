#include "adapters/kq330/values.hpp"

#include <algorithm>

namespace gridtap::kq330 {
namespace {

bool is_word(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

}  // namespace

Value value_of(std::string_view text) {
  if (is_word(text, "nan")) return {};
  const auto number = text.starts_with('+') ? std::nullopt : parse_decimal(text);
  return number ? Value{*number} : Value{text};
}

Value position_of(std::string_view text) {
  if (text == "1" || is_word(text, "on")) return true;
  if (text == "0" || is_word(text, "off")) return false;
  return {};
}

std::string_view text_of(Doubt doubt) {
  constexpr std::string_view texts[] = {"", "left its range", "is one of too many", "jumped",
                                        "has not been confirmed yet"};
  return texts[static_cast<std::size_t>(doubt)];
}

// In transparent mode noise passes for a value now and then: the receiver puts out random bytes
// where nothing is sent, and two digits and a line end are soon among them. 21.5, 87, 21.6: 87 is
// far from the value before it and not believed, and 21.6 is near the last one that was. 21.5,
// 60, 60.2: two in a row that are near each other are a real change, and the second is believed.
Doubt Guard::judge(const std::string& name, Decimal value) {
  if ((least && value < *least) || (most && value > *most)) return Doubt::left_range;
  if (!max_step && confirm <= 1) return Doubt::none;
  if (past_.size() >= most_values && !past_.contains(name)) return Doubt::one_of_too_many;
  Past& past = past_[name];
  // What has jumped is accepted when the next one is near it.
  const bool jumped = max_step && past.believed && !near(*past.believed, value) &&
                      !(past.last && near(*past.last, value));
  past.equal = past.last == value ? past.equal + 1 : 1;
  past.last = value;
  if (jumped) return Doubt::jumped;
  if (past.equal < confirm) return Doubt::unconfirmed;
  past.believed = value;
  return Doubt::none;
}

bool Guard::near(Decimal a, Decimal b) const {
  const auto step = a < b ? subtract(b, a) : subtract(a, b);
  return step && *step <= *max_step;
}

}  // namespace gridtap::kq330
