#pragma once
// A small checked frame of text for lines that put out random bytes when no node sends (kq330.md
// 4):
//
//   $g1,t=21.5,h=48*03E3 LF
//   │└ payload      │└ CRC-16/CCITT-FALSE of the payload, four hex digits
//   │               └ ends the payload
//   always starts afresh: no payload holds it
//
// The frame is complete at the fourth digit; the line feed only helps terminals.

#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "parts/text_receiver.hpp"

namespace gridtap::kq330 {

inline constexpr std::size_t longest_checked_text = 96;

// Why this cannot be a payload; nothing where it can.
std::optional<Error> checked_text_problem(std::string_view payload);
// "$...*HHHH", without a line feed. REQUIRES: checked_text_problem(payload) is nothing.
std::string checked_text(std::string_view payload);

class CheckedTextReader final : public TextFrames {
 public:
  bool begins(char byte) const override { return byte == '$'; }
  std::optional<Result<std::string_view>> take(char byte) override;
  bool in_frame() const override { return state_ != State::outside; }
  void reset() override { state_ = State::outside; }

 private:
  enum class State : std::uint8_t { outside, payload, checksum };
  std::optional<Result<std::string_view>> take_payload(char byte);
  std::optional<Result<std::string_view>> take_checksum(char byte);

  State state_ = State::outside;
  std::string payload_;
  unsigned sum_ = 0;
  int digits_ = 0;
};

}  // namespace gridtap::kq330
