// A house in which everything goes wrong in any order: devices that come, go, change their serial
// number and make up keys; a broker that is full, away, or has forgotten everything. Whatever
// happened, once it is quiet and there is room the broker shows what the model knows.
#include <doctest/doctest.h>

#include <cstdint>
#include <map>

#include "bridge_rig.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

constexpr const char* ids[] = {"meter", "battery"};
constexpr const char* numbers[] = {"power_import", "power_export", "voltage_l1", "energy_import"};

BridgeOptions chaos_options() {
  std::vector<DeviceOptions> devices;
  for (const char* id : ids) {
    DeviceOptions device = device_options(id);
    device.interval = 2s;
    device.heartbeat = 1h;  // no value is there because it came once more
    device.identity_wait = 5s;
    devices.push_back(device);
  }
  return bridge_options(devices);
}

class Chaos {
 public:
  explicit Chaos(std::uint32_t seed) : dice_(seed), rig_(chaos_options()) { rig_.start_gateway(); }

  void go_wrong() {
    const std::string id = ids[dice_(2)];
    switch (dice_(16)) {
      case 0:
        return rig_.identify(id, "S" + std::to_string(dice_(3)));
      case 1:
        return rig_.identify_child(id, "1", "gas",
                                   dice_(2) == 0 ? "" : "G" + std::to_string(dice_(2)));
      case 2:
        return rig_.read_child(id, "1", "gas", Decimal{std::int64_t{dice_(9)}, 0});
      case 3:
        return rig_.read(id, "message", std::string_view(texts_[dice_(3)]), R"({"n":1})");
      case 4:
        return rig_.read(id, numbers[dice_(4)], Value{});
      case 5:
        return rig_.say(id, Alive{"", dice_(2) == 0 ? 0ms : 30'000ms});
      case 6:
        return rig_.say(id, Alive{"1", dice_(2) == 0 ? 0ms : 30'000ms});
      case 7:
        return rig_.say(id, Entity{"", find_spec("power_limit")});
      case 8:
        return rig_.broker.send("gridtap/" + id + "/power_limit/set", dice_(2) == 0 ? "50" : "x");
      case 9:
        return rig_.broker.send("homeassistant/status", "online");
      case 10:
        return lose_or_connect();
      case 11:
        rig_.broker.room = dice_(5);
        return;
      default:
        rig_.read(id, numbers[dice_(4)], Decimal{std::int64_t{dice_(1000)}, 0});
        return rig_.end_frame(id);
    }
  }
  void pass() { rig_.turn(std::chrono::milliseconds{dice_(3000)}); }

  // Quiet, a broker that has forgotten everything, room, and time for every wait there is.
  void settle() {
    rig_.broker.room = FakeBroker::endless;
    if (rig_.broker.connected) rig_.broker.lose();
    rig_.broker.forget();
    rig_.broker.connect();
    rig_.turn(5min);
  }
  void check() const {
    for (const auto& device : rig_.known->all()) {
      CAPTURE(device->handle);
      const std::string topic = "gridtap/" + device->handle;
      if (!device->is_gateway() && device->identified) {
        CHECK(rig_.broker.held(topic + "/status") == (device->online() ? "online" : "offline"));
      }
      device->each([&](const model::Entity& entity) { check(topic, entity); });
    }
  }
  // A value of a device that has no identity yet waits for it; nothing else does.
  void check(const std::string& topic, const model::Entity& entity) const {
    if (!entity.has_value()) return;
    const std::string level(entity.level());
    CAPTURE(level);
    const std::string held = rig_.broker.held(topic + '/' + level);
    std::string wanted;
    append(wanted, entity.value());
    CHECK(held == wanted);
    if (!entity.attributes().empty()) {
      CHECK(rig_.broker.held(topic + '/' + level + "/attributes") == entity.attributes());
    }
  }

 private:
  void lose_or_connect() {
    if (!rig_.broker.connected) return rig_.broker.connect();
    if (dice_(3) == 0) rig_.broker.forget();
    rig_.broker.lose();
  }

  static constexpr std::string_view texts_[] = {"", "one", "two\nlines"};
  Dice dice_;
  BridgeRig rig_;
};

}  // namespace

TEST_CASE("bridge chaos: whatever happened, in the end the broker shows what the model knows") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Chaos chaos(seed);
    for (int n = 0; n < 300; ++n) {
      chaos.go_wrong();
      if (n % 3 == 0) chaos.pass();
    }
    chaos.settle();
    chaos.check();
  }
}
