#pragma once
// The model of the house: its devices, their identities, and their newest values. Receives
// every effect of every device (a Sink) and notifies its observers, the faces, of what changed; a
// face that comes later asks devices() for all of it. Knows nothing of topics, pages or brokers.

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "core/ports.hpp"
#include "core/quiet_line.hpp"
#include "model/devices.hpp"
#include "model/due_queue.hpp"
#include "model/earlier_runs.hpp"
#include "model/observer.hpp"

namespace gridtap::model {

// What was not accepted, since the start.
struct Counters {
  std::uint64_t name_collisions = 0;  // channels or keys whose name was taken, or too many of them
  std::uint64_t unfit_readings = 0;   // texts where a number was declared, too many options, too
                                      // long attributes
  std::uint64_t rejected_commands = 0;  // by whatever face they came
};

class Model final : public Sink {
 public:
  // How long a device may take to identify itself before its line health is shown under its own id.
  static constexpr std::chrono::seconds first_frame_wait{60};
  // One that an earlier run has identified is shown so soon, whether it sends anything or not.
  static constexpr std::chrono::seconds recalled_wait{5};
  // What an earlier run had by an Entity effect is declared before the first frame, or some frames
  // later; what only shows up now and then (hourly lists, meters behind a meter) is given a day.
  static constexpr std::chrono::seconds declared_grace{30};
  static constexpr std::chrono::hours seen_grace{25};
  // The same refusal is noted so often at most: commands may come by the thousand.
  static constexpr std::chrono::seconds refusal_gap{1};

  // Everything named outlives the model.
  Model(Options options, Clock& clock, const EarlierRuns& earlier, Log& log);

  // Observers hear what happens from now on; they outlive the model, or are removed.
  void add(Observer& observer) { observers_.push_back(&observer); }
  void remove(Observer& observer) { std::erase(observers_, &observer); }
  // Recalls what earlier runs knew of the configured devices. After the observers were added.
  void start();

  void on_effect(std::string_view id, const Effect& effect, Now now) override;

  const std::vector<std::unique_ptr<Device>>& all() const { return devices_.all(); }
  // Null: there is no such device.
  const Device* find(std::string_view id, std::string_view channel) const {
    return devices_.find(id, channel);
  }
  const Device* find_handle(std::string_view handle) const { return devices_.find_handle(handle); }
  const Counters& counters() const { return counters_; }

 private:
  void reading(std::string_view id, const Reading& effect, Now now);
  void frame(std::string_view id, Now now);
  void alive(std::string_view id, const Alive& effect, Now now);
  void identified(std::string_view id, const Identified& effect, Now now);
  void declared(std::string_view id, const gridtap::Entity& effect, Now now);
  void rejected(std::string_view id, const Rejected& effect, Now now);
  void take(Device& device, Entity& entity, const Reading& effect, Now now);
  void log_refusal(const Device& device, const Entity& entity, const Error& why, Now now);
  void expect_refusals(Device& device, Now now);
  void note_refusal(Device& device, const Entity& entity, const Rejected& effect, Now now);
  Entity* meet(Device& device, const Reading& effect, Now now);
  Entity* add(Device& device, const EntitySpec& spec, Life life, Now now);
  void set_alive(Device& device, bool alive, Now now);
  void tell_losses(Device& device, const Entity& entity, const Change& change);
  void unfit(const Device& device, const Reading& effect, Now now);
  void collided(std::string_view device, std::string_view name, Now now);
  void say_limit(Device& device, Limit limit, const std::string& what);

  // ---- the identity of a device (identity.cpp)
  void recall(Device& device);
  void adopt(Device& device);
  void remember(Device& device, const std::vector<RememberedEntity>& entities);
  void learn(Device& device, std::string_view serial, Now now);
  void settle(Device& device);
  void identify(Device& device, std::string identity, std::string wire_identity);
  void empty(Device& device);
  std::string unused(const Device& device, std::string identity) const;

  // ---- what is missing (absence.cpp)
  void frame_came(Device& device, Now now);
  void give_up(Device& device, Now now);
  void remove(Device& device, Entity& entity);

  // ---- what is no longer sent (lapse.cpp)
  void watch(Device& device, const Entity& entity);
  void came_online(Device& device, Now now);
  void lapse(Device& device, Now now);

  void schedule(const Device& device);
  void on_timer();
  template <class Call>
  void tell(Call call) {
    for (Observer* observer : observers_) call(*observer);
  }

  Options options_;
  Clock& clock_;
  const EarlierRuns& earlier_;
  Log& log_;
  Devices devices_;
  std::vector<Observer*> observers_;
  Counters counters_;
  QuietLine collisions_, unfit_, lapsed_;
  std::map<std::size_t, QuietLine> refusals_;  // by device: most are never refused anything
  DueQueue due_;
  std::vector<std::size_t> turn_;
  std::unique_ptr<Timer> timer_;
};

}  // namespace gridtap::model
