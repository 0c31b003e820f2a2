#include "parts/register_plan.hpp"

#include <algorithm>

namespace gridtap {
namespace {

// Where a request may end: between values, never inside one.
std::vector<unsigned> borders_of(const RegisterStretch& stretch) {
  std::vector<unsigned> borders = {stretch.range.end()};
  for (const modbus::Range& value : stretch.values) {
    borders.push_back(value.address);
    borders.push_back(value.end());
  }
  std::sort(borders.begin(), borders.end());
  std::erase_if(borders, [&](unsigned border) {
    return std::any_of(
        stretch.values.begin(), stretch.values.end(),
        [&](const modbus::Range& value) { return value.address < border && border < value.end(); });
  });
  return borders;
}

class Splitter {
 public:
  explicit Splitter(unsigned begin) : begin_(begin), end_(begin) {}

  // The request under way takes what lies before the border, or ends and another one takes it.
  void extend(unsigned border, unsigned wanted, unsigned most) {
    if (border <= end_) return;
    if (border - begin_ > wanted) cut();
    for (; border - begin_ > most; cut()) end_ = begin_ + most;  // no border within `most`
    end_ = border;
  }
  void cut() {
    if (end_ == begin_) return;
    requests.push_back(
        {static_cast<std::uint16_t>(begin_), static_cast<std::uint16_t>(end_ - begin_)});
    begin_ = end_;
  }

  std::vector<modbus::Range> requests;

 private:
  unsigned begin_, end_;
};

}  // namespace

std::vector<modbus::Range> requests_for(const RegisterStretch& stretch,
                                        const RequestLimits& limits) {
  if (stretch.range.count == 0) return {};
  Splitter splitter(stretch.range.address);
  const unsigned wanted = limits.one_value_per_request ? 1 : limits.max_count;
  for (const unsigned border : borders_of(stretch)) {
    splitter.extend(border, wanted, limits.max_count);
  }
  splitter.cut();
  return std::move(splitter.requests);
}

std::vector<modbus::Range> halved(const RegisterStretch& stretch, const modbus::Range& request) {
  const unsigned begin = request.address, end = request.end(), middle = begin + request.count / 2;
  const auto distance = [&](unsigned at) { return at > middle ? at - middle : middle - at; };
  unsigned best = begin;
  for (const unsigned border : borders_of(stretch)) {
    const bool inside = border > begin && border < end;
    if (inside && (best == begin || distance(border) < distance(best))) best = border;
  }
  if (best == begin) return {request};
  return {{request.address, static_cast<std::uint16_t>(best - begin)},
          {static_cast<std::uint16_t>(best), static_cast<std::uint16_t>(end - best)}};
}

void append_joined(std::deque<modbus::Range>& requests, const std::vector<modbus::Range>& more,
                   const RequestLimits& limits) {
  for (const modbus::Range& next : more) {
    if (!requests.empty() && !limits.one_value_per_request) {
      modbus::Range& last = requests.back();
      const unsigned together = next.end() - last.address;
      if (next.address <= last.end() + limits.widest_gap && together <= limits.max_count) {
        last.count = static_cast<std::uint16_t>(together);
        continue;
      }
    }
    requests.push_back(next);
  }
}

}  // namespace gridtap
