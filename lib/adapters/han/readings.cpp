#include "adapters/han/readings.hpp"

namespace gridtap::han {
namespace {

constexpr int least_exponent = -9, most_exponent = 9;
constexpr int kilo = 3;  // Wh on the wire, kWh published
constexpr std::uint8_t no_place = 255;
constexpr std::int8_t no_scale = 127;

// The import and export powers that give a net power, and its key.
struct Net {
  std::string_view key, import, exported;
};
constexpr std::array<Net, 4> nets = {{
    {"power_net", "power_import", "power_export"},
    {"power_net_l1", "power_import_l1", "power_export_l1"},
    {"power_net_l2", "power_import_l2", "power_export_l2"},
    {"power_net_l3", "power_import_l3", "power_export_l3"},
}};

// Units of the standard (IEC 62056-6-2, table 4) by quantity.
std::uint8_t unit_of(Quantity quantity) {
  switch (quantity) {
    case Quantity::power:
      return 27;
    case Quantity::reactive_power:
      return 29;
    case Quantity::current:
      return 33;
    case Quantity::voltage:
      return 35;
    case Quantity::energy:
      return 30;
    case Quantity::reactive_energy:
      return 32;
    default:
      return 255;
  }
}

bool is_transformed(Quantity quantity) {
  return quantity != Quantity::voltage && quantity != Quantity::power_factor;
}

bool may_be_negative(Quantity quantity) {
  return quantity == Quantity::current || quantity == Quantity::power_factor;
}

std::int8_t kaifa_exponent(Quantity quantity) {
  if (quantity == Quantity::current) return -3;
  return quantity == Quantity::voltage ? -1 : 0;
}

constexpr std::uint64_t bit(std::size_t index) { return std::uint64_t{1} << index; }

// 1 to 4.7.x and 1 to 4.8.x.
bool is_landis_whole(const Field& field) { return field.c <= 4; }

std::string_view source_of(const Row& row, ObisText& text) {
  return row.position != nullptr ? row.position->source : obis_text({row.code, obis_bytes}, text);
}

Decimal scaled(std::int64_t digits, int exponent) {
  if (exponent <= 0) return {digits, static_cast<std::int8_t>(exponent)};
  return shifted({digits, 0}, exponent);
}

}  // namespace

Readings::Readings(ReadingSettings settings)
    : settings_(settings),
      has_factor_(settings.factor != Decimal{1, 0}),
      clock_bit_(bit(field_index("meter_clock"))) {
  power_places_.fill(no_place);
  for (std::size_t n = 0; n < nets.size(); ++n) {
    power_places_[field_index(nets[n].import)] = static_cast<std::uint8_t>(2 * n);
    power_places_[field_index(nets[n].exported)] = static_cast<std::uint8_t>(2 * n + 1);
  }
  learn_scales();
}

void Readings::forget_totals() {
  for (Total& total : totals_) total.forget();
}

void Readings::publish(const List& list, const ListFacts& facts, Now now, Effects& effects) {
  const Context in{facts, now, effects};
  seen_ = 0;
  if (facts.maker != scales_maker_ || facts.model != scales_model_) {
    scales_maker_ = facts.maker;
    scales_model_ = facts.model;
    learn_scales();
  }
  powers_seen_ = 0;
  list.for_each_row([&](const Row& each) { row(in, each); });
  net_powers(in);
  if ((seen_ & clock_bit_) == 0) say_clock(in, facts.clock, "");
}

void Readings::row(const Context& in, const Row& row) {
  if (row.field == nullptr || !plain_number(in, row)) other_row(in, row);
}

// Most of every list: a power, current or voltage as it is published, but for the point. False: the
// row needs a closer look. The first row of a quantity that fits counts.
bool Readings::plain_number(const Context& in, const Row& row) {
  const Field& field = *row.field;
  if (field.quantity > Quantity::voltage || has_factor_) return false;
  const auto digits = axdr_integer(*row.value);
  const std::int8_t exponent =
      row.has_scaler ? exponent_of(in, row) : scales_[static_cast<std::size_t>(field.quantity)];
  const std::int64_t least = field.quantity == Quantity::voltage ? 1 : 0;
  if (!digits || *digits < least || exponent > 0) return false;
  if ((seen_ & bit(field.index)) != 0) return true;
  seen_ |= bit(field.index);
  const Decimal value{*digits, exponent};
  keep_power(field, value);
  ObisText text;
  say_number(in, field.key, source_of(row, text), value);
  return true;
}

// By value: the caller need not have it in memory.
void Readings::other_row(const Context& in, Row row) {
  ObisText text;
  const std::string_view source = source_of(row, text);
  if (row.field == nullptr) return unknown(in, row, source);
  if (row.field->is_number()) return number(in, row, source);
  if (row.field->quantity == Quantity::clock) clock(in, row, source);
}

// Nulls, signs, registers, what a transformer divides, numbers without a scale.
void Readings::number(const Context& in, const Row& row, std::string_view source) {
  const Field& field = *row.field;
  if ((seen_ & bit(field.index)) != 0) return;
  if (row.value->tag == AxdrTag::null_data) {
    seen_ |= bit(field.index);
    return say(in, field.key, source, {});
  }
  const auto digits = axdr_integer(*row.value);
  if (!digits || (*digits < 0 && !may_be_negative(field.quantity))) return;
  const std::int8_t exponent = exponent_of(in, row);
  if (exponent == no_scale) return unknown(in, row, source);
  // A voltage of 0 is one that the meter does not measure: L2 of an IT net.
  if (field.quantity == Quantity::voltage && *digits == 0) return;
  const Decimal measured = scaled(*digits, exponent - (field.is_total() ? kilo : 0));
  if (field.quantity == Quantity::power_factor &&
      (measured > Decimal{1, 0} || measured < Decimal{-1, 0})) {
    return;
  }
  Decimal value = measured;
  if (!apply_factor(field.quantity, value)) return unknown(in, row, source);
  seen_ |= bit(field.index);
  if (field.is_total() && hold(in, field, measured, value, source)) return;
  keep_power(field, value);
  say_number(in, field.key, source, value);
}

// False where the product is beyond all numbers: no house has such a value.
bool Readings::apply_factor(Quantity quantity, Decimal& value) const {
  if (!has_factor_ || !is_transformed(quantity)) return true;
  const auto product = multiply(value, settings_.factor);
  value = product.value_or(value);
  return product.has_value();
}

void Readings::keep_power(const Field& field, Decimal value) {
  const std::uint8_t place = power_places_[field.index];
  if (place == no_place) return;
  powers_[place] = value;
  powers_seen_ |= 1u << place;
}

// If the row itself has none, the maker's list may have it.
std::int8_t Readings::exponent_of(const Context& in, const Row& row) const {
  const Quantity quantity = row.field->quantity;
  if (row.has_scaler) {
    const bool fits = row.unit == unit_of(quantity) && row.exponent >= least_exponent &&
                      row.exponent <= most_exponent;
    return fits ? row.exponent : no_scale;
  }
  const std::int8_t exponent = scales_[static_cast<std::size_t>(quantity)];
  return exponent == no_scale && in.facts.landis && is_landis_whole(*row.field) ? 0 : exponent;
}

void Readings::learn_scales() {
  for (std::size_t n = 0; n < scales_.size(); ++n) {
    const auto quantity = static_cast<Quantity>(n);
    scales_[n] = scales_maker_ == Maker::kaifa      ? kaifa_exponent(quantity)
                 : scales_maker_ == Maker::kamstrup ? kamstrup_exponent(quantity)
                                                    : no_scale;
  }
}

// Swedish meters, whose type ends in 092, count 1 Wh; those behind a current transformer, 685...,
// count 1 mA (han.md 6.5).
std::int8_t Readings::kamstrup_exponent(Quantity quantity) const {
  switch (quantity) {
    case Quantity::energy:
    case Quantity::reactive_energy:
      return settings_.energy_exponent.value_or(scales_model_.ends_with("092") ? 0 : 1);
    case Quantity::current:
      return settings_.current_exponent.value_or(scales_model_.starts_with("685") ? -3 : -2);
    case Quantity::power_factor:
      return -2;
    default:
      return 0;
  }
}

bool Readings::hold(const Context& in, const Field& field, Decimal measured, Decimal value,
                    std::string_view source) {
  const std::string_view why = totals_[field.index].judge(measured, in.now.mono, most_per_second);
  if (why.empty()) return false;
  in.effects(Held{{"", field.key, source, value}, why});
  return true;
}

void Readings::clock(const Context& in, const Row& row, std::string_view source) {
  const bool fits = row.value->tag == AxdrTag::octet_string || row.value->tag == AxdrTag::date_time;
  if (!fits || (seen_ & clock_bit_) != 0) return;
  if (say_clock(in, row.value->content(), source)) seen_ |= clock_bit_;
}

bool Readings::say_clock(const Context& in, ByteView bytes, std::string_view source) {
  const auto clock = DlmsClock::read(bytes);
  if (!clock) return false;
  say(in, "meter_clock", source.empty() ? "0-0:1.0.0" : source, clock->text());
  return true;
}

void Readings::net_powers(const Context& in) {
  for (std::size_t n = 0; n < nets.size(); ++n) {
    constexpr unsigned both = 3;
    if ((powers_seen_ >> 2 * n & both) != both) continue;
    const auto net = subtract(powers_[2 * n], powers_[2 * n + 1]);
    if (net) say_number(in, nets[n].key, "computed", *net);
  }
}

void Readings::say(const Context& in, std::string_view key, std::string_view source,
                   const Value& value) {
  Reading& reading = std::get<Reading>(reading_);
  reading.key = key;
  reading.source = source;
  reading.value = value;
  in.effects(reading_);
}

// An effect of its own, which always holds a number: it costs half.
void Readings::say_number(const Context& in, std::string_view key, std::string_view source,
                          Decimal value) {
  Reading& reading = *std::get_if<Reading>(&number_);
  reading.key = key;
  reading.source = source;
  *std::get_if<Decimal>(&reading.value) = value;
  in.effects(number_);
}

void Readings::unknown(const Context& in, const Row& row, std::string_view source) {
  const AxdrNode& value = *row.value;
  raw_.clear();
  if (const auto number = axdr_integer(value)) {
    append(raw_, Decimal{*number, 0});
  } else {
    raw_ = to_hex(value.content());
  }
  in.effects(Unknown{"", source, raw_});
}

std::vector<std::string_view> computed_keys() {
  std::vector<std::string_view> keys;
  for (const Net& net : nets) keys.push_back(net.key);
  return keys;
}

}  // namespace gridtap::han
