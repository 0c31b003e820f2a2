// The model's side of the bridge: what it hears, and what goes out when.
#include "mqtt/bridge.hpp"

#include <algorithm>
#include <utility>

#include "model/room.hpp"
#include "mqtt/bridge_core.hpp"

namespace gridtap::mqtt {

Bridge::Core::Core(BridgeOptions options, model::Model& model, Clock& clock, Broker& broker,
                   AnnouncementStore& store, Log& log, std::uint32_t seed, OnCommand on_command,
                   OnBroker on_broker)
    : options_(std::move(options)),
      topics_(options_.base, options_.prefix),
      model_(model),
      clock_(clock),
      broker_(broker),
      log_(log),
      on_command_(std::move(on_command)),
      on_broker_(std::move(on_broker)),
      announcer_(options_, topics_, broker, store, log, model, notes_),
      states_(options_, topics_, broker),
      checks_(options_, topics_, *model_.all().front(), broker, log, seed),
      swaps_(log),
      unknown_commands_(log),
      dropped_(log),
      unanswered_(log),
      other_gateway_(log),
      random_(seed),
      timer_(clock.timer([this] { pump(); })) {
  plain_.interval = std::chrono::milliseconds{0};  // it publishes little, and that at once
  for (const auto& device : model_.all()) on_device(*device);
  model_.add(*this);
}

void Bridge::Core::recall() {
  if (!std::exchange(recalled_, true)) announcer_.start(clock_.now());
}

void Bridge::Core::start() {
  recall();
  broker_.start(*this);
  schedule(next_due());
}

// The gateway's own status first: with it everything is unavailable, whatever finds no room behind
// it. QoS 0, as QoS 1 waits for answers beyond Receive Maximum, and there is no time left to wait.
void Bridge::Core::stop() {
  if (connected_) {
    broker_.publish({topics_.status(), online_payload(false), true, 0});
    checks_.leave();
  }
  online_said_ = true;
  pump();  // the levels in which relays were left, and who is offline by now
  stopping_ = true;
  timer_->set(Mono::max());
  for (const auto& device : model_.all()) {
    announcer_.keep(*device);
    const bool is_told = device->is_gateway() || notes_.of(*device).status == false;
    if (!connected_ || is_told) continue;
    broker_.publish({topics_.status(device->handle), online_payload(false), true, 0});
  }
  connected_ = false;
  broker_.stop();
}

void Bridge::Core::announce_again() {
  everything_again();
  schedule(clock_.now().mono);
}

// ---- changes of the model -----------------------------------------------------------------------

const DeviceOptions& Bridge::Core::options_of(const model::Device& device) const {
  const auto found = std::find_if(options_.devices.begin(), options_.devices.end(),
                                  [&](const DeviceOptions& each) { return each.id == device.id; });
  return found == options_.devices.end() ? plain_ : *found;
}

void Bridge::Core::on_device(const model::Device& device) {
  DeviceNotes notes;
  notes.device = &device;
  notes.options =
      device.parent != nullptr ? notes_.of(*device.parent).options : &options_of(device);
  notes_.all.push_back(std::move(notes));
  announcer_.on_device(device);
  touch(notes_.all.back());
}

void Bridge::Core::on_entity(const model::Device& device, const model::Entity& entity) {
  DeviceNotes& notes = notes_.of(device);
  while (entity.slot() >= notes.entities.size()) {
    model::make_room(notes.entities);
    notes.entities.emplace_back();
  }
  announcer_.on_entity(device, entity);
  touch(notes);
}

void Bridge::Core::on_value(const model::Device& device, const model::Entity& entity,
                            const model::Change& change, Now now) {
  swaps_.on_value(device, entity);
  DeviceNotes& notes = notes_.of(device);
  if (States::heard(notes, entity, change, now)) touch(notes);
}

// Those behind it may have waited for this.
void Bridge::Core::on_identity(const model::Device& device) {
  announcer_.on_identity(device);
  touch(notes_.of(device));
  for (const model::Device* child : device.children) touch(notes_.of(*child));
}

void Bridge::Core::on_adopted(const model::Device& device, std::string_view handle) {
  announcer_.on_adopted(device, handle, clock_.now());
}

void Bridge::Core::on_replaced(const model::Device& device, std::string_view serial) {
  swaps_.on_replaced(device);
  announcer_.on_replaced(device, serial);
}

void Bridge::Core::on_removed(const model::Device& device, const model::Entity& entity) {
  announcer_.on_removed(device, entity);
  DeviceNotes& notes = notes_.of(device);
  notes.of(entity) = EntityNotes{};
  touch(notes);
}

void Bridge::Core::on_rejected(const model::Device& device, const model::Entity& entity,
                               const Rejected& effect, Now now) {
  reject(device, entity, effect.command, effect.error.detail, now);
}

// ---- what goes out ------------------------------------------------------------------------------

void Bridge::Core::everything_again() {
  online_said_ = false;
  for (DeviceNotes& device : notes_.all) {
    device.status.reset();
    device.config_changed = true;
    States::again(device);
    notes_.due.set(device.device->index, Mono{});
  }
}

// Something of the device may be due earlier than before.
void Bridge::Core::touch(DeviceNotes& device) {
  notes_.due.hasten(device.device->index, due(device));
  if (may_publish()) schedule(next_due());
}

void Bridge::Core::schedule(Mono due) {
  if (stopping_ || due >= scheduled_) return;
  scheduled_ = due;
  timer_->set(due);
}

void Bridge::Core::pump() {
  if (stopping_) return;
  const Now now = clock_.now();
  if (birth_due_ <= now.mono) {
    birth_due_ = Mono::max();
    everything_again();
  }
  announcer_.give_up(now);
  if (may_publish()) {
    turn_.clear();
    notes_.due.take(now.mono, turn_);
    full_ = !say_all(now);
    for (const std::size_t index : turn_) notes_.due.hasten(index, due(notes_.all[index]));
  }
  tell_problem(now);
  scheduled_ = next_due();
  timer_->set(scheduled_);
}

bool Bridge::Core::say_all(Now now) {
  if (!online_said_ && !broker_.publish({topics_.status(), online_payload(true), true, 1})) {
    return false;
  }
  online_said_ = true;
  const auto each = [&](auto call) {
    return std::all_of(turn_.begin(), turn_.end(),
                       [&](std::size_t index) { return call(notes_.all[index]); });
  };
  return each([&](DeviceNotes& device) { return say_status(device); }) && checks_.run(now) &&
         announcer_.flush_removals(now) &&
         each([&](DeviceNotes& device) { return announcer_.flush(device, now); }) &&
         each([&](DeviceNotes& device) { return states_.flush(device, now); });
}

bool Bridge::Core::say_status(DeviceNotes& device) {
  const bool online = device.device->online();
  if (device.device->is_gateway() || device.status == online) return true;
  const std::string topic = topics_.status(device.device->handle);
  if (!broker_.publish({topic, online_payload(online), true, 1})) return false;
  device.status = online;
  return true;
}

Mono Bridge::Core::due(const DeviceNotes& device) const {
  const bool told = device.device->is_gateway() || device.status == device.device->online();
  return told ? std::min(device.states_due, announcer_.due(device)) : Mono{};
}

Mono Bridge::Core::next_due() const {
  const Mono soon = std::min(birth_due_, announcer_.give_up_due());
  if (!may_publish()) return soon;
  const bool now = announcer_.has_removals() || !online_said_;
  return now ? Mono{} : std::min({soon, checks_.due(), notes_.due.next()});
}

// ---- the door -----------------------------------------------------------------------------------

Bridge::Bridge(BridgeOptions options, model::Model& model, Clock& clock, Broker& broker,
               AnnouncementStore& store, Log& log, std::uint32_t seed, OnCommand on_command,
               OnBroker on_broker)
    : core_(std::make_unique<Core>(std::move(options), model, clock, broker, store, log, seed,
                                   std::move(on_command), std::move(on_broker))) {}
Bridge::~Bridge() = default;
void Bridge::recall() { core_->recall(); }
void Bridge::start() { core_->start(); }
void Bridge::stop() { core_->stop(); }
void Bridge::announce_again() { core_->announce_again(); }
const BridgeCounters& Bridge::counters() const { return core_->counters(); }

}  // namespace gridtap::mqtt
