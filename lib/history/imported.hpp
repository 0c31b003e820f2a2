#pragma once
// What was read from files of other programs, or from tables that people kept, before it becomes
// part of the history. Nothing of it is written where any of it is in doubt.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "history/hour_rows.hpp"
#include "history/import_notes.hpp"
#include "history/periods.hpp"
#include "history/slot.hpp"

namespace gridtap::history {

// What can be asked for (query.hpp).
constexpr Instant first_importable = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};
constexpr Instant end_of_importable = std::chrono::sys_days{std::chrono::year{2100} / 1 / 1};

// Where quarter-hours came from.
class Origins {
 public:
  void add(SlotTime start, FilePlace place);  // in the order of time
  FilePlace of(SlotTime start) const;         // the last one that began then, or before

 private:
  struct Origin {
    SlotTime start;
    FilePlace place;
  };
  std::vector<Origin> all_;
};

struct Imported {
  std::vector<SeriesSlots> series;  // slots in the order of time
  Origins origins = {};
  bool is_hours = false;  // each of them is a row of an hour (hour_rows.hpp), begun when it begins
  bool is_sampled = false;  // of lines now and then: join_sampled()
};

// Takes out what begins outside of a time; returns how many quarter-hours that were.
std::size_t leave_out(Imported& imported, const Period& taken);
// The first that begins then or later.
std::optional<SlotTime> first_since(const Imported& imported, Instant time);

// What becomes of a quarter-hour that is there already: equal ones are one, of two of which
// different times are known the fuller one counts; else they contradict each other.
enum class Joined : std::uint8_t { old, fresh, contradiction };
Joined join(const Slot& old, const Slot& fresh);
// The same where at least one was made of lines now and then: a mean of them is a little off, and a
// register that is read seldom moves what it grew by to the quarter-hour beside. Two that can be of
// one meter agree, and the old one stays, unless much less is known of it.
Joined join_sampled(SeriesKind kind, const Slot& old, const Slot& fresh);

// One import: several files that may overlap with each other and with what the history has.
class ImportSum {
 public:
  struct Contradiction {
    FilePlace place;
    SeriesHead head;
    Slot old, fresh;  // of hours: all of an hour
    // The old one is of the history and came from a table, perhaps as a quarter of an hour.
    bool may_be_share = false;
  };
  // What is read of the history for it.
  struct Range {
    std::string series;
    SlotTime begin, end;
  };

  // Nothing: it is joined.
  std::optional<Contradiction> add(const Imported& imported);
  std::vector<Range> ranges() const;
  // Leaves out what the history has already. `old`: of the series, in the order of time, each once.
  std::optional<Contradiction> meet(const std::string& series, const std::vector<Slot>& old);
  // Leaves out the hours of which all files, and the history that was met, have quarter-hours.
  std::optional<Contradiction> settle(ImportNotes& notes);
  // What is new, after that.
  std::vector<SeriesSlots> take();

 private:
  struct Item {
    Slot slot;
    FilePlace place;
    bool is_sampled = false;
  };
  struct Fresh {
    explicit Fresh(SeriesHead its_head) : head(std::move(its_head)), hours(head.kind) {}

    SeriesHead head;
    std::vector<Item> items = {};  // in the order of time
    HourRows hours;
  };

  // That begins then or later.
  static std::vector<Item>::iterator first_item(std::vector<Item>& items, SlotTime time);
  static std::optional<Contradiction> add(Fresh& fresh, const std::vector<Item>& items);
  static Joined join_with(const SeriesHead& head, const Item& old, const Item& fresh);
  static std::optional<Contradiction> add_hours(Fresh& fresh, const std::vector<Item>& hours);
  static void meet_hours(Fresh& fresh, const std::vector<Slot>& old);

  std::map<std::string, Fresh> series_;
};

}  // namespace gridtap::history
