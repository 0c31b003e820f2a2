#pragma once
// One client of Paho, and the way from its threads to the loop. Only paho_link.cpp and
// paho_broker.cpp include this.

#include <mqtt/async_client.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "core/ports.hpp"
#include "mqtt/attempts.hpp"
#include "mqtt/broker_limits.hpp"
#include "mqtt/broker_socket.hpp"
#include "mqtt/connect_failure.hpp"
#include "mqtt/newest_messages.hpp"
#include "mqtt/paho_broker.hpp"
#include "mqtt/reason_codes.hpp"

namespace gridtap::mqtt {

namespace paho = ::mqtt;

// Messages that Paho holds; then publish() refuses. A telegram of 43 values fits twice.
inline constexpr int max_buffered = 100;
inline constexpr int max_waiting = 1000;  // messages from the broker on their way to the loop
// A longer packet is no command; MQTT 5 brokers do not even send it.
inline constexpr std::uint32_t max_packet = 8192;
inline constexpr std::size_t max_reason_text = 128;  // of what the broker adds to a reason

// Why a connection ended: the reason of the broker's DISCONNECT and its own words for it, or
// no_reason.
struct Loss {
  int reason = no_reason;
  std::string text = {};
};

// The end of a PUBLISH of QoS 1 or of a SUBSCRIBE: acknowledged (`reason` below 0x80), denied, or
// not sent at all (`unsent`). `topic` is filled in where it was denied.
struct Answer {
  bool subscription = false, unsent = false;
  int reason = 0;
  std::string topic = {};
};

// What happens on Paho's threads, as it reaches the loop. `link`: the number of the client.
struct Inbox {
  virtual void on_up(std::uint64_t link, const BrokerLimits& limits) = 0;
  virtual void on_refused(std::uint64_t link, const ConnectFailure& failure) = 0;
  virtual void on_down(std::uint64_t link, const Loss& loss) = 0;
  virtual void on_answer(std::uint64_t link, const Answer& answer) = 0;
  virtual void on_written(std::uint64_t link) = 0;                // after Link::call_when_written()
  virtual void on_asked(std::uint64_t link, bool connected) = 0;  // after Link::ask()
  virtual void on_message(const Received& message) = 0;
  virtual void on_dropped(std::uint64_t messages) = 0;  // more than max_waiting came at once

 protected:
  ~Inbox() = default;
};

// The way from any thread to the inbox, shut for good when the broker ends.
struct Mailbox {
  std::function<void(std::function<void()>)> post;
  std::atomic<bool> open{true};
  std::atomic<int> waiting{0};
  NewestMessages overflow;                // of what came beyond max_waiting
  std::atomic<std::uint64_t> dropped{0};  // messages that are not reported yet
  std::atomic<int> helpers{0};            // threads that ask or end a client
  Inbox* inbox = nullptr;                 // touched on the loop only
};
using SharedMailbox = std::shared_ptr<Mailbox>;

inline void send(const SharedMailbox& mailbox, std::function<void(Inbox&)> call) {
  if (!mailbox->open) return;
  mailbox->post([mailbox, call = std::move(call)] {
    if (mailbox->inbox != nullptr) call(*mailbox->inbox);
  });
}

// A message from the broker, on any thread: onto the loop. Where too many wait there already only
// the newest of each topic follows, and those before it are dropped and counted.
void deliver(const SharedMailbox& mailbox, Received message);

// Paho notices a silent broker after 2.5 times this.
inline constexpr std::chrono::seconds keep_alive{10}, connect_timeout{5};

std::string uri_of(const PahoOptions& options);
paho::connect_options connect_options_of(const PahoOptions& options, bool version_5,
                                         const WillForm& will);

struct LinkOptions {
  std::string uri, client_id;
  bool version_5 = true;
  std::uint64_t number = 0;  // identifies events of links that are gone
};

// One client of Paho, of one version and one id, for one connection: what Paho could not send
// before a loss would go out after it. Its callbacks come on Paho's threads.
class Link final : public std::enable_shared_from_this<Link>, paho::iaction_listener {
 public:
  Link(LinkOptions options, SharedMailbox mailbox);

  // Throws paho::exception, as do the next two.
  void connect(const paho::connect_options& options);
  void subscribe(const std::string& filter, bool own);
  paho::delivery_token_ptr publish(const Message& message);
  // The end of a connection in good order, within twice the time; what was sent last goes out, and
  // is acknowledged, before.
  void disconnect(std::initializer_list<paho::delivery_token_ptr> last,
                  std::chrono::milliseconds patience);

  // Paho hands its own words out as an exception only. REQUIRES: the attempt has failed.
  std::string words_of_failure() const;

  // Asks Paho on a thread of its own whether it is connected, as that waits for Paho's lock, which
  // is held for seconds while a name is looked up. Comes back as on_asked().
  void ask();
  // Ends a client on a thread of its own: its destructor waits for Paho's threads.
  static void retire(std::shared_ptr<Link> link);
  // Until the end of the process.
  void stay() { self_ = shared_from_this(); }

  // A batch ends on the wire when its last message without acknowledgement is written, on a thread
  // of Paho's; at once where there is none. REQUIRES: the message is not acknowledged.
  void release_after(const paho::delivery_token_ptr& last);

  // Paho is full: on_written() comes once, when the end of the batch on its way is written.
  void call_when_written() { wanted_ = true; }

  const LinkOptions& options() const { return options_; }
  BrokerSocket& socket() { return socket_; }

  bool connecting = false;  // touched on the loop only

 private:
  void on_success(const paho::token& token) override;
  void on_failure(const paho::token& token) override;
  void forward(const paho::message& message);
  void lost(Loss loss);
  void written();
  void answered(Answer answer);

  struct Release final : paho::iaction_listener {
    explicit Release(Link& of) : link(of) {}
    void on_success(const paho::token&) override { link.written(); }
    void on_failure(const paho::token&) override { link.written(); }
    Link& link;
  };
  struct Answers final : paho::iaction_listener {
    Answers(Link& of, bool is_subscription) : link(of), subscription(is_subscription) {}
    void on_success(const paho::token& token) override;
    void on_failure(const paho::token& token) override;
    Link& link;
    bool subscription;
  };

  SharedMailbox mailbox_;
  std::shared_ptr<Link> self_;
  LinkOptions options_;
  BrokerSocket socket_;
  Release released_{*this};
  std::atomic<bool> wanted_{false};
  Answers publishes_{*this, false}, subscribes_{*this, true};
  paho::token_ptr token_;
  paho::async_client client_;  // last: its threads end before what they use
};

}  // namespace gridtap::mqtt
