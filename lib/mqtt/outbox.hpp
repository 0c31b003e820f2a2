#pragma once
// Messages that must go out once, in order, before anything else, and wait for the broker until
// they can: topics to be emptied, and the steps of a migration.

#include <cstdint>
#include <deque>
#include <string>

#include "core/ports.hpp"

namespace gridtap::mqtt {

class Outbox {
 public:
  static constexpr std::size_t max_waiting = 16'384;  // what comes above is dropped and counted

  void add(std::string topic, std::string payload, bool retain) {
    if (waiting_.size() < max_waiting) {
      waiting_.push_back({std::move(topic), std::move(payload), retain});
    } else {
      ++dropped_;
    }
  }
  void empty(std::string topic) { add(std::move(topic), {}, true); }

  // False: the broker has no room for the rest now.
  bool flush(Broker& broker) {
    while (!waiting_.empty()) {
      const Errand& next = waiting_.front();
      if (!broker.publish({next.topic, next.payload, next.retain, 1})) return false;
      waiting_.pop_front();
    }
    return true;
  }
  bool done() const { return waiting_.empty(); }
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Errand {
    std::string topic, payload;
    bool retain;
  };
  std::deque<Errand> waiting_;
  std::uint64_t dropped_ = 0;
};

}  // namespace gridtap::mqtt
