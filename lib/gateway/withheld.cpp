#include "gateway/withheld.hpp"

#include <algorithm>

#include "core/vocabulary.hpp"

namespace gridtap {
namespace {

constexpr std::size_t max_state = 255;  // Home Assistant's longest state
constexpr std::string_view way_out = "; accept_readings takes it as right";

std::string shown_value(const Reading& reading) {
  std::string text = to_text(reading.value);
  const EntitySpec* const spec = find_spec(reading.key);
  if (spec != nullptr && !spec->unit.empty()) (text += ' ') += spec->unit;
  return text;
}

}  // namespace

std::string held_text(std::string_view reason) {
  if (reason == "zero") return "a counter never becomes 0 again; it goes on when it counts";
  if (reason == "fell") return "it fell; it is believed after ten minutes that fit";
  if (reason == "jumped")
    return "it rose by more than the connection carries; max_power raises that";
  if (reason == "unit")
    return "its unit is not known, or has changed; the power will show it, energy_exponent decides "
           "at once";
  if (reason == "implausible")
    return "more than can be: above twice max_power or the rating, or so much all at once; "
           "max_power decides";
  return std::string(reason);
}

Withheld::Item* Withheld::find(std::string_view channel, std::string_view key) {
  const auto found = std::find_if(items_.begin(), items_.end(), [&](const Item& item) {
    return item.key == key && item.channel == channel;
  });
  return found == items_.end() ? nullptr : &*found;
}

void Withheld::hold(const Held& held) {
  Item* item = find(held.reading.channel, held.reading.key);
  if (item == nullptr) {
    if (items_.size() >= most) return;
    item = &items_.emplace_back();
    item->channel = held.reading.channel;
    item->key = held.reading.key;
  }
  item->value = shown_value(held.reading);
  item->reason = held.reason;
}

void Withheld::accept(const Reading& reading) {
  if (items_.empty()) return;
  std::erase_if(items_, [&](const Item& item) {
    return item.key == reading.key && item.channel == reading.channel;
  });
}

void Withheld::forget(std::string_view channel) {
  std::erase_if(items_, [&](const Item& item) { return item.channel == channel; });
}

std::string Withheld::text() const {
  if (items_.empty()) return "none";
  std::string text;
  for (std::size_t n = 0; n < std::min(items_.size(), most_shown); ++n) {
    if (n > 0) text += ", ";
    text += items_[n].key + ' ' + items_[n].value;
  }
  if (items_.size() > most_shown) {
    text += " and " + std::to_string(items_.size() - most_shown) + " more";
  }
  text += ": " + held_text(items_.front().reason);
  if (text.size() + way_out.size() > max_state) text.resize(max_state - way_out.size());
  return text += way_out;
}

}  // namespace gridtap
