#pragma once
// One unit and its turns. The other end is an image of registers, or a script of refusals. What the
// unit says is kept as lines: `power 5000`, `dropped timeout: why`, `offline`, `rejected why`.

#include <algorithm>
#include <deque>
#include <string>
#include <utility>

#include "adapters/sunspec/unit.hpp"
#include "support/adapter_rig.hpp"
#include "support/sunspec_map.hpp"

namespace gridtap::sunspec {

inline constexpr int silence = -1;

class UnitRig final : public Effects {
 public:
  static constexpr int most_turns = 200'000;  // of one call: more mean that it never rests

  explicit UnitRig(TestMap map, UnitSettings settings = {})
      : image(std::move(map.image)), unit(std::move(settings)) {
    unit.open(now.mono);
  }

  // One turn: its request is answered, by the next refusal where there is one.
  bool turn() {
    const auto request = unit.turn(now, *this);
    if (!request) return false;
    ++requests;
    asked = std::to_string(request->address) + '+' + std::to_string(request->count);
    if (request->function == modbus::Function::read_input) asked += " input";
    if (request->writes()) asked += " write";
    all_asked += asked + ' ';
    if (!refusals.empty()) {
      const int code = refusals.front();
      refusals.pop_front();
      if (code == silence) unit.timeout(now, *this);
      if (code > 0) unit.exception(static_cast<std::uint8_t>(code), now, *this);
      if (code != 0) return true;
    }
    answer(*request);
    return true;
  }
  // All turns until that time has passed.
  std::string pass(std::chrono::milliseconds time) {
    const Mono until = now.mono + time;
    for (int turns = 0; unit.due() <= until && turns < most_turns; ++turns) {
      now.mono = std::max(now.mono, unit.due());
      turn();
    }
    now.mono = until;
    return std::exchange(said, {});
  }
  std::string asks(std::chrono::milliseconds time) {
    all_asked.clear();
    pass(time);
    return all_asked;
  }
  void command(std::string_view key, const Value& value) {
    unit.command({"", key, value, "it"}, *this);
  }
  std::string rest() const {
    const auto rest = unit.due() - now.mono;
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(rest).count());
  }

  RegisterImage image;
  Unit unit;
  Now now{Mono{std::chrono::hours{1}}, {}};
  std::deque<int> refusals;  // 0: an answer as it should be
  std::string asked, all_asked, said;
  int requests = 0;
  unsigned longest = 125;  // more registers are refused with 2
  bool shortens = false;   // a read over the end gets what there is
  int outside = 2;         // the exception where no registers are
  unsigned fails_at = 0;   // a read of this register gets 4
  bool obeys = true;       // writes change the image

 private:
  void answer(const modbus::Request& request) {
    if (request.writes()) {
      for (std::size_t n = 0; obeys && n < request.values.size(); ++n) {
        image[static_cast<std::uint16_t>(request.address + n)] = request.values[n];
      }
      return unit.done(now, *this);
    }
    if (request.count > longest) return unit.exception(2, now, *this);
    std::string bytes;
    for (unsigned n = 0; n < request.count; ++n) {
      const unsigned at = request.address + n;
      if (fails_at != 0 && at == fails_at) return unit.exception(4, now, *this);
      const auto found = image.find(static_cast<std::uint16_t>(at));
      if (found == image.end() && shortens && n > 0) return unit.shorter(now, *this);
      if (found == image.end()) {
        return unit.exception(static_cast<std::uint8_t>(outside), now, *this);
      }
      bytes += static_cast<char>(found->second >> 8);
      bytes += static_cast<char>(found->second & 0xFF);
    }
    unit.registers(as_bytes(bytes), now, *this);
  }
  void operator()(const Effect& effect) override {
    std::visit(
        overloaded{
            [&](const Identified&) { said += "identified\n"; },
            [&](const Reading& e) { said += std::string(e.key) + ' ' + to_text(e.value) + '\n'; },
            [&](const Dropped& e) {
              said += "dropped " + std::string(name(e.error.fault)) + ": " + e.error.detail + '\n';
            },
            [&](const Diagnosis& e) { said += std::string(name(e.cause)) + '\n'; },
            [&](const Alive& e) {
              if (e.lease == std::chrono::milliseconds{0}) said += "offline\n";
            },
            [&](const Rejected& e) { said += "rejected " + e.error.detail + '\n'; },
            [&](const Notice& e) { said += "notice " + std::string(e.text) + '\n'; },
            [&](const Unknown& e) { said += "unknown " + std::string(e.source) + '\n'; },
            [](const auto&) {},
        },
        effect);
  }
};

// Addresses: common at 40002, inverter at 40069, controls at 40121, trackers behind them.
inline TestMap inverter_map(bool controls = false, bool trackers = false) {
  TestMap map;
  map.common("Maker", "S1");
  map.inverter();
  if (controls) map.controls();
  if (trackers) map.add(160, 48);
  return map.end();
}

inline UnitSettings with_writes() {
  UnitSettings settings;
  settings.writes = true;
  return settings;
}

inline UnitRig at_work(TestMap map, UnitSettings settings = {}) {
  UnitRig rig(std::move(map), std::move(settings));
  rig.pass(std::chrono::milliseconds{0});
  return rig;
}

}  // namespace gridtap::sunspec
