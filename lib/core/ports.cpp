#include "core/ports.hpp"

#include <algorithm>

namespace gridtap {

std::string_view WebRequest::field(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const WebField& each) { return each.name == name; });
  return found == fields.end() ? std::string_view{} : std::string_view(found->value);
}

}  // namespace gridtap
