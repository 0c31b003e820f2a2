#include "adapters/p1/fields.hpp"

#include <algorithm>
#include <array>

namespace gridtap::p1 {
namespace {

constexpr Field object(unsigned a, unsigned c, unsigned d, unsigned e, std::string_view key,
                       Form form) {
  return {packed(a, c, d, e), key, form};
}
constexpr Field number(unsigned a, unsigned c, unsigned d, unsigned e, std::string_view key,
                       Quantity quantity) {
  return {packed(a, c, d, e), key, Form::number, quantity};
}
constexpr Field behind_transformers(Field field) {
  field.factor = true;
  return field;
}
constexpr Field total(unsigned a, unsigned c, unsigned d, unsigned e, std::string_view key,
                      Quantity quantity) {
  Field field = behind_transformers(number(a, c, d, e, key, quantity));
  field.total = true;
  return field;
}

// What a row says by its key alone. Rows with one key are one entity, represented by the first of
// them.
template <std::size_t rows>
constexpr std::array<Field, rows> completed(std::array<Field, rows> fields) {
  for (Field& field : fields) {
    while (fields[field.entity].key != field.key) ++field.entity;
    field.flow = flow_of_power(field.key);
  }
  return fields;
}

// A-B:C.D.E as A, C, D, E; B is the channel.
constexpr auto table = completed(std::to_array<Field>({
    // 5.1 Identity and state
    object(1, 0, 2, 8, "p1_version", Form::version),
    object(0, 96, 1, 4, "p1_version", Form::version),
    object(0, 1, 0, 0, "meter_time", Form::time),
    object(0, 96, 1, 1, "", Form::identity),
    object(0, 96, 1, 0, "", Form::identity),
    object(0, 42, 0, 0, "", Form::identity),
    object(0, 96, 1, 2, "ean", Form::text),
    object(0, 96, 14, 0, "tariff", Form::tariff),
    object(0, 96, 14, 1, "tariff", Form::tariff),
    object(0, 96, 3, 10, "breaker", Form::breaker),
    object(0, 24, 4, 0, "breaker", Form::breaker),
    object(1, 96, 50, 68, "breaker", Form::breaker),
    object(0, 17, 0, 0, "limiter", Form::limiter),
    object(1, 31, 4, 0, "fuse_threshold", Form::fuse),
    object(1, 51, 4, 0, "fuse_threshold", Form::fuse),
    object(1, 71, 4, 0, "fuse_threshold", Form::fuse),
    object(0, 96, 13, 0, "message", Form::message),
    object(0, 96, 13, 1, "message_code", Form::text),
    object(0, 96, 13, 2, "message_2", Form::message),
    object(0, 96, 13, 3, "message_3", Form::message),
    object(0, 96, 13, 4, "message_4", Form::message),
    object(0, 96, 13, 5, "message_5", Form::message),
    object(1, 94, 32, 1, "grid_type", Form::count),
    object(1, 0, 2, 0, "", Form::identity),
    object(1, 0, 8, 2, "", Form::ignored),
    object(1, 0, 9, 1, "", Form::ignored),
    object(1, 0, 9, 2, "", Form::ignored),
    object(0, 97, 97, 0, "error_register", Form::text),
    // 5.2 Energy totals
    total(1, 1, 8, 0, "energy_import", Quantity::energy),
    total(1, 1, 8, 1, "energy_import_t1", Quantity::energy),
    total(1, 1, 8, 2, "energy_import_t2", Quantity::energy),
    total(1, 1, 8, 3, "energy_import_t3", Quantity::energy),
    total(1, 1, 8, 4, "energy_import_t4", Quantity::energy),
    total(1, 1, 8, 5, "energy_import_t5", Quantity::energy),
    total(1, 1, 8, 11, "energy_import_t11", Quantity::energy),
    total(1, 1, 8, 12, "energy_import_t12", Quantity::energy),
    total(1, 1, 8, 13, "energy_import_t13", Quantity::energy),
    total(1, 2, 8, 0, "energy_export", Quantity::energy),
    total(1, 2, 8, 1, "energy_export_t1", Quantity::energy),
    total(1, 2, 8, 2, "energy_export_t2", Quantity::energy),
    total(1, 2, 8, 3, "energy_export_t3", Quantity::energy),
    total(1, 2, 8, 4, "energy_export_t4", Quantity::energy),
    total(1, 2, 8, 5, "energy_export_t5", Quantity::energy),
    total(1, 2, 8, 11, "energy_export_t11", Quantity::energy),
    total(1, 2, 8, 12, "energy_export_t12", Quantity::energy),
    total(1, 2, 8, 13, "energy_export_t13", Quantity::energy),
    total(1, 15, 8, 0, "energy_combined", Quantity::energy),
    // 5.3 Reactive and apparent
    total(1, 3, 8, 0, "reactive_energy_import", Quantity::reactive_energy),
    total(1, 3, 8, 1, "reactive_energy_import_t1", Quantity::reactive_energy),
    total(1, 3, 8, 2, "reactive_energy_import_t2", Quantity::reactive_energy),
    total(1, 3, 8, 3, "reactive_energy_import_t3", Quantity::reactive_energy),
    total(1, 3, 8, 4, "reactive_energy_import_t4", Quantity::reactive_energy),
    total(1, 4, 8, 0, "reactive_energy_export", Quantity::reactive_energy),
    total(1, 4, 8, 1, "reactive_energy_export_t1", Quantity::reactive_energy),
    total(1, 4, 8, 2, "reactive_energy_export_t2", Quantity::reactive_energy),
    total(1, 4, 8, 3, "reactive_energy_export_t3", Quantity::reactive_energy),
    total(1, 4, 8, 4, "reactive_energy_export_t4", Quantity::reactive_energy),
    total(1, 5, 8, 0, "reactive_energy_q1", Quantity::reactive_energy),
    total(1, 6, 8, 0, "reactive_energy_q2", Quantity::reactive_energy),
    total(1, 7, 8, 0, "reactive_energy_q3", Quantity::reactive_energy),
    total(1, 8, 8, 0, "reactive_energy_q4", Quantity::reactive_energy),
    behind_transformers(number(1, 3, 7, 0, "reactive_power_import", Quantity::reactive_power)),
    behind_transformers(number(1, 23, 7, 0, "reactive_power_import_l1", Quantity::reactive_power)),
    behind_transformers(number(1, 43, 7, 0, "reactive_power_import_l2", Quantity::reactive_power)),
    behind_transformers(number(1, 63, 7, 0, "reactive_power_import_l3", Quantity::reactive_power)),
    behind_transformers(number(1, 4, 7, 0, "reactive_power_export", Quantity::reactive_power)),
    behind_transformers(number(1, 24, 7, 0, "reactive_power_export_l1", Quantity::reactive_power)),
    behind_transformers(number(1, 44, 7, 0, "reactive_power_export_l2", Quantity::reactive_power)),
    behind_transformers(number(1, 64, 7, 0, "reactive_power_export_l3", Quantity::reactive_power)),
    behind_transformers(number(1, 5, 7, 0, "reactive_power_q1", Quantity::reactive_power)),
    behind_transformers(number(1, 6, 7, 0, "reactive_power_q2", Quantity::reactive_power)),
    behind_transformers(number(1, 7, 7, 0, "reactive_power_q3", Quantity::reactive_power)),
    behind_transformers(number(1, 8, 7, 0, "reactive_power_q4", Quantity::reactive_power)),
    behind_transformers(number(1, 9, 7, 0, "apparent_power_import", Quantity::apparent_power)),
    behind_transformers(number(1, 29, 7, 0, "apparent_power_import_l1", Quantity::apparent_power)),
    behind_transformers(number(1, 49, 7, 0, "apparent_power_import_l2", Quantity::apparent_power)),
    behind_transformers(number(1, 69, 7, 0, "apparent_power_import_l3", Quantity::apparent_power)),
    behind_transformers(number(1, 10, 7, 0, "apparent_power_export", Quantity::apparent_power)),
    behind_transformers(number(1, 30, 7, 0, "apparent_power_export_l1", Quantity::apparent_power)),
    behind_transformers(number(1, 50, 7, 0, "apparent_power_export_l2", Quantity::apparent_power)),
    behind_transformers(number(1, 70, 7, 0, "apparent_power_export_l3", Quantity::apparent_power)),
    object(1, 13, 7, 0, "power_factor", Form::power_factor),
    object(1, 33, 7, 0, "power_factor_l1", Form::power_factor),
    object(1, 53, 7, 0, "power_factor_l2", Form::power_factor),
    object(1, 73, 7, 0, "power_factor_l3", Form::power_factor),
    // 5.4 Power
    behind_transformers(number(1, 1, 7, 0, "power_import", Quantity::power)),
    behind_transformers(number(1, 21, 7, 0, "power_import_l1", Quantity::power)),
    behind_transformers(number(1, 41, 7, 0, "power_import_l2", Quantity::power)),
    behind_transformers(number(1, 61, 7, 0, "power_import_l3", Quantity::power)),
    behind_transformers(number(1, 2, 7, 0, "power_export", Quantity::power)),
    behind_transformers(number(1, 22, 7, 0, "power_export_l1", Quantity::power)),
    behind_transformers(number(1, 42, 7, 0, "power_export_l2", Quantity::power)),
    behind_transformers(number(1, 62, 7, 0, "power_export_l3", Quantity::power)),
    behind_transformers(number(1, 15, 7, 0, "power_combined", Quantity::power)),
    behind_transformers(number(1, 16, 7, 0, "power_net", Quantity::power)),
    behind_transformers(number(1, 1, 24, 0, "power_import_avg", Quantity::power)),
    behind_transformers(number(1, 16, 24, 0, "power_net_avg", Quantity::power)),
    // 5.5 Voltage, current, frequency
    number(1, 32, 7, 0, "voltage_l1", Quantity::voltage),
    number(1, 52, 7, 0, "voltage_l2", Quantity::voltage),
    number(1, 72, 7, 0, "voltage_l3", Quantity::voltage),
    behind_transformers(number(1, 31, 7, 0, "current_l1", Quantity::current)),
    behind_transformers(number(1, 51, 7, 0, "current_l2", Quantity::current)),
    behind_transformers(number(1, 71, 7, 0, "current_l3", Quantity::current)),
    number(1, 12, 7, 0, "voltage", Quantity::voltage),
    behind_transformers(number(1, 11, 7, 0, "current_max_phase", Quantity::current)),
    behind_transformers(number(1, 90, 7, 0, "current_sum", Quantity::current)),
    behind_transformers(number(1, 91, 7, 0, "current_n", Quantity::current)),
    number(1, 14, 7, 0, "frequency", Quantity::frequency),
    number(1, 32, 24, 0, "voltage_avg_l1", Quantity::voltage),
    number(1, 52, 24, 0, "voltage_avg_l2", Quantity::voltage),
    number(1, 72, 24, 0, "voltage_avg_l3", Quantity::voltage),
    // 5.6 Power quality
    object(0, 96, 7, 21, "power_failures", Form::count),
    object(0, 96, 7, 9, "long_power_failures", Form::count),
    object(1, 99, 97, 0, "last_power_failure", Form::power_failures),
    object(1, 32, 32, 0, "voltage_sags_l1", Form::count),
    object(1, 52, 32, 0, "voltage_sags_l2", Form::count),
    object(1, 72, 32, 0, "voltage_sags_l3", Form::count),
    object(1, 32, 36, 0, "voltage_swells_l1", Form::count),
    object(1, 52, 36, 0, "voltage_swells_l2", Form::count),
    object(1, 72, 36, 0, "voltage_swells_l3", Form::count),
    // 5.7 Demand
    behind_transformers(number(1, 1, 4, 0, "demand_import_now", Quantity::power)),
    behind_transformers(number(1, 2, 4, 0, "demand_export_now", Quantity::power)),
    behind_transformers(object(1, 1, 6, 0, "demand_import_month_peak", Form::peak)),
    behind_transformers(object(1, 2, 6, 0, "demand_export_month_peak", Form::peak)),
    behind_transformers(object(0, 98, 1, 0, "demand_history", Form::peaks)),
    // 1-0:0.2.8, the checksum of the firmware; searches leave it out
    object(1, 0, 2, 8, "", Form::ignored),
}));

constexpr std::size_t count = table.size() - 1;
static_assert(count <= max_fields);
constexpr std::uint16_t firmware_checksum = count, no_row = 0xFFFF;

constexpr unsigned c_of(const Field& field) { return field.code >> 16 & 0xFF; }

// Row numbers in the order of C, which is different for nearly all of them.
constexpr auto by_c = [] {
  std::array<std::uint16_t, count> order{};
  for (std::size_t n = 0; n < count; ++n) order[n] = static_cast<std::uint16_t>(n);
  std::sort(order.begin(), order.end(), [](std::uint16_t x, std::uint16_t y) {
    return c_of(table[x]) < c_of(table[y]) || (c_of(table[x]) == c_of(table[y]) && x < y);
  });
  return order;
}();

// Where each C begins in that order; one more for the end.
constexpr auto begin_of_c = [] {
  std::array<std::uint16_t, 257> begin{};
  for (unsigned c = 0; c <= 256; ++c) {
    std::uint16_t at = 0;
    while (at < count && c_of(table[by_c[at]]) < c) ++at;
    begin[c] = at;
  }
  return begin;
}();

// Most codes stand under channel 0, or 1 where a meter counts so; the version under 3.
bool channel_fits(const Object& object) {
  if (object.f != 255) return false;  // another F is another object
  if (object.a == 0) return object.b == 0;
  return object.b <= 1 || (object.b == 3 && packed(object) == packed(1, 0, 2, 8));
}

}  // namespace

std::span<const Field> fields() { return std::span(table).first(count); }

const Field* find_field(const Object& object) { return field_at(find_row(object)); }

std::uint16_t find_row(const Object& object) {
  if (!channel_fits(object)) return no_row;
  // Of a register without tariffs some send E = 255, "none", for the total.
  const bool no_tariff = object.e == 255 && object.a == 1 && (object.d == 7 || object.d == 8);
  const std::uint32_t code = packed(object) - (no_tariff ? 255 : 0);
  for (std::size_t at = begin_of_c[object.c]; at < begin_of_c[object.c + 1u]; ++at) {
    const Field& field = table[by_c[at]];
    if (field.code != code) continue;
    const bool checksum = field.form == Form::version && object.a == 1 && object.b != 3;
    return checksum ? firmware_checksum : by_c[at];
  }
  return no_row;
}

const Field* field_at(std::uint16_t row) { return row < table.size() ? &table[row] : nullptr; }

std::size_t entity_of(std::string_view key) {
  const auto all = fields();
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const Field& field) { return field.key == key; });
  return static_cast<std::size_t>(at - all.begin());
}

}  // namespace gridtap::p1
