#pragma once
// The energy of each clock hour (or quarter) from the powers of a meter, its registers, or both.
// A register is the truth, the integral of the power only shares it out among the hours it is of.
// The register at each border of two hours is worked out, and an hour is the difference of two
// borders: the hours always add up to what the register has counted. Hours are those of UTC, so a
// change of the clock has no part in it. Pure, exact integers (han.md 9).

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/decimal.hpp"
#include "core/record.hpp"
#include "core/value.hpp"

namespace gridtap {

class HourMeter {
 public:
  using Milliseconds = std::chrono::milliseconds;

  // A power in W and a register in kWh that came together; either may be missing.
  struct Sample {
    std::optional<Decimal> watts, kilowatt_hours;
  };
  // A period that has ended. `wh`: nothing where it was not measured from its begin to its end.
  // `estimated`: a border was worked out and not read. `whole`: at least 95 % of it was measured,
  // so it may count for a tariff.
  struct Hour {
    Instant start;
    std::optional<std::int64_t> wh;
    bool estimated = true, whole = false;
    friend bool operator==(const Hour&, const Hour&) = default;
  };

  // Between two samples further apart than this what was used is not known; the mean of both ends
  // is held for some of it.
  static constexpr Milliseconds longest_step = std::chrono::seconds{30};
  static constexpr Milliseconds longest_hold = std::chrono::seconds{60};
  // A register that comes seldom, and this soon after the full hour, is the one of the full hour.
  static constexpr Milliseconds register_delay = std::chrono::seconds{60};
  // Registers with so much measured power between them come seldom.
  static constexpr Milliseconds seldom = std::chrono::minutes{5};
  // A clock that is moved by more than this leaves the running hour without a meaning.
  static constexpr Milliseconds longest_clock_step = std::chrono::seconds{60};
  static constexpr std::int64_t most_periods = 48;  // that one pair of registers is shared among

  // REQUIRES: an hour is a whole multiple of `period`.
  explicit HourMeter(Milliseconds period = std::chrono::hours{1}) : period_(period) {}

  // Without a time of day nothing is counted.
  void sample(const Sample& sample, Now now);
  // Another meter: nothing before this is known. Periods that have ended stay to be taken.
  void forget();

  // Periods that have ended since, the oldest first; each once.
  std::optional<Hour> take();

  bool is_counting() const { return time_.has_value(); }  // false before the first time of day
  // The begin of the running period. REQUIRES: is_counting().
  Instant start() const { return start_of(*time_); }
  // REQUIRES: is_counting(). mWh of the running period so far; nothing where it is not known from
  // its begin. Near the end of a register's span it may be corrected downwards by a little.
  std::optional<std::int64_t> running_mwh() const;

  // Rows of that name: a record may hold several meters.
  void keep(RecordWriter& record, const std::string& name) const;
  // Rows that make no sense together leave it as new.
  void restore(const Record& record, std::string_view name);

 private:
  // What is known of a span of time within one period.
  struct Piece {
    Instant start;         // of the period
    std::int64_t uws = 0;  // the integral, in microwatt-seconds
    Milliseconds time{0}, covered{0};
    Milliseconds uncovered() const { return time - std::min(covered, time); }
  };
  struct Register {
    std::int64_t mwh;
    Instant at;                  // its last arrival
    std::int64_t least_uws = 0;  // the power since its first arrival was at least this much
  };
  // The register at the begin of the running period.
  struct Border {
    Instant start;
    std::int64_t mwh;
    bool estimated = false;
    Milliseconds doubt{0};    // how much of the period is not measured
    bool is_arrival = false;  // the first register, so soon after the border that it may be of it
  };

  Instant start_of(Instant time) const;
  void begin(Now now);
  bool clock_holds(Now now);
  void pass(Instant until, Milliseconds elapsed, std::optional<std::int64_t> milliwatts);
  void integrate(Instant until, Milliseconds covered, std::int64_t milliwatts);
  void next_piece(Instant start);
  void close_by_integral();
  void total(std::int64_t mwh, std::int64_t step_mwh);
  void first_total(std::int64_t mwh);
  void grow(std::int64_t mwh);
  std::vector<std::int64_t> borders_within(std::int64_t growth, bool running) const;
  void close(const Piece& piece, std::int64_t border_mwh, bool exact);
  bool comes_seldom() const;
  bool take_row(std::string_view what, const RecordRow& row);
  bool is_sound() const;
  Milliseconds covered() const;
  Milliseconds uncovered() const;
  std::int64_t integral_mwh() const;
  bool may_be_missed(Milliseconds time) const { return time * 20 <= period_; }

  Milliseconds period_;
  std::optional<Instant> time_;  // of the last sample; never falls but by forget()
  std::optional<Mono> mono_;     // the same; nothing after a restart
  std::optional<std::int64_t> milliwatts_;
  Milliseconds power_age_{0};
  std::optional<Register> register_;
  bool is_frequent_ = false;   // registers have come shortly after one another
  std::vector<Piece> pieces_;  // since the register (or since the begin), the running one last
  std::optional<Border> border_;
  std::deque<Hour> closed_;
};

}  // namespace gridtap
