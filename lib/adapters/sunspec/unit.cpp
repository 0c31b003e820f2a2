#include "adapters/sunspec/unit.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::sunspec {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t header_size = 2;

Range range_of(const modbus::Request& request) { return {request.address, request.count}; }

std::vector<std::uint16_t> words_of(ByteView registers) {
  std::vector<std::uint16_t> words;
  for (std::size_t n = 0; n < registers.size() / 2; ++n) {
    words.push_back(modbus::register_at(registers, n));
  }
  return words;
}

bool is_read(const PlacedModel& placed) { return placed.used > header_size; }

}  // namespace

Unit::Unit(UnitSettings settings)
    : settings_(std::move(settings)),
      most_(settings_.max_count),
      readings_(settings_.readings),
      controls_(settings_.writes) {}

Unit::Time Unit::lease() const { return std::max<Time>(30s, 5 * settings_.period); }

bool Unit::owns(std::string_view channel) const {
  return introduced_ &&
         std::any_of(layout_.devices.begin(), layout_.devices.end(),
                     [&](const PlacedDevice& device) { return device.channel == channel; });
}

// What was found before is looked at with two reads: the marker, and the last model's header.
void Unit::open(Mono now) {
  blocks_.clear();
  controlling_ = false;
  busy_ = 0;
  resting_until_ = cycle_due_ = now;
  const bool known = whole_ && !layout_.models.empty() && now < walked_at_ + layout_life;
  if (!known) return begin_discovery(now);
  phase_ = Phase::check;
  begin_check();
}

void Unit::begin_check() {
  blocks_ = {{base_, header_size}, {layout_.models.back().found.address, header_size}};
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
  if (phase_ != Phase::poll || !blocks_.empty()) return resting_until_;
  return std::max(std::min(cycle_due_, controls_.due()), resting_until_);
}

std::optional<modbus::Request> Unit::next(Now now, Effects& effects) {
  if (now.mono < due()) return {};
  controlling_ = false;
  modbus::Request request;
  if (phase_ == Phase::poll) {
    if (blocks_.empty() && controls_.due() <= now.mono) controls_.refresh(layout_, now.mono);
    controlling_ = blocks_.empty() && controls_.due() <= now.mono;
    if (controlling_) {
      request = controls_.next(layout_);
      request.unit = settings_.id;
      return request;
    }
    if (blocks_.empty()) begin_cycle(now.mono);
    if (blocks_.empty()) return {};
  }
  const auto range = phase_ == Phase::discover ? walker_->next() : std::optional(blocks_.front());
  if (!range) {
    end_discovery(now, effects);
    return {};
  }
  request.unit = settings_.id;
  request.function = read_;
  request.address = range->address;
  request.count = range->count;
  return request;
}

void Unit::begin_discovery(Mono now) {
  phase_ = Phase::discover;
  blocks_.clear();
  walked_at_ = now;
  walker_.emplace(settings_.base, most_);
}

void Unit::end_discovery(Now now, Effects& effects) {
  if (!walker_->found() || walker_->models().empty()) {
    fail({Fault::unsupported,
          "unit " + std::to_string(settings_.id) +
              " has no SunSpec models at 40000, 0 or 50000: is it switched on in "
              "the device's menu, and the unit right?"},
         failures_to_offline, now, effects);
    return begin_discovery(now.mono);
  }
  base_ = walker_->base();
  whole_ = !walker_->broken();
  phase_ = Phase::poll;
  cycle_due_ = now.mono;
  if (walker_->models() == chain_) return again();
  chain_ = walker_->models();
  introduced_ = false;
  controls_.forget(effects);
  layout_ = lay_out(chain_, settings_.channel, settings_.experts);
}

// Everything lies where it was: totals and limits go on, and what is read rarely is read now.
void Unit::again() {
  for (PlacedModel& placed : layout_.models) placed.due = Mono{};
}

// A grid: what is missed does not come later.
void Unit::begin_cycle(Mono now) {
  cycle_due_ += settings_.period;
  if (cycle_due_ <= now) {
    cycle_due_ += (now - cycle_due_) / settings_.period * settings_.period + settings_.period;
  }
  if (now >= walked_at_ + layout_life) return begin_discovery(now);
  std::vector<Range> parts;
  for (PlacedModel& placed : layout_.models) {
    placed.fresh = 0;
    if (is_read(placed) && placed.due <= now && placed.hole_until <= now) plan(placed, parts);
  }
  for (const Range& part : parts) {
    if (!blocks_.empty() && !settings_.one_point_per_request) {
      Range& last = blocks_.back();
      const int end = last.address + last.count;
      const int together = part.address + part.count - last.address;
      if (part.address - end <= widest_gap && together <= most_) {
        last.count = static_cast<std::uint16_t>(together);
        continue;
      }
    }
    blocks_.push_back(part);
  }
}

