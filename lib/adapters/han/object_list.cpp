// Lists that say themselves what is in them: the objects of the push (IEC 62056-6-2, 5.3.8), then
// one value for each, as the Swiss standard list of 2026 and the pushes of Landis+Gyr's E450.
//
//   structure(14)
//     array(14)                                         the objects
//       structure(4)  class 40 | 0-6:25.9.0 | attribute 2 | index    the push itself: this array
//       structure(4)  class  1 | 0-0:42.0.0 | attribute 2 | index
//       structure(4)  class  3 | 1-1:1.8.0  | attribute 2 | index
//       ...
//     octets "LGZ1030100000017"                         then their values
//     uint32 21956                                      in Wh, W, varh, var
//     ...                                               U and I: in what power of ten is not said

#include "adapters/han/lists.hpp"

namespace gridtap::han {
namespace {

constexpr std::int64_t register_class = 3, last_register_class = 5, push_class = 40;
constexpr std::int64_t value_attribute = 2, scaler_attribute = 3;
constexpr std::uint8_t name_code[] = {0, 0, 42, 0, 0, 255};

bool is_object(const AxdrTree& nodes, std::size_t at) {
  return nodes[at].tag == AxdrTag::structure && nodes[at].size == 4 &&
         axdr_integer(nodes[at + 1]).has_value() && nodes[at + 2].tag == AxdrTag::octet_string &&
         nodes[at + 2].size == obis_bytes && axdr_integer(nodes[at + 3]).has_value() &&
         axdr_integer(nodes[at + 4]).has_value();
}

// A register's scale and unit may be pushed as an object of their own.
void add_scale(const AxdrNode& code, const AxdrTree& nodes, std::size_t value, List& list) {
  const bool fits = nodes[value].tag == AxdrTag::structure && nodes[value].size == 2 &&
                    nodes[value + 1].tag == AxdrTag::int8 &&
                    nodes[value + 2].tag == AxdrTag::enumeration;
  if (!fits) return;
  const auto exponent = static_cast<std::int8_t>(nodes[value + 1].data[0]);
  list.rows.set_scaler(code.content(), exponent, nodes[value + 2].data[0]);
}

void add_object(const AxdrTree& nodes, std::size_t object, std::size_t value, List& list) {
  const AxdrNode& code = nodes[object + 2];
  const std::int64_t kind = *axdr_integer(nodes[object + 1]);
  const std::int64_t attribute = *axdr_integer(nodes[object + 3]);
  const bool is_register = kind >= register_class && kind <= last_register_class;
  if (is_register && attribute == scaler_attribute) return add_scale(code, nodes, value, list);
  if (kind == push_class || attribute != value_attribute || nodes[value].holds_others()) return;
  if (std::equal(code.data, code.data + obis_bytes, name_code)) {
    list.ids.name = &nodes[value];
    return;
  }
  list.add({find_field(code.content()), nullptr, code.data, &nodes[value]});
}

}  // namespace

bool read_object_list(const AxdrTree& nodes, List& list) {
  const bool begins = nodes.size() > 2 && nodes[0].tag == AxdrTag::structure &&
                      nodes[1].tag == AxdrTag::array && nodes[1].size > 0;
  if (!begins) return false;
  const std::size_t objects = nodes[1].size;
  for (std::size_t at = 2; at < nodes[1].end; at = nodes[at].end) {
    if (!is_object(nodes, at)) return false;
  }
  // The array is the value of the push itself where that is the first of its objects.
  const bool holds_itself = nodes[0].size == objects;
  if (!holds_itself && nodes[0].size != objects + 1) return false;
  std::size_t object = holds_itself ? nodes[2].end : 2;
  for (std::size_t at = nodes[1].end; at < nodes.size(); at = nodes[at].end) {
    add_object(nodes, object, at, list);
    object = nodes[object].end;
  }
  if (list.ids.serial == nullptr) list.ids.serial = list.ids.name;
  return true;
}

}  // namespace gridtap::han
