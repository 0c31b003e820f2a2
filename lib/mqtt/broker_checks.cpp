#include "mqtt/broker_checks.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "model/entity.hpp"
#include "mqtt/payload.hpp"

namespace gridtap::mqtt {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds settle_time = 10s;  // before a connection is called free of problems
constexpr std::size_t instance_digits = 8;
constexpr std::string_view gateway_key = "gateway";

std::string instance_of(std::uint32_t seed) {
  std::array<std::uint8_t, instance_digits / 2> bytes;
  for (std::uint8_t& byte : bytes) {
    byte = static_cast<std::uint8_t>(seed);
    seed >>= 8U;
  }
  return to_hex(bytes);
}

bool is_instance(std::string_view text) {
  return text.size() == instance_digits && text.find_first_not_of("0123456789ABCDEF") == text.npos;
}

bool is_below(std::string_view topic, std::string_view level) {
  return topic.size() > level.size() && topic.starts_with(level) && topic[level.size()] == '/';
}

// The line of an ACL that covers a topic of ours.
std::string pattern_of(const Topics& topics, std::string_view topic) {
  return (is_below(topic, topics.base()) ? topics.base() : topics.prefix()) + "/#";
}

std::string client_of(std::string_view user) {
  return user.empty() ? "a client without user name" : "user `" + std::string(user) + '`';
}

std::string remedy_of(std::string_view user, const std::string& pattern) {
  return "Allow it on the broker; in mosquitto's acl_file: " +
         (user.empty() ? "" : "`user " + std::string(user) + "`, then ") + "`topic readwrite " +
         pattern + '`';
}

}  // namespace

std::string denial_text(std::string_view user, const Topics& topics, const Denial& denial) {
  const bool write = denial.access == Denial::Access::write;
  return "the broker does not let " + client_of(user) + (write ? " write " : " subscribe to ") +
         std::string(denial.topic) + ": " + std::string(denial.reason) + ". " +
         remedy_of(user, pattern_of(topics, denial.topic));
}

BrokerChecks::BrokerChecks(const BridgeOptions& options, const Topics& topics,
                           const model::Device& gateway, Broker& broker, Log& log,
                           std::uint32_t seed)
    : options_(options),
      topics_(topics),
      gateway_(gateway),
      broker_(broker),
      log_(log),
      instance_(instance_of(seed)),
      instance_topic_(topics.set(gateway_device, "instance")),
      other_gateway_(log) {}

// ---- a connection -------------------------------------------------------------------------------

std::string BrokerChecks::gateway_config() const {
  return topics_.device_config(Topics::node(gateway_.identity));
}

// The wait of an echo begins when its message is sent, right after this.
void BrokerChecks::connected(const BrokerSession& session, Now now) {
  problems_.clear();
  echoes_.clear();
  settled_ = now.mono + settle_time;
  if (told_.empty()) tell();
  instance_due_ = now.mono;
  if (session.tells_denials) return;
  expect(topics_.status(), now);
  if (options_.discovery != BridgeOptions::Discovery::device) return;
  const std::string config = gateway_config();
  broker_.subscribe(config, true);
  expect(config, now);
}

void BrokerChecks::disconnected() {
  echoes_.clear();
  instance_due_ = settled_ = Mono::max();
}

bool BrokerChecks::run(Now now) {
  if (instance_due_ <= now.mono) {
    if (!broker_.publish({instance_topic_, instance_, false, 1})) return false;
    if (now.mono >= other_heard_ + 2 * instance_period) forget(gateway_key);
    instance_sent_ = now.mono;
    instance_due_ = now.mono + instance_period;
    expect(instance_topic_, now);
  }
  for (Echo& echo : echoes_) judge(echo, now);
  if (settled_ <= now.mono) {
    settled_ = Mono::max();
    tell();
  }
  return true;
}

Mono BrokerChecks::due() const {
  Mono due = std::min(instance_due_, settled_);
  for (const Echo& echo : echoes_) due = std::min(due, echo.judged);
  return due;
}

// ---- rights -------------------------------------------------------------------------------------

