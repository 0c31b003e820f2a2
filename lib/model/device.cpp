#include "model/device.hpp"

#include "core/ids.hpp"
#include "model/room.hpp"

namespace gridtap::model {

const Entity* Device::find(std::string_view key) const {
  const std::uint16_t slot = by_key_.find(key, key_of());
  return slot == KeyIndex::none ? nullptr : slots_[slot].get();
}

Entity* Device::find(std::string_view key) {
  const std::uint16_t slot = by_key_.find(key, key_of());
  return slot == KeyIndex::none ? nullptr : slots_[slot].get();
}

// Nearly every level is its key.
const Entity* Device::find_level(std::string_view level) const {
  if (const Entity* const entity = find(level)) {
    if (entity->level() == level) return entity;
  }
  for (const auto& entity : slots_) {
    if (entity != nullptr && entity->level() == level) return entity.get();
  }
  return nullptr;
}

bool Device::refused(std::string_view key) const {
  return refused_ != nullptr && refused_->contains(std::string(key));
}

Entity* Device::add(const EntitySpec& spec, Life life) {
  const std::string level = topic_level(spec.key);
  if (level.empty() || level == "status" || count_ >= max_entities ||
      find_level(level) != nullptr) {
    if (refused_ == nullptr) refused_ = std::make_unique<std::unordered_set<std::string>>();
    if (refused_->size() < max_entities) refused_->emplace(spec.key);
    return nullptr;
  }
  const std::uint16_t slot = free_slot();
  slots_[slot] = std::make_unique<Entity>(spec, level, slot, life);
  by_key_.add(slot, key_of());
  ++count_;
  return slots_[slot].get();
}

std::uint16_t Device::free_slot() {
  if (count_ == slots_.size()) {
    make_room(slots_);
    slots_.emplace_back();
  }
  std::uint16_t slot = 0;
  while (slots_[slot] != nullptr) ++slot;
  return slot;
}

void Device::erase(const Entity& entity) {
  slots_[entity.slot()].reset();
  --count_;
  by_key_.clear();
  for (const auto& other : slots_) {
    if (other != nullptr) by_key_.add(other->slot(), key_of());
  }
}

bool Device::is_gateway() const { return parent == nullptr && id == gateway_device; }

bool Device::online() const {
  if (is_gateway()) return true;
  return alive && (parent == nullptr || !parent->ever_alive || parent->alive);
}

bool Device::speaks_offline(const Entity& entity) const {
  return is_gateway() || entity.spec().line_health;
}

}  // namespace gridtap::model
