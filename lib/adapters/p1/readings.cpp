#include "adapters/p1/readings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/p1/mbus.hpp"
#include "core/bytes.hpp"
#include "core/json_text.hpp"
#include "parts/factor.hpp"

namespace gridtap::p1 {
namespace {

constexpr std::size_t max_state = 255;  // Home Assistant's longest state
constexpr Decimal threshold_off{999, 0};

// Keys of rows whose value decides which quantity it is; `meter_relay_<N>` is another one.
constexpr std::string_view clock_key = "meter_clock", limiter_va_key = "limiter_apparent",
                           fuse_export_key = "fuse_threshold_export";
constexpr std::array<std::string_view, 3> current_averages = {"current_avg_l1", "current_avg_l2",
                                                              "current_avg_l3"};

std::string_view first_group(const Object& object) { return trim(object.first); }

std::string_view switch_position(std::string_view text) {
  if (text == "0" || text == "OFF") return "disconnected";
  if (text == "1" || text == "ON") return "connected";
  return text == "2" ? "ready" : std::string_view{};
}

// "T2" in hex is "5432": letters, then digits.
bool is_lettered_number(std::string_view text) {
  const std::size_t digits =
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
  return digits != 0 && digits != text.npos &&
         text.find_first_not_of("0123456789", digits) == text.npos;
}

// "0002", "TARIFF 2", "2" and "5432" are "2"; empty where it is no number.
std::string tariff_number(std::string_view group) {
  const bool letter = !group.empty() && group[0] >= '4' && group[0] <= '7';  // 'A' is 41
  const auto octets = letter ? from_hex(group) : std::nullopt;
  const bool lettered = octets && is_lettered_number(*octets);
  std::string_view text = lettered ? std::string_view(*octets) : group;
  constexpr std::string_view word = "TARIFF ";
  if (lettered) text.remove_prefix(text.find_first_of("0123456789"));
  if (text.starts_with(word)) text.remove_prefix(word.size());
  if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return {};
  const std::size_t zeros = std::min(text.find_first_not_of('0'), text.size() - 1);
  return std::string(text.substr(zeros));
}

// A memory of the meter that was never written: nothing but FF or NUL, as bytes or in hex.
bool is_unset_text(std::string_view group) {
  const auto unset = [](std::string_view text) {
    return !text.empty() && (text.find_first_not_of('\xFF') == text.npos ||
                             text.find_first_not_of('\0') == text.npos);
  };
  const auto octets = from_hex(group);
  return unset(group) || (octets && unset(*octets));
}

bool is_belgian_hex(std::string_view text) {
  return text.size() == 10 && text.find_first_not_of("0123456789") == text.npos && text[0] == '3' &&
         text[2] == '3' && text[4] == '3' && text[6] == '3' && text[8] == '3';
}

// 31.4.0, 51.4.0 and 71.4.0 of a Lithuanian meter.
std::string_view current_average(const Object& object) {
  return current_averages[object.c / 20 - 1u];
}

// Lithuanian meters use the demand codes for registers of another meaning.
bool is_demand_code(const Object& object) {
  return object.a == 1 && (object.d == 4 || object.d == 5) && object.e == 0 && object.c <= 10;
}

// Most groups begin with what they say, and are looked at no further.
bool is_blank(std::string_view group) {
  return group.empty() || (group.front() <= ' ' && trim(group).empty());
}

// Forms that are one group: where it is empty, the meter has the quantity and no value of it.
bool is_one_group(Form form) {
  return form != Form::identity && form != Form::ignored && form != Form::limiter &&
         form != Form::peak && form != Form::power_failures && form != Form::peaks;
}

bool is_phase_power(const Field& field) {
  return field.quantity == Quantity::power && field.key.size() > 3 &&
         field.key.substr(field.key.size() - 3, 2) == "_l";
}

bool may_be_negative(std::string_view key) { return key.starts_with("power_net"); }

}  // namespace

Readings::Readings(ReadingSettings settings, MeterClock& clock)
    : settings_(settings),
      has_factor_(settings_.factor != Decimal{1, 0}),
      clock_(clock),
      totals_(settings_.max_power) {}

void Readings::publish(const Lines& lines, const TelegramFacts& facts, Now now,
                       std::pmr::memory_resource* scratch, Effects& effects) {
  Said said(scratch);
  doubt_.begin();
  const Context in{facts, now, said, effects};
  for (const Object& each : lines.objects) object(in, each);
  computed(in);
  for (const Object* each : said.empty) say_empty(in, *each, *each->field);
  watch_phases(in);
}

void Readings::object(const Context& in, const Object& object) {
  if (object.a == 0 && object.b > 0) {
    if (packed(object) == packed(0, 96, 3, 10)) meter_relay(in, object);
    return;  // of an M-Bus meter
  }
  if (is_of_day_list(object)) return;
  const Field* const field = object.field;
  if (field == nullptr || (in.facts.lithuanian && is_demand_code(object))) {
    return unknown(in, object);
  }
  if (is_blank(object.first) && is_one_group(field->form)) return empty(in, object, *field);
  switch (field->form) {
    case Form::number:
      return number(in, object, *field);
    case Form::count:
      return count(in, object, *field);
    case Form::power_factor:
      return power_factor(in, object, *field);
    case Form::text:
      return text(in, object, *field);
    case Form::message:
      return message(in, object, *field);
    case Form::version:
      return version(in, object, *field);
    case Form::tariff:
      return tariff(in, object, *field);
    case Form::breaker:
      return breaker(in, object, *field);
    case Form::time:
      return meter_time(in, object, *field);
    case Form::limiter:
      return limiter(in, object, *field);
    case Form::fuse:
      return fuse(in, object, *field);
    case Form::peak:
      return peak(in, object, *field);
    case Form::power_failures:
      return power_failures(in, object, *field);
    case Form::peaks:
      return peaks(in, object, *field);
    case Form::identity:
    case Form::ignored:
      return;
  }
}

// Empty values are reported last: another line may give the value, or it is computed.
void Readings::empty(const Context& in, const Object& object, const Field& field) {
  if (field.form != Form::number) return say_empty(in, object, field);
  if (!in.said.seen[field.entity]) in.said.withheld[field.entity] = true;
  in.said.empty.push_back(&object);
}

void Readings::say_empty(const Context& in, const Object& object, const Field& field) {
  if (!in.said.first(field.entity)) return unknown(in, object);
  const bool average = field.form == Form::fuse && in.facts.lithuanian;
  say(in, average ? current_average(object) : field.key, object.code, {});
}

// The first line of a quantity whose unit fits counts; all others are raw.
void Readings::number(const Context& in, const Object& object, const Field& field) {
  auto read = parse_number(object.first);
  if (read && read->quantity == Quantity::none) give_unit(in, object, field, *read);
  const std::size_t entity = field.entity;
  const bool again = in.said.seen[entity];
  const bool is_signed = field.quantity == Quantity::power && !in.facts.has_export_power;
  const bool fits = read && read->quantity == field.quantity && !again &&
                    (read->value.digits >= 0 || may_be_negative(field.key) ||
                     (is_signed && is_import_power(field)));
  Decimal value = fits ? read->value : Decimal{};
  if (!fits || (field.factor && !apply_factor(value))) {
    if (!again) in.said.withheld[entity] = true;
    return unknown(in, object);
  }
  in.said.seen[entity] = true;
  const bool judged = field.total || field.quantity == Quantity::power;
  if (judged && hold(in, object, field, read->value, value)) return;
  if (is_signed && signed_power(in, object, field, value)) return;
  in.said.keep(entity, value);
  in.said.withheld[entity] = false;
  const bool unmeasured = phases_unmeasured_ && is_phase_power(field);
  say(in, field.key, object.code, unmeasured ? Value{} : Value{value});
}

bool Readings::hold(const Context& in, const Object& object, const Field& field, Decimal measured,
                    Decimal value) {
  std::string_view why;
  if (field.total) {
    why = totals_.judge(field.key, measured, in.now, in.effects);
  } else {
    const bool set = settings_.max_power.has_value();
    const bool far =
        set ? exceeds(measured, settings_.max_power) : doubt_.waits(field.entity, measured);
    if (far && set) implausible_ = std::max(implausible_, watts_of(measured));
    if (far) why = "implausible";
    if (why.empty()) totals_.see(field.flow, measured, in.now);
  }
  if (why.empty()) return false;
  in.said.withheld[field.entity] = true;
  held_.hold({"", field.key, object.code, value, in.facts.time}, why, in.effects);
  return true;
}

// Luxembourg's first firmware leaves the unit out where only one is possible: the register then has
// the form of the 1.7.0 of its telegram. Anything else without a unit is not in use.
void Readings::give_unit(const Context& in, const Object& object, const Field& field,
                         Number& number) {
  const bool one_unit =
      field.quantity == Quantity::reactive_power || field.quantity == Quantity::apparent_power;
  const std::string_view power = in.facts.power_in_kilowatt;
  const std::string_view text = object.first;
  if (!one_unit || !number.has_point || text.size() != power.size()) return;
  if (text.find('.') != power.find('.')) return;
  number.quantity = field.quantity;
  number.value = shifted(number.value, 3);
}

void Readings::count(const Context& in, const Object& object, const Field& field) {
  const auto read = parse_number(object.first);
  const bool counts = read && read->quantity == Quantity::none && read->value.digits >= 0;
  if (!counts || !in.said.first(field.entity)) return unknown(in, object);
  say(in, field.key, object.code, read->value);
}

// Some send 01000 for 1.000; what is above 1 is no power factor.
void Readings::power_factor(const Context& in, const Object& object, const Field& field) {
  const auto read = parse_number(object.first);
  if (!read || read->quantity != Quantity::none) return unknown(in, object);
  const Decimal value = read->has_point ? read->value : shifted(read->value, -3);
  if (value > Decimal{1, 0} || value < Decimal{-1, 0} || !in.said.first(field.entity))
    return unknown(in, object);
  say(in, field.key, object.code, value);
}

void Readings::text(const Context& in, const Object& object, const Field& field) {
  const std::string_view group = first_group(object);
  const bool is_id = field.key == "ean";
  const HexText kind = is_id ? HexText::id : HexText::message;
  const bool as_sent = field.key == "error_register";
  const std::string value = shown(as_sent ? std::string(group) : decode_text(group, kind));
  if (!in.said.first(field.entity)) return unknown(in, object);
  const std::string_view trimmed = trim(value);
  const bool dashes = trimmed.find_first_not_of('-') == trimmed.npos;
  const bool unset = is_id ? !is_set_id(group) : dashes || (!as_sent && is_unset_text(group));
  say(in, field.key, object.code, unset ? Value{} : Value{trimmed});
}

void Readings::message(const Context& in, const Object& object, const Field& field) {
  const std::string value = shown(decode_text(first_group(object), HexText::message));
  if (!in.said.first(field.entity)) return unknown(in, object);
  const std::string_view state = trim(value);
  if (state.empty() || is_unset_text(first_group(object))) {
    return say(in, field.key, object.code, {});
  }
  text_ = "{\"text\":";
  append_json(text_, value);
  text_ += '}';
  say(in, field.key, object.code, state.substr(0, max_state), text_);
}

void Readings::version(const Context& in, const Object& object, const Field& field) {
  const std::string_view group = first_group(object);
  if (!in.said.first(field.entity)) return unknown(in, object);
  const std::string value = shown(is_belgian_hex(group) ? *from_hex(group) : std::string(group));
  say(in, field.key, object.code, std::string_view(value));
}

void Readings::tariff(const Context& in, const Object& object, const Field& field) {
  const std::string number = tariff_number(first_group(object));
  if (number.empty() || !in.said.first(field.entity)) return unknown(in, object);
  in.said.tariff = number;
  say(in, field.key, object.code, std::string_view(number));
}

void Readings::breaker(const Context& in, const Object& object, const Field& field) {
  const std::string_view position = switch_position(first_group(object));
  if (position.empty() || !in.said.first(field.entity)) return unknown(in, object);
  say(in, field.key, object.code, position);
}

// Relays inside the meter, identified by their channel (Luxembourg, Belgium).
void Readings::meter_relay(const Context& in, const Object& object) {
  const std::string_view group = first_group(object);
  const std::string_view position = switch_position(group);
  const bool bad = position.empty() && !group.empty();
  if (bad || object.f != 255 || object.b >= in.said.relays.size() || in.said.relays[object.b]) {
    return unknown(in, object);
  }
  in.said.relays[object.b] = true;
  const std::string key = "meter_relay_" + std::to_string(object.b);
  say(in, key, object.code, position.empty() ? Value{} : Value{position});
}

// A clock that was never set does not count; without its letter it has no offset.
void Readings::meter_time(const Context& in, const Object& object, const Field& field) {
  if (!in.said.first(field.entity)) return unknown(in, object);
  const auto time = parse_time(object.first);
  const bool has_offset = !time || time->flag != 0;
  const std::string_view key = has_offset ? field.key : clock_key;
  if (!time || !in.facts.time) return say(in, key, object.code, {});
  if (has_offset) return say(in, key, object.code, clock_.resolve(*time, in.now.wall));
  text_ = clock_text(time->local);
  say(in, key, object.code, std::string_view(text_));
}

void Readings::limiter(const Context& in, const Object& object, const Field& field) {
  const auto read = parse_number(object.first);
  if (!read) return unknown(in, object);
  if (read->quantity == Quantity::current) return fuse_threshold(in, object, read->value);
  const bool apparent = read->quantity == Quantity::apparent_power;
  const bool fits = apparent || read->quantity == Quantity::power;
  if (!fits || !in.said.first(field.entity)) return unknown(in, object);
  const bool off = read->value >= shifted(threshold_off, 3);
  say(in, apparent ? limiter_va_key : field.key, object.code, off ? Value{} : Value{read->value});
}

void Readings::fuse(const Context& in, const Object& object, const Field& field) {
  if (object.b == 1) return two_fuses(in, object, field);
  const auto read = parse_number(object.first);
  if (!read || read->quantity != Quantity::current) return unknown(in, object);
  if (!in.facts.lithuanian) return fuse_threshold(in, object, read->value);
  Decimal amperes = read->value;
  if (!apply_factor(amperes)) return unknown(in, object);
  say(in, current_average(object), object.code, amperes);
}

void Readings::fuse_threshold(const Context& in, const Object& object, Decimal amperes) {
  const std::size_t row = entity_of("fuse_threshold");
  if (!in.said.first(row)) return unknown(in, object);
  say(in, fields()[row].key, object.code, amperes >= threshold_off ? Value{} : Value{amperes});
}

void Readings::two_fuses(const Context& in, const Object& object, const Field& field) {
  const auto first = parse_number(object.first);
  const bool fits = first && first->quantity == Quantity::current;
  if (!fits || !in.said.first(field.entity)) return unknown(in, object);
  std::string_view groups = object.groups;
  for (const std::string_view key : {std::string_view("fuse_threshold"), fuse_export_key}) {
    const auto group = take_group(groups);
    const auto read = group ? parse_number(*group) : std::nullopt;
    if (!read || read->quantity != Quantity::current) return;
    Decimal value = read->value;
    if (value.digits < 0) value.digits = -value.digits;
    say(in, key, object.code, value >= threshold_off ? Value{} : Value{value});
  }
}

void Readings::say(const Context& in, std::string_view key, std::string_view source,
                   const Value& value, std::string_view attributes) {
  in.effects(
      Effect(std::in_place_type<Reading>, "", key, source, value, in.facts.time, attributes));
}

void Readings::say_at(const Context& in, std::optional<Instant> at, std::string_view key,
                      std::string_view source, const Value& value, std::string_view attributes) {
  in.effects(Reading{"", key, source, value, at, attributes});
}

void Readings::unknown(const Context& in, const Object& object) {
  in.effects(Unknown{"", object.code, object.groups});
}

bool Readings::accept() {
  const bool power = implausible_ > 0;
  if (power) settings_.max_power = Decimal{std::exchange(implausible_, 0), 0};
  return totals_.accept({}) || power;
}

bool Readings::apply_factor(Decimal& value) const {
  if (!has_factor_) return true;
  const auto product = multiply(value, settings_.factor);
  if (product) value = *product;
  return product.has_value();
}

std::vector<std::string_view> further_keys() {
  std::vector<std::string_view> keys(current_averages.begin(), current_averages.end());
  keys.insert(keys.end(), {"meter_relay_<N>", clock_key, limiter_va_key, fuse_export_key});
  return keys;
}

}  // namespace gridtap::p1
