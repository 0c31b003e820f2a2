#include "web/command_answers.hpp"

#include <algorithm>
#include <utility>

#include "core/json_text.hpp"
#include "web/state_json.hpp"

namespace gridtap::web {

using model::Device;
using model::Entity;

namespace {

bool is_button(const Entity& entity) { return entity.spec().platform == Platform::button; }

// A number may come back with other decimals: 5 as 5.0.
bool shows(const Entity& entity, std::string_view payload) {
  if (const auto* const number = std::get_if<Decimal>(&entity.value())) {
    const auto wanted = parse_decimal(payload);
    return wanted && *number == *wanted;
  }
  return entity.has_value() && value_text(entity) == payload;
}

}  // namespace

CommandAnswers::CommandAnswers(const model::Model& model, Clock& clock, OnOutcome on_outcome)
    : model_(model),
      clock_(clock),
      on_outcome_(std::move(on_outcome)),
      timer_(clock.timer([this] { time_up(); })) {}

void CommandAnswers::expect(std::uint64_t request, const Device& device, const Entity& entity,
                            std::string_view payload) {
  const Mono now = clock_.now().mono;
  const Mono due = now + (is_button(entity) ? button_wait : longest_wait);
  waiting_.push_back({request, device.index, entity.slot(), std::string(payload), due});
  schedule();
}

// What is as it was wanted needs no other proof, except a text: it may be wanted twice. The
// gateway's own buttons work at once.
void CommandAnswers::handed_on(std::uint64_t request) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const Waiting& each) { return each.request == request; });
  if (found == waiting_.end()) return;
  const Device& device = *model_.all()[found->device];
  const Entity& entity = *device.at(found->slot);
  const bool done = is_button(entity)
                        ? device.is_gateway()
                        : entity.spec().platform != Platform::text && shows(entity, found->payload);
  if (!done) return;
  const Waiting waiting = std::move(*found);
  waiting_.erase(found);
  on_outcome_(request, {false, shown(waiting)});
}

void CommandAnswers::forget(std::uint64_t request) {
  std::erase_if(waiting_, [&](const Waiting& each) { return each.request == request; });
}

// A device may show another number than was asked for, where it rounds; it is done with it then. Of
// all else only what was wanted is an answer.
bool CommandAnswers::is_done(const Waiting& waiting, const Entity& entity,
                             const model::Change& change) const {
  if (is_button(entity)) return false;
  const bool other_number = change.value && entity.spec().platform == Platform::number;
  return other_number || shows(entity, waiting.payload);
}

void CommandAnswers::on_value(const Device& device, const Entity& entity,
                              const model::Change& change, Now) {
  if (waiting_.empty()) return;
  const auto is = [&](const Waiting& each) {
    return each.device == device.index && each.slot == entity.slot() &&
           is_done(each, entity, change);
  };
  while (answer_first(is, false, {})) {
  }
}

// Each refusal is of one command.
void CommandAnswers::on_rejected(const Device& device, const Entity& entity, const Rejected& effect,
                                 Now) {
  answer_first(
      [&](const Waiting& each) {
        return each.device == device.index && each.slot == entity.slot() &&
               each.payload == effect.command;
      },
      true, effect.error.detail);
}

void CommandAnswers::on_removed(const Device& device, const Entity& entity) {
  const auto is = [&](const Waiting& each) {
    return each.device == device.index && each.slot == entity.slot();
  };
  while (answer_first(is, true, "it is no longer there")) {
  }
}

// True: there was one, and it is answered.
template <class Is>
bool CommandAnswers::answer_first(Is is, bool refused, std::string_view reason) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(), is);
  if (found == waiting_.end()) return false;
  const Waiting waiting = std::move(*found);
  waiting_.erase(found);
  on_outcome_(waiting.request, {refused, refused ? printable(reason) : shown(waiting)});
  return true;
}

std::string CommandAnswers::shown(const Waiting& waiting) const {
  const Entity& entity = *model_.all()[waiting.device]->at(waiting.slot);
  return is_button(entity) ? waiting.payload : value_text(entity);
}

void CommandAnswers::time_up() {
  const Mono now = clock_.now().mono;
  while (answer_first([&](const Waiting& each) { return each.due <= now; }, false, {})) {
  }
  schedule();
}

void CommandAnswers::schedule() {
  const auto first =
      std::min_element(waiting_.begin(), waiting_.end(),
                       [](const Waiting& a, const Waiting& b) { return a.due < b.due; });
  timer_->set(first == waiting_.end() ? Mono::max() : first->due);
}

}  // namespace gridtap::web
