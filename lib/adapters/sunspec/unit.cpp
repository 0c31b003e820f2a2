#include "adapters/sunspec/unit.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::sunspec {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t header_size = 2;

std::vector<std::uint16_t> words_of(ByteView registers) {
  std::vector<std::uint16_t> words;
  for (std::size_t n = 0; n < registers.size() / 2; ++n) {
    words.push_back(modbus::register_at(registers, n));
  }
  return words;
}

// Of a model behind its header; nothing where it would go on behind the last register there is.
modbus::Range read_range(const PlacedModel& placed) {
  const unsigned begin = placed.found.address + unsigned{header_size};
  const unsigned end = placed.found.address + unsigned{placed.used};
  if (placed.used <= header_size || end > 0x10000) return {placed.found.address, 0};
  return {static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(end - begin)};
}

std::vector<modbus::Range> value_ranges(const PlacedModel& placed) {
  std::vector<modbus::Range> values;
  for (const Slot& slot : placed.slots) {
    values.push_back({static_cast<std::uint16_t>(placed.found.address + slot.at),
                      registers_of(slot.point->type)});
    const std::uint16_t factor = slot.point->factor;
    if (factor != 0)
      values.push_back({static_cast<std::uint16_t>(placed.found.address + factor), 1});
  }
  return values;
}

// Whether the slot, or the factor that it is scaled by, lies in one of the ranges.
bool is_missing(const PlacedModel& placed, const Slot& slot,
                std::span<const modbus::Range> missing) {
  const auto hit = [&](std::size_t at, std::size_t size) {
    const std::size_t begin = placed.found.address + at;
    return std::any_of(missing.begin(), missing.end(), [&](const modbus::Range& range) {
      return begin < range.end() && range.address < begin + size;
    });
  };
  return hit(slot.at, registers_of(slot.point->type)) ||
         (slot.point->factor != 0 && hit(slot.point->factor, 1));
}

void take_words(PlacedModel& placed, std::span<const std::uint16_t> words) {
  std::copy(words.begin(), words.end(), placed.words.begin() + header_size);
}

ModbusPoller::Time period_of(const PlacedModel& placed) {
  switch (placed.model == nullptr ? Pace::fast : placed.model->pace) {
    case Pace::fast:
      break;
    case Pace::medium:
      return Unit::medium_period;
    case Pace::slow:
      return Unit::slow_period;
    case Pace::once:
      return ModbusPoller::once;
  }
  return {};
}

}  // namespace

Unit::Unit(UnitSettings settings)
    : settings_(std::move(settings)),
      discovery_(settings_.base),
      poller_(settings_.poll),
      backoff_(settings_.poll.period),
      readings_(settings_.readings),
      controls_(settings_.writes) {}

Unit::Time Unit::lease() const { return std::max<Time>(30s, 5 * settings_.poll.period); }

bool Unit::owns(std::string_view channel) const {
  return introduced_ &&
         std::any_of(layout_.devices.begin(), layout_.devices.end(),
                     [&](const PlacedDevice& device) { return device.channel == channel; });
}

void Unit::open(Mono now) {
  asked_ = Asked::nothing;
  backoff_.open(now);
  poller_.restart(now);
  discovery_.open(now, poller_.max_count());
}

void Unit::close(Effects& effects) {
  if (readings_.asleep()) say_asleep(effects);
  controls_.fail_all({Fault::io, "the connection to the device was lost"}, effects);
}

void Unit::command(const Command& command, Effects& effects) {
  const auto device =
      std::find_if(layout_.devices.begin(), layout_.devices.end(),
                   [&](const PlacedDevice& placed) { return placed.channel == command.channel; });
  const auto index = static_cast<std::size_t>(device - layout_.devices.begin());
  controls_.command(command, layout_, readings_.profile(index), effects);
}

// ---- what is asked ------------------------------------------------------------------------------

Mono Unit::due() const {
  const bool at_work = !discovery_.over() || poller_.polling();
  const Mono due = at_work ? Mono{} : std::min(poller_.due(), controls_.due());
  return std::max(due, backoff_.until());
}

// Discovery goes before everything: until it is over the place of the registers is not known.
// Commands go between two polls, so that a poll is never older than its first request.
std::optional<modbus::Request> Unit::turn(Now now, Effects& effects) {
  asked_ = Asked::nothing;
  if (now.mono < due()) return {};
  if (!discovery_.over()) {
    const auto range = discovery_.next();
    if (!range) {
      conclude(now, effects);
      return {};
    }
    asked_ = Asked::discovery;
    return read(*range);
  }
  if (!poller_.polling()) {
    if (controls_.due() <= now.mono) controls_.renew(layout_, now.mono);
    if (controls_.due() <= now.mono) {
      asked_ = Asked::order;
      modbus::Request request = controls_.next(layout_);
      request.unit = settings_.id;
      return request;
    }
    if (discovery_.too_old(now.mono)) {
      discovery_.walk(now.mono, poller_.max_count());
      return {};
    }
    poller_.begin(now.mono);
  }
  if (!poller_.polling()) return {};
  asked_ = Asked::poll;
  return read(poller_.next());
}

modbus::Request Unit::read(const modbus::Range& range) const {
  modbus::Request request;
  request.unit = settings_.id;
  request.function = read_;
  request.address = range.address;
  request.count = range.count;
  return request;
}

