#pragma once
// One modem that talks at 11 bytes a second, half duplex (kq330.md 5 and 6): a short queue, the air
// time of each frame, a share of each minute, waiting for an acknowledgement, and trying again
// after a random while.

#include <deque>
#include <random>
#include <string>

#include "core/effect.hpp"

namespace gridtap::kq330 {

// What is to be sent, and for whom. `sequence`: of a command that node `id` acknowledges; -1: none.
struct Outgoing {
  std::string payload = {}, id = {}, name = {};
  int sequence = -1;
  bool raw = false;  // goes out as it is
  // Of the command it came from, `value` as sent on the line; no key: not from a command.
  std::string channel = {}, key = {}, text = {}, value = {};
  int sent = 0;
};

struct SenderEvents {
  // The bytes of the frame, made anew for each try.
  virtual std::string frame_of(const Outgoing& outgoing) = 0;
  virtual void on_sent(const Outgoing& outgoing, Effects& effects) = 0;  // no answer is expected
  virtual void on_failed(const Outgoing& outgoing, Error why, Effects& effects) = 0;

 protected:
  ~SenderEvents() = default;
};

class Sender {
 public:
  using Time = std::chrono::milliseconds;
  static constexpr std::size_t most_waiting = 8;
  static constexpr int tries = 3;
  static constexpr Time guard{200}, acknowledge_grace{1000};
  static constexpr Time shortest_backoff{500}, longest_backoff{2000}, duty_period{60'000};

  // `byte_time`: on the air; `overhead`: bytes that the modem adds; `duty`: per cent of a minute.
  struct Air {
    Time byte_time{90};
    std::size_t overhead = 0, acknowledge_bytes = 15;
    int duty = 30;
  };
  Sender(Air air, std::uint32_t seed, SenderEvents& events);

  // False: too many wait. What waits for the same node and name is replaced.
  bool push(Outgoing outgoing);
  bool push_first(Outgoing outgoing);  // an acknowledgement: others wait for it
  // The command that this acknowledges; nothing where none waits for it.
  std::optional<Outgoing> acknowledged(std::string_view id, std::optional<int> sequence);
  void close(Effects& effects);  // what waits fails

  // `busy`: another sender is in the middle of a frame.
  void wake(Now now, bool busy, Effects& effects);
  Mono next_wake() const;

 private:
  void send(Mono now, Effects& effects);
  void give_up(Mono now, Effects& effects);
  Time air_time(std::size_t bytes) const;
  Time allowance(Mono now) const;

  Air air_;
  std::minstd_rand random_;
  SenderEvents& events_;
  std::deque<Outgoing> waiting_;
  bool awaits_ = false;  // the first was sent, its acknowledgement has not come
  Mono due_{};           // not before
  Time spent_{0};        // of the air that is ours, until `spent_at_`
  Mono spent_at_{};
};

}  // namespace gridtap::kq330
