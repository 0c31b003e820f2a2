#include "model/entity.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/json_text.hpp"
#include "core/sensor_class.hpp"

namespace gridtap::model {
namespace {

using Tenths = std::chrono::duration<std::int64_t, std::deci>;
constexpr int longest_period = 0xFFFF;  // tenths of a second
constexpr int hourly = 55 * 60 * 10;    // the same: lists of the hour are not punctual
constexpr int known_after = 2;          // gaps
constexpr std::chrono::hours irregular_validity{26};

constexpr std::array spec_fields = {&EntitySpec::key,          &EntitySpec::unit,
                                    &EntitySpec::device_class, &EntitySpec::options,
                                    &EntitySpec::icon,         &EntitySpec::name};

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// What a device is called, is rated at or is set to is often read once and never again.
bool describes_device(const EntitySpec& spec) {
  return spec.category == Category::diagnostic && spec.statistics == Statistics::none &&
         spec.platform == Platform::sensor;
}

bool counts(const EntitySpec& spec) {
  const SensorClass* const row = find_sensor_class(spec.device_class);
  return spec.statistics == Statistics::total_increasing || (row != nullptr && row->counts);
}

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }

bool lists(std::string_view options, std::string_view option) {
  while (!options.empty()) {
    const std::string_view word = options.substr(0, options.find(','));
    if (word == option) return true;
    options.remove_prefix(std::min(word.size() + 1, options.size()));
  }
  return false;
}

// As the device sent it: 1.50 is another reading than 1.5.
bool same(const Value& a, const Value& b) {
  const auto* number = std::get_if<Decimal>(&a);
  const auto* other = std::get_if<Decimal>(&b);
  if (number != nullptr && other != nullptr) {
    return number->digits == other->digits && number->exponent == other->exponent;
  }
  return a == b;
}

}  // namespace

