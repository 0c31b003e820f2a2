#include "rules/rare_registers.hpp"

#include <utility>

#include "core/record.hpp"

namespace gridtap {

void RareRegistersRule::on_effect(std::string_view, const Effect& effect, Now now,
                                  Effects& effects) {
  std::visit(overloaded{
                 [&](const Identified& e) {
                   if (e.channel.empty()) identified(e.device);
                 },
                 [&](const Reading& e) {
                   if (e.channel.empty()) reading(e, now, effects);
                 },
                 [&](const Frame& e) {
                   if (!e.quiet) list(effects);
                 },
                 [](const auto&) {},
             },
             effect);
}

// Another meter has other counters; one that only now identifies itself goes on.
void RareRegistersRule::identified(const DeviceInfo& device) {
  if (device.identity.empty() || device.identity == serial_) return;
  const bool other_than_stored = !restored_serial_.empty() && restored_serial_ != device.identity;
  if (other_than_stored) {
    std::erase_if(registers_, [](const auto& each) { return !each.second.heard; });
  }
  if (!serial_.empty()) registers_.clear();
  restored_serial_.clear();
  serial_ = device.identity;
}

void RareRegistersRule::reading(const Reading& reading, Now now, Effects& effects) {
  const auto* value = std::get_if<Decimal>(&reading.value);
  const EntitySpec* spec = value == nullptr ? nullptr : find_spec(reading.key);
  if (spec == nullptr || spec->statistics != Statistics::total_increasing) return;
  // Made of counters and powers, by a rule that keeps its own.
  if (reading.source == "rule") return;
  const auto found = registers_.find(reading.key);
  if (found == registers_.end()) {
    if (registers_.size() >= max_registers) return;
    registers_.emplace(reading.key, Register{*value, true});
    return effects(Keep{});
  }
  Register& each = found->second;
  each.heard = true;
  if (each.value != *value && changed(each, *value, now.mono)) effects(Keep{});
}

// Whether what is on the disk has to be another: a rare register has a new value, or turned out to
// be none.
bool RareRegistersRule::changed(Register& each, Decimal value, Mono now) {
  const bool was_frequent = each.frequent;
  each.frequent = each.changed && now - *each.changed < rare_after;
  each.value = value;
  each.changed = now;
  return !each.frequent || !was_frequent;
}

// A meter may say who it is in every third list only: without its stored number nothing is shown.
void RareRegistersRule::list(Effects& effects) {
  if (!restored_serial_.empty() || !std::exchange(restored_, false)) return;
  for (const auto& [key, each] : registers_) {
    if (!each.heard) effects(Reading{"", key, "store", each.value});
  }
}

std::string RareRegistersRule::state() const {
  RecordWriter record;
  record.add("serial", serial_.empty() ? restored_serial_ : serial_);
  bool any = false;
  for (const auto& [key, each] : registers_) {
    if (each.frequent) continue;
    record.add("register", key, each.value.digits, int{each.value.exponent});
    any = true;
  }
  return any ? record.text() : std::string{};
}

void RareRegistersRule::restore(std::string_view text) {
  const Record record(text);
  restored_serial_ = record.text("serial").value_or("");
  for (const RecordRow& row : record.rows()) {
    const auto key = row.text(0);
    const auto digits = row.number<std::int64_t>(1);
    const auto exponent = row.number<std::int8_t>(2);
    const bool is_counter = key && find_spec(*key) != nullptr &&
                            find_spec(*key)->statistics == Statistics::total_increasing;
    if (row.name != "register" || !is_counter || !digits || !exponent) continue;
    if (registers_.size() >= max_registers) break;
    registers_.emplace(*key, Register{{*digits, *exponent}});
  }
  restored_ = !registers_.empty();
}

}  // namespace gridtap
