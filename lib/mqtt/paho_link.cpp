#include "mqtt/paho_link.hpp"

#include <sched.h>

#include <thread>

#include "core/json_text.hpp"

namespace gridtap::mqtt {
namespace {

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

// Runs beside the loop, counted until its end.
void beside(const SharedMailbox& mailbox, std::function<void()> call) {
  ++mailbox->helpers;
  std::thread([mailbox, call = std::move(call)]() mutable {
    call();
    call = nullptr;
    --mailbox->helpers;
  }).detach();
}

template <class Number>
Number number_or(const paho::properties& all, paho::property::code code, Number otherwise) {
  return all.contains(code) ? paho::get<Number>(all, code) : otherwise;
}

// Paho keeps to Receive Maximum by itself, and to nothing else of it.
BrokerLimits limits_of(const paho::token& token, bool version_5) {
  using paho::property;
  BrokerLimits limits;
  limits.receive_max = cautious_receive_max;
  if (!version_5) return limits;
  try {
    const auto response = token.get_connect_response();
    const paho::properties& all = response.get_properties();
    limits.receive_max = number_or<std::uint16_t>(all, property::RECEIVE_MAXIMUM, 65'535);
    limits.max_packet = number_or(all, property::MAXIMUM_PACKET_SIZE, limits.max_packet);
    limits.max_qos = number_or(all, property::MAXIMUM_QOS, limits.max_qos);
    limits.retain = number_or<std::uint8_t>(all, property::RETAIN_AVAILABLE, 1) != 0;
    if (all.contains(property::SERVER_KEEP_ALIVE)) {
      limits.keep_alive =
          std::chrono::seconds{paho::get<std::uint16_t>(all, property::SERVER_KEEP_ALIVE)};
    }
  } catch (const paho::exception&) {  // a CONNACK without properties
  }
  return limits;
}

std::string reason_text(const paho::properties& all) {
  try {
    if (!all.contains(paho::property::REASON_STRING)) return {};
    const auto text = paho::get<std::string>(all, paho::property::REASON_STRING);
    return printable(std::string_view(text).substr(0, max_reason_text));
  } catch (const std::exception&) {
    return {};
  }
}

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

}  // namespace

void deliver(const SharedMailbox& mailbox, Received message) {
  if (mailbox->waiting < max_waiting && !mailbox->overflow.is_announced()) {
    ++mailbox->waiting;
    return send(mailbox, [message = std::move(message), mailbox](Inbox& to) {
      --mailbox->waiting;
      to.on_message(message);
    });
  }
  mailbox->dropped += mailbox->overflow.put(std::move(message));
  if (!mailbox->overflow.should_announce()) return;
  send(mailbox, [mailbox](Inbox& to) {
    for (const Received& each : mailbox->overflow.take()) to.on_message(each);
    if (const std::uint64_t dropped = mailbox->dropped.exchange(0)) to.on_dropped(dropped);
  });
}

std::string uri_of(const PahoOptions& options) {
  const bool numeric_6 = options.host.find(':') != std::string::npos;
  const std::string host = numeric_6 ? '[' + options.host + ']' : options.host;
  return (options.tls ? "ssl://" : "tcp://") + host + ':' + std::to_string(options.port);
}

paho::connect_options connect_options_of(const PahoOptions& from, bool version_5,
                                         const WillForm& will) {
  paho::connect_options options;
  options.set_mqtt_version(version_5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1);
  if (version_5) {
    options.set_clean_start(true);
    paho::properties properties;
    properties.add({paho::property::MAXIMUM_PACKET_SIZE, static_cast<std::int32_t>(max_packet)});
    options.set_properties(properties);
  } else {
    options.set_clean_session(true);
  }
  options.set_keep_alive_interval(keep_alive);
  options.set_connect_timeout(connect_timeout);
  if (!from.user.empty()) options.set_user_name(from.user);
  if (!from.password.empty()) options.set_password(from.password);
  if (!from.will_topic.empty()) {
    options.set_will_message(paho::message(from.will_topic, "offline", will.qos, will.retain));
  }
  if (from.tls) options.set_ssl(tls_options(*from.tls));
  return options;
}

Link::Link(LinkOptions options, SharedMailbox mailbox)
    : mailbox_(std::move(mailbox)),
      options_(std::move(options)),
      client_(options_.uri, options_.client_id,
              paho::create_options_builder()
                  .mqtt_version(options_.version_5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1)
                  .max_buffered_messages(max_buffered)
                  .finalize()) {
  // After a DISCONNECT of the broker's only the second one is called, after a loss only the first.
  client_.set_connection_lost_handler([this](const std::string&) { lost({no_reason, {}}); });
  client_.set_disconnected_handler([this](const paho::properties& all, paho::ReasonCode reason) {
    lost({static_cast<int>(reason), reason_text(all)});
  });
  client_.set_message_callback(
      [this](const paho::const_message_ptr& message) { forward(*message); });
}

// By copy: options that are moved lose their properties.
void Link::connect(const paho::connect_options& options) {
  connecting = true;
  const PatientThreads threads;
  token_ = client_.connect(options, nullptr, *this);
}

void Link::subscribe(const std::string& filter, bool own) {
  if (options_.version_5) {
    client_.subscribe(filter, 1, nullptr, subscribes_,
                      paho::subscribe_options(!own, paho::subscribe_options::RETAIN_AS_PUBLISHED,
                                              paho::subscribe_options::DONT_SEND_RETAINED));
  } else {
    client_.subscribe(filter, 1, nullptr, subscribes_);
  }
}

paho::delivery_token_ptr Link::publish(const Message& message) {
  if (message.qos == 0) {
    return client_.publish(std::string(message.topic), message.payload.data(),
                           message.payload.size(), 0, message.retain);
  }
  return client_.publish(std::string(message.topic), message.payload.data(), message.payload.size(),
                         message.qos, message.retain, nullptr, publishes_);
}

// A socket that is closed with an unread acknowledgement is reset, and the broker may then lose
// what it has not read of us yet, DISCONNECT included.
void Link::disconnect(std::initializer_list<paho::delivery_token_ptr> last,
                      std::chrono::milliseconds patience) {
  socket_.release();
  const auto until = std::chrono::steady_clock::now() + patience;
  for (const auto& token : last) {
    if (token) token->wait_until(until);
  }
  client_.disconnect(0)->wait_for(patience);
}

std::string Link::words_of_failure() const {
  try {
    if (token_) token_->wait_for(std::chrono::milliseconds{0});
  } catch (const paho::exception& error) {
    return error.get_message();
  }
  return {};
}

void Link::ask() {
  beside(mailbox_, [link = shared_from_this()] {
    const bool connected = link->client_.is_connected();
    send(link->mailbox_, [number = link->options_.number, connected](Inbox& to) {
      to.on_asked(number, connected);
    });
  });
}

void Link::retire(std::shared_ptr<Link> link) {
  const SharedMailbox mailbox = link->mailbox_;
  beside(mailbox, [link = std::move(link)]() mutable { link.reset(); });
}

void Link::release_after(const paho::delivery_token_ptr& last) {
  if (last) last->set_action_callback(released_);
  if (!last || last->is_complete()) written();
}

// ---- on Paho's threads --------------------------------------------------------------------------

void Link::on_success(const paho::token& token) {
  const BrokerLimits limits = limits_of(token, options_.version_5);
  send(mailbox_, [link = options_.number, limits](Inbox& to) { to.on_up(link, limits); });
}

void Link::on_failure(const paho::token& token) {
  ConnectFailure failure{token.get_return_code(), {}, {}};
  send(mailbox_, [link = options_.number, failure = std::move(failure)](Inbox& to) {
    to.on_refused(link, failure);
  });
}

void Link::lost(Loss loss) {
  send(mailbox_,
       [link = options_.number, loss = std::move(loss)](Inbox& to) { to.on_down(link, loss); });
}

void Link::written() {
  socket_.release();
  if (!wanted_.exchange(false)) return;
  send(mailbox_, [link = options_.number](Inbox& to) { to.on_written(link); });
}

void Link::answered(Answer answer) {
  send(mailbox_, [link = options_.number, answer = std::move(answer)](Inbox& to) {
    to.on_answer(link, answer);
  });
}

void Link::Answers::on_success(const paho::token&) { link.answered({subscription}); }

// MQTT 5 gives the reason, MQTT 3.1.1 (of a SUBSCRIBE alone) the return code 0x80; a message that
// could not be sent has a negative return code.
void Link::Answers::on_failure(const paho::token& token) {
  Answer answer{subscription};
  const int code = token.get_return_code();
  answer.reason = static_cast<int>(token.get_reason_code());
  if (answer.reason < 0x80) answer.reason = code >= 0x80 ? code : 0;
  answer.unsent = answer.reason < 0x80;
  const auto topics = token.get_topics();
  if (topics && !topics->empty()) answer.topic = (*topics)[0];
  link.answered(std::move(answer));
}

// The broker has taken off what the message waited there.
void Link::forward(const paho::message& message) {
  Received received{options_.number, message.get_topic(),
                    message.get_payload_str().substr(0, max_packet), message.is_retained()};
  const paho::properties& all = message.get_properties();
  constexpr auto expiry = paho::property::MESSAGE_EXPIRY_INTERVAL;
  if (all.contains(expiry)) received.expiry = paho::get<std::uint32_t>(all, expiry);
  deliver(mailbox_, std::move(received));
}

}  // namespace gridtap::mqtt
