#include "app/device_rules.hpp"

#include "app/hours_setting.hpp"
#include "rules/days.hpp"
#include "rules/hours.hpp"
#include "rules/live_energy_rule.hpp"
#include "rules/rare_registers.hpp"

namespace gridtap::app {

std::vector<std::unique_ptr<Rule>> device_rules(const DeviceConfig& device) {
  std::vector<std::unique_ptr<Rule>> rules;
  const bool rare = device.energy_period > std::chrono::seconds{0};
  if (rare) rules.push_back(std::make_unique<LiveEnergyRule>());
  if (device.days) rules.push_back(std::make_unique<DaysRule>(*device.days));
  if (device.hours) rules.push_back(std::make_unique<HoursRule>(*device.hours));
  if (rare) rules.push_back(std::make_unique<RareRegistersRule>());  // last, so that none hears it
  return rules;
}

std::vector<std::string_view> device_rule_keys(const AdapterKind& kind) {
  std::vector<std::string_view> keys;
  const auto add = [&](const std::vector<std::string_view>& more) {
    keys.insert(keys.end(), more.begin(), more.end());
  };
  if (kind.energy_period > std::chrono::seconds{0}) add(LiveEnergyRule::live_keys());
  if (counts_house(kind)) add(DaysRule::day_keys());
  const auto hours = hours_source(kind);
  if (hours) add(HoursRule::hour_keys());
  if (hours == house_import) add(HoursRule::month_keys());
  return keys;
}

}  // namespace gridtap::app
