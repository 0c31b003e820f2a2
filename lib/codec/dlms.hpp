#pragma once
// The data-notification of DLMS/COSEM (IEC 62056-5-3, 6.10; Green Book 9.3.10) and its clock:
//
//   0F | invoke-id and priority, 4 | date-time | body: one A-XDR value
//
//   date-time: 00                     absent
//              0C, then 12 bytes      the form of the standard
//              09 0C, then 12 bytes   a type tag too many: Kaifa, first Kamstrup firmware
//
//   clock:     year 2 | month | day | weekday | hour | minute | second | hundredths |
//              deviation 2, minutes UTC - local, 8000 not given | status, bit 7 summer time
//              FF, FFFF: not given
//
//   0F 40 00 00 00 09 0C 07 EA 0B 14 05 08 00 0A FF 80 00 00 02 01 06 00 00 01 2C

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace gridtap {

inline constexpr std::size_t dlms_clock_bytes = 12;

enum class ApduTag : std::uint8_t {
  data_notification = 0x0F,
  general_glo_ciphering = 0xDB,
  general_block_transfer = 0xE0,
};

struct DataNotification {
  ByteView clock;  // 12 bytes, or none
  ByteView body;   // what follows; how much of it is used only its reader knows
};
// REQUIRES: nothing of `apdu`. Errors: truncated, bad_syntax (another date-time form).
Result<DataNotification> parse_data_notification(ByteView apdu);

// A meter's clock as sent, without a promise about its zone. It counts as a whole or not at
// all: nothing where a part from year to second is missing or they cannot be together.
class DlmsClock {
 public:
  static std::optional<DlmsClock> read(ByteView bytes);

  // "2026-11-20T08:00:10"; lives as long as the clock.
  std::string_view text() const { return {text_.data(), text_.size()}; }

 private:
  std::array<char, 19> text_{};
};

// The 12 bytes of a local time, for encoders. `deviation`: minutes UTC - local, or not given.
std::array<std::uint8_t, dlms_clock_bytes> dlms_clock(std::chrono::local_seconds time,
                                                      std::optional<std::chrono::minutes> deviation,
                                                      std::uint8_t status);

}  // namespace gridtap
