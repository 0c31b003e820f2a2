#include "app/device_rules.hpp"

#include "app/hours_setting.hpp"
#include "rules/hours.hpp"
#include "rules/live_energy_rule.hpp"

namespace gridtap::app {

std::vector<std::unique_ptr<Rule>> device_rules(const DeviceConfig& device) {
  std::vector<std::unique_ptr<Rule>> rules;
  if (device.energy_period > std::chrono::seconds{0})
    rules.push_back(std::make_unique<LiveEnergyRule>());
  if (device.hours) rules.push_back(std::make_unique<HoursRule>(*device.hours));
  return rules;
}

std::vector<std::string_view> device_rule_keys(const AdapterKind& kind) {
  std::vector<std::string_view> keys;
  const auto add = [&](const std::vector<std::string_view>& more) {
    keys.insert(keys.end(), more.begin(), more.end());
  };
  if (kind.energy_period > std::chrono::seconds{0}) add(LiveEnergyRule::live_keys());
  const auto hours = hours_source(kind);
  if (hours) add(HoursRule::hour_keys());
  if (hours == house_import) add(HoursRule::month_keys());
  return keys;
}

}  // namespace gridtap::app
