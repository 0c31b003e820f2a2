// What one more device costs, in bytes of the heap: the budget of a house of a thousand meters.
#include <doctest/doctest.h>
#include <malloc.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/p1/house_model.hpp"
#include "adapters/p1/meters.hpp"
#include "adapters/p1/telegram_writer.hpp"
#include "adapters/registry.hpp"
#include "app/device_rules.hpp"
#include "app/house_config.hpp"
#include "gateway/health.hpp"
#include "gateway/reporter.hpp"
#include "gateway/session.hpp"
#include "io/manual_clock.hpp"
#include "mqtt/bridge.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Instant morning{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 7h};

// Takes everything and remembers nothing: what a broker keeps is no memory of ours.
class ForgetfulBroker final : public Broker {
 public:
  void start(BrokerEvents& events) override { events.on_connected({}); }
  void subscribe(std::string_view, bool) override {}
  bool publish(const Message&) override {
    ++messages;
    return true;
  }
  void stop() override {}
  std::uint64_t messages = 0;
};

class SilentLog final : public Log {
 public:
  void write(Level, std::string_view, std::string_view) override {}
};

std::string id_of(int number) { return "meter_" + std::to_string(number); }

// A house of P1 meters as `run` builds it, without sockets.
class HouseOfMeters {
 public:
  explicit HouseOfMeters(int count)
      : announcements_(store_),
        model_(known(count), clock_, announcements_, log_),
        bridge_(
            shown(count), model_, clock_, broker, announcements_, log_, 1,
            [](std::string_view, const Command&) {}, [](bool) {}) {
    for (int n = 0; n < count; ++n) add(n);
    model_.start();
    bridge_.start();
    for (const auto& session : sessions_) session->start();
  }

  void refuse_all() {
    for (const auto& line : lines_) line->refuse();
    clock_.advance(2s);
  }
  // A telegram each, again and again, with another power each time.
  void hear_all(int telegrams) {
    p1::House household(meter_.house, std::chrono::floor<std::chrono::seconds>(morning), 1);
    for (const auto& line : lines_) line->accept();
    for (int n = 0; n < telegrams; ++n) {
      household.advance(std::chrono::floor<std::chrono::seconds>(morning) + (n + 1) * 10s);
      const std::string text = p1::write_telegram({meter_, household.state(), meter_.serial});
      for (const auto& line : lines_) line->push(as_bytes(text));
      clock_.advance(10s);
    }
  }
  void save() {
    for (const auto& session : sessions_) session->save(store_);
  }
  std::size_t entities_of_first() const { return model_.find(id_of(0), "")->entity_count(); }

  ForgetfulBroker broker;

 private:
  static mqtt::BridgeOptions shown(int count) {
    mqtt::BridgeOptions options;
    for (int n = 0; n < count; ++n) {
      mqtt::DeviceOptions device;
      device.id = id_of(n);
      options.devices.push_back(device);
    }
    return options;
  }
  static model::Options known(int count) {
    model::Options options;
    for (const auto& device : shown(count).devices) options.devices.push_back(device);
    return options;
  }
  void add(int number) {
    Problems problems;
    const Setting none = app::settings_of({}, problems);
    Section section(none, "", problems, app::file_reader());
    app::DeviceConfig config;
    config.id = id_of(number);
    config.kind = find_kind("p1");
    config.energy_period = config.kind->energy_period;
    SessionOptions options;
    options.id = config.id;
    options.silence = config.kind->silence;
    auto rules = app::device_rules(config);
    rules.push_back(std::make_unique<Health>([] { return std::uint64_t{0}; }));
    rules.push_back(std::make_unique<Reporter>(log_, config.id));
    lines_.push_back(std::make_unique<ScriptLine>());
    sessions_.push_back(std::make_unique<Session>(options, clock_, lines_.back().get(),
                                                  config.kind->make(section, 1), std::move(rules),
                                                  model_));
  }

  const p1::PlayedMeter& meter_ = *p1::find_played_meter("dsmr5");
  io::ManualClock clock_{morning};
  SilentLog log_;
  MemoryStore store_;
  mqtt::AnnouncementStore announcements_;
  model::Model model_;
  mqtt::Bridge bridge_;
  std::vector<std::unique_ptr<ScriptLine>> lines_;
  std::vector<std::unique_ptr<Session>> sessions_;
};

std::size_t heap_in_use() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

// Bytes that each of the devices between two sizes of house takes, in what `prepare` makes of it.
template <class Prepare>
std::size_t bytes_a_device(Prepare prepare) {
  constexpr int few = 20, many = 120;
  const auto taken = [&](int count) {
    const std::size_t before = heap_in_use();
    HouseOfMeters house(count);
    prepare(house);
    return heap_in_use() - before;
  };
  taken(few);  // tables that all houses share are there after it
  const std::size_t small = taken(few), large = taken(many);
  return (large - small) / (many - few);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool heap_is_ours = false;
#else
constexpr bool heap_is_ours = true;
#endif

}  // namespace

TEST_CASE("memory: a P1 meter stays within its budget" * doctest::skip(!heap_is_ours)) {
  std::size_t entities = 0;
  std::uint64_t messages = 0;
  const std::size_t bytes = bytes_a_device([&](HouseOfMeters& house) {
    house.hear_all(12);
    house.save();
    entities = house.entities_of_first();
    messages = house.broker.messages;
  });
  MESSAGE("a P1 meter of ", entities, " entities takes ", bytes, " bytes");
  REQUIRE(entities > 40);
  REQUIRE(messages > 120 * entities);  // all of it was announced and published
  CHECK(bytes > 64 * entities);        // it is measured at all
  CHECK(bytes < 18'800);
}

TEST_CASE("memory: a device that was never heard costs little" * doctest::skip(!heap_is_ours)) {
  const std::size_t bytes = bytes_a_device([](HouseOfMeters& house) { house.refuse_all(); });
  MESSAGE("a device that was never heard takes ", bytes, " bytes");
  CHECK(bytes > 1'000);
  CHECK(bytes < 5'300);
}