std::string_view front_of(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && !starts_character(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

std::string_view plain_text(std::string_view text, std::string& scratch) {
  if (is_plain(text)) return text.substr(0, max_text);
  scratch = printable(text);
  return front_of(scratch, max_text);
}

bool is_numeric(const EntitySpec& spec) {
  if (spec.platform == Platform::number) return true;
  if (spec.platform != Platform::sensor) return false;
  if (spec.device_class == "enum" || spec.device_class == "timestamp") return false;
  return !spec.unit.empty() || spec.statistics != Statistics::none || spec.decimals >= 0;
}

Entity::Entity(const EntitySpec& spec, std::string_view level, std::uint16_t slot, Life life)
    : spec_(&spec), slot_(slot), life_(life) {
  use(spec, std::string(level));
}

std::string_view Entity::level() const {
  const bool other = own_ != nullptr && own_->named != nullptr && !own_->named->level.empty();
  return other ? std::string_view(own_->named->level) : spec_->key;
}

Entity::Own& Entity::own() {
  if (own_ == nullptr) own_ = std::make_unique<Own>();
  return *own_;
}

// A row of the vocabulary is pointed to; any other spec, and its texts, may end with the call.
void Entity::use(const EntitySpec& spec, std::string level) {
  const bool is_row = find_spec(spec.key) == &spec;
  if (is_row && level == spec.key) {
    spec_ = &spec;
    if (own_ != nullptr) own_->named.reset();
    return;
  }
  auto named = std::make_unique<Named>();
  if (level != spec.key) named->level = std::move(level);
  for (const auto field : spec_fields) named->texts += spec.*field;
  named->spec = spec;
  std::string_view rest = named->texts;
  for (const auto field : spec_fields) {
    const std::size_t size = (spec.*field).size();
    named->spec.*field = rest.substr(0, size);
    rest.remove_prefix(size);
  }
  spec_ = is_row ? &spec : &named->spec;
  own().named = std::move(named);  // not before: `spec` may be the one that was kept
}

std::string_view Entity::attributes() const {
  return own_ == nullptr ? std::string_view{} : std::string_view(own_->attributes);
}

std::string_view Entity::options() const {
  return own_ == nullptr || own_->options == nullptr ? spec_->options
                                                     : std::string_view(*own_->options);
}

bool Entity::takes_commands() const {
  return spec_->platform != Platform::sensor && spec_->platform != Platform::binary_sensor;
}

bool Entity::has_option(std::string_view option) const { return lists(options(), option); }

// ---- for the model ------------------------------------------------------------------------------

void Entity::remember(const Remembered& remembered) {
  declared_ = remembered.declared;
  by_rule_ = remembered.by_rule;
  has_attributes_ = remembered.has_attributes;
  decimals_ = remembered.decimals;
  if (!remembered.options.empty() && remembered.options != spec_->options) {
    own().options = std::make_unique<std::string>(remembered.options);
  }
}

void Entity::respecify(const EntitySpec& spec) {
  use(spec, std::string(level()));  // `spec` may have been this entity's own, and is gone
  if (!options().starts_with(spec_->options)) own_->options.reset();
}

void Entity::declare() {
  declared_ = true;
  step(LifeEvent::declaration);
}

Change Entity::take(const Reading& reading, Mono now, Mono since) {
  Change change;
  change.at = reading.at;
  change.first = !has_value();
  if (!change.first && at_ >= since) take_gap(now - at_, change);
  at_ = now;
  if (change.first) {
    const bool declared_now = life_ == Life::declared;
    declared_ = declared_ && declared_now;
    by_rule_ = reading.source == "rule";
    step(LifeEvent::value);
  }
  const bool unknown = std::holds_alternative<std::monostate>(value_);
  change.value = take_value(reading.value) || change.first;
  change.known = unknown && !std::holds_alternative<std::monostate>(value_);
  if (change.value && (spec_->device_class == "enum" || spec_->platform == Platform::select)) {
    take_option(change);
  }
  if (change.value) take_decimals(change);
  take_attributes(reading.attributes, change);
  return change;
}

// The longest gap counts at once and is forgotten slowly: some devices send in bursts.
void Entity::take_gap(Mono::duration gap, Change& change) {
  constexpr int forget = 64;
  const auto tenths = static_cast<int>(std::min<Mono::rep>(gap / Tenths{1}, longest_period));
  const int excess = period_ - tenths;
  const int period = excess <= 0 ? tenths : period_ - (excess + forget - 1) / forget;
  period_ = static_cast<std::uint16_t>(period);
  if (gaps_ == known_after) return;
  gaps_ = static_cast<std::uint8_t>(gaps_ + 1) & 3U;
  change.regular = gaps_ == known_after;
}

Mono::duration Entity::validity(Mono::duration stale) const {
  const bool keeps = by_rule_ || takes_commands() || spec_->line_health || counts(*spec_) ||
                     describes_device(*spec_);
  if (keeps) return Mono::duration::max();
  if (gaps_ < known_after) return irregular_validity;
  if (period_ >= hourly) return Mono::duration::max();
  return std::max<Mono::duration>(stale, 3 * Tenths{period_});
}

Change Entity::lapse() {
  Change change;
  change.value = take_value(Value{});
  take_attributes({}, change);
  return change;
}

// The most that a number of it had: some devices send 21 where they mean 21.0.
void Entity::take_decimals(Change& change) {
  const auto* const number = std::get_if<Decimal>(&value_);
  if (number == nullptr) return;
  const auto decimals = std::max<std::int8_t>(0, static_cast<std::int8_t>(-number->exponent));
  if (decimals <= decimals_) return;
  const bool shown = spec_->decimals < 0 || decimals_ < spec_->decimals;
  change.described = std::exchange(decimals_, decimals) >= 0 && shown;
}

bool Entity::take_value(const Value& value) {
  const auto* text = std::get_if<std::string_view>(&value);
  if (text == nullptr) {
    if (same(value_, value)) return false;
    value_ = value;
    return true;
  }
  std::string scratch;
  const std::string_view plain = plain_text(*text, scratch);
  const Value taken = plain.empty() ? Value{} : Value{plain};
  if (same(value_, taken)) return false;
  if (plain.empty()) {
    value_ = Value{};
  } else {
    own().text.assign(plain);
    value_ = std::string_view(own_->text);
  }
  return true;
}

// A value that is no option yet becomes one; where there are too many it is not known.
void Entity::take_option(Change& change) {
  if (std::holds_alternative<std::monostate>(value_)) return;
  const std::string option = to_text(value_);
  if (has_option(option)) return;
  const std::string_view before = options();
  if (std::count(before.begin(), before.end(), ',') + 1 >=
      static_cast<std::ptrdiff_t>(max_options)) {
    value_ = Value{};
    change.option_lost = true;
    return;
  }
  std::string after(before);
  if (!after.empty()) after += ',';
  own().options = std::make_unique<std::string>(after += option);
  change.option = true;
}

// An entity that had attributes and has none now says so: a face may have kept them. Too long ones
// are left out.
void Entity::take_attributes(std::string_view attributes, Change& change) {
  change.attributes_lost = attributes.size() > max_attributes;
  if (change.attributes_lost) return;
  if (attributes.empty() && has_attributes_) attributes = "{}";
  if (attributes == this->attributes()) return;
  own().attributes = attributes;
  change.attributes = true;
  change.described |= !std::exchange(has_attributes_, true);
}

void Entity::forget_value() {
  decimals_ = -1;
  value_ = Value{};
  at_ = Mono{};
  period_ = 0;
  gaps_ = 0;
  if (own_ != nullptr) own_->attributes.clear();
}

}  // namespace gridtap::model
