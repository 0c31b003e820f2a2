#pragma once
// When to accept a counter. One telegram with a zero in it makes Home Assistant count the whole
// meter reading again, and one with a digit too many is in its statistics for good (p1.md 8.3):
//
//   zero     a counter above 0 never becomes 0, however often that is sent
//   fell     believed after three telegrams in a row and ten minutes that fit, unless something
//            else has to prove it (Falls); a register that begins anew behind its last digit has
//            not fallen
//   jumped   believed once the time since it last changed is long enough for it: what is wrong for
//            good agrees with itself for ever

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/decimal.hpp"
#include "core/value.hpp"

namespace gridtap {

// Twice what 3 x 80 A carry: 0.0306 kWh each second.
inline constexpr Decimal most_per_second{306, -4};

// What a connection may carry: twice the greatest of what 3 x 80 A do, of what the user has set,
// and of one and a half times the largest power seen.
class PowerLimit {
 public:
  explicit PowerLimit(std::optional<Decimal> watts = {}) {
    if (watts) raise(*watts);
    least_ = most_;
  }
  // Another connection: what was seen says nothing of it, what was set does.
  void forget() {
    most_ = least_;
    largest_ = doubtful_ = 0;
  }
  // A power was measured, in W. One that is far above all before it counts with a second one.
  void see(Decimal watts) {
    // Nearly all are no larger than one before; decimals make a number smaller than its digits.
    if (watts.exponent > 0 || watts.digits > largest_) judge(watts);
  }
  // In kWh.
  Decimal per_second() const { return {most_, -7}; }
  // It carries as much as that, W.
  void raise(Decimal watts);

 private:
  void judge(Decimal power);

  std::int64_t most_ = 306'000, least_ = 306'000;  // tens of a milliwatt-hour a second
  std::int64_t largest_ = 0, doubtful_ = 0;        // W
};

class Total {
 public:
  static constexpr int agreement = 3;  // telegrams in a row
  static constexpr std::chrono::minutes agreement_time{10};

  // What ends a jump: time alone; or, where each reading comes with the time at which the device
  // took it, three telegrams that agree as well, as of M-Bus meters: their id comes with every
  // reading, and nothing else measures their flow.
  enum class Jumps : std::uint8_t { need_time, agree };
  // What ends a fall: telegrams that agree; or accept() alone, for a register that may be another
  // meter's.
  enum class Falls : std::uint8_t { agree, need_proof };
  Total() = default;
  explicit Total(Jumps jumps) : jumps_(jumps) {}

  // What is kept over a restart: the value that counts, and the time of day of its first reading,
  // where that is known.
  struct Kept {
    Decimal value;
    std::optional<Instant> time;
  };

  // Why the value is held back, "fell", "zero" or "jumped"; empty if it is accepted. `most`: the
  // most that may come in a second, in the total's unit; nothing: no test for jumps. Where no time
  // passes between calls there is none either. With Jumps::agree the time of day is that of the
  // reading: those that come once an hour may have an hour's rise a second after the start.
  std::string_view judge(Decimal value, Now now, std::optional<Decimal> most,
                         Falls falls = Falls::agree);

  // Holds the value back, whatever judge() would say of it.
  void withhold(Decimal value, Now now);
  // What is held back counts from now on. False: nothing is.
  bool accept();
  // What is held back was wrong.
  void release() { pending_.reset(); }
  // The device counts in another unit: all values are moved by that many places.
  void rescale(int places);

  // Nothing where there was no value yet.
  std::optional<Kept> kept() const;
  // After a start: the time that has passed counts where the time of day was known before and is
  // known now, else the first value above it counts.
  void restore(const Kept& kept);
  // The value that counts, and one that is held back, and since when.
  std::optional<Decimal> value() const;
  std::optional<Decimal> held() const;
  std::optional<Mono> held_since() const;
  // Whether the value is the one that counts, as in most telegrams: judge() would change nothing.
  bool repeats(Decimal value) const {
    return known_ && !pending_ && believed_.changed != unknown_time && value == believed_.value;
  }
  // Whether it is known when the value that counts came about: it was seen to change, or kept.
  bool is_timed() const { return timed_; }
  // Whether time has passed since the value that counts was first seen.
  bool is_of_before(Mono now) const { return known_ && believed_.changed != now; }

  // Whether a register begins anew behind its last digit.
  static bool begins_anew(Decimal last, Decimal next);
  // Whether it is as low as that of a meter that has just been put up: a tenth, or less.
  static bool is_low(Decimal last, Decimal next) { return shifted(next, 1) <= last; }

 private:
  static constexpr Mono unknown_time = Mono::min();
  static constexpr Instant never = Instant::min();
  struct Point {
    Decimal value;
    Mono changed{};  // when it was first seen
    Instant time = never;
  };
  void place_in_time(Now now);
  bool is_believed(std::string_view why, Falls falls, Mono now) const;
  void hold(const Point& next, std::optional<Decimal> most);
  std::string_view doubt(const Point& last, const Point& next, std::optional<Decimal> most) const;

  // Few are ever held back, and meters have many.
  struct Pending {
    Point point;
    Mono since{};
    int agreeing = 0;
  };
  Point believed_{};
  std::unique_ptr<Pending> pending_;
  Jumps jumps_ = Jumps::need_time;
  bool known_ = false;  // there was a value
  bool timed_ = false;
};

}  // namespace gridtap
