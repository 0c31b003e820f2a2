#pragma once
// Pins that the test plays: it takes lines away, gives them back, and holds levels against what
// was set. Remembers every level that was set, in order.

#include <map>
#include <optional>
#include <string>

#include "core/ports.hpp"

namespace gridtap {

class PlayedPins final : public Pins {
 public:
  struct PlayedLine {
    bool level = false;
    bool held = false;
    std::optional<std::string> why = {};  // it cannot be driven
    std::optional<bool> stuck = {};       // reads this, whatever is set
  };

  Result<bool> set(std::size_t pin, bool on) override {
    PlayedLine& line = lines[pin];
    calls += std::to_string(pin) + (on ? "+" : "-");
    if (line.why) {
      calls += "!";
      line.held = false;
      return failed(Fault::io, *line.why);
    }
    line.held = true;
    line.level = on;
    return line.stuck.value_or(on);
  }
  Result<bool> read(std::size_t pin) override {
    const PlayedLine& line = lines[pin];
    if (line.why) return failed(Fault::io, *line.why);
    if (!line.held) return failed(Fault::io, "not held");
    return line.stuck.value_or(line.level);
  }

  std::map<std::size_t, PlayedLine> lines;
  // "0+" on, "0-" off, "0-!" that failed; empty after taken().
  std::string calls;
  std::string taken() { return std::exchange(calls, {}); }
};

}  // namespace gridtap
