#pragma once
// The face that Home Assistant and other MQTT clients look at: from the model to topics and
// discovery, and from command topics back to commands. What it publishes, product.md 3 and 4 say.
// Keeps no values: while the broker is away nothing queues, and when it is back the newest of
// everything is published again.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "core/ports.hpp"
#include "model/model.hpp"
#include "mqtt/announcement_store.hpp"
#include "mqtt/options.hpp"

namespace gridtap::mqtt {

// Commands that reached no entity, since the start.
struct BridgeCounters {
  std::uint64_t unknown_commands = 0;  // for what is not there, or dropped unread
};

class Bridge final {
 public:
  using OnCommand = std::function<void(std::string_view device, const Command&)>;
  using OnBroker = std::function<void(bool connected)>;

  // `seed` spreads the answers of many gateways to one birth message. Everything named outlives
  // the bridge; `on_command` and `on_broker` are called from the loop. The model is not started
  // yet: the bridge wants to hear of every entity.
  Bridge(BridgeOptions options, model::Model& model, Clock& clock, Broker& broker,
         AnnouncementStore& store, Log& log, std::uint32_t seed, OnCommand on_command,
         OnBroker on_broker);
  ~Bridge();

  // What earlier runs announced; after the model was started, before it hears anything.
  void recall();
  void start();           // connects; recalls first where that was not done
  void stop();            // every status offline, then Broker::stop()
  void announce_again();  // the gateway's button: every status, config and state again

  const BridgeCounters& counters() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace gridtap::mqtt
