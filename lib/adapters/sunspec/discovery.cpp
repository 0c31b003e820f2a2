#include "adapters/sunspec/discovery.hpp"

#include <algorithm>
#include <iterator>

namespace gridtap::sunspec {
namespace {

constexpr std::uint16_t header_size = 2;

}  // namespace

void Discovery::open(Mono now, std::uint16_t max_count) {
  if (!whole_ || chain_.empty() || too_old(now)) return walk(now, max_count);
  state_ = State::check_marker;
}

void Discovery::walk(Mono now, std::uint16_t max_count) {
  state_ = State::walk;
  walked_at_ = now;
  walker_.emplace(base_, max_count);
}

void Discovery::retry() {
  if (state_ == State::check_last) state_ = State::check_marker;
}

std::optional<modbus::Range> Discovery::next() const {
  switch (state_) {
    case State::walk:
      return walker_->next();
    case State::check_marker:
      return modbus::Range{found_at_, header_size};
    case State::check_last:
      return modbus::Range{chain_.back().address, header_size};
    case State::over:
      break;
  }
  return {};
}

void Discovery::take(std::vector<std::uint16_t> words, Mono now, std::uint16_t max_count) {
  if (state_ == State::walk) return walker_->take(std::move(words));
  if (!as_before(words)) return walk(now, max_count);
  state_ = state_ == State::check_marker ? State::check_last : State::over;
}

void Discovery::refuse(Mono now, std::uint16_t max_count) {
  if (state_ == State::walk) return walker_->refuse();
  walk(now, max_count);
}

bool Discovery::as_before(const std::vector<std::uint16_t>& words) const {
  const std::uint16_t last[] = {chain_.back().id, chain_.back().length};
  return state_ == State::check_marker
             ? std::equal(words.begin(), words.end(), std::begin(Walker::marker),
                          std::end(Walker::marker))
             : std::equal(words.begin(), words.end(), std::begin(last), std::end(last));
}

Discovery::Found Discovery::conclude() {
  if (!walker_->found() || walker_->models().empty()) return Found::nothing;
  found_at_ = walker_->base();
  whole_ = !walker_->broken();
  state_ = State::over;
  if (walker_->models() == chain_) return Found::the_same;
  chain_ = walker_->models();
  return Found::another;
}

}  // namespace gridtap::sunspec
