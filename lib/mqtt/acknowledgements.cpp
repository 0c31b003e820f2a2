#include "mqtt/acknowledgements.hpp"

#include <algorithm>

namespace gridtap::mqtt {

void Acknowledgements::sent(Mono now) {
  if (in_flight_++ == 0) answered_ = now;
}

void Acknowledgements::answered(Mono now) {
  if (in_flight_ > 0) --in_flight_;
  answered_ = now;
}

void Acknowledgements::refused(Mono now) {
  if (!refused_since_) refused_since_ = now;
}

void Acknowledgements::forgive(Mono now) {
  answered_ = now;
  if (refused_since_) refused_since_ = now;
}

bool Acknowledgements::probe_due(Mono now) const {
  return in_flight_ == 0 && now >= answered_ + period_;
}

std::optional<std::string_view> Acknowledgements::lost(Mono now) const {
  if (in_flight_ > 0 && now >= answered_ + patience()) {
    return "the broker acknowledges nothing any more";
  }
  if (refused_since_ && now >= *refused_since_ + patience()) return "nothing can be sent any more";
  return {};
}

Mono Acknowledgements::next() const {
  const Mono due = answered_ + (in_flight_ > 0 ? patience() : period_);
  return refused_since_ ? std::min(due, *refused_since_ + patience()) : due;
}

}  // namespace gridtap::mqtt
