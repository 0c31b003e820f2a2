#pragma once
// How our own texts go out: the other direction of parts/text_receiver (kq330.md 4, 5).

#include <optional>
#include <string>
#include <string_view>

#include "adapters/kq330/checked_text.hpp"
#include "parts/text_receiver.hpp"

namespace gridtap::kq330 {

struct TextFraming {
  static constexpr std::size_t longest_packet = 250;  // the module's buffer holds 253

  TextSettings::Mode mode = TextSettings::Mode::frame;
  bool prefixed = false;
  std::size_t preamble = 2;  // lead-in in front of a frame

  // Why the text cannot be sent; `seal`: bytes of counter and signature that follow it.
  std::optional<Error> problem(std::string_view text, std::size_t seal) const;
  std::string framed(std::string_view text) const;
};

}  // namespace gridtap::kq330
