#pragma once
// A Modbus device behind a line, as a test plays it: a server that answers each request after a
// while, in order, or never, or twice, in one piece or in several.

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "parts/modbus_server.hpp"
#include "support/fakes.hpp"
#include "support/wire_bytes.hpp"

namespace gridtap::serve {

class PlayedDevice final : public Line, private Effects {
 public:
  struct Habits {
    std::uint32_t most_delay = 1;  // milliseconds, by the dice
    std::uint32_t one_in_silent = 0, one_in_twice = 0, one_in_wrong = 0;
    bool in_pieces = false;
    int silent_unit = -1;
  };

  PlayedDevice(Clock& clock, RegisterImage image, Habits habits, std::uint32_t seed)
      : server(std::move(image)),
        clock_(clock),
        habits_(habits),
        dice_(seed),
        timer_(clock.timer([this] { due(); })) {}

  void open(SerialSettings, LineEvents& events) override {
    events_ = &events;
    opening_ = true;
    ++opened;
    timer_->set(clock_.now().mono);
  }
  void write(ByteView bytes) override {
    ++requests;
    unanswered += 1;
    most_unanswered = std::max(most_unanswered, unanswered);
    if (modbus::fields_of(bytes).unit == habits_.silent_unit) return;
    server.on_bytes(bytes, clock_.now(), *this);
  }
  void close() override {
    events_ = nullptr;
    answers_.clear();
    unanswered = 0;
  }
  void hang_up() {
    LineEvents* const events = std::exchange(events_, nullptr);
    close();
    if (events != nullptr) events->on_closed({Fault::io, "reset"});
  }

  ModbusServer server;
  int opened = 0, requests = 0, unanswered = 0, most_unanswered = 0;

 private:
  struct Answer {
    Mono at;
    std::string bytes;
    bool last;
  };

  bool one_in(std::uint32_t n) { return n > 0 && dice_(n) == 0; }

  void operator()(const Effect& effect) override {
    const auto* const send = std::get_if<Send>(&effect);
    if (send == nullptr || one_in(habits_.one_in_silent)) return;
    std::string bytes(as_text(send->bytes));
    if (one_in(habits_.one_in_wrong)) bytes[0] = static_cast<char>(bytes[0] ^ 0x40);
    const Mono earliest = answers_.empty() ? clock_.now().mono : answers_.back().at;
    const Mono at = std::max(earliest, clock_.now().mono) +
                    std::chrono::milliseconds(1 + dice_(habits_.most_delay));
    if (one_in(habits_.one_in_twice)) bytes += bytes;
    const std::size_t half = habits_.in_pieces ? bytes.size() / 2 : 0;
    if (half > 0) answers_.push_back({at, bytes.substr(0, half), false});
    answers_.push_back(
        {at + std::chrono::milliseconds(half > 0 ? 1 : 0), bytes.substr(half), true});
    timer_->set(answers_.front().at);
  }

  void due() {
    if (std::exchange(opening_, false) && events_ != nullptr) events_->on_open();
    const Mono now = clock_.now().mono;
    while (events_ != nullptr && !answers_.empty() && answers_.front().at <= now) {
      const Answer answer = std::move(answers_.front());
      answers_.pop_front();
      if (answer.last) --unanswered;
      events_->on_bytes(as_bytes(answer.bytes));
    }
    if (!answers_.empty()) timer_->set(answers_.front().at);
  }

  Clock& clock_;
  Habits habits_;
  Dice dice_;
  std::unique_ptr<Timer> timer_;
  LineEvents* events_ = nullptr;
  bool opening_ = false;
  std::deque<Answer> answers_;
};

}  // namespace gridtap::serve
