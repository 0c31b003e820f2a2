#pragma once
// What was read from files of other programs, or from tables that people kept, before it becomes
// part of the history. Nothing of it is written where any of it is in doubt.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "history/slot.hpp"

namespace gridtap::history {

struct FilePlace {
  std::uint32_t file = 0, line = 0;  // of the files of an import, and from 1 on
};

// What was odd, and what was done about it.
struct ImportNote {
  FilePlace place;
  std::string text;
};

// The first few of each file; the others are counted.
class ImportNotes {
 public:
  static constexpr std::uint32_t most_of_a_file = 5;

  void add(FilePlace place, std::string text);
  std::vector<ImportNote> all() const;

 private:
  std::vector<ImportNote> notes_;
  std::map<std::uint32_t, std::uint32_t> counts_;  // by file
};

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
};

// What becomes of a quarter-hour that is there already: equal ones are one, of two of which
// different times are known the fuller one counts; else they contradict each other.
enum class Joined : std::uint8_t { old, fresh, contradiction };
Joined join(const Slot& old, const Slot& fresh);

// One import: several files that may overlap with each other and with what the history has.
class ImportSum {
 public:
  struct Contradiction {
    FilePlace place;
    SeriesHead head;
    Slot old, fresh;
  };
  // What is read of the history for it.
  struct Range {
    std::string series;
    SlotTime begin, end;
  };

  // Nothing: it is joined.
  std::optional<Contradiction> add(const Imported& imported);
  std::vector<Range> ranges() const;
  // Leaves out what the history has already. `old`: of the series, in the order of time.
  std::optional<Contradiction> meet(const std::string& series, const std::vector<Slot>& old);
  // What is new.
  std::vector<SeriesSlots> take();

 private:
  struct Item {
    Slot slot;
    FilePlace place;
  };
  struct Fresh {
    SeriesHead head;
    std::vector<Item> items = {};  // in the order of time
  };

  static std::optional<Contradiction> add(Fresh& fresh, const std::vector<Item>& items);

  std::map<std::string, Fresh> series_;
};

}  // namespace gridtap::history
