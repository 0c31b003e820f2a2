#pragma once
// From effects to topics and Home Assistant entities, and from command topics back to commands.
// Hears every effect of every device; what it publishes, product.md 3 and 4 say. Keeps the newest
// value of each entity and nothing else: while the broker is away nothing queues, and when it is
// back everything is said again.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "core/ports.hpp"
#include "mqtt/options.hpp"

namespace gridtap::mqtt {

// What was not obeyed or not shown, since the start.
struct BridgeCounters {
  std::uint64_t name_collisions = 0;    // channels or keys whose topic was taken, or too many keys
  std::uint64_t unfit_readings = 0;     // texts where a number was promised
  std::uint64_t unknown_commands = 0;   // for a device or entity that is not there
  std::uint64_t rejected_commands = 0;  // answered on a `rejected` topic
};

class Bridge final : public Sink {
 public:
  using OnCommand = std::function<void(std::string_view device, const Command&)>;
  using OnBroker = std::function<void(bool connected)>;

  // `seed` spreads the answers of many gateways to one birth message. Everything named outlives
  // the bridge; `on_command` and `on_broker` are called from the loop.
  Bridge(BridgeOptions options, Clock& clock, Broker& broker, Store& store, Log& log,
         std::uint32_t seed, OnCommand on_command, OnBroker on_broker);
  ~Bridge() override;

  void start();           // connects; what was announced in earlier runs is read from the store
  void stop();            // every status offline, then Broker::stop()
  void announce_again();  // the gateway's button: every status, config and state again

  void on_effect(std::string_view device, const Effect& effect, Now now) override;

  const BridgeCounters& counters() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace gridtap::mqtt
