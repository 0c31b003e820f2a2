#pragma once
// A broker in memory: keeps what is retained, lists what was published in order, and can be full,
// forgetful or away. Nothing happens by itself: the test connects it and sends messages.

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ports.hpp"

namespace gridtap {

class FakeBroker final : public Broker {
 public:
  struct Published {
    std::string topic, payload;
    bool retain;
    int qos;
  };

  void start(BrokerEvents& events) override {
    events_ = &events;
    ++started;
  }
  void subscribe(std::string_view filter, bool) override { filters.emplace_back(filter); }
  bool publish(const Message& message) override {
    if (!connected || room == 0) return false;
    --room;
    published.push_back(
        {std::string(message.topic), std::string(message.payload), message.retain, message.qos});
    if (message.topic.ends_with("/set")) echoes_.push_back(published.back());
    if (message.retain && message.payload.empty()) {
      retained.erase(std::string(message.topic));
    } else if (message.retain) {
      retained[std::string(message.topic)] = message.payload;
    }
    return true;
  }
  void stop() override {
    connected = false;
    ++stopped;
  }

  void connect(BrokerSession session = {}) {
    connected = true;
    events_->on_connected(session);
  }
  void drop(std::uint64_t messages) { events_->on_dropped(messages); }
  void deny(const Denial& denial) { events_->on_denied(denial); }
  void tell_problem(std::string_view text) { events_->on_problem(text); }
  void lose() {
    connected = false;
    events_->on_disconnected({Fault::io, "the connection was lost"});
  }
  // The broker restarts and has kept nothing.
  void forget() { retained.clear(); }
  void make_room(std::size_t messages) {
    room = messages;
    events_->on_ready();
  }
  // What was published on a `set` topic comes back, as the bridge subscribes to them with its own.
  void echo() {
    for (const Published& each : std::exchange(echoes_, {})) {
      if (connected && echoes) send(each.topic, each.payload);
    }
  }
  void send(std::string_view topic, std::string_view payload, bool retain = false,
            std::optional<Mono> expires = {}) {
    events_->on_message({topic, payload, retain, expires});
  }

  // The payloads published on a topic since the last clear(), oldest first.
  std::vector<std::string> on(std::string_view topic) const {
    std::vector<std::string> payloads;
    for (const Published& each : published) {
      if (each.topic == topic) payloads.push_back(each.payload);
    }
    return payloads;
  }
  const Published* last(std::string_view topic) const {
    const auto found = std::find_if(published.rbegin(), published.rend(),
                                    [&](const Published& each) { return each.topic == topic; });
    return found == published.rend() ? nullptr : &*found;
  }
  // Where a topic first stands in what was published; npos where it does not.
  std::size_t position(std::string_view topic) const {
    const auto found = std::find_if(published.begin(), published.end(),
                                    [&](const Published& each) { return each.topic == topic; });
    if (found == published.end()) return std::string::npos;
    return static_cast<std::size_t>(found - published.begin());
  }
  std::string held(std::string_view topic) const {
    const auto found = retained.find(topic);
    return found == retained.end() ? "(nothing)" : found->second;
  }
  void clear() { published.clear(); }

  static constexpr std::size_t endless = SIZE_MAX;

  bool connected = false, echoes = true;
  std::size_t room = endless;  // messages that publish() still takes
  int started = 0, stopped = 0;
  std::vector<std::string> filters;
  std::vector<Published> published;
  std::map<std::string, std::string, std::less<>> retained;

 private:
  BrokerEvents* events_ = nullptr;
  std::vector<Published> echoes_;
};

}  // namespace gridtap
