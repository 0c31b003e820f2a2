#include "adapters/han/fields.hpp"

#include <algorithm>

namespace gridtap::han {
namespace {

using enum Quantity;

constexpr Field rows[] = {
    {1, 7, 0, power, "power_import"},
    {2, 7, 0, power, "power_export"},
    {3, 7, 0, reactive_power, "reactive_power_import"},
    {4, 7, 0, reactive_power, "reactive_power_export"},
    {31, 7, 0, current, "current_l1"},
    {51, 7, 0, current, "current_l2"},
    {71, 7, 0, current, "current_l3"},
    {32, 7, 0, voltage, "voltage_l1"},
    {52, 7, 0, voltage, "voltage_l2"},
    {72, 7, 0, voltage, "voltage_l3"},
    {21, 7, 0, power, "power_import_l1"},
    {41, 7, 0, power, "power_import_l2"},
    {61, 7, 0, power, "power_import_l3"},
    {22, 7, 0, power, "power_export_l1"},
    {42, 7, 0, power, "power_export_l2"},
    {62, 7, 0, power, "power_export_l3"},
    {23, 7, 0, reactive_power, "reactive_power_import_l1"},
    {43, 7, 0, reactive_power, "reactive_power_import_l2"},
    {63, 7, 0, reactive_power, "reactive_power_import_l3"},
    {24, 7, 0, reactive_power, "reactive_power_export_l1"},
    {44, 7, 0, reactive_power, "reactive_power_export_l2"},
    {64, 7, 0, reactive_power, "reactive_power_export_l3"},
    {13, 7, 0, power_factor, "power_factor"},
    {33, 7, 0, power_factor, "power_factor_l1"},
    {53, 7, 0, power_factor, "power_factor_l2"},
    {73, 7, 0, power_factor, "power_factor_l3"},
    {1, 8, 0, energy, "energy_import"},
    {2, 8, 0, energy, "energy_export"},
    {3, 8, 0, reactive_energy, "reactive_energy_import"},
    {4, 8, 0, reactive_energy, "reactive_energy_export"},
    {1, 8, 1, energy, "energy_import_t1"},
    {1, 8, 2, energy, "energy_import_t2"},
    {1, 8, 3, energy, "energy_import_t3"},
    {1, 8, 4, energy, "energy_import_t4"},
    {2, 8, 1, energy, "energy_export_t1"},
    {2, 8, 2, energy, "energy_export_t2"},
    {2, 8, 3, energy, "energy_export_t3"},
    {2, 8, 4, energy, "energy_export_t4"},
    {3, 8, 1, reactive_energy, "reactive_energy_import_t1"},
    {3, 8, 2, reactive_energy, "reactive_energy_import_t2"},
    {3, 8, 3, reactive_energy, "reactive_energy_import_t3"},
    {3, 8, 4, reactive_energy, "reactive_energy_import_t4"},
    {4, 8, 1, reactive_energy, "reactive_energy_export_t1"},
    {4, 8, 2, reactive_energy, "reactive_energy_export_t2"},
    {4, 8, 3, reactive_energy, "reactive_energy_export_t3"},
    {4, 8, 4, reactive_energy, "reactive_energy_export_t4"},
    {21, 8, 0, energy, "energy_import_l1"},
    {41, 8, 0, energy, "energy_import_l2"},
    {61, 8, 0, energy, "energy_import_l3"},
    {22, 8, 0, energy, "energy_export_l1"},
    {42, 8, 0, energy, "energy_export_l2"},
    {62, 8, 0, energy, "energy_export_l3"},
    {1, 0, 0, clock, "meter_clock"},
    {0, 2, 129, list_id},
    {96, 1, 0, serial},
    {0, 0, 5, serial},
    {0, 0, 1, number},
    {96, 1, 7, model},
    {96, 1, 1, model},
};
static_assert(std::size(rows) <= max_fields);

constexpr auto table = [] {
  std::array<Field, std::size(rows)> numbered{};
  for (std::size_t n = 0; n < numbered.size(); ++n) {
    numbered[n] = rows[n];
    numbered[n].index = static_cast<std::uint8_t>(n);
  }
  return numbered;
}();

constexpr std::uint32_t packed(unsigned c, unsigned d, unsigned e) { return c << 16 | d << 8 | e; }

constexpr const Field* row(unsigned c, unsigned d, unsigned e) {
  for (const Field& field : table) {
    if (packed(field.c, field.d, field.e) == packed(c, d, e)) return &field;
  }
  return nullptr;
}

// The rows in the order of their codes, for a search by halves.
constexpr auto by_code = [] {
  std::array<const Field*, table.size()> sorted{};
  for (std::size_t n = 0; n < sorted.size(); ++n) sorted[n] = &table[n];
  std::sort(sorted.begin(), sorted.end(), [](const Field* a, const Field* b) {
    return packed(a->c, a->d, a->e) < packed(b->c, b->d, b->e);
  });
  return sorted;
}();

constexpr Position three_phases[] = {
    {"1-1:0.2.129", row(0, 2, 129)}, {"0-0:96.1.0", row(96, 1, 0)}, {"0-0:96.1.7", row(96, 1, 7)},
    {"1-0:1.7.0", row(1, 7, 0)},     {"1-0:2.7.0", row(2, 7, 0)},   {"1-0:3.7.0", row(3, 7, 0)},
    {"1-0:4.7.0", row(4, 7, 0)},     {"1-0:31.7.0", row(31, 7, 0)}, {"1-0:51.7.0", row(51, 7, 0)},
    {"1-0:71.7.0", row(71, 7, 0)},   {"1-0:32.7.0", row(32, 7, 0)}, {"1-0:52.7.0", row(52, 7, 0)},
    {"1-0:72.7.0", row(72, 7, 0)},   {"0-0:1.0.0", row(1, 0, 0)},   {"1-0:1.8.0", row(1, 8, 0)},
    {"1-0:2.8.0", row(2, 8, 0)},     {"1-0:3.8.0", row(3, 8, 0)},   {"1-0:4.8.0", row(4, 8, 0)},
};
constexpr Position one_phase[] = {
    {"1-1:0.2.129", row(0, 2, 129)}, {"0-0:96.1.0", row(96, 1, 0)}, {"0-0:96.1.7", row(96, 1, 7)},
    {"1-0:1.7.0", row(1, 7, 0)},     {"1-0:2.7.0", row(2, 7, 0)},   {"1-0:3.7.0", row(3, 7, 0)},
    {"1-0:4.7.0", row(4, 7, 0)},     {"1-0:31.7.0", row(31, 7, 0)}, {"1-0:32.7.0", row(32, 7, 0)},
    {"0-0:1.0.0", row(1, 0, 0)},     {"1-0:1.8.0", row(1, 8, 0)},   {"1-0:2.8.0", row(2, 8, 0)},
    {"1-0:3.8.0", row(3, 8, 0)},     {"1-0:4.8.0", row(4, 8, 0)},
};
constexpr Position power_alone[] = {{"1-0:1.7.0", row(1, 7, 0)}};

}  // namespace

std::span<const Field> fields() { return table; }

const Field* find_field(ByteView obis) {
  constexpr std::uint8_t current_value = 255;  // F; others are values of past billing periods
  if (obis[0] > 1 || obis[5] != current_value) return nullptr;
  const std::uint32_t code = packed(obis[2], obis[3], obis[4]);
  const auto found = std::lower_bound(by_code.begin(), by_code.end(), code,
                                      [](const Field* field, std::uint32_t wanted) {
                                        return packed(field->c, field->d, field->e) < wanted;
                                      });
  const bool there =
      found != by_code.end() && packed((*found)->c, (*found)->d, (*found)->e) == code;
  return there ? *found : nullptr;
}

std::uint8_t dlms_unit(Quantity quantity) {
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

std::size_t field_index(std::string_view key) {
  const auto found = std::find_if(std::begin(table), std::end(table),
                                  [&](const Field& field) { return field.key == key; });
  return static_cast<std::size_t>(found - std::begin(table));
}

std::span<const Position> kaifa_positions(std::size_t count) {
  const std::span<const Position> three(three_phases), one(one_phase);
  switch (count) {
    case 1:
      return power_alone;
    case 9:
    case 14:
      return one.first(count);
    case 13:
    case 18:
      return three.first(count);
    default:
      return {};
  }
}

std::string_view obis_text(ByteView obis, ObisText& text) {
  constexpr std::array<char, 5> marks = {'-', ':', '.', '.', '\0'};
  std::size_t size = 0;
  for (std::size_t n = 0; n < marks.size(); ++n) {
    const unsigned part = obis[n];
    if (part >= 100) text[size++] = static_cast<char>('0' + part / 100);
    if (part >= 10) text[size++] = static_cast<char>('0' + part / 10 % 10);
    text[size++] = static_cast<char>('0' + part % 10);
    text[size++] = marks[n];
  }
  return {text.data(), size - 1};
}

}  // namespace gridtap::han