// Splits at the borders of points, never inside one.
void Unit::plan(const PlacedModel& placed, std::vector<Range>& parts) const {
  std::vector<std::uint16_t> borders = {header_size};
  for (const Slot& slot : placed.slots) {
    borders.push_back(slot.at);
    borders.push_back(static_cast<std::uint16_t>(slot.at + registers_of(slot.point->type)));
  }
  borders.push_back(placed.used);
  std::sort(borders.begin(), borders.end());
  const auto inside = [&](std::uint16_t border) {
    return std::any_of(placed.slots.begin(), placed.slots.end(), [&](const Slot& slot) {
      return slot.at < border && border < slot.at + registers_of(slot.point->type);
    });
  };
  std::uint16_t begin = header_size, end = header_size;
  const int most = settings_.one_point_per_request ? 1 : most_;
  const auto add = [&] {
    const auto address = static_cast<std::uint16_t>(placed.found.address + begin);
    if (end > begin) parts.push_back({address, static_cast<std::uint16_t>(end - begin)});
    begin = end;
  };
  for (const std::uint16_t border : borders) {
    if (border <= end || inside(border)) continue;
    if (border - begin > most) add();
    end = border;
    while (end - begin > most_) {  // a stretch without a border
      end = static_cast<std::uint16_t>(begin + most_);
      add();
      end = border;
    }
  }
  add();
}

// ---- what is answered ---------------------------------------------------------------------------

void Unit::registers(const modbus::Request& request, ByteView registers, Now now,
                     Effects& effects) {
  busy_ = 0;
  if (controlling_) return controls_.read(words_of(registers), layout_, now.mono, effects);
  if (phase_ == Phase::discover) return walker_->take(words_of(registers));
  if (blocks_.empty()) return;
  blocks_.pop_front();
  if (phase_ == Phase::poll) return take_block(range_of(request), registers, now, effects);
  const FoundModel& last = layout_.models.back().found;
  const bool marker = request.address == base_;
  const bool same = marker ? registers.size() == 4 && modbus::register_at(registers, 0) == 0x5375
                           : modbus::register_at(registers, 0) == last.id &&
                                 modbus::register_at(registers, 1) == last.length;
  if (!same) return begin_discovery(now.mono);
  if (blocks_.empty()) phase_ = Phase::poll;
}

void Unit::done(Now now, Effects& effects) { controls_.written(layout_, now.mono, effects); }

void Unit::store(const Range& range, ByteView registers) {
  for (PlacedModel& placed : layout_.models) {
    const int first = std::max<int>(range.address, placed.found.address + header_size);
    const int last = std::min<int>(range.address + range.count, placed.found.address + placed.used);
    for (int address = first; address < last; ++address) {
      const auto from = static_cast<std::size_t>(address - range.address);
      placed.words[static_cast<std::size_t>(address - placed.found.address)] =
          modbus::register_at(registers, from);
    }
    if (first < last) placed.fresh = static_cast<std::uint16_t>(placed.fresh + last - first);
  }
}

void Unit::take_block(const Range& range, ByteView registers, Now now, Effects& effects) {
  store(range, registers);
  if (introduced_) {
    for (PlacedModel& placed : layout_.models) {
      if (complete(placed)) publish(placed, now, effects);
    }
  }
  end_block(now, effects);
}

bool Unit::complete(const PlacedModel& placed) const {
  return is_read(placed) && placed.fresh >= placed.used - header_size;
}

void Unit::end_block(Now now, Effects& effects) {
  if (!blocks_.empty()) return;
  failures_ = 0;
  if (!introduced_) publish_all(now, effects);
}

// The first time all models are there before any speaks: which of them supplies a key is known
// then.
void Unit::publish_all(Now now, Effects& effects) {
  introduced_ = true;
  for (PlacedModel& placed : layout_.models) {
    if (complete(placed)) count_groups(placed);
  }
  readings_.begin(layout_, effects);
  for (std::size_t n = 0; n < layout_.devices.size(); ++n) {
    controls_.declare(layout_, n, readings_.profile(n), effects);
  }
  for (PlacedModel& placed : layout_.models) {
    const std::string id = std::to_string(placed.found.id);
    if (placed.model == nullptr && !is_silent(placed.found.id)) {
      effects(Unknown{layout_.devices[placed.device].channel, id, {}});
    }
    if (complete(placed)) {
      publish(placed, now, effects);
    } else if (!is_read(placed)) {
      effects(Frame{2U * (header_size + placed.found.length), true});
    }
  }
}

void Unit::count_groups(PlacedModel& placed) {
  const std::uint16_t at = placed.model->group.count_at;
  if (at > 0 && at < placed.words.size()) add_group_slots(layout_, placed, placed.words[at]);
}

