// A face that keeps only what it hears knows, at any time, what the model knows: whatever devices
// say, in any order.
#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <string>

#include "model_rig.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::model;

namespace {

// Built from the calls alone, by the handle of the device and the key of the entity.
class Mirror final : public Observer {
 public:
  void on_entity(const Device& device, const model::Entity& entity) override {
    entities[name(device, entity)];
  }
  void on_value(const Device& device, const model::Entity& entity, const Change& change,
                Now) override {
    // What does not change is what was heard before.
    if (!change.any()) unchanged_right = unchanged_right && at(device, entity) == shown(entity);
    entities[name(device, entity)] = shown(entity);
  }
  void on_removed(const Device& device, const model::Entity& entity) override {
    removed_known = removed_known && entities.erase(name(device, entity)) == 1;
  }
  void on_online(const Device& device) override { online[device.handle] = device.online(); }
  void on_identity(const Device& device) override { identities[device.handle] = device.identity; }

  static std::string name(const Device& device, const model::Entity& entity) {
    return device.handle + '/' + std::string(entity.key());
  }
  static std::string shown(const model::Entity& entity) {
    return to_text(entity.value()) + std::string(entity.attributes());
  }
  std::string at(const Device& device, const model::Entity& entity) const {
    const auto found = entities.find(name(device, entity));
    return found == entities.end() ? "(never heard)" : found->second;
  }

  std::map<std::string, std::string> entities, identities;
  std::map<std::string, bool> online;
  bool unchanged_right = true, removed_known = true;
};

class Talk {
 public:
  explicit Talk(std::uint32_t seed) : dice_(seed) {
    rig.model->add(mirror);
    rig.model->start();
  }
  void say_anything() {
    const std::string id = dice_(2) == 0 ? "meter" : "other";
    const std::string channel = dice_(3) == 0 ? std::to_string(1 + dice_(3)) : "";
    const std::string key = keys_[dice_(5)];
    switch (dice_(9)) {
      case 0:
        return rig.identify(id, "S" + std::to_string(dice_(3)));
      case 1:
        return rig.identify_child(id, std::to_string(1 + dice_(3)), names_[dice_(3)],
                                  dice_(2) == 0 ? "" : "C" + std::to_string(dice_(3)));
      case 2:
        return rig.say(id, Alive{channel, dice_(2) == 0 ? 0ms : 30'000ms});
      case 3:
        return rig.say(id, Frame{10});
      case 4:
        return rig.say(id, gridtap::Entity{channel, find_spec("power_limit")});
      case 5:
        return rig.read(id, key, Value{}, "", channel);
      case 6:
        return rig.read(id, "message", std::string_view(names_[dice_(3)]),
                        dice_(2) == 0 ? R"({"n":1})" : "", channel);
      default:
        return rig.read(id, key, Decimal{std::int64_t{dice_(4)}, -1}, "", channel);
    }
  }
  void pass() { rig.clock.advance(std::chrono::seconds{dice_(40)}); }
  // Each entity that is there, as the mirror has it; those without a value may be empty.
  void compare() {
    std::size_t there = 0;
    for (const auto& device : rig.model->all()) {
      CAPTURE(device->handle);
      device->each([&](const model::Entity& entity) {
        ++there;
        CAPTURE(entity.key());
        const auto heard = mirror.entities.find(Mirror::name(*device, entity));
        REQUIRE(heard != mirror.entities.end());
        if (entity.has_value()) CHECK(heard->second == Mirror::shown(entity));
      });
      const auto online = mirror.online.find(device->handle);
      if (online != mirror.online.end()) CHECK(online->second == device->online());
      const auto identity = mirror.identities.find(device->handle);
      if (identity != mirror.identities.end()) CHECK(identity->second == device->identity);
    }
    CHECK(mirror.entities.size() == there);
    CHECK(mirror.unchanged_right);
    CHECK(mirror.removed_known);
  }

  ModelRig rig{{"meter", "other"}};
  Mirror mirror;

 private:
  static constexpr const char* keys_[] = {"power_import", "power_export", "energy_import",
                                          "voltage_l1", "Own key"};
  static constexpr const char* names_[] = {"gas", "water", ""};
  Dice dice_;
};

}  // namespace

TEST_CASE("mirror: what is built from the calls alone is what the model has, at every step") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    Talk talk(seed);
    for (int n = 0; n < 250; ++n) {
      talk.say_anything();
      if (n % 5 == 0) talk.pass();
      talk.compare();
    }
  }
}

TEST_CASE("mirror: after a day of silence it still agrees") {
  for (std::uint32_t seed = 100; seed < 110; ++seed) {
    CAPTURE(seed);
    Talk talk(seed);
    for (int n = 0; n < 200; ++n) talk.say_anything();
    talk.rig.clock.advance(26h);
    talk.compare();
  }
}
