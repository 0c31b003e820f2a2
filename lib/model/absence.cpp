// What an earlier run had and this one has not: how long it is waited for, and when it is gone.
#include <algorithm>

#include "model/model.hpp"

namespace gridtap::model {

// From its first good frame on it is judged what is missing; of the gateway's own device at once,
// because it reports everything in one go.
void Model::frame_came(Device& device, Now now) {
  if (device.first_frame != Mono::max()) return;
  device.first_frame = now.mono;
  bool missing = false;
  device.each([&](Entity& entity) {
    entity.step(LifeEvent::frame);
    missing |= entity.life() == Life::missing;
  });
  if (!missing) return;
  if (device.is_gateway()) return give_up(device, now);
  device.missing_due = now.mono + declared_grace;
  schedule(device);
}

void Model::give_up(Device& device, Now now) {
  const Mono day_end = device.first_frame + seen_grace;
  const bool day_over = now.mono >= day_end;
  device.missing_due = day_over ? Mono::max() : day_end;
  schedule(device);
  const auto drop = [&](auto unwanted) {
    bool any = false;
    device.each([&](Entity& entity) {
      if (entity.life() != Life::missing || !unwanted(entity)) return;
      entity.step(LifeEvent::time_up);
      any = any || !entity.spec().line_health;
      remove(device, entity);
    });
    return any;
  };
  const bool any = drop([&](const Entity& e) { return e.declared() || day_over; });
  // The values of a rule go with what it let people set.
  if (any) drop([](const Entity& e) { return e.by_rule() && !e.spec().line_health; });
}

void Model::remove(Device& device, Entity& entity) {
  tell([&](Observer& observer) { observer.on_removed(device, entity); });
  device.erase(entity);
}

// ---- time ---------------------------------------------------------------------------------------

void Model::schedule(const Device& device) {
  const Mono before = due_.next();
  due_.set(device.index, std::min({device.identity_due, device.missing_due, device.lapse_due}));
  if (due_.next() != before) timer_->set(due_.next());
}

void Model::on_timer() {
  const Now now = clock_.now();
  turn_.clear();
  due_.take(now.mono, turn_);
  for (const std::size_t index : turn_) {
    Device& device = *devices_.all()[index];
    if (device.identity_due <= now.mono) settle(device);
    if (device.missing_due <= now.mono) give_up(device, now);
    if (device.lapse_due <= now.mono) lapse(device, now);
    schedule(device);
  }
  timer_->set(due_.next());
}

}  // namespace gridtap::model
