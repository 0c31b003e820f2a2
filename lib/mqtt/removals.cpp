#include "mqtt/removals.hpp"

#include <algorithm>

#include "core/ids.hpp"
#include "model/titles.hpp"

namespace gridtap::mqtt {
namespace {

using Form = BridgeOptions::Discovery;

constexpr std::string_view migrate_payload = R"({"migrate_discovery":true})";

std::vector<std::string> configs_of(const DeviceRecord& record) {
  std::vector<std::string> configs;
  if (record.form == Form::device) configs.push_back(record.topics.device_config(record.node));
  if (record.form == Form::entity) {
    for (const ComponentRecord& component : record.components) {
      configs.push_back(record.topics.entity_config(model::component(component.platform),
                                                    record.node, topic_level(component.key)));
    }
  }
  return configs;
}

std::vector<std::string> states_of(std::string_view handle, const DeviceRecord& record) {
  std::vector<std::string> topics;
  for (const ComponentRecord& component : record.components) {
    const std::string level = topic_level(component.key);
    topics.push_back(record.topics.state(handle, level));
    if (component.has_attributes) topics.push_back(record.topics.attributes(handle, level));
  }
  topics.push_back(record.topics.status(handle));
  return topics;
}

}  // namespace

void Removals::config(const DeviceRecord& record, bool migrate) {
  std::vector<std::string> configs = configs_of(record);
  if (migrate) {
    for (const std::string& config : configs) {
      outbox_.add(config, std::string(migrate_payload), false);
    }
  }
  for (std::string& config : configs) outbox_.empty(std::move(config));
}

void Removals::states(std::string_view handle, const DeviceRecord& record) {
  for (std::string& topic : states_of(handle, record)) outbox_.empty(std::move(topic));
}

void Removals::states_later(std::string_view handle, std::string_view old_handle,
                            const DeviceRecord& record, Mono due) {
  for (std::string& topic : states_of(old_handle, record)) {
    later_.push_back({std::string(handle), std::move(topic), due});
  }
  keep_later();
}

void Removals::recall(Mono due) {
  for (auto& [handle, topic] : store_.leftovers()) {
    later_.push_back({std::move(handle), std::move(topic), due});
  }
}

void Removals::hasten(std::string_view handle, Mono due) {
  for (Later& each : later_) {
    if (each.handle == handle) each.due = std::min(each.due, due);
  }
}

Mono Removals::later_due() const {
  Mono due = Mono::max();
  for (const Later& each : later_) due = std::min(due, each.due);
  return due;
}

void Removals::keep_later() {
  std::vector<AnnouncementStore::Leftover> leftovers;
  for (const Later& each : later_) leftovers.push_back({each.handle, each.topic});
  store_.write_leftovers(leftovers);
}

void Removals::state(const Topics& topics, std::string_view handle, std::string_view entity,
                     bool attributes) {
  outbox_.empty(topics.state(handle, entity));
  if (attributes) outbox_.empty(topics.attributes(handle, entity));
}

void Removals::publish(std::string topic, std::string payload) {
  outbox_.add(std::move(topic), std::move(payload), true);
}

bool Removals::flush() {
  if (outbox_.dropped() > 0 && !std::exchange(overflow_told_, true)) {
    log_.write(Level::warning, "gateway",
               "more than " + std::to_string(Outbox::max_waiting) +
                   " topics wait to be cleared: some keep their last value on the broker");
  }
  if (!outbox_.flush(broker_)) return false;
  for (auto& [handle, record] : then_) {
    if (record) {
      store_.write(handle, *record);
    } else {
      store_.forget(handle);
    }
  }
  then_.clear();
  if (std::exchange(later_changed_, false)) keep_later();
  return true;
}

}  // namespace gridtap::mqtt
