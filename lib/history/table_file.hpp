#pragma once
// A table as `gridtap export` and api/history.csv write it (tables.hpp), read again: of
// quarter-hours, or of hours (hour_rows.hpp). A table has no registers and does not say how much of
// a time was covered: what it has a number for counts as covered. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/imported.hpp"

namespace gridtap::history {

// Of one line of CSV (RFC 4180).
std::vector<std::string> fields_of(std::string_view line, char separator);

class TableFile {
 public:
  static constexpr std::size_t max_columns = 256;
  static constexpr std::size_t max_rows = 1'000'000;  // 28 years of quarter-hours

  // Whether a file begins like one.
  static bool is_one(std::string_view first_line);

  // The first line. `known`: the series of the history; of others the vocabulary knows what they
  // are. Returns what is wrong with it; empty: nothing.
  std::string head(std::string_view line, const std::vector<SeriesHead>& known);
  // The same of each further line. What is left out all the same is in the notes.
  std::string line(std::string_view text, FilePlace place);
  // Nothing: why it can be no part of the history is in `problem`.
  std::optional<Imported> finish(std::string& problem);
  const ImportNotes& notes() const { return notes_; }

 private:
  struct Row {
    SlotTime start;
    FilePlace place;
    std::vector<std::optional<std::int64_t>> values;  // by column
  };

  std::string add_column(std::string_view text, const std::vector<SeriesHead>& known);
  std::string add_values(const std::vector<std::string>& fields, Row& row) const;
  std::string sort();
  std::string find_length(bool& is_hours) const;

  char separator_ = ',';
  std::vector<SeriesHead> heads_;
  std::vector<Row> rows_;
  ImportNotes notes_;
};

}  // namespace gridtap::history
