#include "rules/meter_channel.hpp"

namespace gridtap {

void MeterChannel::identified(std::string_view channel, std::string_view identity) {
  const auto found = identities_.find(channel);
  if (found != identities_.end()) {
    found->second = identity;
  } else if (identities_.size() < max_channels || channel == chosen_) {
    identities_.emplace(channel, identity);
  }
}

bool MeterChannel::counts(std::string_view channel) {
  if (!chosen_) chosen_ = channel;
  return channel == *chosen_;
}

std::string_view MeterChannel::identity() const {
  if (!chosen_) return {};
  const auto found = identities_.find(*chosen_);
  return found == identities_.end() ? std::string_view{} : found->second;
}

std::string_view without_meter_part(std::string_view key) {
  constexpr std::string_view part = "meter_";
  if (key.starts_with(part)) key.remove_prefix(part.size());
  return key;
}

}  // namespace gridtap
