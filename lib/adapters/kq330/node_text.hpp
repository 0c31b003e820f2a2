#pragma once
// What nodes on a shared line say to one another (kq330.md 4):
//
//   g1,t=21.5,h=48            a report of node g1
//   g1!,relay=1,q=12          a command to g1, the twelfth; g1+,q=12 acknowledges it
//   g1?                       a poll of g1
//   g1,t=21.5,c=7,m=0123456789ABCDEF   signed: c rises, m only a holder of the key can make

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace gridtap::kq330 {

struct NodeText {
  static constexpr std::size_t most_fields = 48;
  static constexpr int sequences = 100;
  struct Field {
    std::string_view key, value;
  };
  enum class Mark : char { report = '\0', command = '!', poll = '?', acknowledge = '+' };

  std::string_view id;
  Mark mark = Mark::report;
  std::optional<int> sequence;  // of the field `q`, which is not one of the fields below

  std::span<const Field> fields() const { return {fields_.data(), count_}; }

  std::array<Field, most_fields> fields_{};
  std::size_t count_ = 0;
};

// Views into the payload. Any error drops the whole text.
Result<NodeText> parse_node_text(std::string_view payload);
bool is_node_id(std::string_view text);   // 1 to 8 of A-Z a-z 0-9 _ -
bool is_node_key(std::string_view text);  // a letter, then letters, digits, _

// HMAC-SHA256 of the text with the key, its first 8 bytes as a field: ",m=0123456789ABCDEF".
inline constexpr std::size_t signature_size = 19;
std::string signature(std::string_view text, ByteView key);
// Returns the text before a signature that this key makes; nothing if there is none.
std::optional<std::string_view> signed_text(std::string_view payload, ByteView key);

}  // namespace gridtap::kq330
