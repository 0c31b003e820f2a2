#include "mqtt/bridge.hpp"

#include <algorithm>
#include <random>

#include "core/json_text.hpp"
#include "mqtt/broker_checks.hpp"
#include "mqtt/intake.hpp"
#include "mqtt/payload.hpp"
#include "mqtt/router.hpp"

namespace gridtap::mqtt {
namespace {

using namespace std::chrono_literals;

// Many gateways hear the birth of one Home Assistant: each waits its own time.
constexpr std::chrono::milliseconds birth_wait_least = 1s, birth_wait_most = 10s;
// Right after connecting, an `offline` is what the last will of our former connection left.
constexpr std::chrono::seconds former_will_wait = 60s;

constexpr std::string_view online_payload(bool online) { return online ? "online" : "offline"; }

}  // namespace

class Bridge::Core final : BrokerEvents {
 public:
  Core(BridgeOptions options, Clock& clock, Broker& broker, Store& store, Log& log,
       std::uint32_t seed, OnCommand on_command, OnBroker on_broker);

  void start();
  void stop();
  void announce_again();
  void on_effect(std::string_view id, const Effect& effect, Now now);
  const BridgeCounters& counters() const { return counters_; }

 private:
  void rejected(std::string_view id, const Rejected& effect, Now now);

  void on_connected(const BrokerSession& session) override;
  void on_disconnected(const Error& why) override;
  void on_ready() override;
  void on_message(std::string_view topic, std::string_view payload, bool retained) override;
  void on_denied(const Denial& denial) override;
  void on_problem(std::string_view text) override;
  void command(Routed routed, std::string_view payload, bool retained, Now now);
  void reject(Device& device, EntityState& entity, std::string_view command,
              std::string_view reason, Now now);
  void other_status(std::string_view payload, Now now);

  void tell_problem(Now now);
  void everything_again();
  void schedule(Mono due);
  void pump();
  bool say_all(Now now);
  bool say_statuses();
  Mono due(const Device& device) const;
  Mono next_due();

