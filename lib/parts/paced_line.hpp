#pragma once
// The wire of a simulated device: bytes go out piece by piece, each at the time that its baud rate
// allows, and a bad line damages some of them.

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "core/effect.hpp"

namespace gridtap {

// `bits`: of a byte on the line, with start, parity and stop. `chunk`: bytes that go out at once;
// 0: all, at no pace.
struct Pace {
  std::int64_t baud;
  int bits;
  std::size_t chunk;
};

class PacedLine {
 public:
  explicit PacedLine(Pace pace) : pace_(pace) {}

  // REQUIRES: !busy().
  void begin(std::string bytes, Mono now);
  // What is due goes out.
  void send(Mono now, Effects& effects);
  void clear() { bytes_.clear(); }

  bool busy() const { return !bytes_.empty(); }
  Mono next() const;  // when the next piece is due

 private:
  Pace pace_;
  std::string bytes_;  // of the frame under way
  std::size_t sent_ = 0;
  Mono began_{};
};

// What a bad line does to a frame, with that many per cent of them: a bit flips, the end is cut
// off, or noise comes before.
class Damage {
 public:
  Damage(std::int64_t percent, std::uint32_t seed) : percent_(percent), random_(seed) {}

  void suffer(std::string& bytes);

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }
  void flip(std::string& bytes);
  std::string noise();

  std::int64_t percent_;
  std::mt19937 random_;
};

}  // namespace gridtap
