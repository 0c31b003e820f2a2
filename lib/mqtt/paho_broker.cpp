#include "mqtt/paho_broker.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "mqtt/acknowledgements.hpp"
#include "mqtt/attempts.hpp"
#include "mqtt/connect_failure.hpp"
#include "mqtt/paho_link.hpp"
#include "mqtt/reason_codes.hpp"
#include "mqtt/sender_threads.hpp"
#include "mqtt/tls_probe.hpp"

namespace gridtap::mqtt {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds attempt_wait = 60s;     // for any answer to an attempt, DNS included
constexpr std::chrono::milliseconds full_wait = 50ms;  // at most, before publishing again
constexpr std::chrono::milliseconds ask_wait = 300ms;  // for Paho's own callback, with a reason
constexpr std::chrono::milliseconds disconnect_wait = 500ms;
constexpr std::chrono::milliseconds helper_wait = 100ms;  // for a client that is still being ended
constexpr std::size_t max_left_out = 64;                  // topics that are named
constexpr std::chrono::seconds asleep_after = 5s;         // a timer so late: the machine was asleep
// Before this the machine's clock cannot be right (2024-01-01).
constexpr std::chrono::sys_days clock_set_after = std::chrono::year{2024} / 1 / 1;

class PahoBroker final : public Broker, Inbox {
 public:
  PahoBroker(PahoOptions options, std::function<void(std::function<void()>)> post, Clock& clock,
             Log& log, std::uint32_t seed);
  ~PahoBroker() override;

  void start(BrokerEvents& events) override;
  void subscribe(std::string_view filter, bool own) override;
  bool publish(const Message& message) override;
  void stop() override;

 private:
  void on_up(std::uint64_t link, const BrokerLimits& limits) override;
  void on_refused(std::uint64_t link, const ConnectFailure& failure) override;
  void on_down(std::uint64_t link, const Loss& loss) override;
  void on_answer(std::uint64_t link, const Answer& answer) override;
  void on_written(std::uint64_t link) override;
  void on_asked(std::uint64_t link, bool connected) override;
  void on_message(const Received& message) override;
  void on_dropped(std::uint64_t messages) override { events_->on_dropped(messages); }

  void connect();
  void make_link();
  void ask_tls(std::uint64_t link, ConnectFailure failure);
  void retry();

  void watch();
  void stop_watching();
  void probe();
  void ask_soon();
  void lose(const Loss& loss, std::string_view words = {});
  void leave_out(const Message& message);
  bool send_out(const Message& message);
  void gather();

  bool is_current(std::uint64_t link) const { return link_ && link_->options().number == link; }
  Mono now() const { return clock_.now().mono; }
  void say(Level level, std::string text);
  std::string where() const { return options_.host + ':' + std::to_string(options_.port); }

