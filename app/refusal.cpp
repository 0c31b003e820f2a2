#include "app/refusal.hpp"

#include <iostream>

#include "core/json_text.hpp"

namespace gridtap::app {

int refuse(int status, const std::string& why) {
  std::cerr << printable(why) << '\n';
  return status;
}

}  // namespace gridtap::app
