#pragma once
// Relays in the gateway's session over pins that the test plays, beside a meter whose alarm they
// hear: what is set, what is shown, what is logged.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gateway/relays.hpp"
#include "gateway/session.hpp"
#include "io/manual_clock.hpp"
#include "support/fakes.hpp"
#include "support/played_pins.hpp"

namespace gridtap {

inline RelayOptions relay_options(const std::string& name) {
  RelayOptions options;
  options.rules.name = name;
  options.chip = "pinctrl-bcm2711";
  return options;
}

class RelayWorld final : public Sink {
 public:
  static constexpr Instant noon{std::chrono::hours{500'004}};

  explicit RelayWorld(std::vector<RelayOptions> relays) : relays_(std::move(relays)) { make(); }

  void start() {
    session->restore(store);
    session->start();
  }
  // The end of the program and its next start. A crash saves nothing but what Keep has asked for.
  void restart_after_crash() {
    make();
    start();
  }

  void command(const std::string& relay, bool on) {
    session->command({"", "relay_" + relay, on, on ? "ON" : "OFF"});
  }
  void meter(std::string_view key, const Value& value) {
    session->on_effect("meter", Reading{"", key, "rule", value}, clock.now());
  }

  std::string shown(const std::string& key) const {
    const auto found = values.find(key);
    return found == values.end() ? "(nothing)" : found->second;
  }
  std::string attributes_of(const std::string& key) const {
    const auto found = attributes.find(key);
    return found == attributes.end() ? "(nothing)" : found->second;
  }
  std::string taken_log() {
    std::string text;
    for (const std::string& line : std::exchange(log.lines, {})) text += line + '\n';
    return text;
  }
  std::string taken_refusals() { return std::exchange(refusals, {}); }

  io::ManualClock clock{noon};
  MemoryStore store;
  MemoryLog log;
  PlayedPins pins;
  std::unique_ptr<Session> session;
  std::map<std::string, std::string> values, attributes;
  std::string declared;  // "key, name" a line
  std::string refusals;
  std::map<std::string, int> readings;
  int kept = 0;

 private:
  void make() {
    std::vector<std::unique_ptr<Rule>> rules;
    rules.push_back(std::make_unique<Relays>(relays_, pins, *Zone::named("UTC"), "boot-1", log));
    SessionOptions options;
    options.id = "gateway";
    session.reset();
    session = std::make_unique<Session>(options, clock, nullptr, nullptr, std::move(rules), *this);
  }
  void on_effect(std::string_view, const Effect& effect, Now) override {
    if (const auto* reading = std::get_if<Reading>(&effect)) {
      values[std::string(reading->key)] = to_text(reading->value);
      attributes[std::string(reading->key)] = reading->attributes;
      ++readings[std::string(reading->key)];
    } else if (const auto* entity = std::get_if<Entity>(&effect)) {
      declared += std::string(entity->spec->key) + ", " + std::string(entity->spec->name) + '\n';
    } else if (const auto* rejected = std::get_if<Rejected>(&effect)) {
      ((refusals += rejected->key) += ": ") += rejected->error.detail + '\n';
    } else if (std::holds_alternative<Keep>(effect)) {
      ++kept;
    }
  }

  std::vector<RelayOptions> relays_;
};

}  // namespace gridtap
