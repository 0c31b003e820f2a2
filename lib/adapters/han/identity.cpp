#include "adapters/han/identity.hpp"

#include <algorithm>

#include "core/ids.hpp"

namespace gridtap::han {
namespace {

// What tells one meter from another, as sent; empty where a list has none.
struct Ids {
  std::string_view serial, model;
};

struct MakerName {
  std::string_view prefix, name;
};
// System titles begin with the FLAG id of the maker, list ids as the maker likes.
constexpr MakerName makers[] = {
    {"KFM", "Kaifa"},      {"AIDON", "Aidon"},    {"AID", "Aidon"},      {"Kamstrup", "Kamstrup"},
    {"KAM", "Kamstrup"},   {"LGZ", "Landis+Gyr"}, {"LGE", "Landis+Gyr"}, {"SAG", "Sagemcom"},
    {"ISK", "Iskraemeco"}, {"ISE", "Iskraemeco"}, {"EMBRIQ", "Embriq"},
};

std::string_view maker_by(std::string_view id) {
  const auto found = std::find_if(std::begin(makers), std::end(makers), [&](const MakerName& each) {
    return id.starts_with(each.prefix);
  });
  return found == std::end(makers) ? std::string_view{} : found->name;
}

std::string_view text_of(const AxdrNode* node) {
  return node == nullptr ? std::string_view{} : string_of(*node);
}

std::string_view maker_of(const List& list, ByteView system_title) {
  if (const auto name = maker_by(text_of(list.ids.list_id)); !name.empty()) return name;
  if (list.maker == Maker::kaifa) return "Kaifa";
  if (list.maker == Maker::kamstrup) return "Kamstrup";
  if (const auto name = maker_by(as_text(system_title)); !name.empty()) return name;
  if (const auto name = maker_by(text_of(list.ids.name)); !name.empty()) return name;
  return list.maker == Maker::aidon ? "Aidon" : "";
}

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
         c == '_';
}

// Spaces and the like are no number, and a type is none either. `known`: a number that was found.
std::string_view number_of(const AxdrNode* node, std::string_view known) {
  const std::string_view text = text_of(node);
  if (text == known) return text;
  return is_unset_id(text) || is_type_id(text) ? std::string_view{} : text;
}

// `digits` holds the serial number where it is sent as a number.
Ids ids_of(const IdNodes& nodes, std::string_view known, std::string& digits) {
  Ids ids{number_of(nodes.serial, known), text_of(nodes.model)};
  if (!ids.serial.empty() || nodes.number == nullptr) return ids;
  ids.serial = number_of(nodes.number, known);
  if (const auto value = axdr_integer(*nodes.number)) {
    digits = to_text(Decimal{*value, 0});
    ids.serial = digits;
  }
  return ids;
}

}  // namespace

Identity::News Identity::learn(const List& list, ByteView system_title, Effects& effects) {
  const Ids ids = ids_of(list.ids, serial_, digits_);
  const bool same_serial = ids.serial.empty() || ids.serial == serial_;
  const bool same_model = ids.model.empty() || ids.model == model_;
  if (known_ && same_serial && same_model) return News::none;
  const bool another = !same_serial && !serial_.empty();
  if (another) model_.clear();
  if (!ids.serial.empty()) serial_ = ids.serial;
  if (!ids.model.empty()) model_ = ids.model;
  manufacturer_ = maker_of(list, system_title);
  known_ = true;
  const std::string serial = shown(serial_), model = shown(model_);
  const std::string unique = unique_part(serial_);
  effects(Identified{"", {"", serial, unique, manufacturer_, model, ""}});
  return another ? News::another : News::more;
}

std::string shown(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte < 0x20 || (byte >= 0x7F && byte <= 0x9F)) {
      text += '?';
    } else if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

std::string unique_part(std::string_view id) {
  return std::all_of(id.begin(), id.end(), is_plain) ? std::string(id) : to_hex(as_bytes(id));
}

}  // namespace gridtap::han
