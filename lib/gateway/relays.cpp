#include "gateway/relays.hpp"

#include <algorithm>
#include <utility>

#include "core/json_text.hpp"

namespace gridtap {
namespace {

constexpr std::string_view source = "rule";

std::vector<RelaySettings> rules_of(const std::vector<RelayOptions>& relays) {
  std::vector<RelaySettings> rules;
  for (const RelayOptions& each : relays) rules.push_back(each.rules);
  return rules;
}

std::optional<std::int64_t> whole(const Value& value) {
  const auto* number = std::get_if<Decimal>(&value);
  return number != nullptr ? std::optional(rounded(*number, 0).digits) : std::nullopt;
}

// What a restart changes, if it is forgotten.
bool is_worth_keeping(const RelaySettings& rules) {
  const bool goes_on = rules.at_start == AtStart::on && rules.max_on.count() > 0;
  return rules.at_start == AtStart::last || goes_on || rules.min_off.count() > 0 || rules.rate > 0;
}

// Without what only time changes.
KeptRelays without_ages(KeptRelays kept) {
  for (KeptRelay& relay : kept.relays) {
    const auto bare = [](KeptTime& time) { time = {time.mono, {}, {}}; };
    bare(relay.since);
    if (relay.went_off) bare(*relay.went_off);
    relay.went_on.clear();  // with them `since` has changed, too
  }
  return kept;
}

}  // namespace

Relays::Relays(std::vector<RelayOptions> relays, Pins& pins, Zone zone, std::string boot, Log& log)
    : bank_(rules_of(relays), zone), pins_(pins), boot_(std::move(boot)), log_(log) {
  for (RelayOptions& each : relays) {
    Relay relay{.options = std::move(each),
                .key = {},
                .fault_key = {},
                .title = {},
                .fault_title = {},
                .trouble = QuietLine(log),
                .relief = QuietLine(log)};
    relay.key = "relay_" + relay.options.rules.name;
    relay.fault_key = "fault_" + relay.key;
    relay.title = relay.options.name.empty() ? entity_name(relay.key) : relay.options.name;
    relay.fault_title =
        relay.options.name.empty() ? entity_name(relay.fault_key) : relay.title + " fault";
    if (is_worth_keeping(relay.options.rules)) is_kept_.insert(relay.options.rules.name);
    relays_.push_back(std::move(relay));
  }
  for (const std::string& device : hears()) {
    std::vector<std::size_t> numbers;
    for (std::size_t n = 0; n < relays_.size(); ++n) {
      if (relays_[n].options.shed_by == device) numbers.push_back(n);
    }
    alarms_.push_back({device, ShedQueue(numbers)});
  }
}

std::vector<std::string> Relays::hears() const {
  std::vector<std::string> devices;
  for (const Relay& relay : relays_) {
    const std::string& device = relay.options.shed_by;
    const bool is_new = std::find(devices.begin(), devices.end(), device) == devices.end();
    if (!device.empty() && is_new) devices.push_back(device);
  }
  return devices;
}

bool Relays::any_simulated() const {
  return std::any_of(relays_.begin(), relays_.end(),
                     [](const Relay& relay) { return relay.options.simulated; });
}

// Levels first: whatever else takes its time.
void Relays::on_start(Now now, Effects& effects) {
  bank_.start(now, boot_);
  drive(now);
  look_due_ = now.mono + look_period;
  for (const Relay& relay : relays_) {
    if (!relay.options.simulated) continue;
    log_.write(Level::info, "gateway",
               relay.key + " is simulated: no line is driven, nothing is switched");
  }
  declare(effects);
  finish(now, effects);
}

void Relays::declare(Effects& effects) const {
  for (const Relay& relay : relays_) {
    EntitySpec spec = *find_spec("relay_<name>");
    spec.key = relay.key;
    spec.name = relay.title;
    if (!relay.options.icon.empty()) spec.icon = relay.options.icon;
    effects(Entity{"", &spec});
    EntitySpec fault = *find_spec("fault_relay_<name>");
    fault.key = relay.fault_key;
    fault.name = relay.fault_title;
    effects(Entity{"", &fault});
  }
}

void Relays::on_command(const Command& command, Now now, Effects& effects) {
  const auto relay = std::find_if(relays_.begin(), relays_.end(),
                                  [&](const Relay& each) { return each.key == command.key; });
  const auto* on = std::get_if<bool>(&command.value);
  if (relay == relays_.end() || on == nullptr) {
    return effects(
        Rejected{"", command.key, command.text, {Fault::unsupported, "takes no such command"}});
  }
  const auto number = static_cast<std::size_t>(relay - relays_.begin());
  const std::optional<Error> refused = bank_.command(number, *on, now);
  finish(now, effects);
  if (refused) effects(Rejected{"", command.key, command.text, *refused});
}

void Relays::on_broker(bool connected, Now now, Effects& effects) {
  bank_.on_broker(connected, now);
  finish(now, effects);
}

void Relays::on_effect(std::string_view device, const Effect& effect, Now now, Effects& effects) {
  const auto* reading = std::get_if<Reading>(&effect);
  if (reading == nullptr || !reading->channel.empty()) return;
  const auto alarm = std::find_if(alarms_.begin(), alarms_.end(),
                                  [&](const Alarm& each) { return each.device == device; });
  if (alarm == alarms_.end()) return;
  if (reading->key == "hour_projected") {
    alarm->queue.projected(whole(reading->value));
  } else if (reading->key == "hour_limit") {
    alarm->queue.limit(whole(reading->value));
  } else if (reading->key == "hour_limit_exceeded") {
    const auto* on = std::get_if<bool>(&reading->value);
    alarm->queue.alarm(on != nullptr ? std::optional(*on) : std::nullopt, now);
  } else {
    return;
  }
  finish(now, effects);
}

void Relays::on_wake(Now now, Effects& effects) {
  if (bank_.next_wake() <= now.mono) bank_.on_wake(now);
  if (look_due_ <= now.mono) look(now);
  finish(now, effects);
}

// What `hold` leaves on is left as it is.
void Relays::on_stop(Now now, Effects& effects) {
  bank_.stop(now);
  ended_ = true;
  look_due_ = Mono::max();
  finish(now, effects);
}

Mono Relays::next_wake() const {
  Mono due = std::min(look_due_, bank_.next_wake());
  for (const Alarm& alarm : alarms_) due = std::min(due, alarm.queue.next_wake());
  return due;
}

// ---- the end of every call ----------------------------------------------------------------------

void Relays::finish(Now now, Effects& effects) {
  drive(now);
  if (!ended_) shed(now);
  for (std::size_t n = 0; n < relays_.size(); ++n) report(n, now, effects);
  keep(now, effects);
}

// What a restart must know: when it changes, and while it gets older.
void Relays::keep(Now now, Effects& effects) {
  const bool is_due = keep_due_ <= now.mono;
  if (is_due || keep_due_ == Mono::max()) {
    keep_due_ = ages() ? now.mono + RelayBank::keep_period : Mono::max();
  }
  KeptRelays now_kept = without_ages(kept());
  if (now_kept == kept_ && !is_due) return;
  kept_ = std::move(now_kept);
  effects(Keep{});
}

KeptRelays Relays::kept() const {
  KeptRelays all = bank_.kept();
  std::erase_if(all.relays,
                [this](const KeptRelay& each) { return is_kept_.count(each.name) == 0; });
  return all;
}

// Each relay that goes off is off before the next one is asked for.
void Relays::shed(Now now) {
  for (Alarm& alarm : alarms_) {
    const auto is_on = [this](std::size_t number) { return bank_.level(number); };
    while (const auto move = alarm.queue.next(now, is_on)) {
      bank_.shed(move->relay, move->shed, alarm.queue.until(), now);
      drive(now);
    }
  }
}

// What a line reads back may allow or forbid another one: so one after the other, OFF first. Each
// is driven twice at most, and what is then still open is done by the next look.
void Relays::drive(Now now) {
  for (std::size_t left = 2 * relays_.size(); left > 0; --left) {
    const auto number = next_to_drive();
    if (!number) return;
    set(*number, now);
  }
}

std::optional<std::size_t> Relays::next_to_drive() const {
  std::optional<std::size_t> turns_on;
  for (std::size_t n = 0; n < relays_.size(); ++n) {
    if (!relays_[n].lost.empty() || relays_[n].driven == bank_.level(n)) continue;
    if (!bank_.level(n)) return n;
    if (!turns_on) turns_on = n;
  }
  return turns_on;
}

void Relays::set(std::size_t number, Now now) {
  Relay& relay = relays_[number];
  const bool on = bank_.level(number);
  const Result<bool> read = pins_.set(number, on);
  relay.lost = read ? std::string{} : read.error().detail;
  relay.driven = read ? std::optional(on) : std::nullopt;
  relay.read = read && *read;
  bank_.on_line(number, read, now);
}

// A line that is not held is taken again; one that reads another level than it was set to is set
// once more, before that counts as a fault.
void Relays::look(Now now) {
  look_due_ = now.mono + look_period;
  for (std::size_t n = 0; n < relays_.size(); ++n) {
    Relay& relay = relays_[n];
    const Result<bool> read = relay.driven ? pins_.read(n) : true;
    const bool is_well = relay.driven && read && *read == *relay.driven;
    if (is_well) {
      relay.read = *read;
      bank_.on_line(n, read, now);
    } else if (read) {
      set(n, now);
    } else {
      relay.lost = read.error().detail;
      relay.driven.reset();
      bank_.on_line(n, read, now);
    }
    relay.stuck = relay.driven && relay.read != *relay.driven;
  }
}

// ---- what is shown ------------------------------------------------------------------------------

void Relays::report(std::size_t number, Now now, Effects& effects) {
  Relay& relay = relays_[number];
  relay.stuck = relay.stuck && relay.driven && relay.read != *relay.driven;
  tell_trouble(relay, now);
  const std::optional<bool> level = bank_.shown(number);
  const Value value = level ? Value{*level} : Value{};
  const std::string its = attributes(number);
  std::string all = to_text(value) + ' ' + its;
  if (relay.said != all) {
    relay.said = std::move(all);
    effects(Reading{"", relay.key, source, value, {}, its});
  }
  const Value fault{!trouble(relay).empty()};
  if (relay.said_fault == to_text(fault)) return;
  relay.said_fault = to_text(fault);
  effects(Reading{"", relay.fault_key, source, fault});
}

std::string Relays::trouble(const Relay& relay) const {
  if (!relay.lost.empty()) return "the line cannot be driven: " + relay.lost;
  if (!relay.stuck) return {};
  return std::string("the line was set to ") +
         (*relay.driven ? "ON and reads OFF" : "OFF and reads ON") +
         ": something else drives it, or a short circuit; look at the wiring";
}

void Relays::tell_trouble(Relay& relay, Now now) {
  std::string text = trouble(relay);
  if (text == relay.warned) return;
  relay.warned = std::move(text);
  if (relay.warned.empty()) {
    relay.relief.write(Level::info, "gateway", relay.key + ": its line is as it should be again",
                       now);
  } else {
    relay.trouble.write(Level::warning, "gateway", relay.key + ": " + relay.warned, now);
  }
}

std::string Relays::attributes(std::size_t number) const {
  std::string text = bank_.attributes(number);
  text.pop_back();
  text += R"(,"chip":)";
  append_json(text, relays_[number].options.chip);
  if (relays_[number].options.simulated) text += R"(,"simulated":true)";
  return text + '}';
}

// A restart would turn on again what is on now, and go on with max_on where it was when it was
// kept.
bool Relays::ages() const {
  for (std::size_t n = 0; n < relays_.size(); ++n) {
    const RelaySettings& rules = relays_[n].options.rules;
    const bool goes_on = rules.at_start != AtStart::off && rules.max_on.count() > 0;
    if (goes_on && bank_.level(n)) return true;
  }
  return false;
}

}  // namespace gridtap
