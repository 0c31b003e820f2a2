#pragma once
// The maker of the meter, from its header line: `/ISK5\2M550T-1012`. For people only: the header of
// one maker serves several countries and must not steer anything.

#include <string_view>

namespace gridtap::p1 {

// Either may be empty. Views into `header` or of a table.
struct Maker {
  std::string_view manufacturer, model;
};
Maker maker_of(std::string_view header);

}  // namespace gridtap::p1
