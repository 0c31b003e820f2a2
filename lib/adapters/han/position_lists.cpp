#include "adapters/han/position_lists.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace gridtap::han {
namespace {

using enum ItemType;

constexpr ListItem item(ItemType type, std::uint8_t c, std::uint8_t d, std::uint8_t e,
                        std::int8_t exponent = 0) {
  return {type, {1, 0, c, d, e, 255}, exponent};
}
constexpr ListItem clock_item = {clock, {0, 0, 1, 0, 0, 255}};
constexpr ListItem serial_item = {text, {0, 0, 96, 1, 0, 255}};
constexpr ListItem passed(ItemType type) { return {type, {}}; }

// Wiener Netze: Landis+Gyr, Iskraemeco and Siemens send the same, ciphered.
constexpr ListItem vienna[] = {
    clock_item,         item(u32, 1, 8, 0), item(u32, 2, 8, 0),
    item(u32, 3, 8, 0), item(u32, 4, 8, 0), item(u32, 1, 7, 0),
    item(u32, 2, 7, 0), item(u32, 3, 7, 0), item(u32, 4, 7, 0),
};
// Slovenia, AM550, every few seconds; the first item is the logical device name.
constexpr ListItem slovenia_now[] = {
    passed(text),
    serial_item,
    item(u32, 1, 7, 0),
    item(u32, 2, 7, 0),
    item(u32, 3, 7, 0),
    item(u32, 4, 7, 0),
    item(u16, 32, 7, 0, -1),
    item(u16, 52, 7, 0, -1),
    item(u16, 72, 7, 0, -1),
    item(u16, 31, 7, 0, -2),
    item(u16, 51, 7, 0, -2),
    item(u16, 71, 7, 0, -2),
    item(u32, 21, 7, 0),
    item(u32, 41, 7, 0),
    item(u32, 61, 7, 0),
    item(u32, 22, 7, 0),
    item(u32, 42, 7, 0),
    item(u32, 62, 7, 0),
};
// The same meter each quarter of an hour; behind the number its disconnector and tariff.
constexpr ListItem slovenia_registers[] = {
    passed(text),       serial_item,        passed(any),        passed(any),
    item(u32, 1, 8, 0), item(u32, 1, 8, 1), item(u32, 1, 8, 2), item(u32, 2, 8, 0),
    item(u32, 2, 8, 1), item(u32, 2, 8, 2), item(u32, 3, 8, 0), item(u32, 4, 8, 0),
};

struct KnownList {
  std::span<const ListItem> items;
  std::array<std::string_view, 3> makers;  // how the title, or else the first text, begins
};
constexpr KnownList known_lists[] = {
    {vienna, {"LGZ", "ISK", "SMS"}},
    {slovenia_now, {"ISK", "ISK", "ISK"}},
    {slovenia_registers, {"ISK", "ISK", "ISK"}},
};

bool is_text(const AxdrNode& node) {
  const std::string_view text = string_of(node);
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

bool fits(ItemType type, const AxdrNode& node) {
  switch (type) {
    case text:
      return is_text(node);
    case clock:
      return node.tag == AxdrTag::date_time ||
             (node.tag == AxdrTag::octet_string && node.size == 12);
    case u32:
      return node.tag == AxdrTag::uint32;
    case u16:
      return node.tag == AxdrTag::uint16;
    case any:
      return !node.holds_others();
  }
  return false;
}

// ---- the setting --------------------------------------------------------------------------------

struct Unit {
  std::string_view name;
  Quantity quantity;
  std::int8_t exponent;  // from the unit to that of the quantity
};
constexpr Unit units[] = {
    {"W", Quantity::power, 0},
    {"kW", Quantity::power, 3},
    {"var", Quantity::reactive_power, 0},
    {"kvar", Quantity::reactive_power, 3},
    {"A", Quantity::current, 0},
    {"mA", Quantity::current, -3},
    {"V", Quantity::voltage, 0},
    {"mV", Quantity::voltage, -3},
    {"", Quantity::power_factor, 0},
    {"Wh", Quantity::energy, 0},
    {"kWh", Quantity::energy, 3},
    {"varh", Quantity::reactive_energy, 0},
    {"kvarh", Quantity::reactive_energy, 3},
};

// "0.1" is -1, "10" is 1, nothing is 0; no other numbers.
std::optional<std::int8_t> power_of_ten(std::string_view number) {
  constexpr std::string_view powers[] = {"0.0001", "0.001", "0.01", "0.1",
                                         "1",      "10",    "100",  "1000"};
  if (number.empty()) return std::int8_t{0};
  const auto found = std::find(std::begin(powers), std::end(powers), number);
  if (found == std::end(powers)) return {};
  return static_cast<std::int8_t>(found - std::begin(powers) - 4);
}

std::optional<std::int8_t> exponent_of(std::string_view scale, Quantity quantity) {
  const std::size_t letters = std::min(scale.find_first_not_of("0123456789."), scale.size());
  const auto power = power_of_ten(scale.substr(0, letters));
  const auto unit = std::find_if(std::begin(units), std::end(units), [&](const Unit& each) {
    return each.name == scale.substr(letters) && each.quantity == quantity;
  });
  if (!power || unit == std::end(units)) return {};
  return static_cast<std::int8_t>(*power + unit->exponent);
}

const Field* field_named(std::string_view name) {
  const auto all = fields();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Field& field) {
    if (name == "serial") return field.quantity == Quantity::serial;
    if (name == "model") return field.quantity == Quantity::model;
    return !field.key.empty() && field.key == name;
  });
  return found == all.end() ? nullptr : &*found;
}

