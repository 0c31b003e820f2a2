#pragma once
// What earlier runs announced, and what becomes of it: it moves to another form of discovery, other
// topics or another name of its device, or leaves the broker.

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.hpp"
#include "mqtt/removals.hpp"

namespace gridtap::mqtt {

class EarlierAnnouncements {
 public:
  // A device that is no longer configured may come back under another id: for so long its entities
  // are kept for it, if there is a new device at all.
  static constexpr std::chrono::seconds adoption_wait{75};

  EarlierAnnouncements(const BridgeOptions& options, const Topics& topics, AnnouncementStore& store,
                       Log& log, const model::Model& model, Removals& removals)
      : options_(options),
        topics_(topics),
        store_(store),
        log_(log),
        model_(model),
        removals_(removals) {}

  // Moves what is configured, and gives up the others, at once or after the wait.
  void start(Now now);
  // When those that are no longer configured, or topics of another name, are given up; max(): there
  // are none.
  Mono due() const { return std::min(orphans_due(), removals_.later_due()); }
  void give_up(Now now);

  // The config of a device is where this run has it.
  bool in_place(std::string_view handle) const;
  // The device was called `handle`: its record goes to the new name, and so does its config. False:
  // the config is not in place.
  bool adopt(const model::Device& device, std::string_view handle, Now now);

  // At every connection: children of earlier runs that have not come yet are offline.
  void say_absent_offline();

  // Old entities with the ids of new ones are being removed; once.
  bool take_renamed() { return std::exchange(renamed_, false); }

 private:
  Mono orphans_due() const { return orphans_.empty() ? Mono::max() : orphans_due_; }
  bool in_place(const DeviceRecord& record) const;
  bool in_use(std::string_view topic) const;
  void move(std::string_view handle, DeviceRecord record, Now now);
  void empty_states(std::string_view handle, std::string_view old_handle,
                    const DeviceRecord& record, Now now);
  void settle(DeviceRecord& record);
  void remove(const std::string& handle, const DeviceRecord& record);

  const BridgeOptions& options_;
  const Topics& topics_;
  AnnouncementStore& store_;
  Log& log_;
  const model::Model& model_;
  Removals& removals_;
  std::vector<std::string> orphans_;  // handles of devices that are no longer configured
  Mono orphans_due_ = Mono::max();
  bool renamed_ = false;
};

}  // namespace gridtap::mqtt
