#include "model/model.hpp"

#include <utility>

#include "core/ids.hpp"
#include "core/json_text.hpp"

namespace gridtap::model {
namespace {

bool assign(std::string& to, std::string_view text) {
  if (to == text) return false;
  to = text;
  return true;
}

// Of a key that comes as a value: without a declaration it takes no commands. A row that needs no
// change is handed out as it is, else `scratch`.
const EntitySpec& spec_of(std::string_view key, EntitySpec& scratch) {
  const EntitySpec* const row = find_spec(key);
  const bool reports = row != nullptr && (row->platform == Platform::sensor ||
                                          row->platform == Platform::binary_sensor);
  if (reports && row->key == key && row->category != Category::config) return *row;
  scratch = row != nullptr ? read_only(*row) : EntitySpec{};
  scratch.key = key;
  return scratch;
}

constexpr std::string_view refusal_key = "last_refusal";
constexpr std::size_t max_shown_command = 80;

bool is_text(const Reading& reading) {
  return std::holds_alternative<std::string_view>(reading.value);
}

}  // namespace

Model::Model(Options options, Clock& clock, const EarlierRuns& earlier, Log& log)
    : options_(std::move(options)),
      clock_(clock),
      earlier_(earlier),
      log_(log),
      devices_(options_),
      collisions_(log),
      unfit_(log),
      lapsed_(log),
      timer_(clock.timer([this] { on_timer(); })) {}

void Model::on_effect(std::string_view id, const Effect& effect, Now now) {
  std::visit(overloaded{
                 [&](const Reading& e) { reading(id, e, now); },
                 [&](const Frame&) { frame(id, now); },
                 [&](const Alive& e) { alive(id, e, now); },
                 [&](const Identified& e) { identified(id, e, now); },
                 [&](const gridtap::Entity& e) { declared(id, e, now); },
                 [&](const Rejected& e) { rejected(id, e, now); },
                 [](const auto&) {},
             },
             effect);
}

// ---- entities -----------------------------------------------------------------------------------

void Model::reading(std::string_view id, const Reading& effect, Now now) {
  Device* const device = devices_.find(id, effect.channel);
  if (device == nullptr) return;
  Entity* entity = device->find(effect.key);
  if (entity == nullptr || entity->life() != Life::seen) entity = meet(*device, effect, now);
  if (entity == nullptr) return;
  if (is_text(effect) && is_numeric(entity->spec())) return unfit(*device, effect, now);
  if (device->parent != nullptr) frame_came(*device, now);
  device->heard = now.mono;
  take(*device, *entity, effect, now);
}

void Model::take(Device& device, Entity& entity, const Reading& effect, Now now) {
  const Mono since = device.alive ? device.online_since : Mono::max();
  const Change change = entity.take(effect, now.mono, since);
  if (change.known || change.regular) watch(device, entity);
  if (change.option_lost || change.attributes_lost) tell_losses(device, entity, change);
  tell([&](Observer& observer) { observer.on_value(device, entity, change, now); });
}

// An entity without a value in this run; null where it gets no name. That the device does not know
// a value is no reason to show it, but it may change what was shown before.
Entity* Model::meet(Device& device, const Reading& effect, Now now) {
  Entity* const known = device.find(effect.key);
  if (known == nullptr && std::holds_alternative<std::monostate>(effect.value)) return nullptr;
  EntitySpec scratch;
  const EntitySpec& spec = spec_of(effect.key, scratch);
  if (known == nullptr) {
    if (!is_text(effect) || !is_numeric(spec)) return add(device, spec, Life::seen, now);
    unfit(device, effect, now);
  } else if (known->life() != Life::declared && spec.platform != known->spec().platform) {
    known->respecify(spec);
    tell([&](Observer& observer) { observer.on_entity(device, *known); });
  }
  return known;
}

void Model::declared(std::string_view id, const gridtap::Entity& effect, Now now) {
  Device* const device = devices_.find(id, effect.channel);
  if (device == nullptr) return;
  Entity* entity = device->find(effect.spec->key);
  if (entity == nullptr) {
    entity = add(*device, *effect.spec, Life::declared, now);
    if (entity == nullptr) return;
  } else {
    entity->respecify(*effect.spec);
  }
  entity->declare();
  tell([&](Observer& observer) { observer.on_entity(*device, *entity); });
  if (entity->takes_commands()) expect_refusals(*device, now);
}

Entity* Model::add(Device& device, const EntitySpec& spec, Life life, Now now) {
  if (device.refused(spec.key)) return nullptr;
  const bool full = device.entity_count() >= max_entities;
  Entity* const entity = device.add(spec, life);
  if (entity == nullptr && full) {
    say_limit(device, Limit::entities,
              "more than " + std::to_string(max_entities) + " entities: `" + printable(spec.key) +
                  "` and those that follow are not published");
  } else if (entity == nullptr) {
    collided(device.handle, spec.key, now);
  } else if (life != Life::declared) {
    tell([&](Observer& observer) { observer.on_entity(device, *entity); });
  }
  return entity;
}

void Model::tell_losses(Device& device, const Entity& entity, const Change& change) {
  const std::string level(entity.level());
  if (change.option_lost) {
    say_limit(device, Limit::options,
              level + " has had " + std::to_string(max_options) +
                  " different values: others are shown as unknown");
  }
  if (change.attributes_lost) {
    say_limit(device, Limit::attributes,
              "the attributes of " + level + " are longer than " + std::to_string(max_attributes) +
                  " bytes, and not published");
  }
}

// ---- refused commands ---------------------------------------------------------------------------

void Model::rejected(std::string_view id, const Rejected& effect, Now now) {
  Device* const device = devices_.find(id, effect.channel);
  const Entity* const entity = device == nullptr ? nullptr : device->find(effect.key);
  if (entity == nullptr) return;
  ++counters_.rejected_commands;
  log_refusal(*device, *entity, effect.error, now);
  tell([&](Observer& observer) { observer.on_rejected(*device, *entity, effect, now); });
  note_refusal(*device, *entity, effect, now);
}

void Model::log_refusal(const Device& device, const Entity& entity, const Error& why, Now now) {
  QuietLine& line = refusals_.try_emplace(device.index, log_).first->second;
  line.write(
      Level::warning, device.handle,
      "a command of " + std::string(entity.level()) + " was refused: " + printable(why.detail),
      now);
}

// It is there before the first refusal, so that automations can be made with it; unknown, because
// a refusal of an earlier run may be old.
void Model::expect_refusals(Device& device, Now now) {
  const Entity* const known = device.find(refusal_key);
  if (known != nullptr && known->life() == Life::seen) return;
  const gridtap::Entity effect{device.channel, find_spec(refusal_key)};
  declared(device.id, effect, now);
  if (Entity* const entity = device.find(refusal_key)) {
    take(device, *entity, {device.channel, refusal_key, "rule", Value{}}, now);
  }
}

void Model::note_refusal(Device& device, const Entity& entity, const Rejected& effect, Now now) {
  Entity* const refusal = device.find(refusal_key);
  if (refusal == nullptr) return;
  const std::string& why = effect.error.detail;
  const bool again =
      refusal->value() == Value{std::string_view(why)} && now.mono < refusal->at() + refusal_gap;
  if (again) return;
  std::string attributes = "{\"entity\":";
  append_json(attributes, entity.level());
  attributes += ",\"command\":";
  append_json(attributes, front_of(effect.command, max_shown_command));
  if (now.wall) attributes += ",\"at\":\"" + to_text(Value{Timestamp{*now.wall}}) + '"';
  attributes += '}';
  take(device, *refusal,
       {device.channel, refusal_key, "rule", std::string_view(why), {}, attributes}, now);
}

// ---- devices ------------------------------------------------------------------------------------

void Model::frame(std::string_view id, Now now) {
  Device* const device = devices_.find(id, "");
  if (device != nullptr) frame_came(*device, now);
}

void Model::alive(std::string_view id, const Alive& effect, Now now) {
  Device* const device = devices_.find(id, effect.channel);
  if (device == nullptr) return;
  if (effect.lease > std::chrono::milliseconds{0}) {
    device->lease = std::chrono::ceil<ShortSeconds>(effect.lease);
  }
  set_alive(*device, effect.lease > std::chrono::milliseconds{0}, now);
}

// Those behind a device are offline with it.
void Model::set_alive(Device& device, bool alive, Now now) {
  if (device.alive == alive) return;
  device.alive = device.ever_alive = alive || device.ever_alive;
  device.alive = alive;
  if (alive) came_online(device, now);
  tell([&](Observer& observer) { observer.on_online(device); });
  for (Device* const child : device.children) {
    if (alive) came_online(*child, now);
    tell([&](Observer& observer) { observer.on_online(*child); });
  }
}

void Model::identified(std::string_view id, const Identified& effect, Now now) {
  const Devices::Bound bound = devices_.bind(id, effect);
  if (bound.left != nullptr) tell([&](Observer& o) { o.on_online(*bound.left); });
  if (bound.refusal == Devices::Refusal::taken) collided(id, effect.device.suffix, now);
  if (bound.refusal == Devices::Refusal::too_many) {
    say_limit(*devices_.find(id, ""), Limit::channels,
              "more than " + std::to_string(max_channels) + " devices behind it: `" +
                  printable(effect.channel) + "` and those that follow are not published");
  }
  if (bound.device == nullptr) return;
  Device& device = *bound.device;
  if (bound.made) tell([&](Observer& observer) { observer.on_device(device); });
  bool changed = !std::exchange(device.identified, true);
  changed |= assign(device.serial, effect.device.serial);
  changed |= assign(device.manufacturer, effect.device.manufacturer);
  changed |= assign(device.model, effect.device.model);
  changed |= assign(device.firmware, effect.device.firmware);
  if (changed) tell([&](Observer& observer) { observer.on_identity(device); });
  learn(device, effect.device.identity, now);
}

// ---- what was not taken -------------------------------------------------------------------------

void Model::collided(std::string_view device, std::string_view name, Now now) {
  ++counters_.name_collisions;
  collisions_.write(Level::warning, device,
                    "`" + printable(name) +
                        "` is not published: another one has its topic. Give it another name where "
                        "it comes from",
                    now);
}

void Model::unfit(const Device& device, const Reading& effect, Now now) {
  ++counters_.unfit_readings;
  unfit_.write(Level::warning, device.handle,
               "text where a number was promised, not published: " + topic_level(effect.key), now);
}

// Once for each device; counted each time.
void Model::say_limit(Device& device, Limit limit, const std::string& what) {
  const bool names = limit == Limit::channels || limit == Limit::entities;
  ++(names ? counters_.name_collisions : counters_.unfit_readings);
  bool& told = device.limits_told[static_cast<std::size_t>(limit)];
  if (!std::exchange(told, true)) log_.write(Level::warning, device.handle, what);
}

}  // namespace gridtap::model