void BrokerChecks::denied(const Denial& denial) {
  note("acl " + pattern_of(topics_, denial.topic), denial_text(options_.user, topics_, denial));
}

void BrokerChecks::expect(const std::string& topic, Now now) {
  for (Echo& echo : echoes_) {
    if (echo.topic == topic) {
      echo.judged = now.mono + echo_wait;
      return;
    }
  }
  echoes_.push_back({topic, now.mono + echo_wait});
}

void BrokerChecks::echoed(std::string_view topic) {
  for (Echo& echo : echoes_) {
    if (echo.topic != topic) continue;
    echo.judged = Mono::max();
    forget("echo " + pattern_of(topics_, topic));
  }
}

// If the broker has given a reason, that has been reported already.
void BrokerChecks::judge(Echo& echo, Now now) {
  if (now.mono < echo.judged) return;
  echo.judged = Mono::max();
  const std::string pattern = pattern_of(topics_, echo.topic);
  if (!has("acl " + pattern)) note("echo " + pattern, missing_text(echo.topic));
}

std::string BrokerChecks::missing_text(std::string_view topic) const {
  const bool commands = is_below(topic, topics_.base());
  return "the broker does not let " + client_of(options_.user) + " write or read " +
         std::string(topic) + ": what was sent there did not come back" +
         (commands ? ", so no command (" + topics_.every_set() + ") arrives either. " : ". ") +
         remedy_of(options_.user, pattern_of(topics_, topic));
}

// ---- other gateways -----------------------------------------------------------------------------

bool BrokerChecks::heard(std::string_view topic, std::string_view payload, bool retained, Now now) {
  const bool config = topic == gateway_config();
  if (!retained) echoed(topic);
  if (topic != instance_topic_) return config;
  if (payload != instance_ && is_instance(payload)) other_gateway(payload, now);
  if (payload.empty() && !retained) forget(gateway_key);
  return true;
}

// It learns of us by one answer, which it answers once.
void BrokerChecks::other_gateway(std::string_view instance, Now now) {
  const std::string text = "another gateway uses the base topic `" + options_.base +
                           "` on this broker: their values replace one another. Give each gateway "
                           "a `base` of its own";
  other_gateway_.write(
      Level::warning, "gateway",
      text + " (its instance is " + std::string(instance) + ", ours " + instance_ + ')', now);
  other_heard_ = now.mono;
  if (!has(gateway_key)) {
    problems_.insert(problems_.begin(), {std::string(gateway_key), text});
    tell();
  }
  if (instance == answered_) return;
  answered_ = instance;
  instance_due_ = std::max(now.mono, instance_sent_ ? *instance_sent_ + answer_gap : now.mono);
}

// ---- what is reported ---------------------------------------------------------------------------

void BrokerChecks::problem(std::string_view text) { note(std::string(text), std::string(text)); }

bool BrokerChecks::has(std::string_view key) const {
  return std::any_of(problems_.begin(), problems_.end(),
                     [&](const Problem& each) { return each.key == key; });
}

// Each is logged once in a run of the program, however often the connection is made anew.
void BrokerChecks::note(std::string key, std::string text) {
  if (has(key) || problems_.size() >= max_problems) return;
  if (problems_.size() + 1 == max_problems) {
    key = "more";
    text = "the broker refuses more than that: fix the first ones, then check again";
  }
  if (std::find(logged_.begin(), logged_.end(), key) == logged_.end()) {
    if (logged_.size() < max_problems) logged_.push_back(key);
    log_.write(Level::warning, "gateway", printable(text));
  }
  problems_.push_back({std::move(key), std::move(text)});
  tell();
}

void BrokerChecks::forget(std::string_view key) {
  if (std::erase_if(problems_, [&](const Problem& each) { return each.key == key; }) > 0) tell();
}

void BrokerChecks::tell() {
  const std::string text(
      problems_.empty() ? no_problem : model::front_of(problems_.front().text, model::max_text));
  if (text == told_) return;
  told_ = text;
  news_ = text;
}

std::optional<std::string> BrokerChecks::take_news() { return std::exchange(news_, std::nullopt); }

}  // namespace gridtap::mqtt
