#pragma once
// The energy of a day from a register that only grows. What came between two readings on both sides
// of a midnight is shared by time. A silence or a restart loses nothing, for the register went on
// counting; one that begins anew (another meter) adds nothing, and what the day had stays. Pure,
// exact integers.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/decimal.hpp"
#include "core/record.hpp"
#include "core/value.hpp"

namespace gridtap {

class DayEnergy {
 public:
  using Milliseconds = std::chrono::milliseconds;

  // A register as it is read, or one made continuous by powers, which may be ahead of it.
  enum class Source : std::uint8_t { read, live };

  // A day begins, and nothing of it was counted yet. `start`: its midnight.
  void begin(Instant start, Instant now);
  // REQUIRES: begin() was called, or restore() had a day.
  void total(Decimal kilowatt_hours, Source source, Instant now);
  // Another meter: its register says nothing of what was used before.
  void forget() { register_.reset(); }
  // The clock was set: what is known is of another time than it was.
  void clock_moved(Milliseconds by);

  // kWh, in whole Wh; nothing before the first register.
  std::optional<Decimal> value() const;
  // Since when it was counted: since midnight, or since the first register, where that came later.
  std::optional<Instant> since() const { return since_; }

  // Rows of that name: a record may hold several.
  void keep(RecordWriter& record, const std::string& name) const;
  // Rows that make no sense leave it as new.
  void restore(const Record& record, const std::string& name);

 private:
  struct Register {
    std::int64_t mwh;
    Instant at;  // when it was read last
    Source source = Source::read;
  };
  bool begins_anew(const Register& next) const;
  std::int64_t share_of_day(std::int64_t growth, Instant now) const;

  Instant start_{};
  std::optional<Instant> since_;
  std::int64_t mwh_ = 0;
  std::optional<Register> register_;
};

}  // namespace gridtap
