#pragma once
// The rule that computes energy_import_live and energy_export_live of one meter from its readings:
// the powers of every list, the registers of the long ones. Works for any meter whose registers
// come seldom; where they come with every list it is silent, as they are live themselves. The keys
// are those of the vocabulary.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/part.hpp"
#include "rules/live_energy.hpp"

namespace gridtap {

class LiveEnergyRule final : public Rule {
 public:
  // A register older than this is nothing to go on from after a restart.
  static constexpr std::chrono::hours fresh_for{1};

  static std::vector<std::string_view> live_keys();  // what it publishes

  std::string_view name() const override { return "live_energy"; }
  void on_start(Now now, Effects& effects) override;
  void on_stop(Now now, Effects& effects) override;
  void on_effect(std::string_view device, const Effect& effect, Now now, Effects& effects) override;

  // Of which meter, when it was heard, and for each direction the register with its time, what was
  // said, the integral and the power. Times in milliseconds since 1970.
  std::string state() const override;
  void restore(std::string_view text) override;

 private:
  struct Direction {
    LiveEnergy energy;
    std::optional<Decimal> power, total;  // of the list in hand
    std::optional<Decimal> last_total;
    std::optional<Decimal> said;
    std::optional<LiveEnergy::Kept> restored;
    std::optional<Instant> registered;  // when the register came
  };

  void restore_version_1(std::string_view text);
  void take_over(const std::array<Direction, 2>& directions, std::int64_t heard,
                 std::string_view serial);
  void identified(const DeviceInfo& device);
  void reading(const Reading& reading);
  void list(Now now, Effects& effects);
  void resume(Now now);
  bool is_new_list() const;
  std::optional<LiveEnergy::Milliseconds> age_of(const Direction& direction, Now now) const;

  std::array<Direction, 2> directions_;
  std::string serial_, restored_serial_;
  std::string clock_, last_clock_;  // of the list in hand, and of the last one with registers
  std::optional<Instant> heard_;    // the last list; what is kept is of then
  bool resumed_ = false, stopped_ = false;
  bool is_needed_ = false;  // a list came without registers
};

}  // namespace gridtap
