#include "adapters/sunspec/walker.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::sunspec {
namespace {

constexpr std::uint16_t usual_bases[] = {40000, 0, 50000};
constexpr std::uint16_t header_size = 2;
constexpr std::uint32_t end_of_map = 0x10000;

}  // namespace

Walker::Walker(std::optional<std::uint16_t> base, std::uint16_t most) : most_(most) {
  if (base) {
    bases_ = {*base};
  } else {
    bases_.assign(std::begin(usual_bases), std::end(usual_bases));
  }
}

std::optional<modbus::Range> Walker::next() const {
  const auto at = static_cast<std::uint16_t>(address_);
  const auto room =
      static_cast<std::uint16_t>(std::min<std::uint32_t>(end_of_map - address_, most_));
  switch (state_) {
    case State::marker:
      return modbus::Range{bases_[base_], header_size};
    case State::slice:
      return modbus::Range{at, room};
    case State::header:
      return modbus::Range{at, header_size};
    case State::single:
      return modbus::Range{at, 1};
    case State::done:
      break;
  }
  return {};
}

void Walker::take(std::vector<std::uint16_t> words) {
  if (state_ == State::marker) return look_at_marker(words);
  if (state_ == State::single) return end(words.empty() || words[0] != end_model);
  slice_at_ = address_;
  slice_ = std::move(words);
  walk();
}

// At the end of some maps only the id can be read; others have no end at all.
void Walker::refuse() {
  switch (state_) {
    case State::marker:
      return look_at_marker({});
    case State::slice:
      headers_only_ = true;
      state_ = State::header;
      break;
    case State::header:
      state_ = State::single;
      break;
    case State::single:
      return end(true);
    case State::done:
      break;
  }
}

void Walker::look_at_marker(const std::vector<std::uint16_t>& words) {
  marked_ = std::equal(words.begin(), words.end(), std::begin(marker), std::end(marker));
  if (marked_) {
    address_ = bases_[base_] + std::uint32_t{header_size};
    walk();
  } else if (base_ + 1 < bases_.size()) {
    ++base_;
  } else {
    state_ = State::done;
  }
}

void Walker::walk() {
  while (address_ + header_size <= end_of_map) {
    const std::uint32_t in_slice = address_ - slice_at_;
    if (slice_.empty() || in_slice + header_size > slice_.size()) {
      state_ = headers_only_ || most_ < header_size ? State::header : State::slice;
      return;
    }
    const std::uint16_t id = slice_[in_slice], length = slice_[in_slice + 1];
    if (id == end_model || id == 0) return end(false);
    too_long_ = models_.size() == most_models;
    if (too_long_) return end(false);
    models_.push_back({id, static_cast<std::uint16_t>(address_), length});
    address_ += std::uint32_t{header_size} + length;
  }
  end(true);
}

void Walker::end(bool broken) {
  broken_ = broken;
  state_ = State::done;
}

}  // namespace gridtap::sunspec
