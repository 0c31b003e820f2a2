#pragma once
// What a fuzz target demands.

namespace gridtap {

inline void must(bool held) {
  if (!held) __builtin_trap();
}

}  // namespace gridtap