// Where everything lies where it was totals and limits go on, and what is read rarely is read now.
void Unit::conclude(Now now, Effects& effects) {
  const Discovery::Found found = discovery_.conclude();
  if (found == Discovery::Found::nothing) {
    fail({Fault::unsupported,
          "unit " + std::to_string(settings_.id) +
              " has no SunSpec models at 40000, 0 or 50000: is it switched on in "
              "the device's menu, and the unit right?"},
         ModbusBackoff::failures_to_offline, now, effects);
    return discovery_.walk(now.mono, poller_.max_count());
  }
  poller_.restart(now.mono);
  if (found == Discovery::Found::the_same) return poller_.read_all_soon();
  introduced_ = false;
  if (discovery_.too_long()) {
    too_many_models_.say("unit " + std::to_string(settings_.id) + " has more than " +
                             std::to_string(Walker::most_models) +
                             " SunSpec models: those after them are not read",
                         effects);
  }
  controls_.forget(effects);
  layout_ = lay_out(discovery_.chain(), settings_.channel, settings_.experts);
  follow();
}

void Unit::follow() {
  std::vector<ModbusPoller::Stretch> stretches;
  for (const PlacedModel& placed : layout_.models) {
    stretches.push_back({{read_range(placed), value_ranges(placed)}, period_of(placed)});
  }
  poller_.follow(std::move(stretches));
}

// ---- what is answered ---------------------------------------------------------------------------

void Unit::registers(ByteView registers, Now now, Effects& effects) {
  backoff_.answered();
  switch (asked_) {
    case Asked::discovery:
      return discovery_.take(words_of(registers), now.mono, poller_.max_count());
    case Asked::order:
      if (const auto model = controls_.read(words_of(registers), layout_, now.mono, effects)) {
        poller_.read_soon(*model);
      }
      return;
    case Asked::poll:
      return polled(poller_.take(registers, now.mono), now, effects);
    case Asked::nothing:
      return;
  }
}

void Unit::done(Now now, Effects& effects) {
  if (const auto model = controls_.written(layout_, now.mono, effects)) poller_.read_soon(*model);
}

// The first time all models are there before any is published: only then is known which of them
// supplies a key. Example: 103 and 701 both have the power, and the device fills in one of them.
void Unit::polled(std::span<const std::size_t> complete, Now now, Effects& effects) {
  if (introduced_) {
    for (const std::size_t model : complete) publish(model, now, effects);
  }
  read_some_ = read_some_ || !complete.empty();
  if (poller_.polling()) return;
  const std::string failure = std::exchange(poll_failure_, {});
  const std::string unit = "unit " + std::to_string(settings_.id);
  const bool read_some = std::exchange(read_some_, false);
  for (const std::size_t model : poller_.rest_failed(read_some, now.mono)) {
    const std::string id = std::to_string(layout_.models[model].found.id);
    const std::string text = unit + ": model " + id + " is left out for ten minutes" + failure;
    effects(Notice{text});
  }
  if (!read_some) {
    const std::string why = failure.empty() ? ": no model can be read; try max_count: 10" : failure;
    return fail({Fault::refused, unit + why}, 1, now, effects);
  }
  if (!failure.empty()) effects(Dropped{{Fault::refused, unit + failure}, 0});
  backoff_.recovered();
  if (!introduced_) introduce(now, effects);
}

void Unit::introduce(Now now, Effects& effects) {
  introduced_ = true;
  for (std::size_t n = 0; n < layout_.models.size(); ++n) {
    leave_out_missing(n, effects);
    if (poller_.has(n)) count_group(n);
  }
  readings_.begin(layout_, effects);
  for (std::size_t n = 0; n < layout_.devices.size(); ++n) {
    controls_.declare(layout_, n, readings_.profile(n), effects);
  }
  for (std::size_t n = 0; n < layout_.models.size(); ++n) {
    const PlacedModel& placed = layout_.models[n];
    const std::string id = std::to_string(placed.found.id);
    if (placed.model == nullptr && !is_silent(placed.found.id)) {
      effects(Unknown{layout_.devices[placed.device].channel, id, {}});
    }
    if (poller_.has(n)) {
      publish(n, now, effects);
    } else if (placed.used <= header_size) {
      effects(Frame{2U * (header_size + placed.found.length), true});
    }
  }
}

// What the device refuses of a model costs those points only.
void Unit::leave_out_missing(std::size_t model, Effects& effects) {
  PlacedModel& placed = layout_.models[model];
  const auto missing = poller_.missing(model);
  if (missing.empty()) return;
  std::string names;
  std::size_t count = 0;
  std::erase_if(placed.slots, [&](const Slot& slot) {
    if (!is_missing(placed, slot, missing)) return false;
    ++count;
    names += (names.empty() ? "" : ", ") + std::string(slot.point->name);
    return true;
  });
  if (count == 0) return;
  const std::string text = "model " + std::to_string(placed.found.id) + ": " +
                           std::to_string(count) + (count == 1 ? " point" : " points") +
                           " cannot be read (" + names + ")";
  effects(Notice{text});
}

// The registers themselves contain how many of a group there are.
void Unit::count_group(std::size_t model) {
  PlacedModel& placed = layout_.models[model];
  take_words(placed, poller_.words(model));
  const std::uint16_t at = placed.model->group.count_at;
  if (at == 0 || at >= placed.words.size()) return;
  add_group_slots(layout_, placed, placed.words[at]);
  if (poller_.missing(model).empty()) poller_.set_values(model, value_ranges(placed));
}

void Unit::publish(std::size_t model, Now now, Effects& effects) {
  asleep_said_ = false;
  PlacedModel& placed = layout_.models[model];
  take_words(placed, poller_.words(model));
  readings_.publish(layout_, placed, now, effects);
  effects(Alive{layout_.devices[placed.device].channel, lease()});
}

}  // namespace gridtap::sunspec
