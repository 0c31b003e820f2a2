#include "adapters/p1/times.hpp"

#include "adapters/p1/values.hpp"
#include "core/bytes.hpp"

namespace gridtap::p1 {
namespace {

using namespace std::chrono;

constexpr std::size_t plain_digits = 12, dlms_digits = 24, spaced_size = 17;

// Two decimal digits; -1 where they are none.
int two_digits(std::string_view text, std::size_t at) {
  const int tens = text[at] - '0', ones = text[at + 1] - '0';
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

std::optional<LocalSeconds> make_local(int y, int mo, int d, int h, int mi, int s) {
  if (mo < 1 || d < 1 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59) return {};
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)},
                            day{static_cast<unsigned>(d)}};
  if (!date.ok()) return {};
  return LocalSeconds{sys_days{date}.time_since_epoch() + hours(h) + minutes(mi) + seconds(s)};
}

// YYMMDDhhmmss; years 70 to 99 are 19xx.
std::optional<LocalSeconds> parse_plain(std::string_view text) {
  int part[6];
  for (std::size_t n = 0; n < 6; ++n) {
    part[n] = two_digits(text, 2 * n);
    if (part[n] < 0) return {};
  }
  const int century = part[0] >= 70 ? 1900 : 2000;
  return make_local(century + part[0], part[1], part[2], part[3], part[4], part[5]);
}

// YYYYMMDD hh:mm:ss (NES), or YY-MM-DD hh:mm:ss (Itron): as the twelve digits of the others.
std::optional<LocalSeconds> parse_spaced(std::string_view text) {
  const bool dashes = text[2] == '-' && text[5] == '-';
  if (text[8] != ' ' || text[11] != ':' || text[14] != ':') return {};
  if (!dashes && !text.starts_with("20")) return {};
  std::string digits(dashes ? text.substr(0, 2) : text.substr(2, 2));
  for (const std::size_t at : {dashes ? 3u : 4u, 6u, 9u, 12u, 15u}) digits += text.substr(at, 2);
  return parse_plain(digits);
}

// year(2) month day weekday hour minute second hundredths deviation(2) status (IEC
// 62056-6-2, 4.1.6.1)
std::optional<MeterTime> parse_dlms(std::string_view text) {
  const auto octets = from_hex(text);
  if (!octets) return {};
  const auto at = [&](std::size_t n) {
    return static_cast<int>(static_cast<unsigned char>((*octets)[n]));
  };
  const auto local = make_local(at(0) << 8 | at(1), at(2), at(3), at(5), at(6), at(7));
  if (!local) return {};
  const int status = at(11);
  return MeterTime{*local, status == 0xFF ? '\0' : (status & 0x80) != 0 ? 'S' : 'W'};
}

}  // namespace

std::optional<MeterTime> parse_flagged_time(std::string_view group) {
  const std::string_view text = trim(group);
  if (text.size() != plain_digits + 1) return {};
  const char flag = static_cast<char>(text.back() & ~0x20);
  if (flag != 'S' && flag != 'W') return {};
  const auto local = parse_plain(text);
  if (!local) return {};
  return MeterTime{*local, flag};
}

std::optional<MeterTime> parse_time(std::string_view group) {
  const std::string_view text = trim(group);
  if (text.size() == dlms_digits) return parse_dlms(text);
  if (text.size() != plain_digits && text.size() != spaced_size) return parse_flagged_time(text);
  const auto local = text.size() == spaced_size ? parse_spaced(text) : parse_plain(text);
  if (!local) return {};
  return MeterTime{*local, 0};
}

Timestamp MeterClock::resolve(const MeterTime& time, std::optional<Instant> arrival) {
  if (time.flag != 0) {
    const minutes offset = standard_ + (time.flag == 'S' ? minutes(60) : minutes(0));
    return {Instant{time.local.time_since_epoch() - offset}, offset};
  }
  if (!zone_) zone_ = Zone::named(zone_name_);
  if (zone_) return zone_->resolve(time.local, arrival);
  return {Instant{time.local.time_since_epoch() - standard_}, standard_};
}

bool MeterClock::is_sane(Instant time, std::optional<Instant> limit) {
  constexpr Instant first = sys_days{year{2007} / 1 / 1};
  return time >= first && (!limit || time <= *limit + tolerance);
}

std::string clock_text(LocalSeconds local) {
  std::string text;
  append_utc(text, Instant{local.time_since_epoch()});
  text.pop_back();
  return text;
}

}  // namespace gridtap::p1
