#pragma once
// Whether our messages reach the broker, and the commands reach us: topics that the broker
// denies, a second gateway on the same base topic, and everything else that it does not do for us.
// Each is one line of the log with its remedy, and the gateway's diagnostic `broker_problem`.
//
// A broker with MQTT 3.1.1 silently drops what it does not allow, and mosquitto grants every
// subscription and then delivers nothing. So a message of our own proves both rights: the id of
// this run, sent to <base>/gateway/instance/set, has to come back; with MQTT 3.1.1 our retained
// status and our config too. The same id tells gateways apart.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports.hpp"
#include "core/quiet_line.hpp"
#include "model/device.hpp"
#include "mqtt/options.hpp"
#include "mqtt/topics.hpp"

namespace gridtap::mqtt {

// The line for the log: which right the client lacks, why, and what to write into the ACL. An empty
// `user` is a client without one.
std::string denial_text(std::string_view user, const Topics& topics, const Denial& denial);

class BrokerChecks {
 public:
  static constexpr std::chrono::seconds echo_wait{7};
  static constexpr std::chrono::minutes instance_period{5};
  static constexpr std::chrono::seconds answer_gap{10};
  static constexpr std::size_t max_problems = 32;  // of one connection
  static constexpr std::string_view no_problem = "none";

  // `gateway`: its own device, whose config proves that configs may be written.
  BrokerChecks(const BridgeOptions& options, const Topics& topics, const model::Device& gateway,
               Broker& broker, Log& log, std::uint32_t seed);

  // Subscribes to what proves our rights; the bridge subscribes to the rest.
  void connected(const BrokerSession& session, Now now);
  void disconnected();
  // Our run ends: an empty instance, by which another gateway knows that it is alone.
  void leave() { broker_.publish({instance_topic_, {}, false, 0}); }
  void denied(const Denial& denial);
  void problem(std::string_view text);

  // True: the message was for us alone. `retained`: an old one, which proves nothing.
  bool heard(std::string_view topic, std::string_view payload, bool retained, Now now);

  // Sends what is due and judges what did not come back; false: the broker has no room.
  bool run(Now now);
  Mono due() const;

  // The new value of `broker_problem`, once.
  std::optional<std::string> take_news();

 private:
  struct Echo {
    std::string topic;
    Mono judged;  // missing from then on; max(): nothing is expected now
  };
  void expect(const std::string& topic, Now now);
  void echoed(std::string_view topic);
  void judge(Echo& echo, Now now);
  std::string gateway_config() const;
  std::string missing_text(std::string_view topic) const;
  void other_gateway(std::string_view instance, Now now);
  bool has(std::string_view key) const;
  void note(std::string key, std::string text);
  void forget(std::string_view key);
  void tell();

  const BridgeOptions& options_;
  const Topics& topics_;
  const model::Device& gateway_;
  Broker& broker_;
  Log& log_;
  std::string instance_, instance_topic_;
  std::string answered_;  // the other gateway's instance that ours was sent for
  struct Problem {
    std::string key, text;
  };
  std::vector<Problem> problems_;
  std::vector<std::string> logged_;  // keys, each once in a run of the program
  std::vector<Echo> echoes_;
  Mono instance_due_ = Mono::max(), settled_ = Mono::max();
  std::optional<Mono> instance_sent_;
  Mono other_heard_ = Mono{};
  QuietLine other_gateway_;
  std::string told_;
  std::optional<std::string> news_;
};

}  // namespace gridtap::mqtt
