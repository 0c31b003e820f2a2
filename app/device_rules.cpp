#include "app/device_rules.hpp"

#include "rules/live_energy_rule.hpp"

namespace gridtap::app {

std::vector<std::unique_ptr<Rule>> device_rules(const DeviceConfig& device) {
  std::vector<std::unique_ptr<Rule>> rules;
  if (device.energy_period > std::chrono::seconds{0})
    rules.push_back(std::make_unique<LiveEnergyRule>());
  return rules;
}

std::vector<std::string_view> device_rule_keys(const AdapterKind& kind) {
  if (kind.energy_period == std::chrono::seconds{0}) return {};
  return LiveEnergyRule::live_keys();
}

}  // namespace gridtap::app
