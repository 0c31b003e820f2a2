#pragma once
// Writes DLMS values and the lists of the makers, byte for byte as their meters push them (han.md
// 6): what the simulator sends and the tests encode with. The way back is lists.hpp.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/han/household.hpp"

namespace gridtap::han {

// One value after the other, in A-XDR (codec/axdr.hpp).
class ValueWriter {
 public:
  ValueWriter& array(std::size_t count) { return head(0x01, count); }
  ValueWriter& structure(std::size_t count) { return head(0x02, count); }
  ValueWriter& null();
  ValueWriter& octets(std::string_view bytes);
  ValueWriter& text(std::string_view text);  // visible-string
  ValueWriter& u16(std::int64_t value) { return number(0x12, value, 2); }
  ValueWriter& i16(std::int64_t value) { return number(0x10, value, 2); }
  ValueWriter& u32(std::int64_t value) { return number(0x06, value, 4); }
  ValueWriter& i8(std::int64_t value) { return number(0x0F, value, 1); }
  ValueWriter& u64(std::int64_t value) { return number(0x15, value, 8); }
  ValueWriter& obis(std::string_view code);  // "1-0:1.7.0"; 255 follows
  ValueWriter& scaler(int exponent, std::uint8_t unit);

  const std::string& bytes() const { return bytes_; }

 private:
  ValueWriter& head(std::uint8_t tag, std::size_t count);
  ValueWriter& number(std::uint8_t tag, std::int64_t value, int size);

  std::string bytes_;
};

// 0F, invoke-id, date-time, body. `date_time`: the whole field with its form, "\0" for absent.
std::string notification(std::string_view date_time, std::string_view body);

// The content of one push.
struct Push {
  const HouseholdState& house;
  std::string_view serial, model;
  std::chrono::local_seconds clock;  // of the meter
};

// Which list: power alone, all that is measured, or the registers too.
enum class ListKind : std::uint8_t { power, measured, registers };

// APDUs, without LLC header.
std::string kaifa_list(ListKind kind, const Push& push);
std::string aidon_list(ListKind kind, const Push& push);
std::string kamstrup_list(ListKind kind, const Push& push);  // power and measured are the same
std::string kamstrup_danish_list(const Push& push);

}  // namespace gridtap::han
