#pragma once
// Inside the bridge: what it hears from the model and from the broker, and when it publishes. Only
// bridge.cpp (the model's side) and bridge_broker.cpp (the broker's side) include this.

#include <memory>
#include <random>
#include <string_view>
#include <vector>

#include "mqtt/announcer.hpp"
#include "mqtt/bridge.hpp"
#include "mqtt/broker_checks.hpp"
#include "mqtt/states.hpp"
#include "mqtt/swaps.hpp"

namespace gridtap::mqtt {

constexpr std::string_view online_payload(bool online) { return online ? "online" : "offline"; }

class Bridge::Core final : BrokerEvents, model::Observer {
 public:
  Core(BridgeOptions options, model::Model& model, Clock& clock, Broker& broker,
       AnnouncementStore& store, Log& log, std::uint32_t seed, OnCommand on_command,
       OnBroker on_broker);
  ~Core() { model_.remove(*this); }

  void recall();
  void start();
  void stop();
  void announce_again();
  const BridgeCounters& counters() const { return counters_; }

 private:
  void on_device(const model::Device& device) override;
  void on_entity(const model::Device& device, const model::Entity& entity) override;
  void on_value(const model::Device& device, const model::Entity& entity,
                const model::Change& change, Now now) override;
  void on_online(const model::Device& device) override { touch(notes_.of(device)); }
  void on_identity(const model::Device& device) override;
  void on_adopted(const model::Device& device, std::string_view handle) override;
  void on_replaced(const model::Device& device, std::string_view serial) override;
  void on_removed(const model::Device& device, const model::Entity& entity) override;
  void on_rejected(const model::Device& device, const model::Entity& entity, const Rejected& effect,
                   Now now) override;

  void on_connected(const BrokerSession& session) override;
  void on_disconnected(const Error& why) override;
  void on_ready() override;
  void on_message(const Arrival& message) override;
  void on_dropped(std::uint64_t messages) override;
  void on_denied(const Denial& denial) override;
  void on_problem(std::string_view text) override;
  bool command(const Arrival& message, Now now);
  void command(const model::Device& device, const model::Entity& entity, const Arrival& message,
               Now now);
  void reject(const model::Device& device, const model::Entity& entity, std::string_view command,
              std::string_view reason, Now now);
  bool may_answer(DeviceNotes& device, Now now);
  void other_status(std::string_view payload, Now now);

  const DeviceOptions& options_of(const model::Device& device) const;
  void touch(DeviceNotes& device);
  void tell_problem(Now now);
  void everything_again();
  void schedule(Mono due);
  void pump();
  bool say_all(Now now);
  bool say_status(DeviceNotes& device);
  Mono due(const DeviceNotes& device) const;
  Mono next_due() const;
  bool may_publish() const { return connected_ && !full_; }

  BridgeOptions options_;
  DeviceOptions plain_;  // of the gateway's own device
  Topics topics_;
  model::Model& model_;
  Clock& clock_;
  Broker& broker_;
  Log& log_;
  OnCommand on_command_;
  OnBroker on_broker_;
  BridgeCounters counters_;
  Notes notes_;
  Announcer announcer_;
  States states_;
  BrokerChecks checks_;
  Swaps swaps_;
  QuietLine unknown_commands_, dropped_, unanswered_, other_gateway_;
  std::minstd_rand random_;
  std::unique_ptr<Timer> timer_;
  std::vector<std::size_t> turn_;  // the devices with something to publish, in this pump
  Mono scheduled_ = Mono::max(), birth_due_ = Mono::max(), connected_at_{};
  bool connected_ = false, full_ = false, stopping_ = false, online_said_ = false;
  bool recalled_ = false;
};

}  // namespace gridtap::mqtt
