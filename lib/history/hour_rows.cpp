#include "history/hour_rows.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

namespace gridtap::history {
namespace {

constexpr std::int64_t quarters = HourRows::length.count();
constexpr std::int32_t whole_hour = 3600;
// Of the digits that a table has, all that there are: a spreadsheet may have rounded the last one.
constexpr std::int64_t rounding = 1;

// The first `count` quarter-hours of what is shared among four.
std::int64_t share(std::int64_t value, std::int64_t count) {
  return value / quarters * count + value % quarters * count / quarters;
}

SlotTime start_of(const HourRows::Row& row) { return row.whole.start; }

}  // namespace

std::optional<HourRows::Clash> HourRows::add(const std::vector<Row>& rows) {
  if (rows.empty()) return {};
  const auto is_earlier = [](const Row& a, const Row& b) { return start_of(a) < start_of(b); };
  const auto first = std::lower_bound(rows_.begin(), rows_.end(), rows.front(), is_earlier);
  std::vector<Row> all;
  std::merge(first, rows_.end(), rows.begin(), rows.end(), std::back_inserter(all), is_earlier);
  rows_.erase(first, rows_.end());
  for (const Row& each : all) {
    const bool overlaps = !rows_.empty() && start_of(each) < start_of(rows_.back()) + length;
    if (!overlaps) {
      rows_.push_back(each);
    } else if (rows_.back().whole != each.whole) {
      return Clash{each.place, rows_.back().whole, each.whole};
    }
  }
  return {};
}

void HourRows::meet(const Slot& quarter) {
  const auto after =
      std::upper_bound(rows_.begin(), rows_.end(), quarter.start,
                       [](SlotTime time, const Row& each) { return time < start_of(each); });
  if (after == rows_.begin()) return;
  Row& row = *std::prev(after);
  if (quarter.start >= start_of(row) + length) return;
  row.known.value += kind_ == SeriesKind::mean ? quarter.value * quarter.covered : quarter.value;
  row.known.covered += quarter.covered;
  ++row.known.quarters;
}

// As a table of hours has it (sums.hpp).
std::int64_t HourRows::value_of(const Known& known) const {
  const bool is_mean = kind_ == SeriesKind::mean && known.covered > 0;
  return is_mean ? rounded_quotient(known.value, known.covered) : known.value;
}

HourRows::Verdict HourRows::verdict_of(const Row& row) const {
  if (row.known.quarters == 0) return Verdict::unknown;
  const bool has_value = kind_ == SeriesKind::growth || row.known.covered > 0;
  if (has_value && std::abs(value_of(row.known) - row.whole.value) <= rounding) {
    return Verdict::same;
  }
  if (row.known.covered == 0) return Verdict::unknown;
  return row.known.covered < whole_hour ? Verdict::part : Verdict::other;
}

std::optional<HourRows::Clash> HourRows::settle(ImportNotes& notes) {
  std::optional<Clash> clash;
  std::erase_if(rows_, [&](const Row& row) {
    const Verdict verdict = verdict_of(row);
    if (verdict == Verdict::part) {
      notes.add(row.place, "a part of this hour is known already: left out");
    } else if (verdict == Verdict::other && !clash) {
      const Slot old{start_of(row), value_of(row.known), {}, {}, row.whole.covered};
      clash = Clash{row.place, old, row.whole};
    }
    return verdict != Verdict::unknown;
  });
  return clash;
}

// A mean is the same in each of them.
std::vector<Slot> HourRows::shared() const {
  std::vector<Slot> all;
  all.reserve(rows_.size() * static_cast<std::size_t>(quarters));
  for (const Row& row : rows_) {
    for (std::int64_t n = 0; n < quarters; ++n) {
      Slot slot = row.whole;
      slot.start += Quarters{n};
      if (kind_ != SeriesKind::mean) slot.value = share(slot.value, n + 1) - share(slot.value, n);
      all.push_back(slot);
    }
  }
  return all;
}

}  // namespace gridtap::history
