#include "app/device_rules.hpp"

#include "rules/live_energy_rule.hpp"

namespace gridtap::app {

std::vector<std::unique_ptr<Rule>> device_rules(const AdapterKind& kind) {
  std::vector<std::unique_ptr<Rule>> rules;
  if (kind.rare_registers) rules.push_back(std::make_unique<LiveEnergyRule>());
  return rules;
}

std::vector<std::string_view> device_rule_keys(const AdapterKind& kind) {
  return kind.rare_registers ? LiveEnergyRule::live_keys() : std::vector<std::string_view>{};
}

}  // namespace gridtap::app
