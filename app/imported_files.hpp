#pragma once
// The files that `gridtap import` takes over and `gridtap report` shows: tables that `export`
// wrote, our own day files, and those of the program before.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/text_lines.hpp"
#include "core/zone.hpp"
#include "history/day_files.hpp"
#include "history/day_table.hpp"
#include "history/imported.hpp"
#include "history/periods.hpp"
#include "history/series_choice.hpp"

namespace gridtap::app {

struct ImportedFrom {
  std::vector<std::string> files;
  Zone house, clock;              // of the house, and of the clock of the meter of old day files
  history::SeriesChoice choice;   // of day files of both kinds
  std::vector<SeriesHead> known;  // series that a table may have besides those of the vocabulary
  // Both return the status to end with, and say why. Of old day files, which do not name it; and of
  // our own, by the name of the directory that a file is in.
  std::function<int(std::string& device)> find_device;
  std::function<int(const std::string& file, const std::string& directory, std::string& device)>
      find_own_device;
  std::string refusal;  // what became of it where files contradict each other
  history::Period taken{Instant::min(), Instant::max()};  // what begins outside is left out
  std::optional<Instant> now = {};  // where what is later by more than longest_ahead is refused
};

class ImportedFiles {
 public:
  // Years of day files; each is open for a moment only.
  static constexpr std::size_t max_files = 20'000;

  static constexpr std::chrono::hours longest_ahead{24};  // of a clock, and for zones

  explicit ImportedFiles(ImportedFrom from) : from_(std::move(from)) {}

  // Says what is wrong on standard error, and what is left out; returns the status to end with.
  int read();
  history::ImportSum& sum() { return sum_; }
  // After the sum has met what is known besides, and before it is taken.
  int settle();
  std::size_t left_out() const { return left_out_; }  // quarter-hours, by ImportedFrom::taken
  int refuse_contradiction(const history::ImportSum::Contradiction& it) const;

 private:
  static constexpr std::size_t first_times = 3;  // that a file of our own is sorted by

  // By their first times.
  using OwnFiles = std::vector<std::pair<std::optional<Instant>, std::uint32_t>>;
  int sort();
  int sort(std::uint32_t file);
  static std::optional<Instant> begin_of(TextLines& lines);
  int add_own(std::uint32_t file, TextLines& lines);
  int read_own_days(const std::string& device, const OwnFiles& files);
  int read_own_day(std::uint32_t file, std::optional<Instant> next, history::DayTable& days);
  int read_day_files();
  int read_day_file(std::uint32_t file, history::DayFiles& days);
  int read_table(std::uint32_t file);
  bool is_whole(const TextLines& lines, std::uint32_t file) const;
  int join(history::Imported imported);
  int refuse_directory(const std::string& device, const std::string& one,
                       const std::string& other) const;
  int refuse_later(history::FilePlace at, SlotTime start) const;
  void tell(const history::ImportNotes& notes) const;
  std::string place(history::FilePlace at) const;

  ImportedFrom from_;
  std::vector<std::uint32_t> tables_;
  std::map<std::string, OwnFiles> own_;                           // by device
  std::map<std::string, std::string> directories_;                // that those are in
  std::vector<std::pair<std::string, std::uint32_t>> day_files_;  // by their first lines
  history::ImportSum sum_;
  std::size_t left_out_ = 0;
};

}  // namespace gridtap::app