std::optional<ListItem> item_of(std::string_view word, std::string& why) {
  if (word == "-") return passed(any);
  const std::size_t colon = std::min(word.find(':'), word.size());
  const Field* const field = field_named(word.substr(0, colon));
  if (field == nullptr) {
    why =
        "no item of a list: write -, serial, meter_clock, or a key and its unit, such as "
        "energy_import:Wh";
    return {};
  }
  const std::uint8_t medium = field->is_number() ? 1 : 0;
  ListItem made{any, {medium, 0, field->c, field->d, field->e, 255}};
  if (!field->is_number() && colon == word.size()) return made;
  const std::string_view scale = word.substr(std::min(colon + 1, word.size()));
  const auto exponent =
      field->is_number() ? exponent_of(scale, field->quantity) : std::optional<std::int8_t>{};
  if (!exponent) {
    why =
        "needs its unit behind a colon, perhaps with a power of ten: energy_import:Wh, "
        "voltage_l1:0.1V";
    return {};
  }
  made.exponent = *exponent;
  return made;
}

}  // namespace

bool read_items(const AxdrTree& nodes, std::span<const ListItem> items, List& list) {
  if (nodes.empty() || nodes[0].tag != AxdrTag::structure || nodes[0].size != items.size()) {
    return false;
  }
  std::size_t at = 1;
  for (const ListItem& each : items) {
    if (!fits(each.type, nodes[at])) return false;
    at = nodes[at].end;
  }
  at = 1;
  for (const ListItem& each : items) {
    const AxdrNode& value = nodes[at];
    at = nodes[at].end;
    const Field* const field = find_field(each.code);
    if (field == nullptr) continue;
    list.add({field, nullptr, each.code.data(), &value, true, each.exponent,
              dlms_unit(field->quantity)});
  }
  return true;
}

bool read_known_positions(const AxdrTree& nodes, std::string_view title, List& list) {
  if (nodes.size() < 2) return false;
  const std::string_view who = title.empty() ? string_of(nodes[1]) : title;
  return std::any_of(std::begin(known_lists), std::end(known_lists), [&](const KnownList& known) {
    const bool maker = std::any_of(known.makers.begin(), known.makers.end(),
                                   [&](std::string_view each) { return who.starts_with(each); });
    return maker && read_items(nodes, known.items, list);
  });
}

std::vector<ListItem> read_list_setting(Section& section) {
  std::vector<ListItem> items;
  for (const std::string& text : section.texts("list")) {
    for (std::string_view rest = text;;) {
      std::string_view word = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(word.size() + 1, rest.size()));
      while (word.starts_with(' ')) word.remove_prefix(1);
      while (word.ends_with(' ')) word.remove_suffix(1);
      std::string why;
      const auto made = item_of(word, why);
      if (made) items.push_back(*made);
      if (!made) section.problem("list", '"' + std::string(word) + "\": " + why);
      if (rest.empty()) break;
    }
  }
  return items;
}

}  // namespace gridtap::han
