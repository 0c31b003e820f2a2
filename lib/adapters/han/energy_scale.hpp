#pragma once
// The power of ten of registers that come without unit and scaler. What the maker documents holds;
// where the powers of two spans in a row add up to ten, a hundred or a thousand times of what a
// register rose by, or as much less, the exponent is another one, and is kept with the serial
// number. Only a Kamstrup type of which nothing is known waits for one span, for a day at most.
// What the user has set is never overruled.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/han/list_numbers.hpp"
#include "adapters/han/lists.hpp"
#include "core/effect.hpp"
#include "core/record.hpp"
#include "parts/power_integral.hpp"

namespace gridtap::han {

// What is known of the registers of a maker. `sure`: not only what most of its types do.
struct UsualEnergy {
  std::int8_t exponent = 0;
  bool sure = true;
};
// Nothing where a register without scaler is no reading. `model`: the type, as sent.
std::optional<UsualEnergy> usual_energy(Maker maker, bool landis, std::string_view model);

class EnergyScale {
 public:
  static constexpr int agreement = 2;               // spans in a row that decide
  static constexpr std::int64_t least_counts = 50;  // of a span
  static constexpr std::int64_t few_counts = 5;     // where it is a hundred or a thousand times off
  static constexpr double least_watt_hours = 200;   // the same
  static constexpr std::chrono::hours longest_wait{24};

  // `set`: by the user. `factor`: of a current transformer, already in the powers.
  EnergyScale(std::optional<std::int8_t> set, Decimal factor);

  // The lists that come now are of this meter. What is known of another one ends.
  void is_of(std::string_view serial);
  // What is documented of it; nothing where its registers are no readings.
  void documents(std::optional<UsualEnergy> usual) { usual_ = usual; }
  std::optional<std::int8_t> exponent() const;
  // The user has set it.
  bool is_set() const { return set_.has_value(); }
  // The powers of a list; calling it twice for one list does no harm.
  void powers(const ListNumbers& numbers, Now now);
  // A register of the list, before it is published. Any field; those of the whole connection count.
  void rise(const Field& field, std::int64_t counts, Now now, Effects& effects);
  // Whether registers are held back, as their unit is not known yet. `timeless`: no time passes
  // between lists, and nothing can wait.
  bool waits(Now now, bool timeless, Effects& effects);
  // The powers were in another unit than they were taken for.
  void begin_anew();

  void save(RecordWriter& record) const;
  void restore(const Record& record);

 private:
  // A register and the powers of its direction.
  struct Direction {
    std::size_t field;
    PowerIntegral power;
    std::optional<std::int64_t> from;  // the register at the begin of the span
    PowerIntegral::Mark mark;
  };
  void forget();
  bool may_wait() const { return usual_ && !usual_->sure && !set_ && !decided_; }
  bool is_too_long(Now now) const;
  void span(Direction& direction, std::int64_t counts, Now now, Effects& effects);
  void fits(double ratio, Effects& effects);
  void decide(std::int8_t exponent, Effects& effects);
  void warn(int step, Effects& effects);

  std::optional<std::int8_t> set_, decided_;
  double factor_;
  std::string serial_;
  std::optional<UsualEnergy> usual_;
  std::array<Direction, 2> directions_;  // import, export
  int step_ = 0, agreeing_ = 0;          // what the last spans say: one place more, or less
  bool warned_ = false, said_ = false;
  std::optional<Mono> waiting_since_;
  std::optional<Instant> waiting_since_wall_;
};

}  // namespace gridtap::han
