#pragma once
// A TCP port without a network: the test lets clients come, speak, fall asleep and go, and sees
// what they got. It holds the port to its contract: a client that is gone hears nothing more.

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/ports.hpp"

namespace gridtap {

class PlayedStreamPort final : public StreamPort {
 public:
  struct Client {
    std::string got;      // what has arrived at the far end
    std::string unread;   // what waits for it
    bool asleep = false;  // it does not read
    bool connected = true;
    bool closed_by_us = false;
  };

  void open(StreamEvents& events) override {
    ++opened;
    events_ = &events;
  }
  void send(std::uint64_t number, ByteView bytes) override {
    Client* const client = connected(number);
    if (client == nullptr) return;
    (client->asleep ? client->unread : client->got) += as_text(bytes);
    most_unread = std::max(most_unread, client->unread.size());
  }
  std::size_t unread(std::uint64_t number) const override {
    const auto found = clients.find(number);
    return found == clients.end() || !found->second.connected ? 0 : found->second.unread.size();
  }
  void drop(std::uint64_t number) override {
    if (Client* const client = connected(number)) {
      client->connected = false;
      client->closed_by_us = true;
    }
  }
  void close() override {
    ++closed;
    events_ = nullptr;
    for (auto& [number, client] : clients) client.connected = false;
  }

  // ---- the outside ----
  void accept() { events_->on_open(); }
  void fail(const Error& why = {Fault::io, "cannot listen: Address already in use"}) {
    for (auto& [number, client] : clients) client.connected = false;
    events_->on_closed(why);
  }
  std::uint64_t come(std::string_view from = "127.0.0.1:40000") {
    const std::uint64_t number = ++last_;
    clients[number];
    events_->on_client(number, *parse_socket_address(from));
    return number;
  }
  // What it says when it is gone, from our side or its own, is not brought to us.
  void say(std::uint64_t number, std::string_view bytes) {
    if (connected(number) != nullptr) events_->on_bytes(number, as_bytes(bytes));
  }
  void leave(std::uint64_t number) {
    Client* const client = connected(number);
    if (client == nullptr) return;
    client->connected = false;
    events_->on_gone(number);
  }
  void sleep(std::uint64_t number) { clients[number].asleep = true; }
  void wake(std::uint64_t number) {
    Client& client = clients[number];
    client.asleep = false;
    client.got += std::exchange(client.unread, {});
  }
  std::string take(std::uint64_t number) { return std::exchange(clients[number].got, {}); }
  bool is_open(std::uint64_t number) const { return clients.at(number).connected; }
  std::size_t count() const {
    const auto open = std::count_if(clients.begin(), clients.end(),
                                    [](const auto& each) { return each.second.connected; });
    return static_cast<std::size_t>(open);
  }
  bool listens() const { return events_ != nullptr; }

  int opened = 0, closed = 0;
  std::size_t most_unread = 0;  // of any client, ever
  std::map<std::uint64_t, Client> clients;

 private:
  Client* connected(std::uint64_t number) {
    const auto found = clients.find(number);
    return found == clients.end() || !found->second.connected ? nullptr : &found->second;
  }

  StreamEvents* events_ = nullptr;
  std::uint64_t last_ = 0;
};

}  // namespace gridtap
