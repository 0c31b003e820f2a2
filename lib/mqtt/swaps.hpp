#pragma once
// A new meter in an old one's place. Home Assistant has one history for both, since its entities
// have the same ids, and counts a first value that is higher than the last one of the old meter as
// consumption. Nothing that is sent can prevent it: it is reported, with both numbers.

#include <string>
#include <utility>
#include <vector>

#include "core/ports.hpp"
#include "model/device.hpp"

namespace gridtap::mqtt {

class Swaps {
 public:
  explicit Swaps(Log& log) : log_(log) {}

  // Notes the totals of the old meter, which the device still has.
  void on_replaced(const model::Device& device);
  // Compares the first value of the new one.
  void on_value(const model::Device& device, const model::Entity& entity) {
    if (!totals_.empty()) compare(device, entity);
  }

 private:
  struct Total {
    std::size_t device;
    std::string level;
    Decimal value;
  };
  void compare(const model::Device& device, const model::Entity& entity);

  Log& log_;
  std::vector<Total> totals_;  // at most max_entities of a device
};

}  // namespace gridtap::mqtt
