#pragma once
// Which values of the house have a history, and as which whole numbers it keeps them.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/journal.hpp"
#include "core/vocabulary.hpp"

namespace gridtap::history {

class SeriesChoice {
 public:
  // In this order, the last one that fits decides: "default", "meter/voltage_*" (`*` is any text),
  // and what begins with `-` has none.
  explicit SeriesChoice(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {}

  // As in topics: the device and the level of the key.
  bool takes(std::string_view device, std::string_view key) const;

 private:
  std::vector<std::string> patterns_;
};

// What most people look at later: energies and powers of the whole house, of its sun and its
// battery, tariffs, gas, heat, water, the price. Nothing by phase; about 15 in a usual house.
bool is_chosen_by_default(std::string_view key);

// As the vocabulary has it: what is measured is a mean, what is counted a growth, of what is ON or
// OFF the time ON; nothing for texts, settings and moments. The whole numbers are of 10^exponent of
// the unit, and the exponent is that of the unit, for ever: a file has it too.
//
//   -4   NOK/kWh and other prices
//   -3   kWh kvarh kVAh GJ m³ Ah V A Hz mΩ Ω, no unit, and any other
//   -1   W VA var % °C lx
//    0   Wh s min B B/s
std::optional<SeriesHead> head_of(std::string name, const EntitySpec& spec);

// The key of the register that comes seldom and has this live total beside it: "energy_import" of
// "energy_import_live". Empty: it is none.
std::string_view register_of_live(std::string_view key);

}  // namespace gridtap::history
