#include "mqtt/paho_broker.hpp"

#include <thread>
#include <utility>

#include "mqtt/attempts.hpp"
#include "mqtt/connect_failure.hpp"
#include "mqtt/paho_link.hpp"
#include "mqtt/tls_probe.hpp"

namespace gridtap::mqtt {
namespace {

using namespace std::chrono_literals;
namespace paho = ::mqtt;

constexpr std::chrono::seconds keep_alive = 15s, connect_timeout = 5s;
constexpr std::chrono::milliseconds full_wait = 50ms;  // before publishing is tried again
constexpr std::chrono::milliseconds disconnect_wait = 500ms;
constexpr int taken_over = 0x8E;  // MQTT 5 reason: session taken over
// Before this the machine's clock cannot be right (2024-01-01).
constexpr std::chrono::sys_days clock_set_after = std::chrono::year{2024} / 1 / 1;

// Its own handler of errors is not used: Paho calls it after the options that hold it are gone.
paho::ssl_options tls_options(const TlsOptions& tls) {
  paho::ssl_options options;
  options.set_ssl_version(MQTT_SSL_VERSION_TLS_1_2);
  options.set_enable_server_cert_auth(!tls.insecure);
  options.set_verify(!tls.insecure);
  if (!tls.ca_file.empty()) options.set_trust_store(tls.ca_file);
  if (!tls.certificate_file.empty()) options.set_key_store(tls.certificate_file);
  if (!tls.key_file.empty()) options.set_private_key(tls.key_file);
  return options;
}

class PahoBroker final : public Broker, Inbox {
 public:
  PahoBroker(PahoOptions options, std::function<void(std::function<void()>)> post, Clock& clock,
             Log& log, std::uint32_t seed);
  ~PahoBroker() override;

  void start(BrokerEvents& events) override;
  void subscribe(std::string_view filter) override;
  bool publish(const Message& message) override;
  void stop() override;

 private:
  void on_up(std::uint64_t link) override;
  void on_refused(std::uint64_t link, const ConnectFailure& failure) override;
  void on_down(std::uint64_t link) override;
  void on_reason(std::uint64_t link, int reason) override;
  void on_message(std::uint64_t link, const std::string& topic, const std::string& payload,
                  bool retained) override;

  void gather();
  void connect();
  paho::connect_options connect_options();
  void make_link();
  void ask_tls(std::uint64_t link, ConnectFailure failure);
  void retry();
  bool is_current(std::uint64_t link) const { return link_ && link_->options().number == link; }
  void say(Level level, std::string text);
  std::string where() const { return options_.host + ':' + std::to_string(options_.port); }

