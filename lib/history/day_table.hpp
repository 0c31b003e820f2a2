#pragma once
// The day files of this program (core/day_store.hpp), read again: tables of one device whose
// columns have no device in front. All files of a device, one after the other in the order of time,
// make quarter-hours as if the device were there: what is measured holds until the next line, for
// three intervals at most; registers become what they grew by. Pure.

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "history/day_row.hpp"
#include "history/imported.hpp"
#include "history/series_choice.hpp"

namespace gridtap::history {

class DayColumns;

class DayTable {
 public:
  static constexpr std::size_t max_columns = 1024;
  // A file in which this many lines, and all of them, are unusable is refused; fewer were torn.
  static constexpr std::size_t least_bad = 3;

  // Whether a file begins like one.
  static bool is_one(std::string_view first_line);
  // Whether it begins like one in which a spreadsheet put semicolons.
  static bool is_saved_by_spreadsheet(std::string_view first_line);
  // Of a line; nothing: it has none.
  static std::optional<Instant> time_of(std::string_view line);

  // `known`: the series of the history; of others the vocabulary knows what they are. What `choice`
  // does not take is left out.
  DayTable(std::string device, SeriesChoice choice, std::vector<SeriesHead> known);
  ~DayTable();
  DayTable(const DayTable&) = delete;
  DayTable& operator=(const DayTable&) = delete;

  // The first line of a file. Returns what is wrong with it; empty: nothing.
  std::string head(std::string_view line, FilePlace place);
  // Each further line. What is left out is in the notes.
  void line(std::string_view text, FilePlace place);
  // `next`: when the next file begins. A last line that is later is odd. Returns what is wrong with
  // all of its lines; empty: nothing.
  std::string end_of_file(std::optional<Instant> next = {});
  // After the last file.
  Imported finish();
  const ImportNotes& notes() const { return notes_; }

 private:
  enum class Use : std::uint8_t { nothing, number, position };

  std::string add_column(const std::string& text, std::size_t column, FilePlace place);
  std::optional<SeriesHead> head_of_key(const std::string& key, FilePlace place);
  std::optional<DayRow> parse(std::string_view text, FilePlace place);
  bool is_same_time(const DayRow& row, const std::optional<DayRow>& before);
  void take_held();
  void leave_out_held();
  void leave_out(FilePlace place, const std::string& why);
  std::size_t add_values(const std::vector<std::string_view>& fields, DayRow& row) const;

  const std::string device_;
  const SeriesChoice choice_;
  const std::vector<SeriesHead> known_;
  std::vector<Use> uses_;  // of the fields of a line of this file
  std::unique_ptr<DayColumns> columns_;
  std::optional<DayRow> held_, last_;  // the newest; and the one that was taken before it
  std::size_t good_ = 0, bad_ = 0;     // lines of this file
  std::string first_bad_;              // what is wrong with it
  std::set<std::string> unknown_;      // columns that were told
  Origins origins_;
  ImportNotes notes_;
};

}  // namespace gridtap::history
