#include "parts/invocation_counters.hpp"

#include <algorithm>

#include "core/bytes.hpp"

namespace gridtap {
namespace {

constexpr std::string_view accepted_row = "accepted";

}  // namespace

std::optional<Error> InvocationCounters::judge(std::string_view title, std::uint32_t counter,
                                               std::string_view whole) {
  Counter* const known = find(title);
  if (known == nullptr || counter > known->last) return {};
  if (counter == known->last && whole == known->whole) return {};
  known->refused = known->refused > 0 && counter > known->refused_last ? known->refused + 1 : 1;
  known->refused_last = counter;
  if (known->refused >= new_series) return {};
  return Error{Fault::replay, "invocation counter " + std::to_string(counter) + " after " +
                                  std::to_string(known->last)};
}

void InvocationCounters::accept(std::string_view title, std::uint32_t counter,
                                std::string_view whole) {
  Counter* const known = find(title);
  Counter& kept = known != nullptr ? *known : make(title);
  kept.whole = whole;
  kept.last = counter;
  kept.refused = 0;
}

void InvocationCounters::save(RecordWriter& record) const {
  for (const Counter& counter : counters_) {
    record.add(accepted_row, to_hex(as_bytes(counter.title)), counter.last);
  }
}

void InvocationCounters::restore(const Record& record) {
  for (const RecordRow& row : record.rows()) {
    if (row.name != accepted_row) continue;
    const auto title = from_hex(row.text(0).value_or(""));
    const auto last = row.number<std::uint32_t>(1);
    if (!title || title->empty() || !last || find(*title) != nullptr) continue;
    make(*title).last = *last;
  }
}

InvocationCounters::Counter& InvocationCounters::make(std::string_view title) {
  if (counters_.size() == max_titles) counters_.erase(counters_.begin());
  Counter& counter = counters_.emplace_back();
  counter.title = title;
  return counter;
}

InvocationCounters::Counter* InvocationCounters::find(std::string_view title) {
  const auto found = std::find_if(counters_.begin(), counters_.end(),
                                  [&](const Counter& counter) { return counter.title == title; });
  return found == counters_.end() ? nullptr : &*found;
}

}  // namespace gridtap
