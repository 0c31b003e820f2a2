#pragma once
// A limit of a part, reached: logged once, with what was left out and what to do.

#include <string_view>
#include <utility>

#include "core/effect.hpp"

namespace gridtap {

class LimitNotice {
 public:
  void say(std::string_view text, Effects& effects) {
    if (!std::exchange(said_, true)) effects(Notice{text});
  }

 private:
  bool said_ = false;
};

}  // namespace gridtap
