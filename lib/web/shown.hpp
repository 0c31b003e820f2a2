#pragma once
// What of the house the page shows, and in which order: all of it but what the configuration hides
// (`web.hide`) and what has not come in this run.

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.hpp"

namespace gridtap::web {

class Shown {
 public:
  // "meter", "meter/voltage_l1": ids of devices, and of their entities. A device that is hidden
  // hides those behind it.
  explicit Shown(const std::vector<std::string>& hide) : hidden_(hide.begin(), hide.end()) {}

  bool device(const model::Device& device) const;
  // One of a device that is shown: has a value, or was declared, in this run.
  bool entity(const model::Device& device, const model::Entity& entity) const;

  // "meter/voltage_l1", of the history: its device may be no longer there.
  bool series(const model::Model& model, std::string_view name) const;

  // Null: there is none, or it is hidden.
  const model::Device* find(const model::Model& model, std::string_view id) const;
  const model::Entity* find(const model::Device& device, std::string_view key) const;

  // The gateway first, then as they are configured, each followed by those behind it.
  std::vector<const model::Device*> devices(const model::Model& model) const;

 private:
  bool hides(std::string_view name) const { return hidden_.find(name) != hidden_.end(); }

  std::set<std::string, std::less<>> hidden_;
};

}  // namespace gridtap::web
