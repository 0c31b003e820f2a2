#pragma once
// A line of the log that a flood cannot repeat: at most one a minute, with how many were left out.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ports.hpp"

namespace gridtap {

class QuietLine {
 public:
  static constexpr std::chrono::minutes gap{1};

  explicit QuietLine(Log& log) : log_(log) {}

  void write(Level level, std::string_view device, std::string_view text, Now now) {
    if (said_ && now.mono < *said_ + gap) {
      ++left_out_;
      return;
    }
    std::string line(text);
    if (left_out_ > 0) line += " (and " + std::to_string(left_out_) + " more like it)";
    log_.write(level, device, line);
    said_ = now.mono;
    left_out_ = 0;
  }

 private:
  Log& log_;
  std::optional<Mono> said_;
  std::uint64_t left_out_ = 0;
};

}  // namespace gridtap