  PahoOptions options_;
  Clock& clock_;
  Log& log_;
  SharedMailbox mailbox_ = std::make_shared<Mailbox>();
  BrokerEvents* events_ = nullptr;
  Attempts attempts_;
  std::string said_;
  std::uint64_t links_ = 0;
  std::shared_ptr<Link> link_;
  SenderThreads senders_;
  BrokerLimits limits_, learned_;
  std::size_t largest_ = 0;                           // packet of this connection
  std::optional<Acknowledgements> acknowledgements_;  // while connected
  std::vector<std::string> left_out_;                 // topics that were too large, this time
  Mono watch_due_ = Mono::max();
  paho::delivery_token_ptr last_;       // of the newest message that is acknowledged
  paho::delivery_token_ptr batch_end_;  // of the newest that is not, in this turn of the loop
  std::unique_ptr<Timer> retry_timer_, full_timer_, watch_timer_, ask_timer_;
  bool gathering_ = false, stopped_ = false, waits_for_room_ = false;
};

PahoBroker::PahoBroker(PahoOptions options, std::function<void(std::function<void()>)> post,
                       Clock& clock, Log& log, std::uint32_t seed)
    : options_(std::move(options)),
      clock_(clock),
      log_(log),
      attempts_(options_.client_id, seed),
      retry_timer_(clock.timer([this] { connect(); })),
      full_timer_(clock.timer([this] {
        if (acknowledgements_) events_->on_ready();
      })),
      watch_timer_(clock.timer([this] { watch(); })),
      ask_timer_(clock.timer([this] {
        if (link_) link_->ask();
      })) {
  mailbox_->post = std::move(post);
  mailbox_->inbox = this;
}

// Paho's destructor waits for an attempt that is still on its way (8 s while a name is looked up),
// so such a client is left to the end of the process.
PahoBroker::~PahoBroker() {
  stop();
  mailbox_->inbox = nullptr;
  if (link_ && link_->connecting) link_->stay();
  for (auto waited = 0ms; mailbox_->helpers > 0 && waited < disconnect_wait; waited += 10ms) {
    std::this_thread::sleep_for(10ms);
  }
}

void PahoBroker::start(BrokerEvents& events) {
  events_ = &events;
  if (options_.tls && options_.tls->insecure) {
    log_.write(Level::warning, "gateway",
               "mqtt.tls.insecure: the broker's certificate is not checked; anyone on the network "
               "path can "
               "read and change everything");
  }
  connect();
}

void PahoBroker::stop() {
  if (stopped_) return;
  stopped_ = true;
  retry_timer_->set(Mono::max());
  stop_watching();
  if (std::exchange(acknowledgements_, std::nullopt)) {
    try {
      link_->disconnect({batch_end_, last_}, disconnect_wait);
    } catch (const paho::exception&) {  // it was lost meanwhile: the broker sends the last will
    }
  }
  mailbox_->open = false;
}

// ---- connecting ---------------------------------------------------------------------------------

void PahoBroker::connect() {
  if (stopped_) return;
  if (link_ && link_->connecting) {  // no answer at all
    Link::retire(std::exchange(link_, nullptr));
    say(Level::warning, "the broker at " + where() + " does not answer: is the address right?");
    return retry();
  }
  if (mailbox_->helpers > 0) return retry_timer_->set(now() + helper_wait);
  try {
    make_link();
    link_->connect(connect_options_of(options_, attempts_.version_5(), attempts_.will()));
    retry_timer_->set(now() + attempt_wait);
  } catch (const std::exception& error) {
    link_.reset();
    say(Level::warning, "the broker at " + where() + " could not be tried: " + error.what());
    retry();
  }
}

// Another version or id needs another client; no attempt is on its way here.
void PahoBroker::make_link() {
  if (link_ && link_->options().version_5 == attempts_.version_5() &&
      link_->options().client_id == attempts_.client_id()) {
    return;
  }
  link_.reset();
  link_ = std::make_shared<Link>(
      LinkOptions{uri_of(options_), attempts_.client_id(), attempts_.version_5(), ++links_},
      mailbox_);
}

// A broker that announces a shorter keep alive than ours is sent something twice in that time.
void PahoBroker::on_up(std::uint64_t link, const BrokerLimits& limits) {
  if (!is_current(link) || acknowledgements_ || stopped_) return;
  link_->connecting = false;
  retry_timer_->set(Mono::max());
  limits_ = stricter(limits, learned_);
  largest_ = 0;
  left_out_.clear();
  waits_for_room_ = false;
  std::chrono::milliseconds period = keep_alive;
  if (limits_.keep_alive && *limits_.keep_alive > 0s) {
    period = std::min(period, std::chrono::milliseconds{*limits_.keep_alive} / 2);
  }
  acknowledgements_.emplace(now(), period, window_of(limits_));
  attempts_.up(now());
  link_->socket().find(options_.port);
  senders_.find();
  said_.clear();
  log_.write(Level::info, "gateway",
             "connected to the broker at " + where() +
                 (attempts_.version_5() ? " (MQTT 5)" : " (MQTT 3.1.1)"));
  watch();
  events_->on_connected({.tells_denials = attempts_.version_5()});
  for (const std::string& text : shortcomings(limits_, where())) events_->on_problem(text);
}

void PahoBroker::on_refused(std::uint64_t link, const ConnectFailure& paho_says) {
  if (!is_current(link) || !link_->connecting || stopped_) return;
  ConnectFailure failure = paho_says;
  if (failure.text.empty()) failure.text = link_->words_of_failure();
  if (options_.tls && failure.code < 0 && failure.tls_text.empty()) return ask_tls(link, failure);
  link_->connecting = false;
  const auto wall = clock_.now().wall;
  const bool clock_set = wall && *wall >= Instant{clock_set_after};
  const Verdict verdict = judge(failure, where(), options_.tls.has_value(), clock_set);
  say(verdict.usual ? Level::info : Level::warning, verdict.detail);
  attempts_.refused(verdict);
  retry();
}

// Comes back as on_refused() with OpenSSL's words.
void PahoBroker::ask_tls(std::uint64_t link, ConnectFailure failure) {
  std::thread([mailbox = mailbox_, link, failure, options = options_]() mutable {
    failure.tls_text = tls_trouble(options.host, options.port, *options.tls);
    if (failure.tls_text.empty()) failure.tls_text = "the connection was cut off";
    send(mailbox, [link, failure](Inbox& to) { to.on_refused(link, failure); });
  }).detach();
}

void PahoBroker::retry() { retry_timer_->set(now() + attempts_.take_delay()); }

// Each cause once, until it is another.
void PahoBroker::say(Level level, std::string text) {
  if (text == said_) return;
  said_ = std::move(text);
  log_.write(level, "gateway", said_);
}

// ---- the end of a connection --------------------------------------------------------------------

// Paho reports a loss by one of two callbacks, or by none of them.
void PahoBroker::on_down(std::uint64_t link, const Loss& loss) {
  if (is_current(link)) lose(loss);
}

// REQUIRES: this is the loss of the current client. It is never used again, with what it still
// holds.
void PahoBroker::lose(const Loss& loss, std::string_view words) {
  if (!acknowledgements_ || stopped_) return;
  acknowledgements_.reset();
  stop_watching();
  last_.reset();
  batch_end_.reset();
  Link::retire(std::exchange(link_, nullptr));
  const Error why{Fault::io, loss_text("the broker at " + where(), loss.reason, loss.text, words)};
  say(Level::warning, why.detail);
  learn(learned_, loss.reason, largest_);
  const std::string change = attempts_.words(attempts_.down(now(), loss.reason));
  if (!change.empty()) say(Level::warning, change);
  events_->on_disconnected(why);
  retry();
}

// Paho could not send a message: its callback, with the reason, may be on the way.
void PahoBroker::ask_soon() { ask_timer_->set(now() + ask_wait); }

void PahoBroker::on_asked(std::uint64_t link, bool connected) {
  if (is_current(link) && !connected) lose({no_reason, {}}, "the client library has closed it");
}

void PahoBroker::stop_watching() {
  for (Timer* timer : {full_timer_.get(), watch_timer_.get(), ask_timer_.get()}) {
    timer->set(Mono::max());
  }
}

void PahoBroker::watch() {
  if (!acknowledgements_) return;
  const Mono at = now();
  if (watch_due_ != Mono::max() && at > watch_due_ + asleep_after) acknowledgements_->forgive(at);
  if (const auto words = acknowledgements_->lost(at)) return lose({no_reason, {}}, *words);
  if (acknowledgements_->probe_due(at)) probe();
  watch_due_ = acknowledgements_->next();
  watch_timer_->set(watch_due_);
}

// Our own status once more. If the broker acknowledges nothing (QoS 0), only Paho knows.
void PahoBroker::probe() {
  const bool sent =
      options_.will_topic.empty() || publish({options_.will_topic, "online", true, 1});
  if (!sent || acknowledgements_->in_flight() > 0) return;
  acknowledgements_->forgive(now());
  link_->ask();
}

// ---- connected ----------------------------------------------------------------------------------

void PahoBroker::subscribe(std::string_view filter, bool own) {
  if (!acknowledgements_) return;
  try {
    link_->subscribe(std::string(filter), own);
  } catch (const paho::exception&) {
    ask_soon();
  }
}

bool PahoBroker::publish(const Message& message) {
  if (!acknowledgements_) return false;
  const std::optional<Message> fit = fitted(message, limits_, attempts_.version_5());
  if (!fit) {
    leave_out(message);
    return true;
  }
  if (fit->qos > 0 && !acknowledgements_->room()) {
    waits_for_room_ = true;
    return false;
  }
  return send_out(*fit);
}

// Reported once in a connection, for it is left out again and again.
void PahoBroker::leave_out(const Message& message) {
  const std::string topic(message.topic);
  const bool named = std::find(left_out_.begin(), left_out_.end(), topic) != left_out_.end();
  if (named || left_out_.size() == max_left_out) return;
  left_out_.push_back(topic);
  events_->on_problem(too_large_text(message, limits_, attempts_.version_5(), where()));
}

bool PahoBroker::send_out(const Message& message) {
  try {
    gather();
    auto token = link_->publish(message);
    (message.qos == 0 ? batch_end_ : last_) = std::move(token);
  } catch (const paho::exception& error) {
    if (error.get_return_code() != MQTTASYNC_MAX_BUFFERED_MESSAGES) ask_soon();
    acknowledgements_->refused(now());
    link_->call_when_written();
    full_timer_->set(now() + full_wait);
    return false;
  }
  acknowledgements_->taken();
  if (message.qos > 0) acknowledgements_->sent(now());
  largest_ = std::max(largest_, publish_size(message, attempts_.version_5()));
  return true;
}

// What is published in one turn of the loop goes out together: a telegram is a packet, not forty.
// The loop may be moved to another core while it waits for Paho's lock in the middle of a turn. To
// follow it then would move both to and fro at each message.
void PahoBroker::gather() {
  if (std::exchange(gathering_, true)) return;
  senders_.follow();
  link_->socket().hold();
  send(mailbox_, [link = link_->options().number, this](Inbox&) {
    gathering_ = false;
    const auto last = std::exchange(batch_end_, nullptr);
    if (is_current(link)) link_->release_after(last);
  });
}

void PahoBroker::on_answer(std::uint64_t link, const Answer& answer) {
  if (!is_current(link) || !acknowledgements_) return;
  if (answer.unsent) ask_soon();
  if (!answer.subscription) acknowledgements_->answered(now());
  if (answer.reason >= 0x80) {
    const auto access = answer.subscription ? Denial::Access::read : Denial::Access::write;
    events_->on_denied({access, answer.topic, reason_words(answer.reason)});
  }
  if (acknowledgements_ && std::exchange(waits_for_room_, false)) events_->on_ready();
}

void PahoBroker::on_written(std::uint64_t link) {
  if (!is_current(link) || !acknowledgements_) return;
  full_timer_->set(Mono::max());
  events_->on_ready();
}

void PahoBroker::on_message(const Received& message) {
  if (!is_current(message.link) || !acknowledgements_) return;
  Arrival arrival{message.topic, message.payload, message.retained};
  if (message.expiry) arrival.expires = now() + std::chrono::seconds{*message.expiry};
  events_->on_message(arrival);
}

}  // namespace

std::unique_ptr<Broker> make_paho_broker(PahoOptions options,
                                         std::function<void(std::function<void()>)> post,
                                         Clock& clock, Log& log, std::uint32_t seed) {
  return std::make_unique<PahoBroker>(std::move(options), std::move(post), clock, log, seed);
}

}  // namespace gridtap::mqtt
