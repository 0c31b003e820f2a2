#include "model/devices.hpp"

#include <algorithm>
#include <utility>

#include "core/ids.hpp"

namespace gridtap::model {
namespace {

std::string words_of(std::string_view suffix) {
  std::string out(suffix);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

std::string_view suffix_of(const Identified& identified) {
  return identified.device.suffix.empty() ? identified.channel : identified.device.suffix;
}

}  // namespace

Devices::Devices(const Options& options) {
  gateway_.id = gateway_device;
  gateway_.name = name_of_id(options.base);
  add_configured(gateway_);
  Device& gateway = *all_.front();
  gateway.identity = options.base;
  for (const DeviceOptions& device : options.devices) {
    if (device.id == gateway_device) {
      gateway.options = &device;
      if (!device.name.empty()) gateway.name = device.name;
    } else {
      add_configured(device);
    }
  }
}

void Devices::add_configured(const DeviceOptions& options) {
  auto device = std::make_unique<Device>();
  device->index = all_.size();
  device->id = device->handle = options.id;
  device->name = options.name.empty() ? name_of_id(options.id) : options.name;
  device->options = &options;
  by_id_.emplace(device->id, Root{device.get()});
  by_handle_.emplace(device->handle, device.get());
  all_.push_back(std::move(device));
}

const Devices::Root* Devices::root(std::string_view id) const {
  if (last_ != nullptr && last_->device->id == id) return last_;
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  return last_ = &found->second;
}

Devices::Channel* Devices::channel(Root& root, std::string_view name) {
  const auto found = std::find_if(root.channels.begin(), root.channels.end(),
                                  [&](const Channel& each) { return each.name == name; });
  return found == root.channels.end() ? nullptr : &*found;
}

Device* Devices::find(std::string_view id, std::string_view channel) const {
  const Root* const found = root(id);
  if (found == nullptr) return nullptr;
  if (channel.empty()) return found->device;
  for (const Channel& each : found->channels) {
    if (each.name == channel) return each.device;
  }
  return nullptr;
}

Device* Devices::find_handle(std::string_view handle) const {
  const auto found = by_handle_.find(handle);
  return found == by_handle_.end() ? nullptr : found->second;
}

Devices::Bound Devices::bind(std::string_view id, const Identified& identified) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return {};
  Root& root = found->second;
  if (identified.channel.empty()) return {root.device};
  Channel* known = channel(root, identified.channel);
  if (known == nullptr) {
    if (root.channels.size() >= max_channels) return too_many(root);
    root.channels.push_back({std::string(identified.channel)});
    known = &root.channels.back();
  }
  return give(root, *known, identified);
}

Devices::Bound Devices::too_many(Root& root) {
  const bool told = std::exchange(root.too_many_told, true);
  return {.refusal = told ? Refusal::none : Refusal::too_many};
}

Devices::Bound Devices::give(Root& root, Channel& channel, const Identified& identified) {
  const std::string handle = root.device->handle + '_' + topic_level(suffix_of(identified));
  if (channel.device != nullptr && channel.device->handle == handle) return {channel.device};
  Bound bound;
  bound.left = std::exchange(channel.device, nullptr);  // its channel goes by another name
  if (bound.left != nullptr) bound.left->alive = false;
  Device* const owner = find_handle(handle);
  if (owner == nullptr && root.device->children.size() >= 2 * max_channels) {
    bound.refusal = too_many(root).refusal;  // a channel that changes its name for ever
  } else if (owner == nullptr) {
    channel.device = &make(root, identified, handle);
    bound.made = true;
  } else if (may_take(root, *owner, identified)) {
    for (Channel& other : root.channels) {
      if (other.device == owner) other.device = nullptr;
    }
    channel.device = owner;
    owner->channel = identified.channel;
  } else if (!std::exchange(channel.refusal_told, true)) {
    bound.refusal = Refusal::taken;
  }
  bound.device = channel.device;
  return bound;
}

// A device that has lost its channel is free; one that is dead goes to whoever has a serial number.
bool Devices::may_take(const Root& root, const Device& owner, const Identified& identified) {
  if (owner.parent != root.device) return false;
  const bool bound = std::any_of(root.channels.begin(), root.channels.end(),
                                 [&](const Channel& each) { return each.device == &owner; });
  return !bound || (!owner.alive && !identified.device.identity.empty());
}

Device& Devices::make(Root& root, const Identified& identified, std::string handle) {
  Device& parent = *root.device;
  auto device = std::make_unique<Device>();
  device->index = all_.size();
  device->id = parent.id;
  device->channel = identified.channel;
  device->name = parent.name + ' ' +
                 (identified.device.title.empty() ? words_of(topic_level(suffix_of(identified)))
                                                  : std::string(identified.device.title));
  device->handle = std::move(handle);
  device->options = parent.options;
  device->parent = &parent;
  parent.children.push_back(device.get());
  by_handle_.emplace(device->handle, device.get());
  all_.push_back(std::move(device));
  return *all_.back();
}

}  // namespace gridtap::model
