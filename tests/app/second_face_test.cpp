// A played house with two faces: the MQTT bridge, and one that only listens to the model. The
// second sees every device, value and removal, and the first does not notice it.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "adapters/registry.hpp"
#include "app/device_rules.hpp"
#include "app/house_config.hpp"
#include "gateway/session.hpp"
#include "io/manual_clock.hpp"
#include "mqtt/bridge.hpp"
#include "support/fake_broker.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// Keeps what it hears, as a page would, by device and entity.
class Page final : public model::Observer {
 public:
  void on_value(const model::Device& device, const model::Entity& entity, const model::Change&,
                Now) override {
    values[device.handle + '/' + std::string(entity.level())] = to_text(entity.value());
  }
  void on_identity(const model::Device& device) override { devices.insert(device.handle); }
  void on_removed(const model::Device& device, const model::Entity& entity) override {
    values.erase(device.handle + '/' + std::string(entity.level()));
    removed.insert(std::string(entity.level()));
  }
  std::map<std::string, std::string> values;
  std::set<std::string> devices, removed;
};

// A simulated meter on the line of a session: what one side sends, the other hears.
class PlayedLine final : public Line {
 public:
  PlayedLine(std::unique_ptr<Adapter> device, Clock& clock)
      : clock_(clock), device_(std::move(device)), timer_(clock.timer([this] { wake(); })) {}

  void open(SerialSettings, LineEvents& events) override { events_ = &events; }
  void write(ByteView bytes) override { pending_ += as_text(bytes); }
  void close() override {}

  void accept() {
    events_->on_open();
    Hear effects(*this);
    device_->on_start(clock_.now(), effects);
    device_->on_open(clock_.now(), effects);
    settle();
  }

 private:
  struct Hear final : Effects {
    explicit Hear(PlayedLine& its_line) : line(its_line) {}
    void operator()(const Effect& effect) override {
      if (const auto* send = std::get_if<Send>(&effect)) line.events_->on_bytes(send->bytes);
    }
    PlayedLine& line;
  };
  void wake() {
    Hear effects(*this);
    device_->on_wake(clock_.now(), effects);
    settle();
  }
  void settle() {
    while (!pending_.empty()) {
      const std::string bytes = std::exchange(pending_, {});
      Hear effects(*this);
      device_->on_bytes(as_bytes(bytes), clock_.now(), effects);
    }
    timer_->set(device_->next_wake());
  }

  Clock& clock_;
  std::unique_ptr<Adapter> device_;
  std::unique_ptr<Timer> timer_;
  LineEvents* events_ = nullptr;
  std::string pending_;
};

// The house as `run` builds it, on a clock turned by hand.
class PlayedHouse {
 public:
  PlayedHouse(MemoryStore& store, FakeBroker& broker, bool with_page)
      : announcements_(store),
        model_(known(), clock_, announcements_, log_),
        bridge_(
            shown(), model_, clock_, broker, announcements_, log_, 1,
            [](std::string_view, const Command&) {}, [](bool) {}) {
    if (with_page) model_.add(page);
    model_.start();
    bridge_.start();
    broker.connect();
    const DeviceInfo gateway{"", "", "gridtap", "gridtap", "MQTT gateway", "1.2.3"};
    model_.on_effect("gateway", Identified{"", gateway}, clock_.now());
    for (const char* id : {"p1", "han"}) add(id);
  }

  void run(std::chrono::seconds time) { clock_.advance(time); }
  void stop() { bridge_.stop(); }
  const model::Model& model() const { return model_; }

  Page page;

