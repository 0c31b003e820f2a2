#pragma once
// Reads the times that people write: ISO 8601.

#include <chrono>
#include <optional>
#include <string_view>

#include "core/value.hpp"

namespace gridtap {

// "2026-11-20T08:00:00+01:00", "2026-11-20T07:00:00Z", with or without seconds and fraction;
// nothing where it is anything else or no real date.
std::optional<Instant> parse_iso_time(std::string_view text);

// "2026-11-20", of a zone that the caller knows; nothing where it is anything else or no real date.
std::optional<std::chrono::local_days> parse_iso_date(std::string_view text);

}  // namespace gridtap
