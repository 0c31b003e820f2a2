#pragma once
// The identity of the meter, as far as its lists contain it (han.md 6): list id, serial number,
// type, and the maker by one of them or by the system title of a ciphered list.

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/han/lists.hpp"
#include "core/effect.hpp"

namespace gridtap::han {

class Identity {
 public:
  enum class News : std::uint8_t { none, more, another };  // another: meter than before
  // Reports the identity of the meter when it is new. A list without ids is of the meter that was
  // there before.
  News learn(const List& list, ByteView system_title, Effects& effects);

  std::string_view serial() const { return serial_; }  // as sent
  std::string_view model() const { return model_; }    // as sent

 private:
  bool known_ = false;
  std::string serial_, model_, manufacturer_;
  std::string digits_;
};

// Bytes of a wire read as Latin-1, control characters as `?`, in UTF-8.
std::string shown(std::string_view bytes);
// As sent where it has only letters, digits, `-` and `_`, else its bytes in hex.
std::string unique_part(std::string_view id);

}  // namespace gridtap::han
