#include "history/live_shape.hpp"

#include <algorithm>

namespace gridtap::history {
namespace {

// Times itself it fits into 63 bits.
constexpr std::int64_t most_growth = 3'000'000'000;

}  // namespace

void LiveShape::point(std::int64_t units, Instant at) {
  const bool goes_on = !points_.empty() && units >= points_.back().units &&
                       at >= points_.back().at && at - points_.back().at <= longest_gap &&
                       points_.size() < max_points;
  if (!goes_on) {
    points_.assign({{units, at}, {units, at}});
    return;
  }
  const Point last = points_.back(), next{units, at};
  const Instant border = slot_of(last.at) + Quarters{1};  // a gap has one at most
  if (border <= at) points_.back() = {between(last, next, border), border};
  if (border <= at) points_.push_back(next);
  points_.back() = next;
}

std::int64_t LiveShape::between(const Point& a, const Point& b, Instant time) {
  const std::int64_t span = (b.at - a.at).count();
  if (span == 0) return b.units;
  const std::int64_t growth = b.units - a.units, part = (time - a.at).count();
  return a.units + growth / span * part + growth % span * part / span;
}

std::int64_t LiveShape::at(Instant time) const {
  const auto next = std::find_if(points_.begin(), points_.end(),
                                 [time](const Point& each) { return each.at >= time; });
  if (next == points_.end()) return points_.back().units;
  if (next == points_.begin()) return next->units;
  return between(*(next - 1), *next, time);
}

std::optional<std::int64_t> LiveShape::part(std::int64_t growth, Instant begin, Instant end,
                                            Instant time) const {
  if (points_.empty() || points_.front().at > begin + slack || points_.back().at < end - slack) {
    return {};
  }
  const std::int64_t whole = at(end) - at(begin);
  if (whole <= 0 || whole > most_growth) return {};
  const std::int64_t part = at(time) - at(begin);
  return growth / whole * part + growth % whole * part / whole;
}

}  // namespace gridtap::history
