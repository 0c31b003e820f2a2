#include "app/relay_setting.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "app/config_slips.hpp"
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/scalar.hpp"
#include "core/section_problems.hpp"

namespace gridtap::app {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds longest_limit = 24h * 366;
constexpr std::int64_t most_rate = 600;
constexpr std::size_t most_relays = 100, longest_title = 64;

template <class Enum, std::size_t count>
Enum one_of(Section& section, std::string_view key,
            const std::array<std::string_view, count>& words) {
  const std::string word = section.choice(key, {words.begin(), words.end()}, words[0]);
  const auto found = std::find(words.begin(), words.end(), word);
  return static_cast<Enum>(found - words.begin());
}

std::optional<std::string> name_problem(std::string_view name) {
  if (is_id(name) && name.size() <= Relays::longest_name) return {};
  return "the name of a relay has 1 to " + std::to_string(Relays::longest_name) +
         " characters of a-z, 0-9 and _";
}

RelaySettings read_rules(Section& section, const std::string& name) {
  using Words = std::array<std::string_view, 3>;
  RelaySettings rules;
  rules.name = name;
  rules.at_start = one_of<AtStart>(section, "at_start", Words{"off", "on", "last"});
  rules.at_exit = one_of<AtExit>(section, "at_exit", Words{"off", "on", "hold"});
  rules.on_broker_loss =
      one_of<OnBrokerLoss>(section, "on_broker_loss", Words{"hold", "off", "on"});
  rules.on_broker_loss_after = section.duration("on_broker_loss_after", 30s, 0s, longest_limit);
  rules.max_on = section.duration("max_on", 0s, 1s, longest_limit);
  rules.min_on = section.duration("min_on", 0s, 1s, longest_limit);
  rules.min_off = section.duration("min_off", 0s, 1s, longest_limit);
  rules.rate = static_cast<std::size_t>(section.integer("rate", 0, 1, most_rate));
  rules.interlock = section.text("interlock");
  return rules;
}

io::PinSettings read_pin(Section& section) {
  constexpr std::array<std::string_view, 4> biases = {"as_is", "disabled", "pull_up", "pull_down"};
  constexpr std::array<std::string_view, 3> drives = {"push_pull", "open_drain", "open_source"};
  io::PinSettings pin;
  pin.chip = section.text("chip");
  pin.line = section.text("line");
  pin.active_low = section.flag("active_low", false);
  pin.bias = one_of<io::Bias>(section, "bias", biases);
  pin.drive = one_of<io::Drive>(section, "drive", drives);
  if (pin.chip.empty() && !has_slip_for(section, relay_slips(), "chip")) {
    section.problem("",
                    "no `chip`: write its label, as `gpiodetect` shows it "
                    "(`chip: pinctrl-bcm2711`), or `chip: simulated`");
  }
  if (pin.line.empty() && !has_slip_for(section, relay_slips(), "line")) {
    section.problem("", "no `line`: write its offset or its name, as `gpioinfo` shows it");
  }
  return pin;
}

void read_shed_by(Section& section, RelayOptions& options, std::span<const AlarmSource> devices) {
  options.shed_by = section.text("shed_by");
  if (options.shed_by.empty()) return;
  const auto device = std::find_if(devices.begin(), devices.end(), [&](const AlarmSource& each) {
    return each.id == options.shed_by;
  });
  if (device == devices.end()) {
    Words ids;
    for (const AlarmSource& each : devices) ids.push_back(each.id);
    section.problem("shed_by", "there is no device " + marked(options.shed_by) +
                                   did_you_mean(options.shed_by, ids));
  } else if (!device->has_limit) {
    section.problem("shed_by", "the device " + marked(options.shed_by) +
                                   " has no alarm: give it an `hour_limit:`");
  }
}

void read_looks(Section& section, RelayOptions& options) {
  options.name = section.text("name");
  options.icon = section.text("icon");
  if (printable(options.name) != options.name || options.name.size() > longest_title) {
    section.problem("name",
                    "at most " + std::to_string(longest_title) + " bytes of printable text");
  }
  const std::size_t colon = options.icon.find(':');
  if (!options.icon.empty() && (colon == 0 || colon == options.icon.npos)) {
    section.problem("icon", "an icon of Home Assistant: write `icon: mdi:water-boiler`");
  }
}

RelayConfig read_relay(Section section, const std::string& name,
                       std::span<const AlarmSource> devices) {
  RelayConfig relay;
  relay.options.rules.name = name;
  if (!section.usable()) return relay;
  section.slips(relay_slips());
  relay.pin = read_pin(section);
  relay.options.rules = read_rules(section, name);
  read_looks(section, relay.options);
  read_shed_by(section, relay.options, devices);
  relay.options.chip = relay.pin.chip;
  relay.options.simulated = relay.pin.chip == io::simulated_chip;
  section.finish();
  return relay;
}

// The same line may have two names.
std::string place_of(const io::PinSettings& pin) {
  const auto gpio = raspberry_gpio(pin);
  return pin.chip + ' ' + (gpio ? std::to_string(*gpio) : pin.line);
}

void find_shared_pins(Section& section, const std::vector<RelayConfig>& relays) {
  std::map<std::string, std::string> owners;
  for (const RelayConfig& relay : relays) {
    if (relay.pin.chip.empty() || relay.pin.line.empty()) continue;
    const std::string& name = relay.options.rules.name;
    const auto [owner, is_first] = owners.emplace(place_of(relay.pin), name);
    if (is_first) continue;
    section.section(name).problem(
        "line", "this line already belongs to " + marked(owner->second) + ": one line, one relay");
  }
}

// What Home Assistant would show twice, and a name that takes the topic of another relay's entity.
void find_shared_names(Section& section, const std::vector<RelayConfig>& relays) {
  std::map<std::string, std::string> titles;
  for (const RelayConfig& relay : relays) {
    const std::string& name = relay.options.rules.name;
    const std::string title =
        relay.options.name.empty() ? entity_name("relay_" + name) : relay.options.name;
    const auto [owner, is_first] = titles.emplace(title, name);
    if (!is_first) {
      section.section(name).problem("name",
                                    "the relay " + marked(owner->second) + " has the same name");
    }
    for (const std::string_view end : {"_auto", "_plan"}) {
      const bool clashes = std::any_of(relays.begin(), relays.end(), [&](const RelayConfig& each) {
        return each.options.rules.name + std::string(end) == name;
      });
      if (clashes) {
        section.name_problem(name, "names that end in " + marked(end) +
                                       " belong to the relay without it: choose another one");
      }
    }
  }
}

}  // namespace

std::vector<RelayConfig> read_relays(Section section, std::span<const AlarmSource> devices) {
  std::vector<RelayConfig> relays;
  if (!section.usable()) return relays;
  for (const std::string& name : section.names()) {
    if (const auto bad = name_problem(name)) section.name_problem(name, *bad);
    relays.push_back(read_relay(section.section(name), name, devices));
  }
  if (relays.size() > most_relays) {
    section.problem("", "at most " + std::to_string(most_relays) + " relays");
  }
  find_shared_pins(section, relays);
  find_shared_names(section, relays);
  return relays;
}

std::optional<int> raspberry_gpio(const io::PinSettings& pin) {
  if (!pin.chip.starts_with("pinctrl-bcm") && pin.chip != "pinctrl-rp1") return {};
  std::string_view number = pin.line;
  if (number.starts_with("GPIO")) number.remove_prefix(4);
  const auto gpio = parse_integer(number);
  return gpio && *gpio >= 0 && *gpio < 64 ? std::optional(static_cast<int>(*gpio)) : std::nullopt;
}

}  // namespace gridtap::app
