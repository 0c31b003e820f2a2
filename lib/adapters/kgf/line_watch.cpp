#include "adapters/kgf/line_watch.hpp"

#include <algorithm>
#include <limits>

#include "parts/doctor.hpp"

namespace gridtap::kgf {

void LineWatch::open(Mono now) {
  doctor_.open(now);
  sample_.clear();
  others_.clear();
  heard_ = false;
  name_at_ = now + address_wait;
}

void LineWatch::close(Effects& effects) {
  if (sample_.size() >= few) judge(effects);
  name_others(effects);
  doctor_.close();
  name_at_ = Mono::max();
}

void LineWatch::wake(Mono now, Effects& effects) {
  if (doctor_.patience_ends(now) && sample_.size() >= few) judge(effects);
  if (now < name_at_) return;
  name_others(effects);
  name_at_ = heard_ || !others_.empty() ? Mono::max() : now + address_wait;
}

Mono LineWatch::next_wake() const { return std::min(doctor_.next_wake(), name_at_); }

std::size_t LineWatch::until_look() const {
  const bool looks = !doctor_.proved() && sample_.size() < enough;
  return looks ? enough - sample_.size() : std::numeric_limits<std::size_t>::max();
}

void LineWatch::note(ByteView bytes) {
  if (!doctor_.proved() && sample_.size() < enough) sample_ += as_text(bytes);
}

void LineWatch::look(Effects& effects) {
  if (sample_.size() == enough) judge(effects);
}

void LineWatch::prove() {
  doctor_.prove();
  sample_.clear();
}

void LineWatch::answers() { heard_ = true; }

void LineWatch::answers(int address) {
  const bool known = std::find(others_.begin(), others_.end(), address) != others_.end();
  if (!known && others_.size() < most_others) others_.push_back(address);
}

void LineWatch::judge(Effects& effects) {
  if (doctor_.proved()) return;
  const Cause cause = diagnose(as_bytes(sample_));
  if (cause == Cause::inverted) {
    return doctor_.say(cause, "the wires A and B are crossed: exchange them at one end", effects);
  }
  doctor_.say(cause == Cause::wrong_baud ? cause : Cause::noise,
              "bytes arrive, and none of them is a line: A and B are crossed, or the far end has "
              "another speed than 115200 8N1 (bridges are delivered with 9600)",
              effects);
}

void LineWatch::name_others(Effects& effects) {
  if (heard_ || others_.empty()) return;
  std::string others, ours;
  for (const int each : others_) others += (others.empty() ? "" : ", ") + std::to_string(each);
  for (const auto each : ours_) ours += (ours.empty() ? "" : ", ") + std::to_string(each);
  doctor_.say(Cause::address,
              "address " + others + " answers here, " + ours + " does not: set address: " + others,
              effects);
}

}  // namespace gridtap::kgf
