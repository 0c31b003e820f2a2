#include "core/section_problems.hpp"

#include <algorithm>

#include "core/bytes.hpp"
#include "core/scalar.hpp"

namespace gridtap {
namespace {

// What was meant as a comment is one word with the value in front of it.
const char* comment_slip(const Setting& setting) {
  if (setting.quoted) return "";
  if (setting.text.find('#') != setting.text.npos) {
    return ": a comment needs a space in front of its #";
  }
  return setting.text.find(" //") == setting.text.npos ? "" : ": a comment begins with #, not //";
}

std::string_view name_of(Setting::Kind kind) {
  switch (kind) {
    case Setting::Kind::null:
      return "nothing: write a value or leave the key out";
    case Setting::Kind::scalar:
      return "a single value";
    case Setting::Kind::list:
      return "a list";
    case Setting::Kind::map:
      return "a group of settings";
  }
  return {};
}

}  // namespace

std::string marked(std::string_view text) { return '`' + std::string(text) + '`'; }

// A value as a problem shows it. What the environment holds may be a secret.
std::string found(const Setting& setting) {
  constexpr std::size_t longest = 60;
  if (setting.substituted) return "found another text in the environment variable";
  const bool whole = setting.text.size() <= longest;
  return "found " + marked(whole ? setting.text : setting.text.substr(0, longest) + "...") +
         comment_slip(setting);
}

std::string want(std::string_view wanted, Setting::Kind kind) {
  return "expected " + std::string(wanted) + ", found " + std::string(name_of(kind));
}

// "adapter" of "adapter:p1", which YAML takes for one word; empty if it is not of this form.
std::string joined_key(const Setting& setting) {
  if (setting.kind != Setting::Kind::scalar || setting.quoted || setting.substituted) return {};
  const std::size_t end = setting.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_");
  const bool joined = end != setting.text.npos && end > 0 && setting.text[end] == ':';
  return joined ? setting.text.substr(0, end) : std::string{};
}

// What follows the key may be a password, and is not shown.
std::string no_space_behind(std::string_view key) {
  return "a space is missing after the colon: write " + marked(std::string(key) + ": ...");
}

std::string between(std::string_view least, std::string_view most) {
  return "must be from " + std::string(least) + " to " + std::string(most);
}

std::string did_you_mean(std::string_view word, const Words& known) {
  const std::string_view meant = nearest(word, known);
  return meant.empty() ? std::string{} : " (did you mean " + marked(meant) + "?)";
}

std::string listed(const Words& words) {
  std::string text;
  for (const std::string_view word : words) (text += text.empty() ? "" : ", ") += word;
  return text;
}

// Why a scalar is no whole number, and what to write.
std::string no_integer(const Setting& setting) {
  if (setting.quoted && parse_integer(setting.text)) return "expected a number: remove the quotes";
  std::string text = "expected a whole number, " + found(setting);
  const std::string plain = plain_number(setting.text);
  if (!setting.substituted && parse_integer(plain)) text += ": write " + plain;
  return text;
}

std::string no_number(const Setting& setting, bool number) {
  if (number) return "expected a number: remove the quotes";
  std::string text = "expected a plain decimal number such as 0.5, " + found(setting);
  const std::string plain = plain_number(setting.text);
  if (!setting.substituted && !plain.empty()) text += ": write " + plain;
  return text;
}

std::string no_duration(const Setting& setting) {
  if (!setting.substituted && parse_integer(setting.text)) {
    return "a duration needs its unit (ms, s, min, h): write " + setting.text + "s";
  }
  return "expected a duration such as 500ms, 10s, 5min or 2h, " + found(setting);
}

std::string no_flag(const Setting& setting) {
  std::string text = "write true or false, " + found(setting);
  if (setting.quoted) text += " in quotes";
  if (const auto meant = meant_flag(setting.text); meant && !setting.substituted) {
    text += *meant ? " (did you mean `true`?)" : " (did you mean `false`?)";
  }
  return text;
}

std::string no_key(std::string_view digits) {
  std::string text =
      "expected " + std::to_string(key_digits) + " hex digits and a line end, found ";
  const bool hex =
      std::all_of(digits.begin(), digits.end(), [](char c) { return hex_digit(c) >= 0; });
  return text + std::to_string(digits.size()) +
         (hex ? " digits" : " characters, not all of them hex digits");
}

}  // namespace gridtap
