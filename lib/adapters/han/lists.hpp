#pragma once
// The lists of the makers, told apart by what is in them (han.md 6), as rows of one form:
//
//   Kaifa 1     structure(1) of uint32
//   Kaifa       structure(9, 13, 14, 18): values alone, the first a string `KFM_...`
//   Kaifa pairs structure of OBIS, value, OBIS, value, ..., one of them 0.2.129 = `KFM_...`
//   Kamstrup    structure of a visible-string `Kamstrup_V...`, then OBIS, value, ...; null-data
//               where a one-phase meter has nothing
//   rows        array or structure of structures: OBIS, value and perhaps scaler-unit
//   in a row    structure of OBIS, value, scaler-unit, OBIS, value, ...
//   objects     structure of an array that names the objects, then their values (object_list.cpp)
//   positions   structure of values alone, known by their types (position_lists.hpp)
//
//   scaler-unit: structure(2) of int8 exponent and enum unit

#include <cstdint>
#include <optional>
#include <vector>

#include "adapters/han/fields.hpp"
#include "codec/axdr.hpp"

namespace gridtap::han {

// `cosem`: any maker, in the form of the standard that names its objects.
enum class Maker : std::uint8_t { unknown, kaifa, aidon, kamstrup, cosem };

struct Row {
  const Field* field = nullptr;        // null: a code without a key
  const Position* position = nullptr;  // of a list without codes
  const std::uint8_t* code = nullptr;  // else these 6 bytes
  const AxdrNode* value = nullptr;
  bool has_scaler = false;
  std::int8_t exponent = 0;
  std::uint8_t unit = 0;
};

// Rows in memory that is taken once and used again.
class Rows {
 public:
  static constexpr std::size_t most = 512;  // more do not fit into a message

  void clear() { count_ = 0; }
  void add(const Row& row) {
    if (count_ < most) rows_[count_++] = row;
  }
  // Of the row with that code.
  void set_scaler(ByteView code, std::int8_t exponent, std::uint8_t unit);
  bool empty() const { return count_ == 0; }
  const Row* begin() const { return rows_.data(); }
  const Row* end() const { return rows_.data() + count_; }

 private:
  std::vector<Row> rows_ = std::vector<Row>(most);
  std::size_t count_ = 0;
};

// The place of the meter's identity in a list; null if the list has none.
struct IdNodes {
  const AxdrNode *list_id = nullptr, *serial = nullptr, *number = nullptr, *model = nullptr,
                 *name = nullptr;  // the logical device name
};

struct List {
  Maker maker = Maker::unknown;
  IdNodes ids;

  // In the order of the wire.
  template <class Call>
  void for_each_row(Call call) const {
    const AxdrNode* const nodes = first_node;
    const AxdrNode* node = nodes + 1;
    for (const Position& position : positions) {
      call(Row{position.field, &position, nullptr, node});
      node = nodes + node->end;
    }
    for (const Row& row : rows) call(row);
  }

  // Of a list without codes; others have rows.
  std::span<const Position> positions;
  const AxdrNode* first_node = nullptr;  // the list itself
  Rows rows;
  bool measured = false;  // it holds a number that has a key

  void add(const Row& row) {
    if (row.field != nullptr) note(row);
    rows.add(row);
  }
  void note(const Row& row) {
    if (!row.field->is_number()) return note_id(row);
    measured = measured || row.value->tag == AxdrTag::uint32 || axdr_integer(*row.value);
  }
  void note_id(const Row& row);
};

struct ListItem;

// What is known of a list before it is read.
struct ListHints {
  std::string_view title;               // the system title of a ciphered one
  std::span<const ListItem> positions;  // the setting `list`
};

// Takes the nodes of one body apart; false where it is of no known form, or holds no measured
// value. Rows that do not fit are left out. Views live as long as the nodes.
bool read_list(const AxdrTree& nodes, const ListHints& hints, List& list);

// One that names its objects; false, and nothing is taken, where it is none.
bool read_object_list(const AxdrTree& nodes, List& list);

// The text of a string of a list, without NULs at its end; empty for other types.
std::string_view string_of(const AxdrNode& node);

}  // namespace gridtap::han
