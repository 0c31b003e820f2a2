#include "history/query.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "core/iso_time.hpp"
#include "core/json_text.hpp"
#include "core/setting.hpp"

namespace gridtap::history {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 5> step_names = {"quarter", "hour", "day", "month", "year"};
constexpr std::size_t longest_shown = 60;  // of a text that is wrong
// What is outside was never kept: a slip of a digit must not cost a search through all ages.
// A day more, for the zones.
constexpr Instant earliest = sys_days{year{2000} / 1 / 1} - days{1},
                  latest = sys_days{year{2100} / 1 / 1} + days{1};

tl::unexpected<QueryFault> refused(std::string reason, bool no_such_series = false) {
  return tl::unexpected<QueryFault>(QueryFault{no_such_series, std::move(reason)});
}

std::string shown(std::string_view text) {
  return '`' + printable(text.substr(0, longest_shown)) + '`';
}

std::vector<std::string_view> names_in(const std::vector<std::string>& lists) {
  std::vector<std::string_view> names;
  for (const std::string_view list : lists) {
    for (std::size_t at = 0; at <= list.size();) {
      const std::size_t end = std::min(list.find(',', at), list.size());
      const std::string_view each = list.substr(at, end - at);
      const bool is_new = std::find(names.begin(), names.end(), each) == names.end();
      if (!each.empty() && is_new) names.push_back(each);
      at = end + 1;
    }
  }
  return names;
}

std::string no_such(std::string_view wanted, const std::vector<SeriesHead>& known) {
  constexpr std::size_t most = 3;
  std::vector<std::string_view> names;
  for (const SeriesHead& each : known) names.push_back(each.name);
  const std::string text = "there is no series " + shown(wanted) + ": ";
  if (names.empty()) return text + "nothing is in the history yet";
  if (const std::string_view meant = nearest(wanted, names); !meant.empty()) {
    return text + "did you mean " + shown(meant) + '?';
  }
  std::string some;
  for (std::size_t n = 0; n < std::min(most, names.size()); ++n) {
    (some += n == 0 ? "" : ", ") += shown(names[n]);
  }
  return text + "there are " + std::to_string(names.size()) + ", such as " + some;
}

tl::expected<std::vector<SeriesHead>, QueryFault> series_of(const std::vector<std::string>& lists,
                                                            const std::vector<SeriesHead>& known,
                                                            std::size_t most) {
  const std::vector<std::string_view> names = names_in(lists);
  if (names.empty()) return refused("no series is named: series=meter/energy_import");
  if (names.size() > most) {
    return refused(std::to_string(names.size()) + " series: at most " + std::to_string(most) +
                   " in one answer");
  }
  std::vector<SeriesHead> all;
  for (const std::string_view each : names) {
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const SeriesHead& head) { return head.name == each; });
    if (found == known.end()) return refused(no_such(each, known), true);
    all.push_back(*found);
  }
  return all;
}

bool is_like_a_date(std::string_view text) {
  return text.size() == 10 && text.find_first_not_of("0123456789-") == text.npos;
}

tl::expected<Instant, QueryFault> time_of(const std::string& name, std::string_view text,
                                          const Zone& zone) {
  std::optional<Instant> time = parse_iso_time(text);
  if (const auto day = parse_iso_date(text)) {
    time = zone.resolve(LocalSeconds(*day), {}).instant;
  }
  if (!time) {
    return refused(name + " is " + shown(text) + (is_like_a_date(text) ? ", no day" : "") +
                   ": write " + name + "=2026-11-01, or " + name + "=2026-11-01T12:00:00+01:00");
  }
  if (*time < earliest || *time > latest) {
    return refused(name + " is " + shown(text) + ": a time between 2000 and 2100");
  }
  return *time;
}

tl::expected<Period, QueryFault> range_of(const QueryText& text, Step step, const Zone& zone,
                                          std::optional<Instant> now) {
  if (!now && (text.from.empty() || text.to.empty())) {
    return refused("say from and to: the clock of this machine is not set yet");
  }
  const std::string from_name = std::string(text.dashes) + "from";
  const std::string to_name = std::string(text.dashes) + "to";
  tl::expected<Instant, QueryFault> from{}, to{};
  from = text.from.empty() ? period_of(*now, Step::day, zone).begin
                           : time_of(from_name, text.from, zone);
  if (!from) return tl::unexpected(from.error());
  to = text.to.empty() ? *now : time_of(to_name, text.to, zone);
  if (!to) return tl::unexpected(to.error());
  if (*from >= *to) {
    return refused(from_name + " is not before " + to_name + ": `" + to_name +
                   "` is the first moment that does not belong to it");
  }
  return Period{period_of(*from, step, zone).begin, period_of(*to - 1ms, step, zone).end};
}

tl::expected<Step, QueryFault> parse_step(const QueryText& text) {
  const auto step = step_of(text.step.empty() ? name(Step::hour) : text.step);
  if (step) return *step;
  return refused(std::string(text.dashes) + "step is " + shown(text.step) +
                 ": quarter, hour, day, month or year");
}

// Nearly: days in which clocks are moved, and months, are not alike.
std::int64_t count_of(const Period& range, Step step) {
  constexpr seconds lengths[] = {15min, 1h, days{1}, months{1}, years{1}};
  const milliseconds length = lengths[static_cast<std::size_t>(step)];
  return (range.end - range.begin + length / 2) / length;
}

std::string too_many(std::int64_t points, std::int64_t most, Step step) {
  std::string text = std::to_string(points) + " points: at most " + std::to_string(most) +
                     " in one answer; ask for less time or fewer series";
  if (step < Step::month) {
    text += ", or step=" + std::string(step_names[static_cast<std::size_t>(step) + 1]);
  }
  return text;
}

}  // namespace

std::string_view name(Step step) { return step_names[static_cast<std::size_t>(step)]; }

std::optional<Step> step_of(std::string_view text) {
  const auto* const found = std::find(step_names.begin(), step_names.end(), text);
  if (found == step_names.end()) return {};
  return static_cast<Step>(found - step_names.begin());
}

tl::expected<Period, QueryFault> parse_range(QueryText text, const Zone& zone) {
  const auto step = parse_step(text);
  if (!step) return tl::unexpected(step.error());
  if (text.from.empty()) text.from = earliest_day;
  if (text.to.empty()) text.to = latest_day;
  return range_of(text, *step, zone, std::nullopt);
}

tl::expected<Query, QueryFault> parse_query(const QueryText& text,
                                            const std::vector<SeriesHead>& known, const Zone& zone,
                                            std::optional<Instant> now, QueryLimits limits) {
  const auto step = parse_step(text);
  if (!step) return tl::unexpected(step.error());
  auto series = series_of(text.series, known, limits.series);
  if (!series) return tl::unexpected(series.error());
  const auto range = range_of(text, *step, zone, now);
  if (!range) return tl::unexpected(range.error());
  const std::int64_t points = count_of(*range, *step) * static_cast<std::int64_t>(series->size());
  if (points > limits.points) return refused(too_many(points, limits.points, *step));
  return Query{std::move(*series), *range, *step};
}

}  // namespace gridtap::history
