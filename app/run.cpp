#include "app/run.hpp"

#include <sys/resource.h>

#include <random>

#include "app/clock_notice.hpp"
#include "app/exit_status.hpp"
#include "app/history_port.hpp"
#include "app/house.hpp"
#include "app/pulse.hpp"
#include "app/web_port.hpp"
#include "core/ids.hpp"
#include "gateway/gateway_device.hpp"
#include "gateway/relays.hpp"
#include "gateway/update_check.hpp"
#include "io/boot_id.hpp"
#include "io/curl_client.hpp"
#include "io/datagram_socket.hpp"
#include "io/file_store.hpp"
#include "io/log.hpp"
#include "io/make_pins.hpp"
#include "io/own_process.hpp"
#include "io/system_clock.hpp"
#include "mqtt/paho_broker.hpp"
#include "serve/questions.hpp"

namespace gridtap::app {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds save_period = 60s;  // states to the store; the store spares the disk

// Passes on what the rules of a device kept under an id that it no longer has.
class Heirs final : public model::Observer {
 public:
  explicit Heirs(House& house) : house_(house) {}
  void on_adopted(const model::Device& device, std::string_view handle) override {
    if (device.parent == nullptr) house_.inherit(device.id, handle);
  }

 private:
  House& house_;
};

// Questions by UDP, with their port.
class QuestionPort {
 public:
  QuestionPort(const SocketAddress& at, serve::About about, const model::Model& model,
               io::Loop& loop, Clock& clock, Log& log)
      : socket_(loop, at), questions_(socket_, to_text(at), model, std::move(about), clock, log) {}

  void start() { questions_.start(); }

 private:
  io::DatagramSocket socket_;
  serve::Questions questions_;
};

// Everything that lives as long as the daemon, in the order in which it must be built.
class Daemon {
 public:
  // `server`: of the page; null where there is none.
  Daemon(HouseConfig& config, io::Loop& loop, Log& log, io::FileStore& store,
         std::unique_ptr<io::HttpServer> server)
      : loop_(loop),
        log_(log),
        store_(store),
        clock_(loop),
        contents_(contents(config)),
        pulse_(config.state_dir, clock_, io::ServiceManager::of_process()),
        announcements_(store),
        model_(known_of(config), clock_, announcements_, log),
        broker_(make_broker(config)),
        bridge_(make_bridge(config)),
        pins_(io::make_pins(pins_of(config))),
        web_(loop),
        house_(config.devices, House::Use::run, loop, clock_, log, model_),
        heirs_(house_),
        save_timer_(clock_.timer([this] { save(); })) {
    add_gateway(config);
    if (config.questions) {
      questions_ = std::make_unique<QuestionPort>(*config.questions, about(config), model_, loop_,
                                                  clock_, log_);
    }
    if (config.history) {
      history_ = std::make_unique<HistoryPort>(*config.history, zone_of(config), model_, loop_,
                                               clock_, log_);
    }
    if (config.web) add_page(config, std::move(server));
    model_.add(heirs_);
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
    if (history_ != nullptr) history_->start();
    if (bridge_ != nullptr) bridge_->recall();
    house_.start();         // the gateway's own session first: relays have their safe levels
    store_.flush_urgent();  // before a line opens, whose parts rely on what they keep
    start_faces();
    save_timer_->set(clock_.now().mono + save_period);
    pulse_.start(contents_ + (bridge_ != nullptr ? no_broker : ""));
    loop_.run();
    pulse_.stop();
    questions_.reset();
    page_.reset();
    house_.stop(
        [this] {
          save();
          store_.flush();
        },
        [this] {
          if (bridge_ != nullptr) bridge_->stop();
        });
    if (history_ != nullptr) history_->end();  // last: a card may take its time
  }

 private:
  static constexpr const char* no_broker = "; waits for the broker";

  std::unique_ptr<Broker> make_broker(const HouseConfig& config) {
    if (!config.has_broker) return nullptr;
    return mqtt::make_paho_broker(
        config.broker, [this](std::function<void()> call) { loop_.post(std::move(call)); }, clock_,
        log_, seed());
  }

  std::unique_ptr<mqtt::Bridge> make_bridge(const HouseConfig& config) {
    if (broker_ == nullptr) return nullptr;
    return std::make_unique<mqtt::Bridge>(
        with_devices(config), model_, clock_, *broker_, announcements_, log_, seed(),
        [this](std::string_view device, const Command& command) {
          house_.command(device, command);
        },
        [this](bool connected) {
          connected_ = connected;
          house_.broker(connected);
          pulse_.status(contents_ + (connected ? "; connected to the broker" : no_broker));
        });
  }

  void start_faces() {
    if (bridge_ != nullptr) {
      bridge_->start();
    } else {
      house_.broker(true);  // there is none that relays could have lost
    }
    if (questions_ != nullptr) questions_->start();
    if (page_ != nullptr) page_->start();
  }

  void add_page(const HouseConfig& config, std::unique_ptr<io::HttpServer> server) {
    const auto zone = Zone::named(config.time_zone);
    WebPortOptions options;
    options.state_dir = config.state_dir;
    options.version = config.bridge.version;
    if (zone) options.time_zone = zone->name();
    options.command = [this](std::string_view device, const Command& command) {
      house_.command(device, command);
    };
    options.mqtt_connected = [this] {
      return bridge_ != nullptr ? std::optional(connected_) : std::nullopt;
    };
    if (history_ != nullptr) {
      options.history.emplace(
          web::HistoryDoor{history_->journal(), history_->kept(), zone_of(config)});
    }
    page_ = std::make_unique<WebPort>(*config.web, std::move(options), std::move(server), model_,
                                      store_, clock_, log_);
  }

