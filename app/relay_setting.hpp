#pragma once
// The settings of relays: what each is, where its line is, and what is odd about it.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/section.hpp"
#include "gateway/relays.hpp"
#include "io/pin_settings.hpp"

namespace gridtap::app {

struct RelayConfig {
  RelayOptions options;
  io::PinSettings pin;
};

// A device that a relay may name in `shed_by`; it needs an hourly limit for that.
struct AlarmSource {
  std::string_view id;
  bool has_limit;
};

// Reads `relays:`, in the order of the file.
std::vector<RelayConfig> read_relays(Section section, std::span<const AlarmSource> devices);

// What is no error but needs attention, as problems of `section`, which is `relays:`.
void warn_of_relays(Section section, const std::vector<RelayConfig>& relays);

// The number of a Raspberry Pi's GPIO, by its offset or its name; nothing for other chips.
std::optional<int> raspberry_gpio(const io::PinSettings& pin);

}  // namespace gridtap::app
