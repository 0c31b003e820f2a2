#include "adapters/kq330/text_framing.hpp"

#include <algorithm>

namespace gridtap::kq330 {

std::optional<Error> TextFraming::problem(std::string_view text, std::size_t seal) const {
  if (mode == TextSettings::Mode::frame) {
    auto problem = checked_text_problem(text);
    if (problem || text.size() + seal <= longest_checked_text) return problem;
    return Error{Fault::overlong, "longer than " + std::to_string(longest_checked_text - seal) +
                                      " characters, the room beside a signature"};
  }
  if (text.empty()) return Error{Fault::bad_syntax, "an empty text"};
  if (text.size() > longest_packet) return Error{Fault::overlong, "longer than 250 characters"};
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; })) return {};
  return Error{Fault::bad_syntax, "only printable ASCII can be sent"};
}

std::string TextFraming::framed(std::string_view text) const {
  const bool checked = mode == TextSettings::Mode::frame;
  std::string out = checked ? checked_text(text) : std::string(text);
  if (prefixed) return std::string(1, static_cast<char>(out.size())) + out;
  if (checked) out.insert(0, preamble, 'U');  // 0x55
  if (mode != TextSettings::Mode::regex) out += '\n';
  return out;
}

}  // namespace gridtap::kq330
