#pragma once
// Packets on a line that should have none: each comes behind a pause and in one piece, and its
// first byte says how many follow. A text of always the same length may begin with a character that
// happens to be that number: what no text begins with, or another length, proves the packets.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/bytes.hpp"
#include "core/value.hpp"

namespace gridtap {

class PacketWatch {
 public:
  static constexpr int packets_to_tell = 3;  // in a row

  // `pause`: of this length, it ends what came before.
  explicit PacketWatch(std::chrono::milliseconds pause) : pause_(pause) {}

  // Bytes have come. True once: when what is over by now is proved to be packets.
  bool bytes(ByteView bytes, Mono now) {
    if (bytes.empty()) return false;
    const bool told = size_ > 0 && now >= newest_ + pause_ && end();
    if (size_ == 0) first_ = bytes[0];
    size_ += bytes.size();
    newest_ = now;
    return told;
  }
  // Another connection: its first bytes may be the rest of something.
  void forget() {
    size_ = last_size_ = 0;
    packets_ = 0;
    proved_ = false;
  }

 private:
  bool end() {
    const std::size_t size = std::exchange(size_, 0), before = std::exchange(last_size_, size);
    if (size < 2 || size != first_ + std::size_t{1}) {
      packets_ = 0;
      proved_ = false;
      return false;
    }
    const bool no_text = first_ < ' ' && first_ != '\r' && first_ != '\n';
    proved_ = proved_ || no_text || (packets_ > 0 && size != before);
    return ++packets_ >= packets_to_tell && proved_ && !std::exchange(told_, true);
  }

  std::chrono::milliseconds pause_;
  Mono newest_{};
  std::size_t size_ = 0, last_size_ = 0;  // of what goes on, and of what was before it
  std::uint8_t first_ = 0;
  int packets_ = 0;  // in a row
  bool proved_ = false, told_ = false;
};

}  // namespace gridtap
