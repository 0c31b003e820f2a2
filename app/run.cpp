#include "app/run.hpp"

#include <sys/resource.h>

#include <random>

#include "app/exit_status.hpp"
#include "app/house.hpp"
#include "core/ids.hpp"
#include "gateway/gateway_device.hpp"
#include "gateway/relays.hpp"
#include "io/boot_id.hpp"
#include "io/file_store.hpp"
#include "io/log.hpp"
#include "io/make_pins.hpp"
#include "io/system_clock.hpp"
#include "mqtt/paho_broker.hpp"

namespace gridtap::app {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds save_period = 60s;  // states to the store; the store spares the disk

// Everything that lives as long as the daemon, in the order in which it must be built.
class Daemon {
 public:
  Daemon(HouseConfig& config, io::Loop& loop, Log& log, io::FileStore& store)
      : loop_(loop),
        log_(log),
        store_(store),
        clock_(loop),
        broker_(mqtt::make_paho_broker(
            config.broker, [&loop](std::function<void()> call) { loop.post(std::move(call)); },
            clock_, log, seed())),
        announcements_(store),
        model_(known_of(config), clock_, announcements_, log),
        bridge_(
            with_devices(config), model_, clock_, *broker_, announcements_, log, seed(),
            [this](std::string_view device, const Command& command) {
              house_.command(device, command);
            },
            [this](bool connected) { house_.broker(connected); }),
        pins_(io::make_pins(pins_of(config))),
        house_(config.devices, House::Health::told, loop, clock_, log, model_),
        save_timer_(clock_.timer([this] { save(); })) {
    add_gateway(config);
    std::vector<DeviceConfig>().swap(config.devices);  // all of it is in the house now
  }

  void run() {
    house_.restore(store_);
    loop_.on_signal([this] { loop_.stop(); });
    loop_.on_hangup([this] {
      log_.write(Level::info, "gateway",
                 "SIGHUP: the configuration is read at start only; restart to apply changes");
    });
    model_.start();
    bridge_.recall();
    house_.start();         // the gateway's own session first: relays have their safe levels
    store_.flush_urgent();  // before a line opens, whose parts rely on what they keep
    bridge_.start();
    save_timer_->set(clock_.now().mono + save_period);
    loop_.run();
    house_.stop(
        [this] {
          save();
          store_.flush();
        },
        [this] { bridge_.stop(); });
  }

 private:
  static std::uint32_t seed() { return std::random_device{}(); }

  static mqtt::BridgeOptions with_devices(const HouseConfig& config) {
    mqtt::BridgeOptions options = config.bridge;
    for (const DeviceConfig& device : config.devices) options.devices.push_back(device.shown);
    return options;
  }

  static model::Options known_of(const HouseConfig& config) {
    model::Options known;
    known.base = config.bridge.base;
    for (const DeviceConfig& device : config.devices) known.devices.push_back(device.shown);
    return known;
  }

  static std::vector<io::PinSettings> pins_of(const HouseConfig& config) {
    std::vector<io::PinSettings> pins;
    for (const RelayConfig& relay : config.relays) pins.push_back(relay.pin);
    return pins;
  }

  // Relays come first: their entities before the gateway's first frame, their levels before all.
  void add_gateway(const HouseConfig& config) {
    std::vector<std::unique_ptr<Rule>> rules;
    std::vector<std::string> hears;
    bool simulated = false;
    if (!config.relays.empty()) {
      auto relays = make_relays(config);
      hears = relays->hears();
      simulated = relays->any_simulated();
      rules.push_back(std::move(relays));
    }
    rules.push_back(std::make_unique<GatewayDevice>(
        config.bridge.base, config.bridge.version, [this] { bridge_.announce_again(); },
        [this] { return counts(); }, simulated));
    SessionOptions options;
    options.id = std::string(gateway_device);
    house_.add(std::make_unique<Session>(options, clock_, nullptr, nullptr, std::move(rules),
                                         house_.effects()),
               std::move(hears));
  }

  std::unique_ptr<Relays> make_relays(const HouseConfig& config) {
    std::vector<RelayOptions> relays;
    for (const RelayConfig& relay : config.relays) relays.push_back(relay.options);
    const auto zone = Zone::named(config.time_zone);
    return std::make_unique<Relays>(std::move(relays), *pins_, zone ? *zone : *Zone::named("UTC"),
                                    io::boot_id(), log_);
  }

  GatewayCounts counts() const {
    const model::Counters& known = model_.counters();
    const mqtt::BridgeCounters& bridge = bridge_.counters();
    return {known.name_collisions, known.unfit_readings, bridge.unknown_commands,
            bridge.rejected_commands};
  }

  void save() {
    house_.save(store_);
    save_timer_->set(clock_.now().mono + save_period);
  }

  io::Loop& loop_;
  Log& log_;
  io::FileStore& store_;
  io::SystemClock clock_;
  std::unique_ptr<Broker> broker_;
  mqtt::AnnouncementStore announcements_;
  model::Model model_;
  mqtt::Bridge bridge_;
  std::unique_ptr<Pins> pins_;
  House house_;
  std::unique_ptr<Timer> save_timer_;
};

// A core file would hold the password. The process stays as readable as it is for its own user,
// which debuggers and /proc need.
void keep_memory_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

}  // namespace

int run(const RunOptions& options) {
  keep_memory_private();
  LoadedHouse loaded = load_house(options.config);
  print(loaded.problems, options.config);
  if (!loaded.problems.empty()) return exit_config;
  io::Loop loop;
  const auto log = io::make_log(loaded.house.log_level);
  for (const Problem& warning : loaded.secret_warnings) {
    log->write(Level::warning, "gateway", to_text(warning, options.config));
  }
  io::SystemClock clock(loop);
  auto store = io::FileStore::open(loaded.house.state_dir, loop, clock, *log);
  if (!store) {
    log->write(Level::error, "gateway", store.error().detail);
    return exit_os;
  }
  Daemon(loaded.house, loop, *log, **store).run();
  (*store)->flush();
  return exit_good;
}

}  // namespace gridtap::app