void Unit::publish(PlacedModel& placed, Now now, Effects& effects) {
  placed.fresh = 0;
  placed.read_once = true;
  asleep_said_ = false;
  switch (placed.model->pace) {
    case Pace::fast:
      break;
    case Pace::medium:
      placed.due = now.mono + std::max(medium_period, settings_.period);
      break;
    case Pace::slow:
      placed.due = now.mono + std::max(slow_period, settings_.period);
      break;
    case Pace::once:
      placed.due = Mono::max();
      break;
  }
  readings_.publish(layout_, placed, now, effects);
  effects(Alive{layout_.devices[placed.device].channel, lease()});
}

// ---- what goes wrong ----------------------------------------------------------------------------

void Unit::exception(const modbus::Request& request, std::uint8_t code, Now now, Effects& effects) {
  if (code == 5 || code == 6) {
    if (busy_ < static_cast<int>(std::size(busy_waits))) {
      resting_until_ = now.mono + busy_waits[busy_++];
      return;
    }
  }
  busy_ = 0;
  if (controlling_) return controls_.refused(code, layout_, effects);
  const bool absent = code == 10 || code == 11;
  const bool permanent = code >= 1 && code <= 3;
  const std::string why =
      "unit " + std::to_string(settings_.id) + ": " + std::string(modbus::exception_text(code));
  if (!permanent)
    return fail({Fault::refused, why}, absent ? failures_to_offline : 1, now, effects);
  if (code == 1 && read_ == modbus::Function::read_holding && !introduced_) {
    read_ = modbus::Function::read_input;
    return;
  }
  if (phase_ == Phase::discover) return walker_->refuse();
  if (phase_ == Phase::check) return begin_discovery(now.mono);
  lose_block(request, code, now.mono);
  end_block(now, effects);
}

// Some of what was asked for is not there: each model alone, then without it for a while.
void Unit::lose_block(const modbus::Request& request, std::uint8_t code, Mono now) {
  if (blocks_.empty()) return;
  const Range lost = blocks_.front();
  blocks_.pop_front();
  std::vector<PlacedModel*> models;
  for (PlacedModel& placed : layout_.models) {
    const bool in = placed.found.address + header_size < lost.address + lost.count &&
                    lost.address < placed.found.address + placed.used;
    if (in && is_read(placed)) models.push_back(&placed);
  }
  if (code == 3 && request.count > 1)
    most_ = static_cast<std::uint16_t>(std::max(1, request.count / 2));
  if (models.size() > 1 || (code == 3 && request.count > 1)) {
    std::vector<Range> parts;
    for (PlacedModel* placed : models) {
      placed->fresh = 0;
      plan(*placed, parts);
    }
    std::erase_if(blocks_, [&](const Range& block) {
      return std::any_of(models.begin(), models.end(), [&](const PlacedModel* placed) {
        return block.address >= placed->found.address &&
               block.address < placed->found.address + placed->used;
      });
    });
    blocks_.insert(blocks_.begin(), parts.begin(), parts.end());
    return;
  }
  for (PlacedModel* placed : models) {
    placed->hole_until = now + hole_period;
    std::erase_if(blocks_, [&](const Range& block) {
      return block.address >= placed->found.address &&
             block.address < placed->found.address + placed->used;
    });
    // It was there before: has the map changed?
    if (std::exchange(placed->read_once, false)) walked_at_ = now - layout_life + settings_.period;
  }
}

void Unit::timeout(const modbus::Request&, Now now, Effects& effects) {
  const Error silence{Fault::timeout, "unit " + std::to_string(settings_.id) + " does not answer"};
  if (controlling_) controls_.fail(silence, effects);
  if (phase_ == Phase::discover && walker_->next()) walker_->refuse();
  fail(silence, 1, now, effects);
}

void Unit::say_asleep(Effects& effects) {
  if (std::exchange(asleep_said_, true)) return;
  effects(Diagnosis{"asleep", "the sun is down: it is back in the morning"});
}

// Tried again in the next period; after three of them it is offline and asked less and less often.
void Unit::fail(const Error& why, int weight, Now now, Effects& effects) {
  blocks_.clear();
  if (phase_ == Phase::check) begin_check();
  const int before = failures_;
  failures_ = std::min(failures_ + weight, 16);
  const bool offline = failures_ >= failures_to_offline;
  if (before < failures_to_offline) {
    const bool night = offline && readings_.asleep();
    if (night) say_asleep(effects);
    if (!night) effects(Dropped{why, 0});
    for (const PlacedDevice& device : layout_.devices) {
      if (offline) effects(Alive{device.channel, 0ms});
    }
  }
  const int doublings = std::clamp(failures_ - failures_to_offline, 0, 6);
  const Time rest =
      offline ? std::min<Time>(settings_.period * (2 << doublings), longest_rest) : Time{0};
  resting_until_ = now.mono + rest;
  cycle_due_ = std::max(cycle_due_, resting_until_);
}

}  // namespace gridtap::sunspec
