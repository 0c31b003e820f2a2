#pragma once
// The rows of a table of hours, of one series: their quarter-hours are not known. Those of an hour
// of which the history has some are only compared with them; an hour of which it has none is shared
// evenly among four. Pure.

#include <cstdint>
#include <optional>
#include <vector>

#include "history/import_notes.hpp"
#include "history/slot.hpp"

namespace gridtap::history {

class HourRows {
 public:
  static constexpr Quarters length{4};

  // What is known of its time already; of quarter-hours all together.
  struct Known {
    std::int64_t value = 0;  // of a mean: weighted by seconds
    std::int32_t covered = 0;
    std::int32_t quarters = 0;
  };
  struct Row {
    Slot whole;  // its mean, or all of it; covered: of each of its quarter-hours
    FilePlace place;
    Known known = {};
  };
  struct Clash {
    FilePlace place;
    Slot old, fresh;
  };

  explicit HourRows(SeriesKind kind) : kind_(kind) {}

  const std::vector<Row>& rows() const { return rows_; }  // in the order of time
  // Rows in the order of time. Nothing: they are there, equal ones once.
  std::optional<Clash> add(const std::vector<Row>& rows);
  // A quarter-hour that is known besides; each once, in any order.
  void meet(const Slot& quarter);
  // Those that are known leave, after all that is known was met; `notes`: of which a part is known.
  std::optional<Clash> settle(ImportNotes& notes);
  // The quarter-hours of those that are left, in the order of time.
  std::vector<Slot> shared() const;

 private:
  enum class Verdict : std::uint8_t { unknown, same, part, other };
  Verdict verdict_of(const Row& row) const;
  std::int64_t value_of(const Known& known) const;

  SeriesKind kind_;
  std::vector<Row> rows_;
};

}  // namespace gridtap::history
