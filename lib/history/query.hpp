#pragma once
// What is asked of the history: some series, a range of time, and the steps to show it in. It comes
// as texts, from the address of a request or from the command line.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "history/periods.hpp"
#include "history/slot.hpp"

namespace gridtap::history {

// Of one answer by HTTP. A point is one period of one series.
inline constexpr std::size_t max_series = 8;
inline constexpr std::int64_t max_points = 20'000;

struct QueryLimits {
  std::size_t series = max_series;
  std::int64_t points = max_points;
};

// The first day that a history may have, and the first that it may not.
inline constexpr const char* earliest_day = "2000-01-01";
inline constexpr const char* latest_day = "2100-01-01";

// from, to: a date of the house ("2026-11-01", its first moment), or ISO 8601 with an offset. The
// range is up to `to`, without it, and is made of whole periods: those that overlap with it.
struct QueryText {
  std::vector<std::string> series;  // each may be several, with commas between
  std::string from, to;             // empty: from the begin of today, up to now
  std::string step;                 // quarter, hour, day, month, year; empty: hour
  std::string_view dashes = {};     // "--": how who asks spells the names of these
};

struct Query {
  std::vector<SeriesHead> series;  // each once, in the order asked for
  Period range;
  Step step = Step::hour;
};

struct QueryFault {
  bool no_such_series = false;
  std::string reason;  // for who asks: what is wrong and what helps
};

// `now`: nothing where the clock is not set.
tl::expected<Query, QueryFault> parse_query(const QueryText& text,
                                            const std::vector<SeriesHead>& known, const Zone& zone,
                                            std::optional<Instant> now, QueryLimits limits = {});

// Its range and step alone; without from and to all the time that a history may have.
tl::expected<Period, QueryFault> parse_range(QueryText text, const Zone& zone);

std::string_view name(Step step);
std::optional<Step> step_of(std::string_view text);

}  // namespace gridtap::history
