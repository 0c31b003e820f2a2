#pragma once
// From the rows of one list to readings: scales, units, what is computed, and totals that are held
// back (han.md 3.1, 6, 8).

#include <array>
#include <optional>
#include <vector>

#include "adapters/han/energy_scale.hpp"
#include "adapters/han/list_numbers.hpp"
#include "adapters/han/lists.hpp"
#include "codec/dlms.hpp"
#include "core/effect.hpp"
#include "parts/held_readings.hpp"
#include "parts/meter_totals.hpp"
#include "parts/power_doubt.hpp"

namespace gridtap::han {

struct ReadingSettings {
  std::optional<std::int8_t> current_exponent;  // where no scale is sent; nothing: by the maker
  Decimal factor{1, 0};                         // of a current transformer: power, current, energy
  std::optional<Decimal> max_power;             // W of the connection, before the factor
};

// What is known of the list as a whole.
struct ListFacts {
  Maker maker = Maker::unknown;
  bool landis = false;  // Landis+Gyr E450: powers and energies without scaler are whole
  ByteView clock;       // of the APDU, or none
  std::optional<std::int8_t> voltage, current;  // powers of ten where the wire sends none
  std::int8_t power = 0;                        // to be added to the documented one
  bool timeless = false;                        // no time passes between lists
};

class Readings {
 public:
  // `energy`: asked for the scale of registers, and told them and the powers of each list.
  Readings(ReadingSettings settings, EnergyScale& energy);

  // The lists that come now are of this meter. `model`: for what Kamstrup's types count.
  void is_of(std::string_view serial, std::string_view model);
  void publish(const List& list, const ListFacts& facts, Now now, Effects& effects);
  // The power of ten of currents without a scale; 127 where they are none.
  std::int8_t current_exponent() const {
    return scales_[static_cast<std::size_t>(Quantity::current)];
  }
  // Of the list that was published last.
  const ListNumbers& numbers() const { return numbers_; }
  // Another meter: what powers there were says nothing.
  void forget_powers() { doubt_ = {}; }
  // What is held back is right, a person says; a list with totals may come an hour later, so they
  // are reported at once. False: nothing is.
  bool accept(Effects& effects);
  MeterTotals& totals() { return totals_; }
  const MeterTotals& totals() const { return totals_; }

 private:
  struct Context {
    const ListFacts& facts;
    Now now;
    Effects& effects;
  };

  void row(const Context& in, const Row& row);
  void other_row(const Context& in, Row row);
  bool plain_number(const Context& in, const Row& row);
  void number(const Context& in, const Row& row, std::string_view source);
  void clock(const Context& in, const Row& row, std::string_view source);
  bool say_clock(const Context& in, ByteView bytes, std::string_view source);
  std::int8_t exponent_of(const Context& in, const Row& row) const;
  void follow(const ListFacts& facts);
  void judge_register(const Context& in, const Field& field, std::int64_t counts);
  void learn_scales();
  std::int8_t documented_exponent(Quantity quantity) const;
  bool hold(const Context& in, const Field& field, Decimal measured, Decimal value,
            std::string_view source);
  std::string_view why_held(const Context& in, const Field& field, Decimal measured);
  void net_powers(const Context& in);
  bool apply_factor(Quantity quantity, Decimal& value) const;
  void keep(const Field& field, Decimal value);
  void say(const Context& in, std::string_view key, std::string_view source, const Value& value);
  void say_number(const Context& in, std::string_view key, std::string_view source, Decimal value);
  void unknown(const Context& in, const Row& row, std::string_view source);

  ReadingSettings settings_;
  EnergyScale& energy_;
  bool has_factor_;
  std::uint64_t clock_bit_;
  std::array<std::uint8_t, max_fields> places_;  // by field: where its value is in numbers_
  Effect reading_ = Reading{}, number_ = Reading{{}, {}, {}, Decimal{}};  // filled anew for each
  // Of numbers without a scaler, by quantity, and of what they were made.
  std::array<std::int8_t, number_quantities> scales_{};
  Maker scales_maker_ = Maker::unknown;
  bool scales_landis_ = false;
  bool known_model_ = false;  // they are of this one
  std::string model_;
  std::optional<std::int8_t> scales_voltage_, scales_current_, scales_energy_;
  std::int8_t scales_power_ = 0;
  std::string raw_;
  MeterTotals totals_;
  PowerDoubt doubt_;  // where the user has set none
  HeldReadings held_;
  std::int32_t implausible_ = 0;  // W: the largest power that is held back, at least

  // Of the list in hand.
  std::uint64_t seen_ = 0;  // a bit for each field
  ListNumbers numbers_;
};

// The keys of net powers, which no list has.
std::vector<std::string_view> computed_keys();

}  // namespace gridtap::han
