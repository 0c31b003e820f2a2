#pragma once
// A broker of raw MQTT 5 packets, for what a real one does only now and then: it ends connections
// in every way there is, announces limits, and forgets to acknowledge. On a free loopback port,
// with a thread of its own; a script says what happens.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace gridtap {

class RawBroker {
 public:
  using Clock = std::chrono::steady_clock;

  struct Deed {
    enum class Kind { nothing, send, send_and_close, reset, silence };
    Kind kind = Kind::nothing;
    std::string bytes = {};
  };

  struct Script {
    std::string properties = {};  // of CONNACK, as on the wire
    std::uint8_t connack = 0;     // its reason; an error ends the connection
    std::uint8_t suback = 1;      // the granted QoS, or a reason
    std::uint8_t puback = 0;      // the reason of each
    bool acknowledges = true;     // PUBLISH packets of QoS 1
    std::chrono::milliseconds acknowledged_after{0};
    std::function<std::string(int connection)> glued = {};  // sent together with the CONNACK
    // Asked a hundred times a second for each connection, the first of which is number 1.
    std::function<Deed(int connection, std::chrono::milliseconds age)> deed = {};
  };

  struct Published {
    int connection;
    std::string topic, payload;
    int qos;
    bool retain;
    std::size_t size;  // of the packet
    Clock::time_point at;
  };

  explicit RawBroker(Script script);
  ~RawBroker();
  RawBroker(const RawBroker&) = delete;
  RawBroker& operator=(const RawBroker&) = delete;

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }  // with a CONNECT, so far
  std::size_t most_unacknowledged() const { return most_unacknowledged_; }
  std::vector<Published> published() const;
  // The longest time between two packets of the newest connection, so far.
  std::chrono::milliseconds longest_pause() const;
  bool has(const std::string& topic, int connection) const;

 private:
  struct Peer;
  void run();
  void accept();
  bool serve(Peer& peer);  // false: it is gone
  bool read(Peer& peer);
  bool packet(Peer& peer, std::uint8_t kind, const std::string& body, std::size_t size);
  bool publish(Peer& peer, std::uint8_t kind, const std::string& body, std::size_t size);
  bool acknowledge(Peer& peer);
  bool act(Peer& peer);

  Script script_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopped_{false};
  std::atomic<int> connections_{0};
  std::atomic<std::size_t> most_unacknowledged_{0};
  mutable std::mutex mutex_;
  std::vector<Published> published_;
  Clock::time_point last_packet_{};
  std::chrono::milliseconds longest_pause_{0};
  std::vector<Peer> peers_;
  std::thread thread_;
};

}  // namespace gridtap
