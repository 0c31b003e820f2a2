#include "adapters/han/readings.hpp"

#include <algorithm>
#include <utility>

#include "parts/factor.hpp"

namespace gridtap::han {
namespace {

constexpr int least_exponent = -9, most_exponent = 9;
constexpr int kilo = 3;  // Wh on the wire, kWh published
constexpr std::uint8_t no_place = 255;
constexpr std::int8_t no_scale = 127;

// The net powers, of the pairs of import and export.
constexpr std::array<std::string_view, 4> nets = {"power_net", "power_net_l1", "power_net_l2",
                                                  "power_net_l3"};
// The fields of ListNumbers, in its order.
constexpr std::array<std::string_view, ListNumbers::count> noted = {"power_import",
                                                                    "power_export",
                                                                    "power_import_l1",
                                                                    "power_export_l1",
                                                                    "power_import_l2",
                                                                    "power_export_l2",
                                                                    "power_import_l3",
                                                                    "power_export_l3",
                                                                    "reactive_power_import",
                                                                    "reactive_power_export",
                                                                    "current_l1",
                                                                    "current_l2",
                                                                    "current_l3",
                                                                    "voltage_l1",
                                                                    "voltage_l2",
                                                                    "voltage_l3"};

// The whole of import and of export are the first that are noted.
std::optional<Flow> flow_at(std::uint8_t place) {
  if (place == 0) return Flow::import;
  return place == 1 ? std::optional(Flow::exported) : std::nullopt;
}

bool is_transformed(Quantity quantity) {
  return quantity != Quantity::voltage && quantity != Quantity::power_factor;
}

bool may_be_negative(Quantity quantity) {
  return quantity == Quantity::current || quantity == Quantity::power_factor;
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

Readings::Readings(ReadingSettings settings, EnergyScale& energy)
    : settings_(settings),
      energy_(energy),
      has_factor_(settings.factor != Decimal{1, 0}),
      clock_bit_(bit(field_index("meter_clock"))),
      totals_(settings.max_power) {
  places_.fill(no_place);
  for (std::size_t n = 0; n < noted.size(); ++n) {
    places_[field_index(noted[n])] = static_cast<std::uint8_t>(n);
  }
  learn_scales();
}

void Readings::is_of(std::string_view serial, std::string_view model) {
  totals_.is_of(serial, true);
  known_model_ = known_model_ && model == model_;
  model_ = model;
}

void Readings::publish(const List& list, const ListFacts& facts, Now now, Effects& effects) {
  const Context in{facts, now, effects};
  seen_ = 0;
  follow(facts);
  numbers_.clear();
  doubt_.begin();
  list.for_each_row([&](const Row& each) { row(in, each); });
  net_powers(in);
  energy_.powers(numbers_, now);
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
  ObisText text;
  if (field.quantity == Quantity::power && hold(in, field, value, value, source_of(row, text))) {
    return true;
  }
  keep(field, value);
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
  if (field.is_total() && !row.has_scaler) judge_register(in, field, *digits);
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
  const bool judged = field.is_total() || field.quantity == Quantity::power;
  if (judged && hold(in, field, measured, value, source)) return;
  keep(field, value);
  say_number(in, field.key, source, value);
}

// False where the product is beyond all numbers: no house has such a value.
bool Readings::apply_factor(Quantity quantity, Decimal& value) const {
  if (!has_factor_ || !is_transformed(quantity)) return true;
  const auto product = multiply(value, settings_.factor);
  value = product.value_or(value);
  return product.has_value();
}

void Readings::keep(const Field& field, Decimal value) {
  const std::uint8_t place = places_[field.index];
  if (place != no_place) numbers_.note(place, value);
}

// If the row itself has none, the maker's list may have it.
std::int8_t Readings::exponent_of(const Context& in, const Row& row) const {
  const Quantity quantity = row.field->quantity;
  if (row.has_scaler) {
    const bool fits = row.unit == dlms_unit(quantity) && row.exponent >= least_exponent &&
                      row.exponent <= most_exponent;
    return fits ? row.exponent : no_scale;
  }
  const std::int8_t exponent = scales_[static_cast<std::size_t>(quantity)];
  const bool whole = exponent == no_scale && in.facts.landis && is_landis_whole(*row.field);
  if (!whole) return exponent;
  return row.field->is_total() ? energy_.exponent().value_or(0) : 0;
}

void Readings::follow(const ListFacts& facts) {
  const bool same = facts.maker == scales_maker_ && facts.landis == scales_landis_ &&
                    known_model_ && facts.voltage == scales_voltage_ &&
                    facts.current == scales_current_ && energy_.exponent() == scales_energy_ &&
                    facts.power == scales_power_;
  if (same) return;
  known_model_ = true;
  energy_.documents(usual_energy(facts.maker, facts.landis, model_));
  scales_maker_ = facts.maker;
  scales_landis_ = facts.landis;
  scales_voltage_ = facts.voltage;
  scales_current_ = facts.current;
  scales_energy_ = energy_.exponent();
  scales_power_ = facts.power;
  learn_scales();
}

// In time for the register that decides. The totals before move with it, or were in another unit:
// MeterTotals::scale().
void Readings::judge_register(const Context& in, const Field& field, std::int64_t counts) {
  energy_.powers(numbers_, in.now);
  energy_.rise(field, counts, in.now, in.effects);
  if (energy_.exponent() == scales_energy_) return;
  follow(in.facts);
}

void Readings::learn_scales() {
  scales_.fill(no_scale);
  if (scales_maker_ == Maker::unknown || scales_maker_ == Maker::aidon) return;
  for (std::size_t n = 0; n < scales_.size(); ++n) {
    scales_[n] = documented_exponent(static_cast<Quantity>(n));
  }
  const std::int8_t energy = scales_[static_cast<std::size_t>(Quantity::energy)];
  if (energy != no_scale) totals_.scale(energy, energy_.is_set());
}

// What a maker documents, and where it does not, what the numbers have decided. Kamstrup's meters
// behind a current transformer, types 685..., count 1 mA (han.md 6.5).
std::int8_t Readings::documented_exponent(Quantity quantity) const {
  const bool kamstrup = scales_maker_ == Maker::kamstrup, kaifa = scales_maker_ == Maker::kaifa;
  switch (quantity) {
    case Quantity::power:
    case Quantity::reactive_power:
      return scales_power_;
    case Quantity::energy:
    case Quantity::reactive_energy:
      return scales_energy_.value_or(no_scale);
    case Quantity::voltage:
      return scales_voltage_.value_or(no_scale);
    case Quantity::current:
      if (kaifa) return settings_.current_exponent.value_or(-3);
      if (!kamstrup) return scales_current_.value_or(no_scale);
      return settings_.current_exponent.value_or(model_.starts_with("685") ? -3 : -2);
    case Quantity::power_factor:
      return kamstrup ? -2 : kaifa ? 0 : no_scale;
    default:
      return no_scale;
  }
}

std::string_view Readings::why_held(const Context& in, const Field& field, Decimal measured) {
  if (field.is_total()) {
    if (energy_.waits(in.now, in.facts.timeless, in.effects)) return "unit";
    return totals_.judge(field.key, measured, in.now, in.effects);
  }
  const bool set = settings_.max_power.has_value();
  const bool far =
      set ? exceeds(measured, settings_.max_power) : doubt_.waits(field.index, measured);
  if (far && set) implausible_ = std::max(implausible_, watts_of(measured));
  if (far) return "implausible";
  totals_.see(flow_at(places_[field.index]), measured, in.now);
  return {};
}

bool Readings::hold(const Context& in, const Field& field, Decimal measured, Decimal value,
                    std::string_view source) {
  const std::string_view why = why_held(in, field, measured);
  if (why.empty()) return false;
  held_.hold({"", field.key, source, value}, why, in.effects);
  return true;
}

bool Readings::accept(Effects& effects) {
  const bool power = implausible_ > 0;
  if (power) settings_.max_power = Decimal{std::exchange(implausible_, 0), 0};
  const auto report = [&](std::string_view key, Decimal value) {
    if (!apply_factor(Quantity::energy, value)) return;
    effects(Reading{"", key, "computed", value});
  };
  return totals_.accept(report) || power;
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
    if (!numbers_.has(2 * n) || !numbers_.has(2 * n + 1)) continue;
    const auto net = subtract(numbers_.value(2 * n), numbers_.value(2 * n + 1));
    if (net) say_number(in, nets[n], "computed", *net);
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

std::vector<std::string_view> computed_keys() { return {nets.begin(), nets.end()}; }

}  // namespace gridtap::han
