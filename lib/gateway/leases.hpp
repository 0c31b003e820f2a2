#pragma once
// Which channels of a device are online, and until when. An adapter sends Alive{channel, lease};
// what is not renewed in time goes offline.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.hpp"

namespace gridtap {

class Leases {
 public:
  // Channels behind one device, as many as the model shows; the device itself always has a lease.
  static constexpr std::size_t max_channels = 64;

  // False: there are too many already, the channel has no lease.
  [[nodiscard]] bool set(std::string_view channel, Mono until) {
    if (const auto at = find(channel); at != leases_.end()) {
      at->until = until;
      return true;
    }
    const std::size_t most = max_channels + (find("") != leases_.end() ? 1 : 0);
    if (!channel.empty() && leases_.size() >= most) return false;
    leases_.push_back({std::string(channel), until});
    return true;
  }
  void end(std::string_view channel) {
    if (const auto at = find(channel); at != leases_.end()) leases_.erase(at);
  }
  Mono next_end() const {
    Mono next = Mono::max();
    for (const Lease& lease : leases_) next = std::min(next, lease.until);
    return next;
  }
  // Takes out one channel whose time is up, the device itself (the empty channel) last.
  std::optional<std::string> take_ended(Mono now) {
    auto ended = leases_.end();
    for (auto at = leases_.begin(); at != leases_.end(); ++at) {
      if (at->until <= now && (ended == leases_.end() || ended->channel.empty())) ended = at;
    }
    if (ended == leases_.end()) return {};
    std::string channel = std::move(ended->channel);
    leases_.erase(ended);
    return channel;
  }

 private:
  struct Lease {
    std::string channel;
    Mono until;
  };
  std::vector<Lease>::iterator find(std::string_view channel) {
    return std::find_if(leases_.begin(), leases_.end(),
                        [&](const Lease& lease) { return lease.channel == channel; });
  }
  std::vector<Lease> leases_;
};

}  // namespace gridtap
