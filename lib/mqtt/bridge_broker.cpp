// The broker's side of the bridge: connections, commands, births, and what the broker does not do.
#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "model/commands.hpp"
#include "mqtt/bridge_core.hpp"
#include "mqtt/payload.hpp"

namespace gridtap::mqtt {
namespace {

using namespace std::chrono_literals;

// Many gateways hear the birth of one Home Assistant: each waits its own time.
constexpr std::chrono::milliseconds birth_wait_least = 1s, birth_wait_most = 10s;
// Right after connecting, an `offline` is what the last will of our former connection left.
constexpr std::chrono::seconds former_will_wait = 60s;
constexpr int answers_a_second = 10;  // on the `rejected` topics of one device

}  // namespace

void Bridge::Core::on_connected(const BrokerSession& session) {
  connected_ = true;
  full_ = false;
  connected_at_ = clock_.now().mono;
  broker_.subscribe(topics_.every_set(), true);
  broker_.subscribe(topics_.status(), false);
  if (options_.discovery != BridgeOptions::Discovery::off) {
    broker_.subscribe(topics_.birth(), false);
  }
  checks_.connected(session, clock_.now());
  tell_problem(clock_.now());
  for (DeviceNotes& device : notes_.all) device.config_at.reset();
  announcer_.say_absent_offline();
  everything_again();
  pump();
  on_broker_(true);
}

void Bridge::Core::on_disconnected(const Error&) {
  connected_ = full_ = false;
  checks_.disconnected();
  on_broker_(false);
}

void Bridge::Core::on_ready() {
  full_ = false;
  pump();
}

void Bridge::Core::on_message(const Arrival& message) {
  if (stopping_) return;
  const Now now = clock_.now();
  const auto& [topic, payload, retained, expires] = message;
  const bool check = checks_.heard(topic, payload, retained, now);
  tell_problem(now);
  if (check) return;
  if (topic == topics_.status()) return other_status(payload, now);
  if (topic == topics_.birth()) {
    if (payload != "online" || birth_due_ != Mono::max()) return;
    std::uniform_int_distribution<std::int64_t> wait(birth_wait_least.count(),
                                                     birth_wait_most.count());
    birth_due_ = now.mono + std::chrono::milliseconds(wait(random_));
    return schedule(birth_due_);
  }
  if (command(message, now)) return;
  ++counters_.unknown_commands;
  unknown_commands_.write(
      Level::warning, "gateway",
      "a command for an unknown device or entity: " + printable(model::front_of(topic, 128)), now);
}

bool Bridge::Core::command(const Arrival& message, Now now) {
  const auto target = topics_.target(message.topic);
  const model::Device* const device = target ? model_.find_handle(target->device) : nullptr;
  const model::Entity* const entity =
      device == nullptr ? nullptr : device->find_level(target->entity);
  if (entity == nullptr) return false;
  command(*device, *entity, message, now);
  return true;
}

void Bridge::Core::command(const model::Device& device, const model::Entity& entity,
                           const Arrival& message, Now now) {
  const std::string_view payload = message.payload;
  if (message.retained && payload.empty()) return;  // a retained topic is being cleared
  if (message.retained) {
    return model::refuse(model_, device, entity, payload,
                         "retained commands are refused: send it without the retain flag", now);
  }
  model::command(model_, device, entity, payload, message.expires, on_command_, now);
}

// The state is published again, so that a client that has shown the new one too early reverts.
void Bridge::Core::reject(const model::Device& device, const model::Entity& entity,
                          std::string_view command, std::string_view reason, Now now) {
  DeviceNotes& notes = notes_.of(device);
  if (!connected_) return;
  if (may_answer(notes, now)) {
    broker_.publish({topics_.rejected(device.handle, entity.level()),
                     rejected_payload(command, reason), false, 0});
  }
  States::again(notes, notes.of(entity));
  touch(notes);
}

// Each answer is for a person to read; a flood of them would only be another flood.
bool Bridge::Core::may_answer(DeviceNotes& device, Now now) {
  if (now.mono >= device.answers_since + 1s) {
    device.answers_since = now.mono;
    device.answers = 0;
  }
  if (device.answers < answers_a_second) {
    ++device.answers;
    return true;
  }
  unanswered_.write(Level::warning, device.device->handle,
                    "more than " + std::to_string(answers_a_second) +
                        " commands a second were refused: this one and those that follow have no "
                        "answer on `rejected`",
                    now);
  return false;
}

void Bridge::Core::on_dropped(std::uint64_t messages) {
  counters_.unknown_commands += messages;
  dropped_.write(Level::warning, "gateway",
                 std::to_string(messages) +
                     " messages arrived faster than they could be read and were dropped, perhaps "
                     "commands; the newest of each topic was kept: find the client that floods " +
                     topics_.every_set(),
                 clock_.now());
}

void Bridge::Core::on_denied(const Denial& denial) {
  checks_.denied(denial);
  tell_problem(clock_.now());
}

void Bridge::Core::on_problem(std::string_view text) {
  checks_.problem(text);
  tell_problem(clock_.now());
}

// What the broker does not allow is a reading of the gateway's own device, for every face.
void Bridge::Core::tell_problem(Now now) {
  schedule(checks_.due());
  const std::optional<std::string> news = checks_.take_news();
  if (!news) return;
  model_.on_effect(gateway_device, Reading{"", "broker_problem", "rule", std::string_view(*news)},
                   now);
}

// Our own status as published by another client: the last will of a connection that has just been
// replaced, or a second gateway that uses our topics.
void Bridge::Core::other_status(std::string_view payload, Now now) {
  if (payload != online_payload(false) || !connected_) return;
  online_said_ = false;
  schedule(now.mono);
  if (now.mono < connected_at_ + former_will_wait) return;
  other_gateway_.write(Level::warning, "gateway",
                       "another client says that this gateway is offline: does a second gateway "
                       "use the base topic `" +
                           options_.base + "`? Give each its own `base`",
                       now);
}

}  // namespace gridtap::mqtt