  PahoOptions options_;
  Clock& clock_;
  Log& log_;
  SharedDoor door_ = std::make_shared<Door>();
  BrokerEvents* events_ = nullptr;
  Attempts attempts_;
  std::string said_;
  std::uint64_t links_ = 0;
  std::unique_ptr<Link> link_;
  paho::delivery_token_ptr last_;       // of the newest message that is acknowledged
  paho::delivery_token_ptr batch_end_;  // of the newest that is not, in this turn of the loop
  std::unique_ptr<Timer> retry_timer_, full_timer_;
  bool connected_ = false, gathering_ = false, stopped_ = false, taken_over_ = false;
};

PahoBroker::PahoBroker(PahoOptions options, std::function<void(std::function<void()>)> post,
                       Clock& clock, Log& log, std::uint32_t seed)
    : options_(std::move(options)),
      clock_(clock),
      log_(log),
      attempts_(options_.client_id, seed),
      retry_timer_(clock.timer([this] { connect(); })),
      full_timer_(clock.timer([this] {
        if (connected_) events_->on_ready();
      })) {
  door_->post = std::move(post);
  door_->inbox = this;
}

// Paho's destructor waits for an attempt that is still on its way (8 s while a name is looked up),
// so such a client is left to the end of the process.
PahoBroker::~PahoBroker() {
  stop();
  door_->inbox = nullptr;
  if (link_ && link_->connecting) static_cast<void>(link_.release());
}

void PahoBroker::start(BrokerEvents& events) {
  events_ = &events;
  if (options_.tls && options_.tls->insecure) {
    log_.write(Level::warning, "gateway",
               "mqtt.tls.insecure: the broker's certificate is not checked; anybody on the way can "
               "read and change everything");
  }
  connect();
}

void PahoBroker::stop() {
  if (stopped_) return;
  stopped_ = true;
  retry_timer_->set(Mono::max());
  full_timer_->set(Mono::max());
  if (std::exchange(connected_, false)) {
    link_->socket().release();
    try {
      if (last_) last_->wait_for(disconnect_wait);
      link_->client().disconnect(0)->wait_for(disconnect_wait);
    } catch (const paho::exception&) {  // it was lost meanwhile: the last will speaks
    }
  }
  door_->open = false;
}

// ---- connecting ---------------------------------------------------------------------------------

void PahoBroker::connect() {
  if (stopped_) return;
  try {
    make_link();
    link_->connect(connect_options());
  } catch (const std::exception& error) {
    if (link_) link_->connecting = false;
    say(Level::warning, "the broker at " + where() + " cannot be asked: " + error.what());
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
  const bool numeric_6 = options_.host.find(':') != std::string::npos;
  const std::string host = numeric_6 ? '[' + options_.host + ']' : options_.host;
  const std::string scheme = options_.tls ? "ssl://" : "tcp://";
  link_ =
      std::make_unique<Link>(LinkOptions{scheme + host + ':' + std::to_string(options_.port),
                                         attempts_.client_id(), attempts_.version_5(), ++links_},
                             door_);
}

paho::connect_options PahoBroker::connect_options() {
  paho::connect_options options;
  options.set_mqtt_version(attempts_.version_5() ? MQTTVERSION_5 : MQTTVERSION_3_1_1);
  if (attempts_.version_5()) {
    options.set_clean_start(true);
    paho::properties properties;
    properties.add({paho::property::MAXIMUM_PACKET_SIZE, static_cast<std::int32_t>(max_packet)});
    options.set_properties(properties);
  } else {
    options.set_clean_session(true);
  }
  options.set_keep_alive_interval(keep_alive);
  options.set_connect_timeout(connect_timeout);
  if (!options_.user.empty()) options.set_user_name(options_.user);
  if (!options_.password.empty()) options.set_password(options_.password);
  if (!options_.will_topic.empty()) {
    options.set_will_message(paho::message(options_.will_topic, "offline", 1, true));
  }
  if (options_.tls) options.set_ssl(tls_options(*options_.tls));
  return options;
}

// Paho tells of one success twice.
void PahoBroker::on_up(std::uint64_t link) {
  if (!is_current(link) || connected_ || stopped_) return;
  link_->connecting = false;
  connected_ = true;
  taken_over_ = false;
  attempts_.up(clock_.now().mono);
  link_->socket().find(options_.port);
  said_.clear();
  log_.write(Level::info, "gateway",
             "connected to the broker at " + where() +
                 (attempts_.version_5() ? " (MQTT 5)" : " (MQTT 3.1.1)"));
  events_->on_connected();
}

void PahoBroker::on_refused(std::uint64_t link, const ConnectFailure& paho_says) {
  if (!is_current(link) || stopped_) return;
  link_->connecting = false;
  ConnectFailure failure = paho_says;
  if (failure.text.empty()) failure.text = link_->words_of_failure();
  if (options_.tls && failure.code < 0 && failure.tls_text.empty()) return ask_tls(link, failure);
  const auto wall = clock_.now().wall;
  const bool clock_set = wall && *wall >= Instant{clock_set_after};
  const Verdict verdict = judge(failure, where(), options_.tls.has_value(), clock_set);
  say(Level::warning, verdict.detail);
  attempts_.refused(verdict);
  retry();
}

// Comes back as on_refused() with OpenSSL's words.
void PahoBroker::ask_tls(std::uint64_t link, ConnectFailure failure) {
  std::thread([door = door_, link, failure, options = options_]() mutable {
    failure.tls_text = tls_trouble(options.host, options.port, *options.tls);
    if (failure.tls_text.empty()) failure.tls_text = "the connection was cut off";
    send(door, [link, failure](Inbox& to) { to.on_refused(link, failure); });
  }).detach();
}

void PahoBroker::on_reason(std::uint64_t link, int reason) {
  if (is_current(link)) taken_over_ = reason == taken_over;
}

void PahoBroker::on_down(std::uint64_t link) {
  if (!is_current(link) || !connected_ || stopped_) return;
  connected_ = false;
  full_timer_->set(Mono::max());
  const Error why{Fault::io, "the connection to the broker at " + where() + " was lost"};
  say(Level::warning, why.detail);
  if (attempts_.down(clock_.now().mono, taken_over_)) {
    say(Level::warning, "another client uses the client id `" + options_.client_id +
                            "`: going on as `" + attempts_.client_id() +
                            "`. Give each gateway its own mqtt.client_id and its own base");
  }
  events_->on_disconnected(why);
  retry();
}

void PahoBroker::retry() { retry_timer_->set(clock_.now().mono + attempts_.take_delay()); }

// Each cause once, until it is another.
void PahoBroker::say(Level level, std::string text) {
  if (text == said_) return;
  said_ = std::move(text);
  log_.write(level, "gateway", said_);
}

// ---- connected ----------------------------------------------------------------------------------

void PahoBroker::subscribe(std::string_view filter) {
  if (!connected_) return;
  try {
    if (attempts_.version_5()) {
      const bool no_local = true;  // its constant is named otherwise from Paho 1.5 on
      const paho::subscribe_options options(no_local, paho::subscribe_options::RETAIN_AS_PUBLISHED,
                                            paho::subscribe_options::DONT_SEND_RETAINED);
      link_->client().subscribe(std::string(filter), 1, options);
    } else {
      link_->client().subscribe(std::string(filter), 1);
    }
  } catch (const paho::exception&) {  // the line is just gone: on_down() follows
  }
}

bool PahoBroker::publish(const Message& message) {
  if (!connected_) return false;
  try {
    if (message.qos == 0) gather();
    auto token = link_->client().publish(std::string(message.topic), message.payload.data(),
                                         message.payload.size(), message.qos, message.retain);
    (message.qos == 0 ? batch_end_ : last_) = std::move(token);
    return true;
  } catch (const paho::exception&) {  // too many on their way, or the line is just gone
    full_timer_->set(clock_.now().mono + full_wait);
    return false;
  }
}

// What is said in one turn of the loop goes out together: a telegram is a packet, not forty.
void PahoBroker::gather() {
  if (std::exchange(gathering_, true)) return;
  link_->socket().hold();
  send(door_, [link = link_->options().number, this](Inbox&) {
    gathering_ = false;
    const auto last = std::exchange(batch_end_, nullptr);
    if (is_current(link)) link_->release_after(last);
  });
}

void PahoBroker::on_message(std::uint64_t link, const std::string& topic,
                            const std::string& payload, bool retained) {
  if (is_current(link) && connected_) events_->on_message(topic, payload, retained);
}

}  // namespace

std::unique_ptr<Broker> make_paho_broker(PahoOptions options,
                                         std::function<void(std::function<void()>)> post,
                                         Clock& clock, Log& log, std::uint32_t seed) {
  return std::make_unique<PahoBroker>(std::move(options), std::move(post), clock, log, seed);
}

}  // namespace gridtap::mqtt
