#pragma once
// Where the day files of the house are kept: for each device and day a table with a line each few
// seconds, in files that people open, copy and delete while they grow.
//
//   DIRECTORY/meter/2026-11-28.csv      time,energy_import[kWh],power_import[W]
//                                       2026-11-28T12:00:00+01:00,8421.053,244
//   DIRECTORY/meter/2026-11-28.2.csv    the same day with more columns, from when they were there

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/journal.hpp"

namespace gridtap {

// Lines of one device and day.
struct DayPiece {
  std::string device, day;  // as in topics; "2026-11-28", in the zone of the house
  std::string head;         // the first line of their file, without its end
  std::string lines = {};   // whole ones, each with its end and a field for each of the head
  std::uint32_t count = 0;
};

// What became of pieces: those that are not in a file, in their order, and why; no error where all
// of them are.
struct DayAnswer {
  std::vector<DayPiece> left = {};
  std::optional<JournalError> error = {};
};

// A disk may stall for seconds, the loop never does: each call is answered once, from the loop and
// never from inside the call. REQUIRES: the answer to the last call has come.
struct DayStore : Port {
  using OnAnswer = std::function<void(DayAnswer)>;

  // Adds them to the newest file of their device and day where that has the columns, else begins
  // the next one with all columns so far. A piece is on the disk whole, or not at all. Files of
  // days before `first_kept` are deleted, where there is such a day.
  virtual void append(std::vector<DayPiece> pieces, std::string first_kept, OnAnswer on_answer) = 0;
  // The end: the same with what there is, for as long as patience lasts; nothing is answered.
  virtual void close(std::vector<DayPiece> pieces) = 0;
};

}  // namespace gridtap
