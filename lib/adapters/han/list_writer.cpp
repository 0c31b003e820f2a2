#include "adapters/han/list_writer.hpp"

#include <charconv>

#include "codec/dlms.hpp"
#include "core/bytes.hpp"

namespace gridtap::han {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t watt = 27, var_unit = 29, watt_hour = 30, var_hour = 32, ampere = 33,
                       volt = 35;

std::string clock_bytes(std::chrono::local_seconds clock,
                        std::optional<std::chrono::minutes> deviation) {
  const auto bytes = dlms_clock(clock, deviation, 0);
  return std::string(as_text(bytes));
}

std::int64_t positive(std::int64_t value) { return value > 0 ? value : 0; }

// The registers 1.8.0 to 4.8.0 in the unit of the list: Wh, or 10 Wh.
std::array<std::int64_t, 4> registers_of(const HouseholdState& house, std::int64_t step) {
  const std::int64_t seconds = 3600 * step;
  return {house.import_ws / seconds, house.export_ws / seconds,
          house.reactive_import_vars / seconds, house.reactive_export_vars / seconds};
}

std::array<std::int64_t, 4> powers_of(const HouseholdState& house) {
  const std::int64_t net = house.net_w();
  return {positive(net), positive(-net), positive(house.var), positive(-house.var)};
}

std::string code(int c, int d) {
  return "1-0:" + std::to_string(c) + '.' + std::to_string(d) + ".0";
}

// Kamstrup's channel is 1.
std::string kamstrup_code(int c, int d) {
  return "1-1:" + std::to_string(c) + '.' + std::to_string(d) + ".0";
}

}  // namespace

ValueWriter& ValueWriter::null() {
  bytes_ += '\0';
  return *this;
}

ValueWriter& ValueWriter::octets(std::string_view bytes) {
  head(0x09, bytes.size());
  bytes_ += bytes;
  return *this;
}

ValueWriter& ValueWriter::text(std::string_view text) {
  head(0x0A, text.size());
  bytes_ += text;
  return *this;
}

ValueWriter& ValueWriter::obis(std::string_view code) {
  std::string bytes;
  const char* at = code.data();
  const char* const end = at + code.size();
  while (at < end) {
    std::uint8_t part = 0;
    at = std::from_chars(at, end, part).ptr + 1;  // over the mark behind it
    bytes += static_cast<char>(part);
  }
  return octets(bytes + '\xFF');
}

ValueWriter& ValueWriter::scaler(int exponent, std::uint8_t unit) {
  structure(2);
  bytes_ += '\x0F';
  bytes_ += static_cast<char>(exponent);
  bytes_ += '\x16';
  bytes_ += static_cast<char>(unit);
  return *this;
}

ValueWriter& ValueWriter::head(std::uint8_t tag, std::size_t count) {
  bytes_ += static_cast<char>(tag);
  if (count > 0xFF) {
    bytes_ += '\x82';
    bytes_ += static_cast<char>(count >> 8);
  } else if (count >= 0x80) {
    bytes_ += '\x81';
  }
  bytes_ += static_cast<char>(count & 0xFF);
  return *this;
}

ValueWriter& ValueWriter::number(std::uint8_t tag, std::int64_t value, int size) {
  bytes_ += static_cast<char>(tag);
  while (size-- > 0) bytes_ += static_cast<char>(value >> 8 * size & 0xFF);
  return *this;
}

std::string notification(std::string_view date_time, std::string_view body) {
  return std::string("\x0F\x40\0\0\0", 5).append(date_time).append(body);
}

// ---- Kaifa --------------------------------------------------------------------------------------

std::string kaifa_list(ListKind kind, const Push& push) {
  const HouseholdState& house = push.house;
  const std::string clock = clock_bytes(push.clock, std::nullopt);
  const auto powers = powers_of(house);
  ValueWriter body;
  if (kind == ListKind::power) {
    body.structure(1).u32(powers[0]);
  } else {
    const bool long_list = kind == ListKind::registers;
    body.structure(7 + 2 * house.phases + (long_list ? 5u : 0u));
    body.octets("KFM_001").octets(push.serial).octets(push.model);
    for (const std::int64_t power : powers) body.u32(power);
    for (std::size_t n = 0; n < house.phases; ++n) body.u32(house.milliampere[n]);
    for (std::size_t n = 0; n < house.phases; ++n) body.u32(house.decivolt[n]);
    if (long_list) {
      body.octets(clock);
      for (const std::int64_t total : registers_of(house, 1)) body.u32(total);
    }
  }
  return notification("\x09\x0C" + clock, body.bytes());
}

// ---- Aidon --------------------------------------------------------------------------------------

