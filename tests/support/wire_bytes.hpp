#pragma once
// What a line does to bytes, the same everywhere: bits flipped, noise, cuts.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.hpp"

namespace gridtap {

inline std::string hex(std::string_view digits) { return from_hex(digits).value_or(""); }
inline std::string flipped(std::string bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
  return bytes;
}
inline std::string flipped_byte(std::string bytes, std::size_t at) {
  return flipped(bytes, 8 * at);
}

// xorshift: the same noise everywhere.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : state_(seed * 2654435761u | 1u) {}
  std::uint32_t operator()(std::uint32_t below) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return (state_ >> 8) % below;
  }

 private:
  std::uint32_t state_;
};

inline std::string noise(std::size_t size, std::uint32_t seed = 1) {
  Dice dice(seed);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(dice(256));
  return bytes;
}

}  // namespace gridtap
