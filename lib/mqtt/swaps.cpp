#include "mqtt/swaps.hpp"

#include <algorithm>

namespace gridtap::mqtt {
namespace {

constexpr std::string_view remedy = "Developer tools, Statistics";

// What people look at, and not the counters of a line.
bool is_total(const model::Entity& entity) {
  return entity.spec().statistics == Statistics::total_increasing &&
         entity.spec().category == Category::none;
}

}  // namespace

void Swaps::on_replaced(const model::Device& device) {
  std::erase_if(totals_, [&](const Total& total) { return total.device == device.index; });
  device.each([&](const model::Entity& entity) {
    const auto* const value = std::get_if<Decimal>(&entity.value());
    if (!is_total(entity) || value == nullptr) return;
    totals_.push_back({device.index, std::string(entity.level()), *value});
  });
}

void Swaps::compare(const model::Device& device, const model::Entity& entity) {
  const auto* const value = std::get_if<Decimal>(&entity.value());
  const auto old = std::find_if(totals_.begin(), totals_.end(), [&](const Total& total) {
    return total.device == device.index && total.level == entity.level();
  });
  if (value == nullptr || old == totals_.end()) return;
  if (*value > old->value) {
    log_.write(Level::warning, device.handle,
               old->level + " of the new meter begins at " + to_text(*value) +
                   ", that of the old one ended at " + to_text(old->value) +
                   ": Home Assistant counts the difference as consumption; correct it in its " +
                   std::string(remedy));
  }
  totals_.erase(old);
}

}  // namespace gridtap::mqtt
