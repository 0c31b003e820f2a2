#pragma once
// The clients of one TCP port of ours, by their numbers, and their limits: how many there may be,
// how many from one address, how much each may send, and how much may wait for it. A client beyond
// a limit is closed, and the others never wait for it. A port that is taken is tried again; the
// rest of the program works meanwhile.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports.hpp"
#include "core/quiet_line.hpp"

namespace gridtap::serve {

// What a port is for hears of its clients here. Called from the loop, never from inside a call.
struct ClientEvents {
  virtual void on_client(std::uint64_t client) = 0;
  virtual void on_bytes(std::uint64_t client, ByteView bytes) = 0;
  // It went, was closed because of what it sent, or the port was lost. Not after drop(), stop(), or
  // a send() that was false.
  virtual void on_gone(std::uint64_t client) = 0;

 protected:
  ~ClientEvents() = default;
};

// `device`: whose line it is, `where`: the port's address; both for the log.
struct ClientLimits {
  static constexpr std::size_t usual_clients = 16;

  std::string device, where;
  std::size_t clients = usual_clients;
};

class StreamClients final : private StreamEvents {
 public:
  static constexpr std::chrono::seconds first_wait{1}, longest_wait{60};
  static constexpr std::size_t max_of_address = 3;  // other than of this machine
  static constexpr std::size_t max_rate = 4096;     // bytes in each `span` that a client sends
  static constexpr std::chrono::seconds span{1};
  // Bytes that may wait for a client: this many, or two pieces of the largest size that was sent.
  static constexpr std::size_t least_queue = 65'536;

  // Everything named outlives the clients.
  StreamClients(StreamPort& port, ClientLimits limits, ClientEvents& events, Clock& clock,
                Log& log);
  ~StreamClients();
  StreamClients(const StreamClients&) = delete;
  StreamClients& operator=(const StreamClients&) = delete;

  void start();
  void stop();  // all clients are closed; may be started again

  // False: the client is gone, by this very call where it does not read.
  bool send(std::uint64_t client, ByteView bytes);
  void drop(std::uint64_t client);
  // The same for what it sent, which is counted and said: "it sends what is ...".
  void reject(std::uint64_t client, std::string_view why);

  std::size_t count() const { return clients_.size(); }
  // Clients that were turned away, or closed for what they did, since the start.
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Client {
    std::uint64_t number;
    SocketAddress from;
    Mono since{};  // of the span in which `sent` counts
    std::size_t sent = 0;
  };
  using Place = std::vector<Client>::iterator;

  void on_open() override;
  void on_client(std::uint64_t client, const SocketAddress& from) override;
  void on_bytes(std::uint64_t client, ByteView bytes) override;
  void on_gone(std::uint64_t client) override;
  void on_closed(const Error& why) override;

  Place find(std::uint64_t client);
  std::size_t count_of(const IpAddress& address) const;
  void turn_away(std::uint64_t client, const SocketAddress& from, QuietLine& line,
                 std::string_view why);
  void forget_all();

  StreamPort& port_;
  ClientLimits limits_;
  ClientEvents& events_;
  Clock& clock_;
  Log& log_;
  QuietLine too_many_, too_many_of_one_, flood_, asleep_, rejected_;
  std::unique_ptr<Timer> again_;
  std::chrono::milliseconds wait_ = first_wait;
  bool failure_told_ = false;
  std::vector<Client> clients_;
  std::size_t largest_ = 0;  // piece that was sent
  std::uint64_t dropped_ = 0;
};

}  // namespace gridtap::serve
