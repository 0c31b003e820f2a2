#pragma once
// The maker of the meter, from its header line: `/ISK5\2M550T-1012`. For people only: the header of
// one maker serves several countries and must not steer anything.

#include <string_view>

namespace gridtap::p1 {

// Each may be empty. Views into `header` or of a table. `software`: what some send where others
// name their model, `53769484_A`.
struct Maker {
  std::string_view manufacturer, model, software;
};
Maker maker_of(std::string_view header);

}  // namespace gridtap::p1
