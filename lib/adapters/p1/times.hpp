#pragma once
// Times as meters write them (p1.md 4.3): `200426223325S` with S for summer and W for standard
// time, the same without a letter (DSMR 2 and 3), a DLMS date-time in 24 hex digits, or with marks
// between the parts: `20260212 07:41:20`, `26-02-12 07:41:20`. The letter alone gives the offset:
// some meters stay on standard time all summer, and say so.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/zone.hpp"

namespace gridtap::p1 {

struct MeterTime {
  LocalSeconds local;
  char flag = 0;  // 'S', 'W', or 0: none
};

// Reads a time with its letter: 12 digits and S or W, a real date. Nothing for all else.
std::optional<MeterTime> parse_flagged_time(std::string_view group);
// Where a time belongs: also 12 digits alone, those with marks between, or a DLMS date-time.
std::optional<MeterTime> parse_time(std::string_view group);

// Turns meter times into instants, and judges them.
class MeterClock {
 public:
  static constexpr std::chrono::hours tolerance{24};  // ahead of what a time is compared with

  // `zone`: of times without letter; empty: the host's. `standard`: offset of standard time.
  MeterClock(std::string zone, std::chrono::minutes standard)
      : zone_name_(std::move(zone)), standard_(standard) {}

  Timestamp resolve(const MeterTime& time, std::optional<Instant> arrival);
  // Not before 2007, and not more than a day ahead of `limit`, where there is one.
  static bool is_sane(Instant time, std::optional<Instant> limit);

 private:
  std::string zone_name_;
  std::chrono::minutes standard_;
  std::optional<Zone> zone_;  // read when first needed: most meters never need it
};

// "2026-11-20T08:00:00": a clock whose offset is not known.
std::string clock_text(LocalSeconds local);

}  // namespace gridtap::p1
