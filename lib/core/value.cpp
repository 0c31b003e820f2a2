#include "core/value.hpp"

#include <cstdio>

namespace gridtap {
namespace {

using std::chrono::sys_time;

// Years outside 0..9999 have no ISO 8601 form of fixed width; no device of ours gets there.
void append_seconds(std::string& out, sys_time<std::chrono::seconds> time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  char text[48];
  const int length = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  out.append(text, static_cast<std::size_t>(length));
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
  char text[16];
  const int length =
      std::snprintf(text, sizeof text, "%c%02d:%02d", minutes < 0 ? '-' : '+',
                    static_cast<int>(magnitude / 60 % 100), static_cast<int>(magnitude % 60));
  out.append(text, static_cast<std::size_t>(length));
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
