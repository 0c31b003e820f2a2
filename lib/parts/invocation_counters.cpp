#include "parts/invocation_counters.hpp"

#include <algorithm>

namespace gridtap {

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
  Counter* known = find(title);
  if (known == nullptr) {
    if (counters_.size() == max_titles) counters_.erase(counters_.begin());
    known = &counters_.emplace_back();
    known->title = title;
  }
  known->whole = whole;
  known->last = counter;
  known->refused = 0;
}

InvocationCounters::Counter* InvocationCounters::find(std::string_view title) {
  const auto found = std::find_if(counters_.begin(), counters_.end(),
                                  [&](const Counter& counter) { return counter.title == title; });
  return found == counters_.end() ? nullptr : &*found;
}

}  // namespace gridtap
