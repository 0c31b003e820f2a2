#pragma once
// The rules that make readings of a device's readings: `run`, `watch` and `decode --config` share
// them.

#include <memory>
#include <vector>

#include "app/house_config.hpp"
#include "core/part.hpp"

namespace gridtap::app {

std::vector<std::unique_ptr<Rule>> device_rules(const DeviceConfig& device);
// The keys that these rules add to those of the adapter.
std::vector<std::string_view> device_rule_keys(const AdapterKind& kind);

}  // namespace gridtap::app