  // For `systemctl status`.
  static std::string contents(const HouseConfig& config) {
    const auto counted = [](std::size_t count, const char* name) {
      return std::to_string(count) + ' ' + name + (count == 1 ? "" : "s");
    };
    const std::string devices = counted(config.devices.size(), "device");
    const std::size_t relays = config.relays.size();
    const std::string all = relays == 0 ? devices : devices + ", " + counted(relays, "relay");
    return config.web ? all + "; " + config.web->address(io::machine_name()) : all;
  }

  serve::About about(const HouseConfig& config) const {
    serve::About about{config.bridge.version, clock_.now().mono};
    for (const DeviceConfig& device : config.devices) {
      about.adapters.emplace(device.id, device.kind->name);
    }
    return about;
  }

  static Zone zone_of(const HouseConfig& config) {
    const auto zone = Zone::named(config.time_zone);
    return zone ? *zone : *Zone::named("UTC");
  }

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
    std::function<void()> announce_again;
    if (bridge_ != nullptr) announce_again = [this] { bridge_->announce_again(); };
    rules.push_back(std::make_unique<GatewayDevice>(
        config.bridge.base, config.bridge.version, std::move(announce_again),
        [this] { return counts(); }, simulated));
    if (!config.update_url.empty()) {
      rules.push_back(
          std::make_unique<UpdateCheck>(web_, config.update_url, config.bridge.version));
    }
    SessionOptions options;
    options.id = std::string(gateway_device);
    house_.add(std::make_unique<Session>(options, clock_, nullptr, nullptr, std::move(rules),
                                         house_.effects()),
               std::move(hears));
  }

  std::unique_ptr<Relays> make_relays(const HouseConfig& config) {
    std::vector<RelayOptions> relays;
    for (const RelayConfig& relay : config.relays) relays.push_back(relay.options);
    return std::make_unique<Relays>(std::move(relays), *pins_, zone_of(config), io::boot_id(),
                                    log_);
  }

  GatewayCounts counts() const {
    const model::Counters& known = model_.counters();
    const auto bridge = bridge_ != nullptr ? bridge_->counters() : mqtt::BridgeCounters{};
    std::uint64_t configured = 0, online = 0;
    for (const auto& device : model_.all()) {
      if (device->is_gateway() || device->parent != nullptr) continue;
      ++configured;
      if (device->online()) ++online;
    }
    const auto clients = page_ != nullptr ? std::optional<std::uint64_t>(page_->clients())
                                          : std::optional<std::uint64_t>();
    return {configured,
            online,
            known.name_collisions,
            known.unfit_readings,
            bridge.unknown_commands,
            known.rejected_commands,
            clients,
            history_ != nullptr ? std::optional(history_->health()) : std::nullopt};
  }

  void save() {
    house_.save(store_);
    save_timer_->set(clock_.now().mono + save_period);
  }

  io::Loop& loop_;
  Log& log_;
  io::FileStore& store_;
  io::SystemClock clock_;
  std::string contents_;
  Pulse pulse_;
  mqtt::AnnouncementStore announcements_;
  model::Model model_;
  std::unique_ptr<Broker> broker_;        // null: none is configured,
  std::unique_ptr<mqtt::Bridge> bridge_;  // and then this is none either
  std::unique_ptr<Pins> pins_;
  io::CurlClient web_;
  House house_;
  Heirs heirs_;
  std::unique_ptr<Timer> save_timer_;
  std::unique_ptr<QuestionPort> questions_;  // null: none are answered
  std::unique_ptr<HistoryPort> history_;     // null: none is kept
  std::unique_ptr<WebPort> page_;            // null: there is none
  bool connected_ = false;                   // to the broker
};

// A core file would hold the password. The process stays as readable as it is for its own user,
// which debuggers and /proc need.
void keep_memory_private() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

// A package is installed, and its service started, before there is anything to configure: that is
// no failure. Without a service manager there is a person, who sees the problem.
int wait_for_devices(const RunOptions& options, const LoadedHouse& loaded) {
  io::Loop loop;
  io::SystemClock clock(loop);
  loop.on_signal([&loop] { loop.stop(); });
  Pulse pulse(loaded.house.state_dir, clock, io::ServiceManager::of_process());
  const std::string advice = "nothing to do yet: add devices to " + options.config +
                             ", then: sudo systemctl restart gridtap";
  io::make_log(loaded.house.log_level)->write(Level::warning, "gateway", advice);
  pulse.start(advice);
  loop.run();
  pulse.stop();
  return exit_good;
}

}  // namespace

int run(const RunOptions& options) {
  keep_memory_private();
  LoadedHouse loaded = load_house(options.config);
  if (loaded.lacks_only_devices && io::ServiceManager::of_process().is_there()) {
    return wait_for_devices(options, loaded);
  }
  print(loaded.problems, options.config);
  if (!loaded.problems.empty()) return exit_config;
  io::Loop loop;
  const auto log = io::make_log(loaded.house.log_level);
  for (const Problem& warning : loaded.secret_warnings) {
    log->write(Level::warning, "gateway", to_text(warning, options.config));
  }
  io::SystemClock clock(loop);
  notice_clock(clock, *log);
  auto store = io::FileStore::open(loaded.house.state_dir, loop, clock, *log);
  if (!store) {
    log->write(Level::error, "gateway", store.error().detail);
    return exit_os;
  }
  std::unique_ptr<io::HttpServer> server;
  if (loaded.house.web) {
    auto made = WebPort::server(*loaded.house.web, loop, *log);
    if (!made) {
      log->write(Level::error, "gateway", "web: " + made.error().detail);
      return exit_config;
    }
    server = *std::move(made);
  }
  Daemon(loaded.house, loop, *log, **store, std::move(server)).run();
  (*store)->flush();
  return exit_good;
}

}  // namespace gridtap::app
