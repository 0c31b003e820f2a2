#pragma once
// Why a line is not open, as one word of the vocabulary's `cause`. A line's errors begin with one
// of a few fixed phrases, so that people and this table read the same text.

#include <array>
#include <string_view>
#include <utility>

#include "core/result.hpp"

namespace gridtap {

// "permission denied ..." is `permission`, "busy ..." is `busy`, "asleep ..." is `asleep`;
// everything else that keeps a line closed is `unreachable`: no such device, hang-up, refused, no
// answer.
constexpr std::string_view line_cause(const Error& why) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> phrases = {{
      {"permission denied", "permission"},
      {"busy", "busy"},
      {"asleep", "asleep"},
      {"silent", "no_bytes"},
  }};
  for (const auto& [phrase, cause] : phrases) {
    if (std::string_view(why.detail).starts_with(phrase)) return cause;
  }
  return "unreachable";
}

}  // namespace gridtap
