#pragma once
// The columns of our own day files (day_table.hpp), and the series that their lines make: what is
// measured holds until the next line, registers become what they grew by. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "history/day_register.hpp"
#include "history/day_row.hpp"
#include "history/held_slots.hpp"
#include "history/imported.hpp"

namespace gridtap::history {

class DayColumns {
 public:
  static constexpr int longest_hold = 3;  // intervals
  // What is longer ago is a silence: what a register grew by is not covered.
  static constexpr std::chrono::minutes longest_silence{10};

  explicit DayColumns(ImportNotes& notes) : notes_(notes) {}  // which outlive it

  void begin_file();
  // False: the file has one of that name already.
  bool place(const SeriesHead& head, std::size_t column);
  // The column of a livelier total shapes the register, where that has one.
  void place_live(const std::string& name, std::size_t column);
  bool is_used(std::size_t column) const;
  bool is_switch(std::size_t column) const;

  // In the order of time.
  void take(const DayRow& row);
  void end_file();
  void finish(Imported& imported);

 private:
  struct Held {
    explicit Held(SeriesHead its_head)
        : head(std::move(its_head)), slots(head.kind, head.exponent) {}

    void take() {
      while (const auto slot = slots.take()) done.push_back(*slot);
    }

    SeriesHead head;
    HeldSlots slots;
    std::vector<Slot> done = {};
    std::size_t column = no_column;  // of this file
  };

  struct Counted {
    explicit Counted(SeriesHead head) : counter(std::move(head)) {}

    DayRegister counter;
    std::size_t column = no_column, live = no_column;  // of this file; `live`: its livelier total
  };

  static bool is_own(const Counted& series);
  Milliseconds silence() const;
  bool has_changed(const DayRow& row) const;
  void look_ahead();
  void measure(Instant at);
  void count(const DayRow& row);
  void hear_registers(const DayRow& row);

  ImportNotes& notes_;
  std::vector<Held> held_;
  std::vector<Counted> counted_;
  std::vector<DayRow> ahead_;        // lines that are looked at before they count
  bool is_looking_ = true;           // at the begin of a file
  std::vector<Milliseconds> steps_;  // between the last few lines
  Milliseconds interval_ = std::chrono::seconds{10};
  std::optional<Instant> last_, changed_;  // lines that counted; when a register changed
  bool is_lively_ = false;                 // registers come with each line
};

}  // namespace gridtap::history
