#include "mqtt/device.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "mqtt/topics.hpp"

namespace gridtap::mqtt {
namespace {

// A bound for channels that a wire makes up.
constexpr std::size_t max_bindings = 1024;

std::string words_of(std::string_view suffix) {
  std::string out(suffix);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

std::string_view suffix_of(const Identified& identified) {
  return identified.device.suffix.empty() ? identified.channel : identified.device.suffix;
}

}  // namespace

OwnedSpec::OwnedSpec(const EntitySpec& spec) : spec_(spec) {
  const std::array fields = {&EntitySpec::key,     &EntitySpec::unit, &EntitySpec::device_class,
                             &EntitySpec::options, &EntitySpec::icon, &EntitySpec::name};
  std::string all;
  for (const auto field : fields) all += spec.*field;
  texts_ = std::make_unique<const std::string>(std::move(all));
  std::string_view rest = *texts_;
  for (const auto field : fields) {
    const std::size_t size = (spec.*field).size();
    spec_.*field = rest.substr(0, size);
    rest.remove_prefix(size);
  }
}

// ---- one entity ---------------------------------------------------------------------------------

bool EntityState::takes_commands() const {
  return spec->platform != Platform::sensor && spec->platform != Platform::binary_sensor;
}

bool EntityState::numeric() const {
  if (spec->platform == Platform::number) return true;
  if (spec->platform != Platform::sensor) return false;
  if (spec->device_class == "enum" || spec->device_class == "timestamp") return false;
  return !spec->unit.empty() || spec->statistics != Statistics::none || spec->decimals >= 0;
}

bool EntityState::has_option(std::string_view option) const {
  std::string_view rest = options;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(','));
    if (word == option) return true;
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  }
  return false;
}

// ---- one device ---------------------------------------------------------------------------------

EntityState* Device::find(std::string_view key) {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : found->second;
}

EntityState* Device::find_level(std::string_view level) {
  for (const auto& entity : entities) {
    if (entity->level == level) return entity.get();
  }
  return nullptr;
}

bool Device::refused(std::string_view key) const {
  const auto found = by_key_.find(key);
  return found != by_key_.end() && found->second == nullptr;
}

EntityState* Device::add(const EntitySpec& spec) {
  std::string level = topic_level(spec.key);
  if (level.empty() || level == "status" || by_key_.size() >= max_entities ||
      find_level(level) != nullptr) {
    if (by_key_.size() < 2 * max_entities) {
      refused_.push_back(std::make_unique<const std::string>(spec.key));
      by_key_.emplace(*refused_.back(), nullptr);
    }
    return nullptr;
  }
  entities.push_back(std::make_unique<EntityState>(spec, std::move(level)));
  EntityState* const entity = entities.back().get();
  by_key_.emplace(entity->spec->key, entity);
  return entity;
}

void Device::respecify(EntityState& entity, const EntitySpec& spec) {
  by_key_.erase(entity.spec->key);
  entity.spec = OwnedSpec(spec);
  by_key_.emplace(entity.spec->key, &entity);
}

void Device::erase(const EntityState& entity) {
  by_key_.erase(entity.spec->key);
  std::erase_if(entities, [&](const auto& other) { return other.get() == &entity; });
}

bool Device::is_gateway() const { return topic == gateway_device; }

bool Device::online() const {
  if (is_gateway()) return true;
  return alive && (parent == nullptr || !parent->ever_alive || parent->alive);
}

bool Device::speaks_offline(const EntityState& entity) const {
  return is_gateway() || entity.spec->line_health;
}

// ---- all devices --------------------------------------------------------------------------------

Devices::Devices(const BridgeOptions& options) {
  gateway_.id = gateway_device;
  gateway_.name = name_of_id(options.base);
  gateway_.interval = std::chrono::milliseconds{0};  // it says little, and that at once
  add_configured(gateway_);
  all_.front()->identity = options.base;
  for (const DeviceOptions& device : options.devices) {
    if (device.id == gateway_device) {
      all_.front()->options = &device;
      if (!device.name.empty()) all_.front()->name = device.name;
    } else {
      add_configured(device);
    }
  }
}

void Devices::add_configured(const DeviceOptions& options) {
  auto device = std::make_unique<Device>();
  device->id = device->topic = options.id;
  device->name = options.name.empty() ? name_of_id(options.id) : options.name;
  device->options = &options;
  by_topic_.emplace(device->topic, device.get());
  bindings_.push_back({options.id, "", device.get(), false});
  all_.push_back(std::move(device));
}

Devices::Binding* Devices::binding(std::string_view id, std::string_view channel) {
  const auto matches = [&](const Binding& binding) {
    return binding.channel == channel && binding.id == id;
  };
  if (last_ < bindings_.size() && matches(bindings_[last_])) return &bindings_[last_];
  const auto found = std::find_if(bindings_.begin(), bindings_.end(), matches);
  if (found == bindings_.end()) return nullptr;
  last_ = static_cast<std::size_t>(found - bindings_.begin());
  return &*found;
}

Device* Devices::find(std::string_view id, std::string_view channel) {
  const Binding* const found = binding(id, channel);
  return found == nullptr ? nullptr : found->device;
}

Device* Devices::find_topic(std::string_view topic) {
  const auto found = by_topic_.find(topic);
  return found == by_topic_.end() ? nullptr : found->second;
}

Devices::Bound Devices::bind(std::string_view id, const Identified& identified) {
  Binding* bound = binding(id, identified.channel);
  if (identified.channel.empty()) return {bound == nullptr ? nullptr : bound->device, false};
  Device* const parent = find(id, "");
  if (parent == nullptr || (bound == nullptr && bindings_.size() >= max_bindings)) return {};
  if (bound == nullptr) {
    bindings_.push_back({std::string(id), std::string(identified.channel), nullptr, false});
    bound = &bindings_.back();
  }
  const std::string topic = parent->topic + '_' + topic_level(suffix_of(identified));
  if (bound->device != nullptr && bound->device->topic == topic) return {bound->device, false};
  if (bound->device != nullptr) bound->device->alive = false;  // its channel goes by another name
  bound->device = nullptr;
  Device* const owner = find_topic(topic);
  if (owner == nullptr) {
    bound->device = &make(*parent, identified, topic);
  } else if (may_take(*owner, *parent, identified)) {
    free(*owner);
    bound->device = owner;
    owner->channel = identified.channel;
  }
  if (bound->device != nullptr) return {bound->device, false};
  return {nullptr, !std::exchange(bound->refusal_said, true)};
}

void Devices::free(const Device& owner) {
  for (Binding& other : bindings_) {
    if (other.device == &owner) other.device = nullptr;
  }
}

// A device that has lost its channel is free; one that is dead goes to whoever has a serial number.
bool Devices::may_take(const Device& owner, const Device& parent, const Identified& identified) {
  if (owner.parent != &parent) return false;
  const bool bound = std::any_of(bindings_.begin(), bindings_.end(),
                                 [&](const Binding& b) { return b.device == &owner; });
  return !bound || (!owner.alive && !identified.device.identity.empty());
}

Device& Devices::make(Device& parent, const Identified& identified, std::string topic) {
  auto device = std::make_unique<Device>();
  device->id = parent.id;
  device->channel = identified.channel;
  device->name = parent.name + ' ' + words_of(topic_level(suffix_of(identified)));
  device->topic = std::move(topic);
  device->options = parent.options;
  device->parent = &parent;
  by_topic_.emplace(device->topic, device.get());
  all_.push_back(std::move(device));
  return *all_.back();
}

}  // namespace gridtap::mqtt
