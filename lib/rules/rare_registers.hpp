#pragma once
// The counters of a meter that sends them once an hour. After a restart they would be unknown until
// the next hour where the broker forgot them too; so the rule keeps the last of each, and publishes
// it again when the same meter is heard. What changes more often is not kept: after a power cut it
// would be older than what was shown. No other rule must hear this: it is no register that came.

#include <map>
#include <optional>
#include <string>

#include "core/part.hpp"

namespace gridtap {

class RareRegistersRule final : public Rule {
 public:
  static constexpr std::size_t max_registers = 32;
  // What changes again within this is not rare.
  static constexpr std::chrono::minutes rare_after{10};

  std::string_view name() const override { return "registers"; }
  void on_effect(std::string_view device, const Effect& effect, Now now, Effects& effects) override;

  // The serial number of the meter, and of each counter its key with the digits and exponent.
  std::string state() const override;
  void restore(std::string_view text) override;

 private:
  struct Register {
    Decimal value;
    bool heard = false;     // in this run
    bool frequent = false;  // not rare
    std::optional<Mono> changed = {};
  };

  void identified(const DeviceInfo& device);
  void reading(const Reading& reading, Now now, Effects& effects);
  static bool changed(Register& each, Decimal value, Mono now);
  void list(Effects& effects);

  std::map<std::string, Register, std::less<>> registers_;
  std::string serial_, restored_serial_;
  bool restored_ = false;  // and not published yet
};

}  // namespace gridtap
