#pragma once
// What must leave the broker: the configs, states and statuses of what is gone, or has another
// place. It goes out before anything else, and the store hears of it once it has. What a device had
// under another name is emptied last, when Home Assistant knows the new one: an empty state of an
// entity that it still reads is a line in its log.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mqtt/announcement_store.hpp"
#include "mqtt/outbox.hpp"

namespace gridtap::mqtt {

class Removals {
 public:
  Removals(Broker& broker, AnnouncementStore& store, Log& log)
      : broker_(broker), store_(store), log_(log) {}

  // The config; with `migrate` Home Assistant keeps its entities, history and settings for the next
  // config with these unique ids, whatever its topic is.
  void config(const DeviceRecord& record, bool migrate);
  // All states, and the status.
  void states(std::string_view handle, const DeviceRecord& record);
  // The same, at the latest at that time: `handle` has them below other topics now.
  void states_later(std::string_view handle, std::string_view old_handle,
                    const DeviceRecord& record, Mono due);
  // What an earlier run had not come to.
  void recall(Mono due);
  // The device is announced under its new name.
  void hasten(std::string_view handle, Mono due);
  Mono later_due() const;
  // Passes on what is due, less what is in use again: `used` says so of a topic.
  template <class Used>
  void take_due(Now now, Used used) {
    if (now.mono < later_due()) return;
    for (const Later& each : later_) {
      if (each.due <= now.mono && !used(each.topic)) outbox_.empty(each.topic);
    }
    std::erase_if(later_, [&](const Later& each) { return each.due <= now.mono; });
    later_changed_ = true;
  }
  void state(const Topics& topics, std::string_view handle, std::string_view entity,
             bool attributes);
  // Goes out in its place among the removals.
  void publish(std::string topic, std::string payload);

  // What the store keeps once all of this is out; nothing: the device is forgotten.
  void then(std::string_view handle, std::optional<DeviceRecord> record) {
    then_.emplace_back(handle, std::move(record));
  }

  bool waiting() const { return !outbox_.done() || !then_.empty() || later_changed_; }
  // False: the broker has no room for the rest now.
  bool flush();

 private:
  struct Later {
    std::string handle, topic;
    Mono due;
  };
  void keep_later();

  Broker& broker_;
  AnnouncementStore& store_;
  Log& log_;
  Outbox outbox_;
  bool overflow_told_ = false;
  std::vector<std::pair<std::string, std::optional<DeviceRecord>>> then_;
  std::vector<Later> later_;
  bool later_changed_ = false;
};

}  // namespace gridtap::mqtt
