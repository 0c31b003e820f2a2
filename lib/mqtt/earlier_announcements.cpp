#include "mqtt/earlier_announcements.hpp"

#include <algorithm>

namespace gridtap::mqtt {
namespace {

using Form = BridgeOptions::Discovery;

// One that has no record may be one that had another id.
bool any_new(const model::Model& model) {
  return std::any_of(model.all().begin(), model.all().end(), [&](const auto& device) {
    return !device->is_gateway() && device->parent == nullptr && device->identity.empty();
  });
}

// Another identity has the id in it: no device with another id is the same one.
bool is_of_serial(const DeviceRecord& record) { return record.identity == record.wire_identity; }

}  // namespace

void EarlierAnnouncements::start(Now now) {
  removals_.recall(now.mono + adoption_wait);
  const bool wait = any_new(model_);
  for (const std::string& handle : store_.topics()) {
    auto record = store_.read(handle);
    if (!record) continue;
    if (model_.find(record->id, "") != nullptr) {
      move(handle, *std::move(record), now);
    } else if (wait && is_of_serial(*record)) {
      orphans_.push_back(handle);
    } else {
      remove(handle, *record);
    }
  }
  orphans_due_ = now.mono + adoption_wait;
}

void EarlierAnnouncements::give_up(Now now) {
  removals_.take_due(now, [&](std::string_view topic) { return in_use(topic); });
  if (now.mono < orphans_due()) return;
  for (const std::string& handle : std::exchange(orphans_, {})) {
    if (const auto record = store_.read(handle)) remove(handle, *record);
  }
}

// The topics of states are no part of it: they may change in place.
bool EarlierAnnouncements::in_place(const DeviceRecord& record) const {
  return record.form == options_.discovery && record.topics.prefix() == topics_.prefix() &&
         record.node == Topics::node(record.identity);
}

bool EarlierAnnouncements::in_place(std::string_view handle) const {
  const auto record = store_.read(handle);
  return record && in_place(*record);
}

// A name that was given up and taken again.
bool EarlierAnnouncements::in_use(std::string_view topic) const {
  if (topic == topics_.status()) return true;
  return std::any_of(model_.all().begin(), model_.all().end(), [&](const auto& device) {
    return topic.starts_with(topics_.state(device->handle, ""));
  });
}

// Without discovery Home Assistant reads none of them, and nothing has to be waited for.
void EarlierAnnouncements::empty_states(std::string_view handle, std::string_view old_handle,
                                        const DeviceRecord& record, Now now) {
  if (record.form == Form::off || options_.discovery == Form::off) {
    return removals_.states(old_handle, record);
  }
  removals_.states_later(handle, old_handle, record, now.mono + adoption_wait);
}

void EarlierAnnouncements::move(std::string_view handle, DeviceRecord record, Now now) {
  const bool other_base = record.topics.base() != topics_.base();
  if (!other_base && (record.form == Form::off || in_place(record))) return;
  if (other_base) empty_states(handle, handle, record, now);
  settle(record);
  removals_.then(handle, std::move(record));
}

// Takes away a config that is not in place, and leaves the record as it is after that. With other
// unique ids nothing can be kept, and a new entity gets its id from an old one that is still there
// only with a number behind it.
void EarlierAnnouncements::settle(DeviceRecord& record) {
  if (record.form != Form::off && !in_place(record)) {
    const bool same_place = record.topics.prefix() == topics_.prefix();
    removals_.config(record, options_.discovery != Form::off && same_place && !record.renamed);
    renamed_ |= record.renamed;
    record.form = Form::off;
  }
  record.topics = topics_;
  record.node = Topics::node(record.identity);
}

bool EarlierAnnouncements::adopt(const model::Device& device, std::string_view handle, Now now) {
  auto record = store_.read(handle);
  if (!record) return false;
  log_.write(Level::info, device.handle, "was called " + std::string(handle) + " before");
  const bool kept = in_place(*record);
  empty_states(device.handle, handle, *record, now);
  settle(*record);
  record->id = device.id;
  store_.write(device.handle, *record);
  removals_.then(handle, {});
  std::erase(orphans_, handle);
  return kept;
}

// Its config stays where another device has the same identity, and with it the same topic.
void EarlierAnnouncements::remove(const std::string& handle, const DeviceRecord& record) {
  const bool lives = std::any_of(model_.all().begin(), model_.all().end(), [&](const auto& device) {
    return device->identity == record.identity;
  });
  log_.write(Level::info, handle, "no longer configured: removed from the broker");
  if (!lives) removals_.config(record, false);
  removals_.states(handle, record);
  removals_.then(handle, {});
}

void EarlierAnnouncements::say_absent_offline() {
  for (const std::string& handle : store_.topics()) {
    const auto record = store_.read(handle);
    const bool configured = record && model_.find(record->id, "") != nullptr;
    if (configured && model_.find_handle(handle) == nullptr) {
      removals_.publish(topics_.status(handle), "offline");
    }
  }
}

}  // namespace gridtap::mqtt
