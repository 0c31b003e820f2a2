#pragma once
// From the rows of one list to readings: scales, units, what is computed, and totals that are held
// back (han.md 3.1, 6, 8).

#include <array>
#include <optional>
#include <vector>

#include "adapters/han/lists.hpp"
#include "codec/dlms.hpp"
#include "core/effect.hpp"
#include "parts/totals.hpp"

namespace gridtap::han {

struct ReadingSettings {
  std::optional<std::int8_t> energy_exponent;   // Kamstrup sends no scale; nothing: from the type
  std::optional<std::int8_t> current_exponent;  // the same
  Decimal factor{1, 0};                         // of a current transformer: power, current, energy
};

// What is known of the list as a whole.
struct ListFacts {
  Maker maker = Maker::unknown;
  bool landis = false;     // Landis+Gyr E450: powers and energies without scaler are whole
  std::string_view model;  // for Kamstrup's scales
  ByteView clock;          // of the APDU, or none
};

class Readings {
 public:
  explicit Readings(ReadingSettings settings);

  void publish(const List& list, const ListFacts& facts, Now now, Effects& effects);
  // The power of ten of currents without a scale; 127 where they are none.
  std::int8_t current_exponent() const {
    return scales_[static_cast<std::size_t>(Quantity::current)];
  }
  // Another meter: the totals of the one before do not matter.
  void forget_totals();

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
  void learn_scales();
  std::int8_t kamstrup_exponent(Quantity quantity) const;
  bool hold(const Context& in, const Field& field, Decimal measured, Decimal value,
            std::string_view source);
  void net_powers(const Context& in);
  bool apply_factor(Quantity quantity, Decimal& value) const;
  void keep_power(const Field& field, Decimal value);
  void say(const Context& in, std::string_view key, std::string_view source, const Value& value);
  void say_number(const Context& in, std::string_view key, std::string_view source, Decimal value);
  void unknown(const Context& in, const Row& row, std::string_view source);

  ReadingSettings settings_;
  bool has_factor_;
  std::uint64_t clock_bit_;
  std::array<std::uint8_t, max_fields> power_places_;  // by field: where its value is in powers_
  std::array<Total, max_fields> totals_;
  Effect reading_ = Reading{}, number_ = Reading{{}, {}, {}, Decimal{}};  // filled anew for each
  // Of numbers without a scaler, by quantity, and of what they were made.
  std::array<std::int8_t, number_quantities> scales_{};
  Maker scales_maker_ = Maker::unknown;
  std::string scales_model_;
  std::string raw_;

  // Of the list in hand.
  std::uint64_t seen_ = 0;           // a bit for each field
  std::array<Decimal, 8> powers_{};  // import, export; in all and of L1 to L3
  unsigned powers_seen_ = 0;         // a bit for each of them
};

// The keys of net powers, which no list has.
std::vector<std::string_view> computed_keys();

}  // namespace gridtap::han
