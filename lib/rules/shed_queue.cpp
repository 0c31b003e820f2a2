#include "rules/shed_queue.hpp"

#include <algorithm>

namespace gridtap {

using namespace std::chrono_literals;

ShedQueue::ShedQueue(const std::vector<std::size_t>& relays) {
  for (const std::size_t relay : relays) places_.push_back({relay});
}

// An alarm is of its hour: it ends with that, also where the meter has fallen silent.
void ShedQueue::alarm(std::optional<bool> is_on, Now now) {
  alarm_ = is_on;
  if (is_on != true) return;
  is_new_hour_ = false;
  const auto left = now.wall ? std::chrono::floor<std::chrono::hours>(*now.wall) + 1h - *now.wall
                             : std::chrono::milliseconds{1h};
  hour_ends_ = now.mono + left;
  until_.reset();
  if (now.wall) until_ = *now.wall + left;
}

std::optional<ShedQueue::Move> ShedQueue::next(Now now,
                                               const std::function<bool(std::size_t)>& is_on) {
  asked_ = now.mono;
  if (now.mono >= hour_ends_) {
    hour_ends_ = Mono::max();
    alarm_ = false;
    is_new_hour_ = true;
    moved_.reset();
  }
  if (!alarm_) return {};
  return *alarm_ ? take_off(now.mono, is_on) : give_back(now.mono);
}

// A relay that is off already is held off at once: nothing has to be switched for that.
std::optional<ShedQueue::Move> ShedQueue::take_off(Mono now,
                                                   const std::function<bool(std::size_t)>& is_on) {
  for (Place& place : places_) {
    if (place.shed || is_on(place.relay)) continue;
    place.shed = true;
    return Move{place.relay, true};
  }
  const auto first =
      std::find_if(places_.begin(), places_.end(), [](const Place& place) { return !place.shed; });
  if (first == places_.end()) return {};
  const bool none_yet =
      std::none_of(places_.begin(), places_.end(), [](const Place& place) { return place.was_on; });
  const bool waited = !moved_ || now >= *moved_ + pace;
  if (!none_yet && (!waited || !is_over())) return {};
  first->shed = first->was_on = true;
  moved_ = now;
  return Move{first->relay, true};
}

// What was off anyway may be switched on again as soon as the alarm is over.
std::optional<ShedQueue::Move> ShedQueue::give_back(Mono now) {
  for (Place& place : places_) {
    if (!place.shed || place.was_on) continue;
    place.shed = false;
    return Move{place.relay, false};
  }
  const auto last =
      std::find_if(places_.rbegin(), places_.rend(), [](const Place& place) { return place.shed; });
  if (last == places_.rend()) return {};
  const auto wait = is_new_hour_ ? new_hour_pace : pace;
  if ((moved_ && now < *moved_ + wait) || !is_calm()) return {};
  last->shed = last->was_on = false;
  moved_ = now;
  return Move{last->relay, false};
}

// Where nothing is projected, the alarm itself is believed.
bool ShedQueue::is_over() const {
  return !projected_wh_ || !limit_wh_ || *projected_wh_ > *limit_wh_;
}

bool ShedQueue::is_calm() const {
  if (is_new_hour_) return true;
  return projected_wh_ && limit_wh_ && *projected_wh_ <= *limit_wh_ * (100 - margin_percent) / 100;
}

// What waits for a projection is asked with the next reading.
Mono ShedQueue::next_wake() const {
  Mono due = hour_ends_;
  const bool gives_back = alarm_ == false && is_new_hour_;
  const Mono moves = moved_ ? *moved_ + (gives_back ? new_hour_pace : pace) : Mono::max();
  const bool has_more = std::any_of(places_.begin(), places_.end(), [this](const Place& place) {
    return alarm_ && place.shed != *alarm_;
  });
  if (has_more && moves > asked_) due = std::min(due, moves);
  return due;
}

}  // namespace gridtap