 private:
  static mqtt::BridgeOptions shown() {
    mqtt::BridgeOptions options;
    for (const char* id : {"p1", "han"}) {
      mqtt::DeviceOptions device;
      device.id = id;
      device.interval = 0ms;
      options.devices.push_back(device);
    }
    return options;
  }
  static model::Options known() {
    model::Options options;
    for (const auto& device : shown().devices) options.devices.push_back(device);
    return options;
  }
  void add(const char* id) {
    Problems problems;
    const Setting none = app::settings_of({}, problems);
    Section ours(none, "", problems, app::file_reader());
    Section theirs(none, "", problems, app::file_reader());
    const AdapterKind& kind = *find_kind(id);
    lines_.push_back(std::make_unique<PlayedLine>(std::move(kind.simulate(theirs, 1)[0]), clock_));
    SessionOptions options;
    options.id = id;
    app::DeviceConfig config;
    config.id = id;
    config.kind = &kind;
    config.energy_period = kind.energy_period;
    sessions_.push_back(std::make_unique<Session>(options, clock_, lines_.back().get(),
                                                  kind.make(ours, 1), app::device_rules(config),
                                                  model_));
    sessions_.back()->start();
    lines_.back()->accept();
  }

  io::ManualClock clock_{Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20}}};
  MemoryLog log_;
  mqtt::AnnouncementStore announcements_;
  model::Model model_;
  mqtt::Bridge bridge_;
  std::vector<std::unique_ptr<PlayedLine>> lines_;
  std::vector<std::unique_ptr<Session>> sessions_;
};

// The state topics of the broker, without base: "p1/power_import".
std::map<std::string, std::string> states_of(const FakeBroker& broker) {
  std::map<std::string, std::string> states;
  for (const auto& [topic, payload] : broker.retained) {
    const bool ours = topic.starts_with("gridtap/");
    if (!ours || topic.ends_with("/status") || topic.ends_with("/attributes")) continue;
    states[topic.substr(std::string_view("gridtap/").size())] = payload;
  }
  return states;
}

}  // namespace

TEST_CASE("two faces: the second sees every device and value that the broker gets") {
  MemoryStore store;
  FakeBroker broker;
  PlayedHouse house(store, broker, true);
  house.run(120s);
  for (const auto& device : house.model().all()) {
    if (!device->is_gateway()) CHECK(house.page.devices.contains(device->handle));
  }
  CHECK(house.page.devices.contains("p1"));
  CHECK(house.page.devices.contains("han"));
  CHECK(house.page.values.size() > 40);
  const auto states = states_of(broker);
  for (const auto& [topic, value] : house.page.values) {
    CAPTURE(topic);
    REQUIRE(states.contains(topic));
    CHECK(states.at(topic) == value);
  }
  CHECK(states.size() == house.page.values.size());
}

TEST_CASE("two faces: what is gone for the first is gone for the second") {
  MemoryStore store;
  FakeBroker broker;
  {
    PlayedHouse house(store, broker, false);
    house.run(60s);
    house.stop();
  }
  // The earlier run had one more: a limit that the configuration has no more.
  mqtt::AnnouncementStore earlier(store);
  auto record = earlier.read("p1");
  REQUIRE(record);
  record->components.emplace_back();
  record->components.back().key = "hour_limit";
  record->components.back().platform = Platform::number;
  record->components.back().declared = true;
  earlier.write("p1", *record);
  broker.connected = false;
  PlayedHouse house(store, broker, true);
  house.run(20s);
  CHECK_FALSE(house.page.removed.contains("hour_limit"));
  house.run(40s);
  CHECK(house.page.removed.contains("hour_limit"));
  const std::string config = "homeassistant/device/gridtap_" + record->identity + "/config";
  REQUIRE(broker.held(config).find("power_import") != std::string::npos);
  CHECK(broker.held(config).find("hour_limit") == std::string::npos);
}

TEST_CASE("two faces: the first publishes the same, message by message, without the second") {
  const auto published = [](bool with_page) {
    MemoryStore store;
    FakeBroker broker;
    PlayedHouse house(store, broker, with_page);
    house.run(120s);
    std::string all;
    for (const auto& each : broker.published) all += each.topic + '=' + each.payload + '\n';
    return all;
  };
  const std::string alone = published(false);
  CHECK(alone.size() > 10'000);
  CHECK(published(true) == alone);
}
