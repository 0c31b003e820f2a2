// What exceptions, silence and sleep do to a unit.
#include <string>
#include <utility>

#include "adapters/sunspec/unit.hpp"

namespace gridtap::sunspec {
namespace {

using namespace std::chrono_literals;

// Modbus exceptions.
constexpr std::uint8_t illegal_function = 1, no_register = 2, last_permanent = 3;
constexpr std::uint8_t has_failed = 4, acknowledge = 5, busy = 6, memory_failed = 8;
constexpr std::uint8_t no_path = 10, no_answer = 11;

constexpr int busy_to_say = 3;  // times in a row while it is searched

constexpr std::string_view right_unit =
    ": is the unit right? (SMA 126, Kostal 71, behind a Fronius gateway the inverter's number)";

}  // namespace

// Three kinds: busy (the same again in a moment), permanent (what was asked for is not there, and
// everything else is), and all others (the device or the way to it has failed).
// An inverter at work answers 5 or 6 for a second; a Fronius gateway answers 11 for a unit that is
// not connected; SMA's model 123 has single registers that answer 2 within a block that is there; a
// device that knows only function 4 answers 1 to function 3. One rule for all of them would take an
// inverter offline for a hole in its map, or ask a missing one for ever.
void Unit::exception(std::uint8_t code, Now now, Effects& effects) {
  if (code == acknowledge || code == busy) {
    if (asked_ == Asked::discovery) return busy_while_searched(now, effects);
    if (backoff_.wait_while_busy(now.mono)) return;
  }
  backoff_.answered();
  if (asked_ == Asked::order) {
    if (const auto model = controls_.refused(code, effects)) poller_.read_soon(*model);
    return;
  }
  const bool absent = code == no_path || code == no_answer;
  const bool failed = code == has_failed || code == memory_failed;
  const bool not_here = asked_ == Asked::discovery;
  if (failed && asked_ == Asked::poll) return failed_block(code, now, effects);
  if (absent || (code == 0 && !not_here) || (code > last_permanent && !not_here)) {
    std::string why =
        "unit " + std::to_string(settings_.id) + ": " + std::string(modbus::exception_text(code));
    if (!introduced_) why += right_unit;
    return fail({Fault::refused, why}, absent ? ModbusBackoff::failures_to_offline : 1, now,
                effects);
  }
  if (code == illegal_function && read_ == modbus::Function::read_holding && !introduced_) {
    read_ = modbus::Function::read_input;  // some know only function 4: the same request again
    return;
  }
  if (asked_ == Asked::discovery) return discovery_.refuse(now.mono, poller_.max_count());
  // A model that was there before may only lie elsewhere now: one more poll, then it is searched.
  if (poller_.refuse(code, now.mono)) discovery_.doubt(now.mono, settings_.poll.period);
  polled(poller_.completed(), now, effects);
}

// Busy says nothing of what is there: the same is asked again, for as long as it takes.
void Unit::busy_while_searched(Now now, Effects& effects) {
  if (backoff_.wait_while_searched(now.mono) != busy_to_say || backoff_.offline()) return;
  const std::string text =
      "unit " + std::to_string(settings_.id) + ": it is busy, and is asked again";
  effects(Dropped{{Fault::refused, text}, 0});
}

// Some boxes fail at one block for days, and read all others.
void Unit::failed_block(std::uint8_t code, Now now, Effects& effects) {
  poll_failure_ = ": " + std::string(modbus::exception_text(code));
  poller_.fail_request();
  polled({}, now, effects);
}

// A sound answer with fewer registers: never used, and never asked for again in that length.
void Unit::shorter(Now now, Effects& effects) {
  backoff_.answered();
  if (asked_ == Asked::discovery) return discovery_.refuse(now.mono, poller_.max_count());
  if (asked_ == Asked::poll) {
    (void)poller_.refuse(no_register, now.mono);
    polled(poller_.completed(), now, effects);
  }
}

void Unit::timeout(Now now, Effects& effects) {
  const Error silence{Fault::timeout, "unit " + std::to_string(settings_.id) + " does not answer"};
  if (asked_ == Asked::order) controls_.fail(silence, effects);
  // Some drop what they do not like without a word; a check is repeated as a whole.
  if (asked_ == Asked::discovery && discovery_.walking()) {
    discovery_.refuse(now.mono, poller_.max_count());
  }
  fail(silence, 1, now, effects);
}

// Tried again in the next period; after three of them it is offline and asked less and less often.
void Unit::fail(const Error& why, int weight, Now now, Effects& effects) {
  const bool told = backoff_.offline();
  backoff_.fail(weight, now.mono);
  poller_.rest_until(backoff_.until());
  discovery_.retry();
  if (told) return;
  if (!backoff_.offline()) return effects(Dropped{why, 0});
  went_offline(why, effects);
}

// At night an inverter is expected to be gone.
void Unit::went_offline(const Error& why, Effects& effects) {
  if (readings_.asleep()) {
    say_asleep(effects);
  } else {
    effects(Dropped{why, 0});
  }
  for (const PlacedDevice& device : layout_.devices) effects(Alive{device.channel, 0ms});
}

void Unit::say_asleep(Effects& effects) {
  if (std::exchange(asleep_said_, true)) return;
  effects(Diagnosis{Cause::asleep, "the sun is down: the device returns in the morning"});
}

}  // namespace gridtap::sunspec
