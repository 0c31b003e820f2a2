#include "parts/paced_line.hpp"

#include <utility>

namespace gridtap {
namespace {

constexpr std::size_t longest_noise = 64;

}  // namespace

void PacedLine::begin(std::string bytes, Mono now) {
  bytes_ = std::move(bytes);
  sent_ = 0;
  began_ = now;
}

Mono PacedLine::next() const {
  const auto bits = static_cast<std::int64_t>(sent_) * pace_.bits;
  return began_ + std::chrono::microseconds{bits * 1'000'000 / pace_.baud};
}

void PacedLine::send(Mono now, Effects& effects) {
  while (busy() && next() <= now) {
    const std::size_t most = pace_.chunk > 0 ? pace_.chunk : bytes_.size();
    const std::string_view piece = std::string_view(bytes_).substr(sent_, most);
    sent_ += piece.size();
    effects(Send{as_bytes(piece)});
    if (sent_ == bytes_.size()) bytes_.clear();
  }
}

void Damage::suffer(std::string& bytes) {
  if (bytes.empty() || below(100) >= static_cast<std::size_t>(percent_)) return;
  switch (below(3)) {
    case 0:
      return flip(bytes);
    case 1:
      return bytes.resize(below(bytes.size()));
    default:
      bytes.insert(0, noise());
  }
}

void Damage::flip(std::string& bytes) {
  char& victim = bytes[below(bytes.size())];
  victim = static_cast<char>(victim ^ 1 << below(8));
}

std::string Damage::noise() {
  std::string out(1 + below(longest_noise), '\0');
  for (char& byte : out) byte = static_cast<char>(below(256));
  return out;
}

}  // namespace gridtap
