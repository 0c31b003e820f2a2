#pragma once
// A Modbus line that others use too, in the gaps between the requests of our own adapter: stands
// between a session and its TCP line. One request is on the wire at a time, ours before those that
// wait, but for one that has waited long; each answer goes to the client that asked. While no
// client asks, the adapter and the device get each other's bytes as if this were not here.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ports.hpp"
#include "core/quiet_line.hpp"
#include "serve/transactions.hpp"

namespace gridtap::serve {

// `timeout`, `gap` and `after_connect`: what the adapter is set to (`timeout`,
// `delay_between_requests`, `delay_after_connect`).
struct ModbusProxyOptions {
  std::string device;   // for the log
  bool writes = false;  // what clients may do besides reading
  std::chrono::milliseconds timeout{1000}, gap{0}, after_connect{0};
};

// The door to the clients, who are known by numbers that are never used twice.
struct ModbusClients {
  // Whole answers. May forget() the client.
  virtual void answer(std::uint64_t client, ByteView bytes) = 0;

 protected:
  ~ModbusClients() = default;
};

class ModbusProxy final : public Line, private LineEvents {
 public:
  using Time = std::chrono::milliseconds;
  static constexpr std::size_t max_waiting = 4;  // requests of clients, besides the one on the wire
  static constexpr Time longest_wait{3000};      // of a client's request for the wire
  // Then it goes before the adapter's next, which may want the wire all the time.
  static constexpr Time fair_after{500};
  static constexpr Time longest_flight{5000};  // on the wire, where the adapter has more patience
  // How much of the adapter's time-out a client's request may take from a request of the adapter.
  static constexpr int share_of_clients = 2;  // a half
  // An adapter that searches its device waits that long, whatever its time-out.
  static constexpr Time longest_search{5000};
  // After a gap the adapter goes first: clients come this much later.
  static constexpr Time own_lead{20};

  // What is named outlives the proxy.
  ModbusProxy(ModbusProxyOptions options, std::unique_ptr<Line> line, Clock& clock, Log& log);
  ~ModbusProxy() override;
  ModbusProxy(const ModbusProxy&) = delete;
  ModbusProxy& operator=(const ModbusProxy&) = delete;

  // Where answers go from now on; null: nowhere.
  void answer_to(ModbusClients* clients) { door_ = clients; }
  // Why that client is to be closed, which speaks no Modbus and is forgotten; else nothing.
  [[nodiscard]] std::optional<Error> on_client_bytes(std::uint64_t client, ByteView bytes);
  void forget(std::uint64_t client);
  void forget_all();

  // The line, as the session sees it. REQUIRES: a request is one write.
  void open(SerialSettings settings, LineEvents& events) override;
  void write(ByteView bytes) override;
  void close() override;
  std::uint64_t errors() const override { return line_->errors(); }

 private:
  struct Waiting {
    std::uint64_t client;
    std::string frame;
    Mono since;
  };
  struct Flight {  // the request on the wire: its number there, when it is given up, whose it is
    std::uint16_t transaction;
    Mono until;
    std::optional<Waiting> of_client = {};  // nothing: the adapter's
  };

  void on_open() override;
  void on_bytes(ByteView bytes) override;
  void on_closed(const Error& why) override;
  void line_ended();

  void accept(std::uint64_t client, ByteView frame, Mono now);
  std::uint8_t refusal(std::uint64_t client, ByteView frame);
  void say_refused(std::uint8_t code, std::uint8_t function);
  void refuse(std::uint64_t client, ByteView frame, std::uint8_t code);
  void deliver();

  std::string take_for_adapter(ByteView bytes);
  void route(ByteView frame, std::string& for_adapter);
  bool answers_unsent(std::uint16_t transaction) const;
  void end_flight(Mono now);
  void fail_flight(Mono now);

  bool serves_client() const { return flight_ && flight_->of_client; }
  bool make_room_for(std::uint64_t client);
  bool has_turn_for_client(Mono now) const;
  bool client_is_due(Mono now) const;
  Mono clients_go(Mono now) const;
  Mono patience_of_adapter() const { return held_since_ + options_.timeout / share_of_clients; }
  Mono flight_ends() const;
  Mono held_goes() const;
  Mono next(Mono now) const;
  void send_own(ByteView bytes, Mono now);
  void send_next_of_clients(Mono now);
  void go_on(Mono now);
  void finish(Mono now);

  ModbusProxyOptions options_;
  std::unique_ptr<Line> line_;
  Clock& clock_;
  QuietLine refused_, busy_, late_;
  std::unique_ptr<Timer> timer_;
  ModbusClients* door_ = nullptr;
  LineEvents* events_ = nullptr;

  std::map<std::uint64_t, std::string> clients_;  // with what they sent of a request
  std::deque<Waiting> waiting_;
  std::vector<std::pair<std::uint64_t, std::string>> answers_;

  bool open_ = false;
  Transactions transactions_;
  std::optional<Flight> flight_;
  std::vector<std::string> held_;  // of the adapter, until a client's request is over
  Mono held_since_{};
  Mono own_rests_until_{}, clients_rest_until_{};
  bool was_clients_ = false;  // the last request on the wire

  std::string stream_;         // of a frame from the device that is not whole yet
  std::size_t passed_on_ = 0;  // of these bytes, to the adapter
  bool broken_ = false;        // the stream is no Modbus any more
};

}  // namespace gridtap::serve
