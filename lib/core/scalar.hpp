#pragma once
// How single values are written in the configuration, and how they are not: only the forms that
// every reader of YAML understands alike.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gridtap {

// A plain word or number that readers of YAML disagree about: NO, on, ~, 010, 1:30, 1e3, .inf.
bool is_ambiguous(std::string_view text);

// "1883", "-12": no leading zero, exponent or mark between digits; nothing for any other text.
std::optional<std::int64_t> parse_integer(std::string_view text);
// Is 010, 0x10, 1:30, 1e3, 1_000 or .inf: a number, but which one?
bool is_odd_number(std::string_view text);
// What was meant by 010, 0x10, 1e3 or 1_000: "10", "16", "1000". Empty where that is not clear.
std::string plain_number(std::string_view text);

// What was meant by yes, On, TRUE or 1; nothing for any other text.
std::optional<bool> meant_flag(std::string_view text);

// "500ms", "10s", "5min", "2h", with a sign in front or none; the unit is required.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
// In the largest unit that needs no decimals: "90s", "24h".
std::string duration_text(std::chrono::milliseconds length);

}  // namespace gridtap
