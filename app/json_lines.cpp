#include "app/json_lines.hpp"

#include "core/json_text.hpp"

namespace gridtap::app {

void JsonLines::on_effect(std::string_view device, const Effect& effect, Now) {
  std::visit(overloaded{
                 [&](const Identified& e) { identified(device, e); },
                 [&](const Reading& e) { reading(device, e); },
                 [&](const Held& e) { held(device, e); },
                 [&](const Unknown& e) { unknown(device, e); },
                 [&](const Dropped& e) { dropped(device, e); },
                 [&](const Diagnosis& e) { diagnosis(device, e); },
                 [&](const Frame&) { ++frames_; },
                 [&](const Entity& e) { entity(*e.spec); },
                 [](const auto&) {},
             },
             effect);
}

void JsonLines::identified(std::string_view device, const Identified& effect) {
  begin("identified", device);
  field("channel", effect.channel);
  field_or_null("manufacturer", effect.device.manufacturer);
  field_or_null("model", effect.device.model);
  field_or_null("serial", effect.device.serial);
  end();
}

// Of a key that the configuration names: its unit is in no table.
void JsonLines::entity(const EntitySpec& spec) {
  if (find_spec(spec.key) == nullptr) own_units_[std::string(spec.key)] = spec.unit;
}

std::string_view JsonLines::unit_of(std::string_view key, const EntitySpec* spec) const {
  if (spec != nullptr) return spec->unit;
  const auto own = own_units_.find(key);
  return own == own_units_.end() ? std::string_view{} : own->second;
}

void JsonLines::reading(std::string_view device, const Reading& effect) {
  const EntitySpec* spec = find_spec(effect.key);
  if (spec != nullptr && spec->line_health) return;
  ++readings_;
  begin("reading", device);
  field("channel", effect.channel);
  field("key", effect.key);
  value(effect.value);
  field_or_null("unit", unit_of(effect.key, spec));
  field("source", effect.source);
  text_.clear();
  if (effect.at) append_utc(text_, *effect.at);
  field_or_null("at", text_);
  if (!effect.attributes.empty()) (line_ += ",\"attributes\":") += effect.attributes;
  end();
}

void JsonLines::held(std::string_view device, const Held& effect) {
  begin("held", device);
  field("channel", effect.reading.channel);
  field("key", effect.reading.key);
  value(effect.reading.value);
  field("source", effect.reading.source);
  field("reason", effect.reason);
  end();
}

void JsonLines::unknown(std::string_view device, const Unknown& effect) {
  ++unknown_;
  begin("unknown", device);
  field("channel", effect.channel);
  field("source", effect.source);
  field("raw", effect.raw);
  end();
}

void JsonLines::dropped(std::string_view device, const Dropped& effect) {
  ++dropped_;
  begin("dropped", device);
  field("fault", name(effect.error.fault));
  number("bytes", effect.bytes);
  field("detail", effect.error.detail);
  end();
}

void JsonLines::diagnosis(std::string_view device, const Diagnosis& effect) {
  begin("diagnosis", device);
  field("cause", name(effect.cause));
  field("detail", effect.detail);
  end();
}

void JsonLines::summary(std::uint64_t bytes) {
  begin("summary", "");
  number("bytes", bytes);
  number("frames_good", frames_);
  number("frames_dropped", dropped_);
  number("readings", readings_);
  number("unknown", unknown_);
  end();
}

void JsonLines::begin(std::string_view event, std::string_view device) {
  ((line_ = "{\"event\":\"") += event) += '"';
  if (devices_ == Devices::named) field("device", device);
}

void JsonLines::field(std::string_view name, std::string_view text) {
  ((line_ += ",\"") += name) += "\":";
  append_json(line_, text);
}

void JsonLines::field_or_null(std::string_view name, std::string_view text) {
  if (!text.empty()) return field(name, text);
  ((line_ += ",\"") += name) += "\":null";
}

void JsonLines::value(const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) {
    line_ += ",\"value\":null";
    return;
  }
  text_.clear();
  append(text_, value);
  field("value", text_);
}

void JsonLines::number(std::string_view name, std::uint64_t value) {
  (((line_ += ",\"") += name) += "\":") += std::to_string(value);
}

void JsonLines::end() {
  line_ += "}\n";
  out_ << line_;
}

}  // namespace gridtap::app
