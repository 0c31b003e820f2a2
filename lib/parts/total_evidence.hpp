#pragma once
// What measured powers prove of counters that are held back: that a jump is right, because the
// powers add up to it; or that a register which begins anew is another meter's, because it has
// grown for a day as the powers say. Most meters never need it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "parts/power_integral.hpp"

namespace gridtap {

// Where energy goes: what has powers and counters of its own.
enum class Flow : std::uint8_t { import, exported, produced };

// Of the whole connection: "power_import" and "energy_import_t1" are of one flow; a phase is of
// none.
constexpr std::optional<Flow> flow_of_power(std::string_view key) {
  if (key == "power_import") return Flow::import;
  if (key == "power_export") return Flow::exported;
  return key == "power" ? std::optional(Flow::produced) : std::nullopt;
}
std::optional<Flow> flow_of_energy(std::string_view key);

class TotalEvidence {
 public:
  static constexpr std::chrono::hours proof{24};
  static constexpr double least_watt_hours = 200;  // a register that rests proves nothing

  // A power in W.
  void power(Flow flow, Decimal watts, Mono now) { flows_[place(flow)].power(watts, now); }

  // A counter, by its number, has a new value that counts.
  void counted(std::size_t counter, Flow flow, Mono now);
  // Powers cover the time since then to 95 %, and add up to the rise, kWh, within a fifth of it.
  bool explains(std::size_t counter, Flow flow, Decimal rise, Mono now) const;

  // A value, kWh, of a counter is held back since then; values of tariffs belong together.
  void held(std::size_t counter, Flow flow, bool tariff, Decimal value, Mono since, Mono now);
  void released(std::size_t counter);
  // Those that belong to this one, itself included, where it has been held for a day and they have
  // grown as the powers say; else none.
  std::vector<std::size_t> another_meter(std::size_t counter, Mono now) const;
  void forget();

 private:
  struct Held {
    std::size_t counter;
    Flow flow;
    bool tariff;
    Mono since;
    Decimal first, newest;
    PowerIntegral::Mark mark;
  };
  static std::size_t place(Flow flow) { return static_cast<std::size_t>(flow); }
  Held* find(std::size_t counter);

  std::array<PowerIntegral, 3> flows_;
  std::vector<std::optional<PowerIntegral::Mark>> counted_;
  std::vector<Held> held_;
};

}  // namespace gridtap
