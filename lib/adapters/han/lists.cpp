#include "adapters/han/lists.hpp"

#include <algorithm>

#include "adapters/han/position_lists.hpp"
#include "core/ids.hpp"

namespace gridtap::han {
namespace {

using Nodes = AxdrTree;

bool is_string(const AxdrNode& node) {
  return node.tag == AxdrTag::octet_string || node.tag == AxdrTag::visible_string ||
         node.tag == AxdrTag::utf8_string;
}

bool is_obis(const AxdrNode& node) {
  return node.tag == AxdrTag::octet_string && node.size == obis_bytes;
}

bool is_scaler(const Nodes& nodes, std::size_t at) {
  return at + 2 < nodes.size() && nodes[at].tag == AxdrTag::structure && nodes[at].size == 2 &&
         nodes[at + 1].tag == AxdrTag::int8 && nodes[at + 2].tag == AxdrTag::enumeration;
}

Row row_of(const AxdrNode& code, const AxdrNode& value) {
  return {find_field(code.content()), nullptr, code.data, &value};
}

void add_scaler(Row& row, const Nodes& nodes, std::size_t at) {
  row.has_scaler = true;
  row.exponent = static_cast<std::int8_t>(nodes[at + 1].data[0]);
  row.unit = nodes[at + 2].data[0];
}

// ---- Kaifa --------------------------------------------------------------------------------------

bool is_kaifa_id(const AxdrNode& node) {
  return is_string(node) && as_text(node.content()).starts_with("KFM_");
}

bool by_position(const Nodes& nodes, List& list) {
  list.positions = kaifa_positions(nodes[0].size);
  list.measured = true;             // none of them is without a power
  if (list.positions.size() > 1) {  // the first three items of all but list 1
    const std::size_t serial = nodes[1].end;
    list.ids.list_id = &nodes[1];
    list.ids.serial = &nodes[serial];
    list.ids.model = &nodes[nodes[serial].end];
  }
  return !list.positions.empty();
}

bool is_kaifa_pairs(const Nodes& nodes) {
  if (nodes[0].tag != AxdrTag::structure || nodes[0].size % 2 != 0) return false;
  bool kaifa = false;
  for (std::size_t at = 1; at < nodes.size();) {
    const std::size_t value = nodes[at].end;
    if (!is_obis(nodes[at]) || value >= nodes.size()) return false;
    const Field* field = find_field(nodes[at].content());
    kaifa = kaifa ||
            (field != nullptr && field->quantity == Quantity::list_id && is_kaifa_id(nodes[value]));
    at = nodes[value].end;
  }
  return kaifa;
}

// ---- pairs and triples in a row -----------------------------------------------------------------

// Netz NÖ sends the meter number as the last item, without a code.
bool is_meter_number(const AxdrNode& node) {
  constexpr std::size_t shortest = 8, longest = 16;
  const std::string_view text = as_text(node.content());
  return node.tag == AxdrTag::octet_string && text.size() >= shortest && text.size() <= longest &&
         is_number_id(text);
}

// From node `at` on. Null-data is sent where a meter has nothing; what is no code where one is due
// is passed over with its value.
bool in_a_row(const Nodes& nodes, std::size_t at, List& list) {
  while (at < nodes.size()) {
    const std::size_t next = nodes[at].end;
    if (!is_obis(nodes[at])) {
      const bool last = next >= nodes.size();
      if (last && list.ids.serial == nullptr && is_meter_number(nodes[at])) {
        list.ids.serial = &nodes[at];
      }
      const bool null = nodes[at].tag == AxdrTag::null_data;
      at = null || last || is_obis(nodes[next]) ? next : nodes[next].end;
      continue;
    }
    if (next >= nodes.size()) break;
    Row row = row_of(nodes[at], nodes[next]);
    at = nodes[next].end;
    if (is_scaler(nodes, at)) {
      add_scaler(row, nodes, at);
      at = nodes[at].end;
    }
    list.add(row);
  }
  return !list.rows.empty();
}

// ---- rows ---------------------------------------------------------------------------------------

bool is_row(const Nodes& nodes, std::size_t at) {
  return nodes[at].tag == AxdrTag::structure && (nodes[at].size == 2 || nodes[at].size == 3) &&
         is_obis(nodes[at + 1]);
}

// One bad row does not hide the others.
bool holds_rows(const Nodes& nodes) {
  for (std::size_t at = 1; at < nodes.size(); at = nodes[at].end) {
    if (is_row(nodes, at)) return true;
  }
  return false;
}

void add_rows(const Nodes& nodes, List& list) {
  for (std::size_t at = 1; at < nodes.size(); at = nodes[at].end) {
    if (!is_row(nodes, at)) continue;
    const std::size_t value = nodes[at + 1].end;
    Row row = row_of(nodes[at + 1], nodes[value]);
    if (nodes[at].size == 3) {
      const std::size_t scaler = nodes[value].end;
      if (!is_scaler(nodes, scaler)) continue;
      add_scaler(row, nodes, scaler);
    }
    list.add(row);
  }
}

bool may_be_aidon(const List& list) {
  return list.ids.list_id == nullptr || string_of(*list.ids.list_id).starts_with("AIDON");
}

// No list names its maker, and the same item means something else in each. They are told apart by
// how they begin:
//   02 01 06 ...                   Kaifa, list 1: nothing but the power
//   02 0D 09 07 "KFM_001" ...      Kaifa, by position
//   02 19 0A 0E "Kamstrup_V0001"   Kamstrup: code, value, code, value
//   01 09 02 02 09 06 ...          Aidon: an array of structures, each with its code
// What is left is tried as codes and values in a row, as in Sweden, Denmark and Austria.
bool read_form(const Nodes& nodes, const ListHints& hints, List& list) {
  if (!hints.positions.empty() && read_items(nodes, hints.positions, list)) return true;
  const bool structure = nodes[0].tag == AxdrTag::structure;
  const AxdrNode& first = nodes[1];
  if (structure && ((nodes[0].size == 1 && first.tag == AxdrTag::uint32) ||
                    (first.tag == AxdrTag::octet_string && is_kaifa_id(first)))) {
    list.maker = Maker::kaifa;
    return by_position(nodes, list);
  }
  if (is_kaifa_pairs(nodes)) {
    list.maker = Maker::kaifa;
    return in_a_row(nodes, 1, list);
  }
  if (structure && first.tag == AxdrTag::visible_string &&
      as_text(first.content()).starts_with("Kamstrup_V")) {
    list.maker = Maker::kamstrup;
    return in_a_row(nodes, 2, list);
  }
  if (read_object_list(nodes, list)) {
    list.maker = Maker::cosem;
    return true;
  }
  if (read_known_positions(nodes, hints.title, list)) return true;
  if (holds_rows(nodes)) {
    add_rows(nodes, list);
    if (!structure && may_be_aidon(list)) list.maker = Maker::aidon;
    return !list.rows.empty();
  }
  return structure && in_a_row(nodes, 1, list);
}

}  // namespace

void Rows::set_scaler(ByteView code, std::int8_t exponent, std::uint8_t unit) {
  const auto end = rows_.begin() + static_cast<std::ptrdiff_t>(count_);
  const auto row = std::find_if(rows_.begin(), end, [&](const Row& each) {
    return std::equal(code.begin(), code.end(), each.code);
  });
  if (row == end) return;
  row->has_scaler = true;
  row->exponent = exponent;
  row->unit = unit;
}

// The first of each that is not empty counts.
void List::note_id(const Row& row) {
  const auto note = [&](const AxdrNode*& id) {
    if (id == nullptr && !string_of(*row.value).empty()) id = row.value;
  };
  switch (row.field->quantity) {
    case Quantity::list_id:
      return note(ids.list_id);
    case Quantity::serial:
      return note(ids.serial);
    case Quantity::model:
      return note(ids.model);
    case Quantity::number:
      if (ids.number == nullptr) ids.number = row.value;
      return;
    default:
      return;
  }
}

bool read_list(const Nodes& nodes, const ListHints& hints, List& list) {
  list.maker = Maker::unknown;
  list.ids = {};
  list.positions = {};
  list.first_node = nodes.data();
  list.rows.clear();
  list.measured = false;
  if (nodes.empty() || !nodes[0].holds_others() || nodes.size() < 2) return false;
  return read_form(nodes, hints, list) && list.measured;
}

std::string_view string_of(const AxdrNode& node) {
  if (!is_string(node)) return {};
  std::string_view text = as_text(node.content());
  while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
  return text;
}

}  // namespace gridtap::han
