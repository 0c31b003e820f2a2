#include "core/value.hpp"

namespace gridtap {
namespace {

using std::chrono::sys_time;

// Two digits, leading zero and all; printf costs ten times as much, and a telegram holds a dozen.
void append_two(std::string& out, int value) {
  out += static_cast<char>('0' + value / 10 % 10);
  out += static_cast<char>('0' + value % 10);
}

// Years outside 0..9999 have no ISO 8601 form of fixed width; no device of ours gets there.
void append_seconds(std::string& out, sys_time<std::chrono::seconds> time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  const int year = static_cast<int>(date.year());
  append_two(out, year / 100);
  append_two(out, year);
  out += '-';
  append_two(out, static_cast<int>(static_cast<unsigned>(date.month())));
  out += '-';
  append_two(out, static_cast<int>(static_cast<unsigned>(date.day())));
  out += 'T';
  append_two(out, static_cast<int>(clock.hours().count()));
  out += ':';
  append_two(out, static_cast<int>(clock.minutes().count()));
  out += ':';
  append_two(out, static_cast<int>(clock.seconds().count()));
}

}  // namespace

void append_utc(std::string& out, Instant instant) {
  append_seconds(out, std::chrono::floor<std::chrono::seconds>(instant));
  out += 'Z';
}

void append(std::string& out, const Timestamp& time) {
  append_seconds(out, std::chrono::floor<std::chrono::seconds>(time.instant) + time.offset);
  const auto minutes = time.offset.count();
  const auto magnitude = minutes < 0 ? -minutes : minutes;
  out += minutes < 0 ? '-' : '+';
  append_two(out, static_cast<int>(magnitude / 60));
  out += ':';
  append_two(out, static_cast<int>(magnitude % 60));
}

void append(std::string& out, const Value& value) {
  std::visit(overloaded{
                 [&](std::monostate) { out += "None"; },
                 [&](Decimal number) { append(out, number); },
                 [&](bool on) { out += on ? "ON" : "OFF"; },
                 [&](const Timestamp& time) { append(out, time); },
                 [&](std::string_view text) { out += text; },
             },
             value);
}

std::string to_text(const Value& value) {
  std::string out;
  append(out, value);
  return out;
}

}  // namespace gridtap
