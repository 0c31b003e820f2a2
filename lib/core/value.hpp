#pragma once
// What an entity can be: a number, a switch position, a moment, a text, or "the device does not
// know". Texts and attributes are views: they live until the call that hands them out returns.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/decimal.hpp"

namespace gridtap {

using Mono = std::chrono::steady_clock::time_point;
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

// One moment, seen twice: time that only runs on, and the time of day where it is known (it is not
// in an untimed decode, nor before the clock of the machine is set).
struct Now {
  Mono mono;
  std::optional<Instant> wall;
};

// A moment as the device sends it: the instant, and the offset from UTC that the device uses.
struct Timestamp {
  Instant instant;
  std::chrono::minutes offset{0};
  friend bool operator==(const Timestamp&, const Timestamp&) = default;
};

using Value = std::variant<std::monostate, Decimal, bool, Timestamp, std::string_view>;

// Appends "2026-11-20T07:00:00Z" (whole seconds).
void append_utc(std::string& out, Instant instant);
// Appends "2026-11-20T08:00:00+01:00".
void append(std::string& out, const Timestamp& time);
// Appends what a state topic shows: "None" for unknown, ON/OFF, a plain number, the time, the text.
void append(std::string& out, const Value& value);
std::string to_text(const Value& value);

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

}  // namespace gridtap
