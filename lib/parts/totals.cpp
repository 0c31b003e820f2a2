#include "parts/totals.hpp"

namespace gridtap {

std::string_view Total::judge(Decimal value, Mono now, std::optional<Decimal> most) {
  // Most telegrams repeat the total, and cost one comparison.
  if (believed_ && agreeing_ == 0 && value == believed_->value) return {};
  const std::string_view why = believed_ ? doubt(*believed_, value, now, most) : std::string_view{};
  if (why.empty()) {
    if (!believed_ || value != believed_->value) believed_ = Point{value, now};
    pending_.reset();
    agreeing_ = 0;
    return {};
  }
  const bool agrees = pending_ && doubt(*pending_, value, now, most).empty();
  agreeing_ = agrees ? agreeing_ + 1 : 1;
  if (!agrees || value != pending_->value) pending_ = Point{value, now};
  if (agreeing_ < agreement) return why;
  believed_ = pending_;
  pending_.reset();
  agreeing_ = 0;
  return {};
}

std::string_view Total::doubt(const Point& last, Decimal value, Mono now,
                              std::optional<Decimal> most) {
  if (value.digits == 0 && last.value.digits != 0) return "zero";
  if (value < last.value) return "fell";
  const auto passed =
      std::chrono::duration_cast<std::chrono::milliseconds>(now - last.changed).count();
  if (!most || passed <= 0) return {};
  const auto allowed = multiply(*most, Decimal{passed, -3});
  const auto risen = subtract(value, last.value);
  return allowed && risen && *risen > *allowed ? "jumped" : std::string_view{};
}

}  // namespace gridtap
