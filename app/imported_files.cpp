#include "app/imported_files.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <utility>

#include "app/exit_status.hpp"
#include "app/refusal.hpp"
#include "core/json_text.hpp"
#include "history/table_file.hpp"

namespace gridtap::app {

std::string ImportedFiles::place(history::FilePlace at) const {
  const std::string& file = from_.files[at.file];
  return at.line == 0 ? file + ": " : file + ':' + std::to_string(at.line) + ": ";
}

void ImportedFiles::tell(const history::ImportNotes& notes) const {
  for (const history::ImportNote& each : notes.all()) {
    std::cerr << printable(place(each.place) + each.text) << '\n';
  }
}

int ImportedFiles::sort() {
  for (std::uint32_t file = 0; file < from_.files.size(); ++file) {
    if (const int status = sort(file)) return status;
  }
  std::sort(day_files_.begin(), day_files_.end());
  for (auto& [device, files] : own_) std::sort(files.begin(), files.end());
  return exit_good;
}

// By what its first line is.
int ImportedFiles::sort(std::uint32_t file) {
  auto lines = TextLines::open(from_.files[file]);
  if (!lines) return refuse(exit_no_input, lines.error().detail);
  const std::string first = lines->next().value_or("");
  if (history::DayTable::is_one(first)) return add_own(file, *lines);
  if (history::DayTable::is_saved_by_spreadsheet(first)) {
    return refuse(exit_data, place({file, 1}) +
                                 "semicolons between the columns, as a spreadsheet saves it: take "
                                 "the file as it was before, or save it with commas between the "
                                 "columns, points in numbers and whole times "
                                 "(2026-11-28T12:00:00+01:00)");
  }
  if (history::TableFile::is_one(first)) {
    tables_.push_back(file);
  } else if (history::DayFiles::is_one(first)) {
    day_files_.push_back({first, file});
  } else {
    const std::string forms =
        "neither a table as `gridtap export` writes it (its first line is "
        "time,meter/energy_import[kWh],...) nor a day file (time,energy_import[kWh],..., or 19 "
        "fields a line)";
    return refuse(exit_data,
                  lines->problem().empty() ? place({file, 1}) + forms : lines->problem());
  }
  return exit_good;
}

// Of its first lines that have a time the middle one, for one of them may be odd.
std::optional<Instant> ImportedFiles::begin_of(TextLines& lines) {
  std::vector<Instant> times;
  while (times.size() < first_times) {
    const auto line = lines.next();
    if (!line) break;
    if (const auto time = history::DayTable::time_of(*line)) times.push_back(*time);
  }
  if (times.empty()) return {};
  std::sort(times.begin(), times.end());
  return times[(times.size() - 1) / 2];
}

// A file of which no line has a time has nothing to be sorted by, and comes first.
int ImportedFiles::add_own(std::uint32_t file, TextLines& lines) {
  std::error_code error;
  const auto path = std::filesystem::absolute(from_.files[file], error).lexically_normal();
  std::string device;
  const std::string directory = path.parent_path().filename().string();
  if (const int status = from_.find_own_device(from_.files[file], directory, device)) return status;
  const std::string place = path.parent_path().string();
  const std::string& other = directories_.try_emplace(device, place).first->second;
  if (other != place) return refuse_directory(device, other, place);
  own_[device].emplace_back(begin_of(lines), file);
  return exit_good;
}

// `next`: when the next one begins.
int ImportedFiles::read_own_day(std::uint32_t file, std::optional<Instant> next,
                                history::DayTable& days) {
  auto lines = TextLines::open(from_.files[file]);
  if (!lines) return refuse(exit_no_input, lines.error().detail);
  const std::string problem = days.head(lines->next().value_or(""), {file, 1});
  if (!problem.empty()) return refuse(exit_data, place({file, 1}) + problem);
  while (const auto line = lines->next()) {
    if (is_whole(*lines, file)) days.line(*line, {file, lines->line()});
  }
  if (!lines->problem().empty()) return refuse(exit_data, lines->problem());
  const std::string useless = days.end_of_file(next);
  return useless.empty() ? exit_good : refuse(exit_data, place({file, 0}) + useless);
}

int ImportedFiles::read_own_days(const std::string& device, const OwnFiles& files) {
  history::DayTable days(device, from_.choice, from_.known);
  for (std::size_t n = 0; n < files.size(); ++n) {
    const auto next = n + 1 < files.size() ? files[n + 1].first : std::nullopt;
    if (const int status = read_own_day(files[n].second, next, days)) return status;
  }
  history::Imported imported = days.finish();
  tell(days.notes());
  return join(std::move(imported));
}

// A number of a line without an end may be a part of one: 12.3 of 12.34.
bool ImportedFiles::is_whole(const TextLines& lines, std::uint32_t file) const {
  if (!lines.is_cut_off()) return true;
  std::cerr << printable(place({file, lines.line()}))
            << "the last line is cut off, it has no end: left out\n";
  return false;
}

int ImportedFiles::read_day_file(std::uint32_t file, history::DayFiles& days) {
  auto lines = TextLines::open(from_.files[file]);
  if (!lines) return refuse(exit_no_input, lines.error().detail);
  while (const auto line = lines->next()) {
    if (is_whole(*lines, file)) days.line(*line, {file, lines->line()});
  }
  return lines->problem().empty() ? exit_good : refuse(exit_data, lines->problem());
}

// One after the other: what comes at midnight is shared between two of them.
int ImportedFiles::read_day_files() {
  if (day_files_.empty()) return exit_good;
  std::string device;
  if (const int status = from_.find_device(device)) return status;
  history::DayFiles days(device, from_.choice, from_.clock);
  for (const auto& [first_line, file] : day_files_) {
    if (const int status = read_day_file(file, days)) return status;
  }
  history::Imported imported = days.finish();
  tell(days.notes());
  return join(std::move(imported));
}

int ImportedFiles::read_table(std::uint32_t file) {
  auto lines = TextLines::open(from_.files[file]);
  if (!lines) return refuse(exit_no_input, lines.error().detail);
  history::TableFile table;
  std::string problem;
  while (const auto line = lines->next()) {
    if (!is_whole(*lines, file)) break;
    problem = lines->line() == 1 ? table.head(*line, from_.known)
                                 : table.line(*line, {file, lines->line()});
    if (!problem.empty()) return refuse(exit_data, place({file, lines->line()}) + problem);
  }
  if (!lines->problem().empty()) return refuse(exit_data, lines->problem());
  auto imported = table.finish(problem);
  tell(table.notes());
  if (!imported) return refuse(exit_data, place({file, 0}) + problem);
  return join(*std::move(imported));
}

int ImportedFiles::join(history::Imported imported) {
  left_out_ += history::leave_out(imported, from_.taken);
  if (from_.now) {
    const auto late = history::first_since(imported, *from_.now + longest_ahead);
    if (late) return refuse_later(imported.origins.of(*late), *late);
  }
  const auto found = sum_.add(imported);
  return found ? refuse_contradiction(*found) : exit_good;
}

int ImportedFiles::refuse_later(history::FilePlace at, SlotTime start) const {
  const auto spelt = [&](Instant time) {
    std::string text;
    append(text, Timestamp{time, from_.house.offset_at(time)});
    return text;
  };
  const std::string now = spelt(std::chrono::floor<std::chrono::seconds>(*from_.now));
  const std::string tomorrow = spelt(*from_.now + longest_ahead).substr(0, 10);
  return refuse(exit_data, place(at) + spelt(start) + " is in the future, it is " + now +
                               " here: is a clock wrong, or its --zone? With --to " + tomorrow +
                               " it is left out: " + from_.refusal);
}

int ImportedFiles::settle() {
  history::ImportNotes notes;
  const auto found = sum_.settle(notes);
  tell(notes);
  return found ? refuse_contradiction(*found) : exit_good;
}

// The lines of two devices would be mixed.
int ImportedFiles::refuse_directory(const std::string& device, const std::string& one,
                                    const std::string& other) const {
  return refuse(exit_usage, "two directories have day files of one device, " + device + ": " + one +
                                " and " + other +
                                ": take one at a time, of two devices with `gridtap import "
                                "--device` to name each: " +
                                from_.refusal);
}

int ImportedFiles::refuse_contradiction(const history::ImportSum::Contradiction& it) const {
  const auto spelt = [&](std::int64_t units) {
    return to_text(shifted({units, 0}, it.head.exponent)) + ' ' + it.head.unit;
  };
  std::string text = place(it.place) + it.head.name + " has " + spelt(it.fresh.value) + " at ";
  append(text, Timestamp{it.fresh.start, from_.house.offset_at(it.fresh.start)});
  text += ", where " + spelt(it.old.value) + " is known already";
  if (it.may_be_share) {
    text +=
        " (a quarter of an hour, where a table of hours brought it: import quarter-hours and day "
        "files before the hours)";
  }
  return refuse(exit_data, text + ": " + from_.refusal);
}

int ImportedFiles::read() {
  if (from_.files.size() > max_files) {
    return refuse(exit_usage, "at most " + std::to_string(max_files) + " files at once");
  }
  if (const int status = sort()) return status;
  for (const std::uint32_t file : tables_) {
    if (const int status = read_table(file)) return status;
  }
  for (const auto& [device, files] : own_) {
    if (const int status = read_own_days(device, files)) return status;
  }
  return read_day_files();
}

}  // namespace gridtap::app
