#pragma once
// One client of Paho, and the way from its threads to the loop. Only paho_broker.cpp includes this.

#include <mqtt/async_client.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "mqtt/broker_socket.hpp"
#include "mqtt/connect_failure.hpp"

namespace gridtap::mqtt {

namespace paho = ::mqtt;

inline constexpr int max_buffered = 2000;  // messages that Paho holds; then publish() refuses
inline constexpr int max_waiting = 1000;   // messages from the broker on their way to the loop
// A longer packet is no command; MQTT 5 brokers do not even send it.
inline constexpr std::uint32_t max_packet = 8192;

// What happens on Paho's threads, as it reaches the loop.
struct Inbox {
  virtual void on_up(std::uint64_t link) = 0;
  virtual void on_refused(std::uint64_t link, const ConnectFailure& failure) = 0;
  virtual void on_down(std::uint64_t link) = 0;
  virtual void on_reason(std::uint64_t link, int reason) = 0;
  virtual void on_message(std::uint64_t link, const std::string& topic, const std::string& payload,
                          bool retained) = 0;

 protected:
  ~Inbox() = default;
};

// The way from any thread to the inbox, shut for good when the broker ends.
struct Door {
  std::function<void(std::function<void()>)> post;
  std::atomic<bool> open{true};
  std::atomic<int> waiting{0};
  Inbox* inbox = nullptr;  // touched on the loop only
};
using SharedDoor = std::shared_ptr<Door>;

inline void send(const SharedDoor& door, std::function<void(Inbox&)> call) {
  if (!door->open) return;
  door->post([door, call = std::move(call)] {
    if (door->inbox != nullptr) call(*door->inbox);
  });
}

struct LinkOptions {
  std::string uri, client_id;
  bool version_5 = true;
  std::uint64_t number = 0;  // events of links that are gone are told by it
};

// Threads that begin while one of these lives do not take the processor from whoever wakes them
// (sched(7), SCHED_BATCH): all of a telegram is handed over before Paho's thread sends it.
class PatientThreads {
 public:
  PatientThreads() : policy_(sched_getscheduler(0)) {
    sched_getparam(0, &param_);
    set(SCHED_BATCH);
  }
  ~PatientThreads() { set(policy_); }
  PatientThreads(const PatientThreads&) = delete;
  PatientThreads& operator=(const PatientThreads&) = delete;

 private:
  void set(int policy) const { sched_setscheduler(0, policy, &param_); }
  int policy_;
  sched_param param_{};
};

// One client of Paho, of one version and one id. Its callbacks come on Paho's threads.
class Link final : paho::iaction_listener {
 public:
  Link(LinkOptions options, SharedDoor door)
      : door_(std::move(door)),
        options_(std::move(options)),
        client_(options_.uri, options_.client_id,
                paho::create_options_builder()
                    .mqtt_version(options_.version_5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1)
                    .max_buffered_messages(max_buffered)
                    .finalize()) {
    client_.set_connection_lost_handler([this](const std::string&) {
      send(door_, [link = options_.number](Inbox& to) { to.on_down(link); });
    });
    client_.set_disconnected_handler([this](const paho::properties&, paho::ReasonCode reason) {
      send(door_, [link = options_.number, code = static_cast<int>(reason)](Inbox& to) {
        to.on_reason(link, code);
      });
    });
    client_.set_message_callback(
        [this](const paho::const_message_ptr& message) { forward(*message); });
  }

  // By copy: options that are moved lose their properties.
  void connect(const paho::connect_options& options) {
    connecting = true;
    const PatientThreads threads;
    token_ = client_.connect(options, nullptr, *this);
  }

  // Paho hands its own words out as an exception only. REQUIRES: the attempt has failed.
  std::string words_of_failure() const {
    try {
      if (token_) token_->wait_for(std::chrono::milliseconds{0});
    } catch (const paho::exception& error) {
      return error.get_message();
    }
    return {};
  }

  paho::async_client& client() { return client_; }
  const LinkOptions& options() const { return options_; }
  BrokerSocket& socket() { return socket_; }

  // A batch ends on the wire when its last message is written, on a thread of Paho's; at once where
  // there is none. REQUIRES: the message is not acknowledged.
  void release_after(const paho::delivery_token_ptr& last) {
    if (last) last->set_action_callback(released_);
    if (!last || last->is_complete()) socket_.release();
  }

  bool connecting = false;  // touched on the loop only

 private:
  void on_success(const paho::token&) override {
    send(door_, [link = options_.number](Inbox& to) { to.on_up(link); });
  }

  void on_failure(const paho::token& token) override {
    ConnectFailure failure{token.get_return_code(), {}, {}};
    send(door_, [link = options_.number, failure = std::move(failure)](Inbox& to) {
      to.on_refused(link, failure);
    });
  }

  void forward(const paho::message& message) {
    if (door_->waiting >= max_waiting) return;
    ++door_->waiting;
    send(door_, [link = options_.number, topic = message.get_topic(),
                 payload = message.get_payload_str().substr(0, max_packet),
                 retained = message.is_retained(), door = door_](Inbox& to) {
      --door->waiting;
      to.on_message(link, topic, payload, retained);
    });
  }

  struct Release final : paho::iaction_listener {
    explicit Release(const BrokerSocket& of) : socket(of) {}
    void on_success(const paho::token&) override { socket.release(); }
    void on_failure(const paho::token&) override { socket.release(); }
    const BrokerSocket& socket;
  };

  SharedDoor door_;
  LinkOptions options_;
  BrokerSocket socket_;
  Release released_{socket_};
  paho::token_ptr token_;
  paho::async_client client_;  // last: its threads end before what they use
};

}  // namespace gridtap::mqtt