std::string aidon_list(ListKind kind, const Push& push) {
  const HouseholdState& house = push.house;
  const auto powers = powers_of(house);
  ValueWriter body;
  const std::size_t measured = 7 + 2 * house.phases;
  const bool alone = kind == ListKind::power;
  body.array(alone ? 1 : kind == ListKind::registers ? measured + 5 : measured);
  if (!alone) {
    body.structure(2).obis("1-1:0.2.129").text("AIDON_V0001");
    body.structure(2).obis("0-0:96.1.0").text(push.serial);
    body.structure(2).obis("0-0:96.1.7").text(push.model);
  }
  for (int n = 0; n < (alone ? 1 : 4); ++n) {
    body.structure(3).obis(code(n + 1, 7)).u32(powers[static_cast<std::size_t>(n)]);
    body.scaler(0, n < 2 ? watt : var_unit);
  }
  if (!alone) {
    for (std::size_t n = 0; n < house.phases; ++n) {
      body.structure(3).obis(code(31 + 20 * static_cast<int>(n), 7));
      body.i16(house.milliampere[n] / 100).scaler(-1, ampere);
    }
    for (std::size_t n = 0; n < house.phases; ++n) {
      body.structure(3).obis(code(32 + 20 * static_cast<int>(n), 7));
      body.u16(house.decivolt[n]).scaler(-1, volt);
    }
  }
  if (kind == ListKind::registers) {
    body.structure(2).obis("0-0:1.0.0").octets(clock_bytes(push.clock, 0min));
    const auto totals = registers_of(house, 10);
    for (int n = 0; n < 4; ++n) {
      body.structure(3).obis(code(n + 1, 8)).u32(totals[static_cast<std::size_t>(n)]);
      body.scaler(1, n < 2 ? watt_hour : var_hour);
    }
  }
  return notification({"\0", 1}, body.bytes());
}

// ---- Kamstrup -----------------------------------------------------------------------------------

std::string kamstrup_list(ListKind kind, const Push& push) {
  const HouseholdState& house = push.house;
  const auto powers = powers_of(house);
  const bool hourly = kind == ListKind::registers;
  ValueWriter body;
  body.structure(hourly ? 35 : 25).text("Kamstrup_V0001");
  body.obis("1-1:0.0.5").text(push.serial).obis("1-1:96.1.1").text(push.model);
  for (int n = 0; n < 4; ++n) {
    body.obis(kamstrup_code(n + 1, 7)).u32(powers[static_cast<std::size_t>(n)]);
  }
  for (std::size_t n = 0; n < 3; ++n) {
    if (n >= house.phases) {
      body.null().null();
      continue;
    }
    body.obis(kamstrup_code(31 + 20 * static_cast<int>(n), 7)).u32(house.milliampere[n] / 10);
  }
  for (std::size_t n = 0; n < 3; ++n) {
    if (n >= house.phases) {
      body.null().null();
      continue;
    }
    body.obis(kamstrup_code(32 + 20 * static_cast<int>(n), 7)).u16(house.decivolt[n] / 10);
  }
  if (hourly) {
    body.obis("0-1:1.0.0").octets(clock_bytes(push.clock, std::nullopt));
    const auto totals = registers_of(house, 10);
    for (int n = 0; n < 4; ++n) {
      body.obis(kamstrup_code(n + 1, 8)).u32(totals[static_cast<std::size_t>(n)]);
    }
  }
  return notification('\x0C' + clock_bytes(push.clock, std::nullopt), body.bytes());
}

// The order of the Danish list is that of a Kamstrup Omnipower: 32 pairs.
std::string kamstrup_danish_list(const Push& push) {
  const HouseholdState& house = push.house;
  const auto powers = powers_of(house);
  const auto totals = registers_of(house, 10);
  ValueWriter body;
  body.structure(65).text("Kamstrup_V0001");
  for (int n = 0; n < 4; ++n) {
    body.obis(kamstrup_code(n + 1, 8)).u32(totals[static_cast<std::size_t>(n)]);
  }
  std::int64_t number = 0;
  std::from_chars(push.serial.data(), push.serial.data() + push.serial.size(), number);
  body.obis("1-1:0.0.1").u32(number);
  for (int n = 0; n < 4; ++n) {
    body.obis(kamstrup_code(n + 1, 7)).u32(powers[static_cast<std::size_t>(n)]);
  }
  body.obis("0-1:1.0.0").octets(clock_bytes(push.clock, std::nullopt));
  for (int n = 0; n < 3; ++n) {
    const auto phase = static_cast<std::size_t>(n);
    const std::int64_t power = house.w[phase];
    const std::int64_t apparent = house.milliampere[phase] * house.decivolt[phase] / 10'000;
    body.obis(kamstrup_code(32 + 20 * n, 7)).u16(house.decivolt[phase] / 10);
    body.obis(kamstrup_code(31 + 20 * n, 7)).u32(house.milliampere[phase] / 10);
    body.obis(kamstrup_code(21 + 20 * n, 7)).u32(positive(power));
    body.obis(kamstrup_code(22 + 20 * n, 7)).u32(positive(-power));
    body.obis(kamstrup_code(33 + 20 * n, 7)).u16(positive(power) * 100 / (apparent + 1));
    body.obis(kamstrup_code(21 + 20 * n, 8)).u32(totals[0] / 3);
    body.obis(kamstrup_code(22 + 20 * n, 8)).u32(totals[1] / 3);
  }
  body.obis(kamstrup_code(13, 7)).u16(95);
  return notification('\x0C' + clock_bytes(push.clock, std::nullopt), body.bytes());
}

}  // namespace gridtap::han
