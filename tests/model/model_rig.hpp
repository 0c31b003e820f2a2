#pragma once
// A model with a clock turned by hand, devices played by the test, and observers that write down
// what they hear, one line a call.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "io/manual_clock.hpp"
#include "model/model.hpp"
#include "support/fakes.hpp"

namespace gridtap::model {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

// What another run left, as the test says.
struct PlayedMemory final : EarlierRuns {
  std::optional<RememberedDevice> recall(std::string_view handle) const override {
    const auto found = devices.find(handle);
    if (found == devices.end()) return {};
    return found->second;
  }
  std::vector<RememberedDevice> recall_identity(std::string_view identity) const override {
    std::vector<RememberedDevice> all;
    for (const auto& [handle, device] : devices) {
      if (device.identity == identity) all.push_back(device);
    }
    return all;
  }
  std::map<std::string, RememberedDevice, std::less<>> devices;
};

// The smallest face there is.
class Diary final : public Observer {
 public:
  void on_device(const Device& device) override { say("device", device); }
  void on_entity(const Device& device, const Entity& entity) override {
    say("entity", device, entity);
  }
  void on_value(const Device& device, const Entity& entity, const Change& change, Now) override {
    ++readings;
    if (!change.any()) return;
    lines.push_back("value " + device.handle + ' ' + std::string(entity.level()) + ' ' +
                    to_text(entity.value()) + std::string(entity.attributes()));
  }
  void on_online(const Device& device) override {
    say(device.online() ? "online" : "offline", device);
  }
  void on_identity(const Device& device) override {
    lines.push_back("identity " + device.handle + ' ' + device.identity);
  }
  void on_adopted(const Device& device, std::string_view handle) override {
    lines.push_back("adopted " + device.handle + ' ' + std::string(handle));
  }
  void on_replaced(const Device& device, std::string_view) override { say("replaced", device); }
  void on_removed(const Device& device, const Entity& entity) override {
    say("removed", device, entity);
  }
  void on_rejected(const Device& device, const Entity& entity, const Rejected&, Now) override {
    say("rejected", device, entity);
  }

  Lines take() { return std::exchange(lines, {}); }

  Lines lines;
  std::size_t readings = 0;

 private:
  void say(std::string what, const Device& device) {
    lines.push_back((what += ' ') + device.handle);
  }
  void say(std::string what, const Device& device, const Entity& entity) {
    lines.push_back((what += ' ') + device.handle + ' ' + std::string(entity.level()));
  }
};

struct ModelRig {
  explicit ModelRig(std::vector<std::string> ids = {"meter"}) {
    Options options;
    for (std::string& id : ids) options.devices.push_back({std::move(id), "", 60s});
    model = std::make_unique<Model>(options, clock, earlier, log);
    model->add(diary);
  }

  void say(std::string_view device, const Effect& effect) {
    model->on_effect(device, effect, clock.now());
  }
  void identify(std::string_view device, std::string_view serial) {
    say(device, Identified{"", {"", serial, serial, "Maker", "M1", "1.0"}});
  }
  void identify_child(std::string_view device, std::string_view channel, std::string_view suffix,
                      std::string_view serial) {
    say(device, Identified{channel, {suffix, serial, serial, "", "", ""}});
  }
  void read(std::string_view device, std::string_view key, Value value,
            std::string_view attributes = {}, std::string_view channel = {}) {
    say(device, Reading{channel, key, "1-0:1.7.0", value, {}, attributes});
  }
  const Entity& entity(std::string_view device, std::string_view key) const {
    return *model->find(device, "")->find(key);
  }
  Life life(std::string_view device, std::string_view key) const {
    const auto* const found = model->find(device, "")->find(key);
    return found == nullptr ? Life::gone : found->life();
  }

  io::ManualClock clock{Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20}}};
  PlayedMemory earlier;
  MemoryLog log;
  std::unique_ptr<Model> model;
  Diary diary;
};

}  // namespace gridtap::model
