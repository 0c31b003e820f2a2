// What is no error in the settings of relays, but surprises on the day that it matters.

#include <algorithm>
#include <map>

#include "app/relay_setting.hpp"
#include "core/section_problems.hpp"
#include "io/gpio_board.hpp"

namespace gridtap::app {
namespace {

constexpr int last_pulled_up = 8;  // those below are pulled up until a program takes them

void warn_of_pin(Section& section, const io::PinSettings& pin) {
  const auto gpio = raspberry_gpio(pin);
  if (!gpio) return;
  const std::string number = "GPIO " + std::to_string(*gpio);
  const std::string use = io::board_warning(pin.chip, static_cast<unsigned>(*gpio));
  if (!use.empty()) section.problem("line", number + ": " + use);
  if (*gpio <= last_pulled_up && !pin.active_low) {
    section.problem("line",
                    number +
                        " is pulled up from power-on until gridtap starts: a relay that is "
                        "on at a high level may be on until then. GPIO 9 to 27 are pulled down");
  }
}

void warn_of_times(Section& section, const RelaySettings& rules) {
  const bool has_end = rules.max_on.count() > 0;
  if (has_end && rules.max_on < rules.min_on) {
    section.problem("max_on", "shorter than `min_on`: max_on wins");
  }
  if (has_end && rules.at_exit != AtExit::off) {
    section.problem("at_exit",
                    "a relay that is on when gridtap ends stays on: nothing ends `max_on` then");
  }
}

using Wants = bool (*)(const RelaySettings&);
struct Moment {
  std::string_view key;
  Wants wants_on;
};
constexpr Moment moments[] = {
    {"at_start", [](const RelaySettings& rules) { return rules.at_start == AtStart::on; }},
    {"at_exit", [](const RelaySettings& rules) { return rules.at_exit == AtExit::on; }},
    {"on_broker_loss",
     [](const RelaySettings& rules) { return rules.on_broker_loss == OnBrokerLoss::on; }},
};

// Of two that want ON in one moment only the first gets it.
void warn_of_groups(Section& section, const std::vector<RelayConfig>& relays) {
  std::map<std::string, int> sizes;
  for (const RelayConfig& relay : relays) ++sizes[relay.options.rules.interlock];
  for (std::size_t n = 0; n < relays.size(); ++n) {
    const RelaySettings& rules = relays[n].options.rules;
    if (rules.interlock.empty()) continue;
    Section own = section.section(rules.name);
    if (sizes[rules.interlock] == 1) {
      own.problem("interlock", "no other relay is in the group " + marked(rules.interlock));
    }
    for (const Moment& moment : moments) {
      if (!moment.wants_on(rules)) continue;
      const auto earlier = std::find_if(
          relays.begin(), relays.begin() + static_cast<long>(n), [&](const RelayConfig& each) {
            const RelaySettings& other = each.options.rules;
            return other.interlock == rules.interlock && moment.wants_on(other);
          });
      if (earlier == relays.begin() + static_cast<long>(n)) continue;
      own.problem(moment.key, marked(earlier->options.rules.name) +
                                  " of the same interlock wants to be on, too: only the first is");
    }
  }
}

}  // namespace

void warn_of_relays(Section section, const std::vector<RelayConfig>& relays) {
  for (const RelayConfig& relay : relays) {
    Section own = section.section(relay.options.rules.name);
    warn_of_pin(own, relay.pin);
    warn_of_times(own, relay.options.rules);
  }
  warn_of_groups(section, relays);
}

}  // namespace gridtap::app
