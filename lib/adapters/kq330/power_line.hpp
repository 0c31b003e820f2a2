#pragma once
// The line between simulated modems. Time goes in slots of one byte; each end that sends puts one
// byte into a slot, and what the others hear of it is settled once, when the slot is over.

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "core/value.hpp"

namespace gridtap::kq330 {

class PowerLine {
 public:
  static constexpr std::size_t ends = 2;
  static constexpr std::size_t modem_buffer = 253;  // bytes; what comes when it is full is lost
  static constexpr std::int64_t most_slots = 512;   // that an end may be behind

  struct Options {
    std::chrono::milliseconds byte_time{90};
    std::int64_t noise = 0;  // per cent of messages that lose a byte
    bool quiet = false;
  };
  PowerLine(Options options, std::uint32_t seed) : options_(options), random_(seed) {}

  // Bytes for the modem at this end; it sends them from the next slot on.
  void send(std::size_t end, std::string_view bytes, Mono now);
  // What its receiver has put out since the last call.
  std::string receive(std::size_t end, Mono now);
  // When the slot under way is over.
  Mono next_slot(Mono now) const;

 private:
  struct Modem {
    std::deque<char> waiting;
    std::string heard;
    std::int64_t begin = 0;  // the first slot of what waits
  };
  std::int64_t slot_of(Mono now) const;
  void settle(Mono now);
  void settle_slot(std::int64_t slot);
  char random_byte() { return static_cast<char>(random_() >> 16); }

  Options options_;
  std::mt19937 random_;
  std::array<Modem, ends> modems_;
  std::int64_t settled_ = -1;  // slots before this one are over
};

}  // namespace gridtap::kq330
