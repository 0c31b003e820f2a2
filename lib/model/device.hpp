#pragma once
// What is known of one device: its identity, whether it is online, and its entities. Faces read it;
// only the model writes it.

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "model/entity.hpp"
#include "model/key_index.hpp"
#include "model/options.hpp"

namespace gridtap::model {

inline constexpr std::size_t max_entities = 512;  // of one device; what comes above is not shown

// What a device may have too much of; each is logged once.
enum class Limit : std::uint8_t { channels, entities, options, attributes };

struct Device {
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const Entity* find(std::string_view key) const;
  const Entity* find_level(std::string_view level) const;
  // Calls `call(const Entity&)` for each entity, in order of appearance as long as none is gone.
  template <class Call>
  void each(Call call) const {
    for (const auto& entity : slots_) {
      if (entity != nullptr) call(*entity);
    }
  }
  // REQUIRES: `slot` is that of an entity which is not gone.
  const Entity* at(std::size_t slot) const { return slots_[slot].get(); }
  std::size_t entity_count() const { return count_; }

  bool is_gateway() const;
  bool online() const;
  // Of its line health too: nothing depends on frames.
  bool speaks_offline(const Entity& entity) const;

  std::size_t index = 0;  // among all devices, for ever: faces keep their notes by it
  std::string id;         // of the configured device
  std::string channel;    // on its wire; empty for the configured device itself
  std::string handle;     // its name in topics and addresses: <id> or <id>_<suffix>
  std::string name;       // for people
  Device* parent = nullptr;
  std::vector<Device*> children = {};

  // The middle of the unique ids, fixed before anything is shown, and the newest serial number from
  // the wire, of letters, digits, `-` and `_` only.
  std::string identity, wire_identity;
  std::string serial, manufacturer, model, firmware;  // as the device sends them
  bool identified = false;                            // in this run

  bool alive = false, ever_alive = false;
  ShortSeconds lease{0};  // the newest

  // ---- for the model --------------------------------------------------------------------------

  Entity* find(std::string_view key);
  // Null where another key has the level already, the level is `status`, or there are too many.
  Entity* add(const EntitySpec& spec, Life life);
  bool refused(std::string_view key) const;  // add() has rejected this key
  void erase(const Entity& entity);
  template <class Call>
  void each(Call call) {
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
      if (slots_[slot] != nullptr) call(*slots_[slot]);
    }
  }

  const DeviceOptions* options = nullptr;
  std::array<bool, 4> limits_told{};
  bool recalled = false;  // what earlier runs knew of it has been asked for
  Mono identity_due = Mono::max();
  Mono first_frame = Mono::max();
  Mono missing_due = Mono::max();  // when what an earlier run had is given up
  Mono lapse_due = Mono::max();    // when it is looked for what is no longer sent
  Mono online_since{};
  Mono heard{};  // its newest reading

 private:
  std::uint16_t free_slot();
  auto key_of() const {
    return [this](std::uint16_t slot) { return slots_[slot]->key(); };
  }

  std::vector<std::unique_ptr<Entity>> slots_;  // null: free
  std::size_t count_ = 0;
  KeyIndex by_key_;
  std::unique_ptr<std::unordered_set<std::string>> refused_;  // most devices have none
};

}  // namespace gridtap::model
