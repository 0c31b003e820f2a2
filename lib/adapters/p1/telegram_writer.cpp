#include "adapters/p1/telegram_writer.hpp"

#include <bit>
#include <charconv>

#include "codec/cipher.hpp"
#include "codec/crc16.hpp"
#include "core/bytes.hpp"

namespace gridtap::p1 {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr char general_glo_ciphering = static_cast<char>(0xDB);
constexpr char security_control = 0x30;  // authenticated and encrypted
constexpr char length_of_two_bytes = static_cast<char>(0x82);

void append_digits(std::string& out, std::uint64_t value, std::size_t width) {
  std::string digits(width, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, value /= 10) {
    *digit = static_cast<char>('0' + value % 10);
  }
  out += digits;
}

void append_big_endian(std::string& out, std::uint32_t value, int bytes) {
  while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes) & 0xFF);
}

// The value in the unit that the picture names behind its `*`: the only prefix is kilo.
Decimal in_unit(Decimal value, std::string_view behind_digits) {
  return behind_digits.starts_with("*k")
             ? Decimal{value.digits, static_cast<std::int8_t>(value.exponent - 3)}
             : value;
}

void append_line(std::string& out, const PlayedLine& line, const Scene& scene) {
  std::string_view rest = line.picture;
  while (!rest.empty()) {
    const char sign = rest.front();
    if (sign == '#') {
      const std::size_t width = std::min(rest.find_first_not_of("#."), rest.size());
      const std::string_view behind = rest.substr(width);
      append_number(out, rest.substr(0, width), in_unit(line.number(scene.house), behind));
      rest = behind;
      continue;
    }
    if (sign == '@') {
      append_moment(out, line.moment(scene.house), scene.meter);
    } else if (sign == '%') {
      out += line.text(scene);
    } else {
      out += sign;
    }
    rest.remove_prefix(1);
  }
  out += line_end;
}

}  // namespace

void append_number(std::string& out, std::string_view picture, Decimal value) {
  const std::size_t point = picture.find('.');
  const std::size_t decimals = point == picture.npos ? 0 : picture.size() - point - 1;
  value = rounded(value, static_cast<int>(decimals));
  const bool negative = value.digits < 0;
  auto digits = static_cast<std::uint64_t>(negative ? -value.digits : value.digits);
  for (int n = value.exponent; n > -static_cast<int>(decimals); --n) digits *= 10;
  if (negative) out += '-';
  const std::size_t begin = out.size();
  append_digits(out, digits, decimals == 0 ? picture.size() : picture.size() - 1);
  if (decimals > 0) out.insert(begin + point, 1, '.');
}

void append_moment(std::string& out, Second time, const PlayedMeter& meter) {
  using namespace std::chrono;
  const bool summer = meter.summer_time && is_summer_time(time);
  const Second local = time + meter.house.utc_offset + (summer ? hours{1} : hours{0});
  const auto day = floor<days>(local);
  const year_month_day date{day};
  const hh_mm_ss clock_time{local - day};
  const auto two = [&](auto value) { append_digits(out, static_cast<std::uint64_t>(value), 2); };
  two(static_cast<int>(date.year()) % 100);
  two(static_cast<unsigned>(date.month()));
  two(static_cast<unsigned>(date.day()));
  two(clock_time.hours().count());
  two(clock_time.minutes().count());
  two(clock_time.seconds().count());
  if (meter.time_flag) out += summer ? 'S' : 'W';
}

std::string write_telegram(const Scene& scene) {
  std::string out(scene.meter.header);
  out += line_end;
  if (scene.meter.empty_line) out += line_end;
  for (const PlayedLine& line : scene.meter.lines) append_line(out, line, scene);
  out += '!';
  if (scene.meter.checksum) {
    const std::uint16_t crc = crc16_arc(as_bytes(out));
    std::string two_bytes;
    append_big_endian(two_bytes, crc, 2);
    out += to_hex(as_bytes(two_bytes));
  }
  return out += line_end;
}

void add_even_parity(std::string& bytes) {
  for (char& byte : bytes) {
    const auto seven = static_cast<std::uint8_t>(byte & 0x7F);
    byte = static_cast<char>(std::popcount(seven) % 2 == 0 ? seven : seven | 0x80);
  }
}

std::string write_envelope(std::string_view telegram, const EnvelopeKeys& keys,
                           std::uint32_t frame_counter) {
  std::string counter;
  append_big_endian(counter, frame_counter, 4);
  const std::string iv = keys.system_title + counter;
  const std::string additional = security_control + keys.authentication_key;
  const auto sealed =
      gcm_encrypt(as_bytes(keys.key), as_bytes(iv), as_bytes(additional), as_bytes(telegram));
  if (!sealed) return {};
  const std::string body = security_control + counter + *sealed;
  std::string out{general_glo_ciphering, static_cast<char>(keys.system_title.size())};
  out += keys.system_title;
  out += length_of_two_bytes;
  append_big_endian(out, static_cast<std::uint32_t>(body.size()), 2);
  return out + body;
}

}  // namespace gridtap::p1
