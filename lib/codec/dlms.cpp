#include "codec/dlms.hpp"

#include <algorithm>

namespace gridtap {
namespace {

constexpr std::size_t body_begin_at_least = 6;  // tag, invoke-id, an absent date-time
constexpr unsigned first_year = 2000, last_year = 2099;

std::optional<ByteView> take_clock(ByteView& rest) {
  if (rest.empty()) return {};
  const std::uint8_t form = rest[0];
  const std::size_t head = form == 0x00 || form == 0x0C ? 1 : 2;
  const bool known = form == 0x00 || form == 0x0C ||
                     (form == 0x09 && rest.size() > 1 && rest[1] == dlms_clock_bytes);
  const std::size_t size = form == 0x00 ? 0 : dlms_clock_bytes;
  if (!known || rest.size() < head + size) return {};
  const ByteView clock = rest.subspan(head, size);
  rest = rest.subspan(head + size);
  return clock;
}

bool possible(unsigned year, unsigned month, unsigned day) {
  constexpr std::array<std::uint8_t, 13> days = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < first_year || year > last_year || month < 1 || month > 12 || day < 1) return false;
  const bool leap_day = month == 2 && year % 4 == 0;  // 2000 was a leap year, 2100 is too far
  return day <= days[month] + (leap_day ? 1u : 0u);
}

void write_two(char* at, unsigned value) {
  at[0] = static_cast<char>('0' + value / 10);
  at[1] = static_cast<char>('0' + value % 10);
}

}  // namespace

Result<DataNotification> parse_data_notification(ByteView apdu) {
  if (apdu.size() < body_begin_at_least) {
    return failed(Fault::truncated,
                  "a data-notification of " + std::to_string(apdu.size()) + " bytes");
  }
  ByteView rest = apdu.subspan(body_begin_at_least - 1);
  const std::uint8_t form = rest[0];
  const auto clock = take_clock(rest);
  if (!clock) {
    return failed(Fault::bad_syntax, "a date-time of unknown form, " + to_hex(ByteView(&form, 1)));
  }
  return DataNotification{*clock, rest};
}

std::optional<DlmsClock> DlmsClock::read(ByteView bytes) {
  if (bytes.size() != dlms_clock_bytes) return {};
  const unsigned year = static_cast<unsigned>(bytes[0]) << 8 | bytes[1];
  const unsigned hour = bytes[5], minute = bytes[6], second = bytes[7];
  if (!possible(year, bytes[2], bytes[3]) || hour > 23 || minute > 59 || second > 59) return {};
  DlmsClock clock;
  char* const text = clock.text_.data();
  write_two(text, year / 100);
  write_two(text + 2, year % 100);
  write_two(text + 5, bytes[2]);
  write_two(text + 8, bytes[3]);
  write_two(text + 11, hour);
  write_two(text + 14, minute);
  write_two(text + 17, second);
  text[4] = text[7] = '-';
  text[10] = 'T';
  text[13] = text[16] = ':';
  return clock;
}

std::array<std::uint8_t, dlms_clock_bytes> dlms_clock(std::chrono::local_seconds time,
                                                      std::optional<std::chrono::minutes> deviation,
                                                      std::uint8_t status) {
  const auto byte = [](auto value) { return static_cast<std::uint8_t>(value); };
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss of_day(time - day);
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  const auto minutes = deviation ? static_cast<std::uint16_t>(deviation->count()) : 0x8000u;
  return {byte(year >> 8),
          byte(year),
          byte(static_cast<unsigned>(date.month())),
          byte(static_cast<unsigned>(date.day())),
          byte(std::chrono::weekday(day).iso_encoding()),
          byte(of_day.hours().count()),
          byte(of_day.minutes().count()),
          byte(of_day.seconds().count()),
          0xFF,
          byte(minutes >> 8),
          byte(minutes),
          status};
}

}  // namespace gridtap