  BridgeOptions options_;
  Topics topics_;
  Clock& clock_;
  Broker& broker_;
  OnCommand on_command_;
  OnBroker on_broker_;
  BridgeCounters counters_;
  Devices devices_;
  Announcer announcer_;
  Identities identities_;
  States states_;
  Intake intake_;
  BrokerChecks checks_;
  QuietLine unknown_commands_, rejections_, other_gateway_;
  std::minstd_rand random_;
  std::unique_ptr<Timer> timer_;
  Mono scheduled_ = Mono::max(), birth_due_ = Mono::max(), connected_at_{};
  bool connected_ = false, full_ = false, stopping_ = false, online_said_ = false;
};

Bridge::Core::Core(BridgeOptions options, Clock& clock, Broker& broker, Store& store, Log& log,
                   std::uint32_t seed, OnCommand on_command, OnBroker on_broker)
    : options_(std::move(options)),
      topics_(options_.base, options_.prefix),
      clock_(clock),
      broker_(broker),
      on_command_(std::move(on_command)),
      on_broker_(std::move(on_broker)),
      devices_(options_),
      announcer_(options_, topics_, broker, store, log),
      identities_(devices_, announcer_),
      states_(options_, topics_, broker),
      intake_(devices_, identities_, states_, counters_, log),
      checks_(options_, topics_, broker, log, seed),
      unknown_commands_(log),
      rejections_(log),
      other_gateway_(log),
      random_(seed),
      timer_(clock.timer([this] { pump(); })) {}

void Bridge::Core::start() {
  announcer_.start(devices_);
  identities_.start(clock_.now());
  broker_.start(*this);
  schedule(next_due());
}

void Bridge::Core::stop() {
  stopping_ = true;
  timer_->set(Mono::max());
  for (const auto& device : devices_.all()) {
    announcer_.keep(*device);
    if (!connected_ || device->is_gateway()) continue;
    broker_.publish({topics_.status(device->topic), online_payload(false), true, 1});
  }
  if (connected_) broker_.publish({topics_.status(), online_payload(false), true, 1});
  connected_ = false;
  broker_.stop();
}

void Bridge::Core::announce_again() {
  everything_again();
  schedule(clock_.now().mono);
}

// ---- what devices say ---------------------------------------------------------------------------

void Bridge::Core::on_effect(std::string_view id, const Effect& effect, Now now) {
  if (const auto* e = std::get_if<Rejected>(&effect)) return rejected(id, *e, now);
  const Device* const device = intake_.take(id, effect, now);
  if (device == nullptr) return;
  schedule(device->identity_due);
  if (!connected_ || full_) return;
  const bool status = device->status_said != device->online();
  schedule(status ? now.mono : due(*device));
}

void Bridge::Core::rejected(std::string_view id, const Rejected& effect, Now now) {
  Device* const device = devices_.find(id, effect.channel);
  EntityState* const entity = device == nullptr ? nullptr : device->find(effect.key);
  if (entity != nullptr) reject(*device, *entity, effect.command, effect.error.detail, now);
}

// ---- what the broker says -----------------------------------------------------------------------

void Bridge::Core::on_connected(const BrokerSession& session) {
  connected_ = true;
  full_ = false;
  connected_at_ = clock_.now().mono;
  broker_.subscribe(topics_.every_set(), true);
  broker_.subscribe(topics_.status(), false);
  if (options_.discovery != BridgeOptions::Discovery::off) {
    broker_.subscribe(topics_.birth(), false);
  }
  checks_.connected(session, clock_.now());
  tell_problem(clock_.now());
  for (const auto& device : devices_.all()) device->config_at.reset();
  announcer_.say_absent_offline(devices_);
  everything_again();
  pump();
  on_broker_(true);
}

void Bridge::Core::on_disconnected(const Error&) {
  connected_ = full_ = false;
  checks_.disconnected();
  on_broker_(false);
}

void Bridge::Core::on_ready() {
  full_ = false;
  pump();
}

void Bridge::Core::on_message(std::string_view topic, std::string_view payload, bool retained) {
  if (stopping_) return;
  const Now now = clock_.now();
  const bool check = checks_.heard(topic, payload, retained, now);
  tell_problem(now);
  if (check) return;
  if (topic == topics_.status()) return other_status(payload, now);
  if (topic == topics_.birth()) {
    if (payload != "online" || birth_due_ != Mono::max()) return;
    std::uniform_int_distribution<std::int64_t> wait(birth_wait_least.count(),
                                                     birth_wait_most.count());
    birth_due_ = now.mono + std::chrono::milliseconds(wait(random_));
    return schedule(birth_due_);
  }
  const Routed routed = route(devices_, topics_, topic);
  if (routed.entity != nullptr) return command(routed, payload, retained, now);
  ++counters_.unknown_commands;
  unknown_commands_.write(Level::warning, "gateway",
                          "a command for nobody: " + printable(front_of(topic, 128)), now);
}

void Bridge::Core::command(Routed routed, std::string_view payload, bool retained, Now now) {
  if (retained && payload.empty()) return;  // somebody cleans up
  Device& device = *routed.device;
  EntityState& entity = *routed.entity;
  if (retained) {
    return reject(device, entity, payload, "a retained command is refused: send it without", now);
  }
  const Result<Value> value = check_command(entity, payload);
  if (!value) return reject(device, entity, payload, value.error().detail, now);
  const std::string key(entity.spec->key), channel = device.channel;  // may change under the call
  on_command_(device.id, {channel, key, *value, payload});
}

// The state goes back as well: who has shown the new one too early learns better.
void Bridge::Core::reject(Device& device, EntityState& entity, std::string_view command,
                          std::string_view reason, Now now) {
  ++counters_.rejected_commands;
  rejections_.write(Level::warning, device.topic,
                    "a command of " + entity.level + " was refused: " + printable(reason), now);
  if (!connected_) return;
  broker_.publish(
      {topics_.rejected(device.topic, entity.level), rejected_payload(command, reason), false, 0});
  States::again(device, entity);
  schedule(device.states_due);
}

void Bridge::Core::on_denied(const Denial& denial) {
  checks_.denied(denial);
  tell_problem(clock_.now());
}

void Bridge::Core::on_problem(std::string_view text) {
  checks_.problem(text);
  tell_problem(clock_.now());
}

void Bridge::Core::tell_problem(Now now) {
  schedule(checks_.due());
  const std::optional<std::string> news = checks_.take_news();
  if (!news) return;
  on_effect(gateway_device, Reading{"", "broker_problem", "rule", std::string_view(*news)}, now);
}

// Our own status as another client says it: the last will of a connection that has just been
// replaced, or a second gateway that uses our topics.
void Bridge::Core::other_status(std::string_view payload, Now now) {
  if (payload != online_payload(false) || !connected_) return;
  online_said_ = false;
  schedule(now.mono);
  if (now.mono < connected_at_ + former_will_wait) return;
  other_gateway_.write(Level::warning, "gateway",
                       "another client says that this gateway is offline: does a second gateway "
                       "use the base topic `" +
                           options_.base + "`? Give each its own `base`",
                       now);
}

// ---- what goes out ------------------------------------------------------------------------------

void Bridge::Core::everything_again() {
  online_said_ = false;
  for (const auto& device : devices_.all()) {
    device->status_said.reset();
    device->config_changed = true;
    States::again(*device);
  }
}

void Bridge::Core::schedule(Mono due) {
  if (stopping_ || due >= scheduled_) return;
  scheduled_ = due;
  timer_->set(due);
}

void Bridge::Core::pump() {
  if (stopping_) return;
  const Now now = clock_.now();
  identities_.settle(now);
  if (birth_due_ <= now.mono) {
    birth_due_ = Mono::max();
    everything_again();
  }
  if (connected_ && !full_) full_ = !say_all(now);
  tell_problem(now);
  scheduled_ = next_due();
  timer_->set(scheduled_);
}

bool Bridge::Core::say_all(Now now) {
  if (!say_statuses() || !checks_.run(now)) return false;
  for (const auto& device : devices_.all()) announcer_.purge_stale(*device);
  if (!announcer_.flush_errands(devices_, now)) return false;
  for (const auto& device : devices_.all()) {
    if (!announcer_.flush(devices_, *device, now)) return false;
  }
  for (const auto& device : devices_.all()) {
    if (!states_.flush(*device, now)) return false;
  }
  return true;
}

bool Bridge::Core::say_statuses() {
  const auto say = [&](const std::string& topic, bool online) {
    return broker_.publish({topic, online_payload(online), true, 1});
  };
  if (!online_said_ && !say(topics_.status(), true)) return false;
  online_said_ = true;
  for (const auto& device : devices_.all()) {
    const bool online = device->online();
    if (device->is_gateway() || device->status_said == online) continue;
    if (!say(topics_.status(device->topic), online)) return false;
    device->status_said = online;
  }
  return true;
}

Mono Bridge::Core::due(const Device& device) const {
  return std::min({device.states_due, device.missing_due, announcer_.due(device)});
}

Mono Bridge::Core::next_due() {
  Mono next = connected_ && !full_ ? std::min(birth_due_, checks_.due()) : birth_due_;
  for (const auto& device : devices_.all()) {
    next = std::min(next, device->identity_due);
    if (connected_ && !full_) next = std::min(next, due(*device));
  }
  return next;
}

// ---- the door -----------------------------------------------------------------------------------

Bridge::Bridge(BridgeOptions options, Clock& clock, Broker& broker, Store& store, Log& log,
               std::uint32_t seed, OnCommand on_command, OnBroker on_broker)
    : core_(std::make_unique<Core>(std::move(options), clock, broker, store, log, seed,
                                   std::move(on_command), std::move(on_broker))) {}
Bridge::~Bridge() = default;
void Bridge::start() { core_->start(); }
void Bridge::stop() { core_->stop(); }
void Bridge::announce_again() { core_->announce_again(); }
void Bridge::on_effect(std::string_view device, const Effect& effect, Now now) {
  core_->on_effect(device, effect, now);
}
const BridgeCounters& Bridge::counters() const { return core_->counters(); }

}  // namespace gridtap::mqtt
