#pragma once
// What we know of each device and entity that has a topic: identity, newest values, and what of it
// Home Assistant has been told. Plain data with look-ups; announcer, states and router work on it.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/effect.hpp"
#include "core/ports.hpp"
#include "mqtt/options.hpp"

namespace gridtap::mqtt {

// Of one device; what comes above is not published.
inline constexpr std::size_t max_entities = 512;
inline constexpr std::size_t max_options = 64;
// Home Assistant's longest state.
inline constexpr std::size_t max_state_text = 255;

// A spec that owns the texts it shows, wherever they came from.
class OwnedSpec {
 public:
  explicit OwnedSpec(const EntitySpec& spec);
  const EntitySpec* operator->() const { return &spec_; }
  const EntitySpec& operator*() const { return spec_; }

 private:
  std::unique_ptr<const std::string> texts_;  // does not move when the spec does
  EntitySpec spec_;
};

struct EntityState {
  EntityState(const EntitySpec& from, std::string topic_level)
      : spec(from), level(std::move(topic_level)), options(from.options) {}

  bool takes_commands() const;
  // A number to Home Assistant, by unit, statistics or decimals.
  bool numeric() const;
  bool has_option(std::string_view option) const;

  OwnedSpec spec;
  std::string level;             // of the topic; also the component's id
  std::string text, attributes;  // the newest, as published
  std::string options;           // those of the spec, and what came besides

  bool declared = false;  // by Entity, in this run
  bool listed = true;     // to be announced; else it has a topic and nothing more
  bool seen = false;      // has had a value in this run
  bool by_rule = false;   // its values are made by a rule
  bool has_attributes = false;
  std::int8_t decimals = -1;  // of the first number
  bool remembered = false;    // announced by an earlier run, and not yet met in this one
  bool remembered_declared = false;
  bool forgotten = false;  // to be removed: an earlier run had it, this one has not

  std::optional<Platform> shown_as;  // in Home Assistant, now
  bool shown = false;                // as it is: with this platform and all of these options

  bool changed = false, attributes_changed = false;  // since it was last published
  bool stale = false;  // its topic holds a value of the device that was here before
  std::optional<Mono> published = {};
  Mono due = Mono::max();
};

struct Device {
  EntityState* find(std::string_view key);
  EntityState* find_level(std::string_view level);
  // Null where another key has the level already, the level is `status`, or there are too many.
  EntityState* add(const EntitySpec& spec);
  bool refused(std::string_view key) const;  // add() has said no to it
  void respecify(EntityState& entity, const EntitySpec& spec);
  void erase(const EntityState& entity);

  bool is_gateway() const;
  bool online() const;
  // Of its line health too: nothing depends on frames.
  bool speaks_offline(const EntityState& entity) const;

  std::string id, channel, topic, name;
  const DeviceOptions* options = nullptr;
  Device* parent = nullptr;

  // Identity: the middle of the unique ids, and the newest serial number from the wire.
  std::string identity, wire_identity;
  std::string serial, manufacturer, model, firmware;
  bool identified = false;  // in this run
  bool recalled = false;    // from the store
  Mono identity_due = Mono::max();
  std::optional<Mono> first_frame = {};
  Mono missing_due = Mono::max();  // when what an earlier run had is given up

  bool alive = false, ever_alive = false;
  std::optional<bool> status_said = {};  // what its status topic holds, of this connection

  bool config_changed = false;
  bool announced = false;              // in this run
  std::optional<Mono> config_at = {};  // when the newest config went out
  bool removed = false;                // its config is to be emptied before the next
  Mono states_due = Mono::max();

  std::vector<std::unique_ptr<EntityState>> entities;  // in order of appearance

 private:
  std::unordered_map<std::string_view, EntityState*> by_key_;  // null: refused
  std::vector<std::unique_ptr<const std::string>> refused_;
};

// All devices by topic, and which channel of which device is shown there.
class Devices {
 public:
  explicit Devices(const BridgeOptions& options);

  // Null: not known, or its topic belongs to another channel.
  Device* find(std::string_view id, std::string_view channel);
  Device* find_topic(std::string_view topic);
  // The device of a channel behind `id`, made where it is new. A dead device's topic goes to a
  // newcomer that has a serial number; a taken one gives null, the first time with `refused`.
  struct Bound {
    Device* device = nullptr;
    bool refused = false;
  };
  Bound bind(std::string_view id, const Identified& identified);

  std::vector<std::unique_ptr<Device>>& all() { return all_; }

 private:
  struct Binding {
    std::string id, channel;
    Device* device = nullptr;
    bool refusal_said = false;
  };
  void add_configured(const DeviceOptions& options);
  Binding* binding(std::string_view id, std::string_view channel);
  bool may_take(const Device& owner, const Device& parent, const Identified& identified);
  void free(const Device& owner);
  Device& make(Device& parent, const Identified& identified, std::string topic);

  std::vector<std::unique_ptr<Device>> all_;  // the gateway first, parents before children
  std::vector<Binding> bindings_;
  std::unordered_map<std::string_view, Device*> by_topic_;
  DeviceOptions gateway_;
  std::size_t last_ = 0;  // the binding found last: readings come in runs
};

}  // namespace gridtap::mqtt
