#include "web/shown.hpp"

namespace gridtap::web {

using model::Device;
using model::Entity;
using model::Life;

bool Shown::device(const Device& device) const {
  if (hidden_.empty()) return true;
  return !hides(device.handle) && (device.parent == nullptr || !hides(device.parent->handle));
}

bool Shown::entity(const Device& device, const Entity& entity) const {
  if (entity.life() != Life::seen && entity.life() != Life::declared) return false;
  if (hidden_.empty()) return true;
  return this->device(device) && !hides(device.handle + '/' + std::string(entity.level()));
}

bool Shown::series(const model::Model& model, std::string_view name) const {
  const std::string_view id = name.substr(0, name.find('/'));
  const Device* const found = model.find_handle(id);
  return !hides(name) && !hides(id) && (found == nullptr || device(*found));
}

const Device* Shown::find(const model::Model& model, std::string_view id) const {
  const Device* const found = model.find_handle(id);
  return found != nullptr && device(*found) ? found : nullptr;
}

const Entity* Shown::find(const Device& device, std::string_view key) const {
  const Entity* const found = device.find_level(key);
  return found != nullptr && entity(device, *found) ? found : nullptr;
}

std::vector<const Device*> Shown::devices(const model::Model& model) const {
  std::vector<const Device*> all;
  for (const auto& root : model.all()) {
    if (root->parent != nullptr || !device(*root)) continue;
    all.push_back(root.get());
    for (const Device* const child : root->children) {
      if (device(*child)) all.push_back(child);
    }
  }
  return all;
}

}  // namespace gridtap::web
