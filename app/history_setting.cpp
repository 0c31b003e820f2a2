#include "app/history_setting.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "app/device_names.hpp"

namespace gridtap::app {
namespace {

constexpr int most_days = 36'500;  // a hundred years
constexpr std::size_t most_patterns = 64;
constexpr int most_copies = 1000;
constexpr std::chrono::seconds least_interval{1}, most_interval{15 * 60};  // of day files

std::optional<std::chrono::days> days_of(std::string_view text) {
  int days = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, days);
  const bool fits = error == std::errc() && std::string_view(rest, end) == "d";
  if (!fits || days < 1 || days > most_days) return {};
  return std::chrono::days(days);
}

std::optional<std::chrono::days> read_keep(Section& section, std::string_view otherwise) {
  const std::string text = section.text("keep", otherwise);
  if (text == "all") return {};
  const auto days = days_of(text);
  if (!days) section.problem("keep", "write `all`, or a number of days as `3650d`");
  return days;
}

// Parts of a pattern are what ids are, and `*` for any text.
bool is_pattern(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '*';
  });
}

std::optional<std::string> pattern_problem(std::string_view pattern, const BesideHistory& beside) {
  if (pattern.starts_with('-')) pattern.remove_prefix(1);
  if (pattern == "default") return {};
  const std::size_t slash = pattern.find('/');
  const std::string_view device = pattern.substr(0, slash);
  if (slash == pattern.npos || !is_pattern(device) || !is_pattern(pattern.substr(slash + 1))) {
    return "write `default`, or values as in their topics, `*` for any text: meter/voltage_*";
  }
  const bool any = device.find('*') != device.npos;
  return any ? std::nullopt : device_name_problem(device, beside.devices);
}

std::vector<std::string> read_series(Section& section, const BesideHistory& beside) {
  std::vector<std::string> series = section.texts("series");
  if (!section.has("series")) return HistoryConfig().series;
  for (const std::string& pattern : series) {
    if (const auto bad = pattern_problem(pattern, beside)) section.problem("series", *bad);
  }
  if (series.size() > most_patterns) section.problem("series", "at most 64 of them");
  return series;
}

bool has_line_break(std::string_view path) { return path.find_first_of("\r\n") != path.npos; }

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

std::string read_directory(Section& section, const BesideHistory& beside) {
  std::string path = section.text("directory", beside.state_dir + "/history");
  if (!section.has("directory")) return path;
  if (!path.starts_with('/')) {
    section.problem("directory", "write the whole path of a directory: /var/lib/gridtap/history");
  } else if (has_line_break(path)) {
    section.problem("directory", "write the path of a directory on one line");
  }
  return without_slash(std::move(path));
}

io::BackupPlace read_backup(Section section, const HistoryConfig& history,
                            const std::string& state_dir) {
  io::BackupPlace place;
  place.directory = without_slash(section.text("directory"));
  place.keep = static_cast<std::size_t>(section.integer("keep", 7, 1, most_copies));
  section.finish();
  if (section.usable() && !place.directory.starts_with('/')) {
    section.problem("directory", "write the whole path of a directory on another disk");
  } else if (has_line_break(place.directory)) {
    section.problem("directory", "write the path of a directory on one line");
  } else if (place.directory == history.directory || place.directory == state_dir) {
    section.problem("directory", "the copies need a directory of their own");
  }
  place.files = {state_dir + "/state", state_dir + "/state.old"};
  return place;
}

std::chrono::seconds read_interval(Section& section) {
  const auto interval =
      section.duration("interval", DayFilesConfig().interval, least_interval, most_interval);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(interval);
  if (seconds != interval) section.problem("interval", "write whole seconds, as `10s`");
  return std::max(seconds, least_interval);
}

DayFilesConfig read_day_files(Section section, const HistoryConfig& history,
                              const std::string& state_dir) {
  DayFilesConfig files;
  files.directory = without_slash(section.text("directory", history.directory + "/days"));
  files.interval = read_interval(section);
  files.keep = read_keep(section, "30d");
  section.finish();
  const bool is_taken = files.directory == history.directory || files.directory == state_dir ||
                        (history.copies && files.directory == history.copies->directory);
  if (section.has("directory") && !files.directory.starts_with('/')) {
    section.problem("directory", "write the whole path of a directory");
  } else if (has_line_break(files.directory)) {
    section.problem("directory", "write the path of a directory on one line");
  } else if (is_taken) {
    section.problem("directory", "the day files need a directory of their own");
  }
  return files;
}

}  // namespace

std::optional<HistoryConfig> read_history(Section& root, const BesideHistory& beside) {
  root.accept("history");
  if (!root.has("history")) return {};
  Section section = root.section("history");
  if (!section.usable()) return {};
  HistoryConfig history;
  history.directory = read_directory(section, beside);
  history.keep = read_keep(section, "all");
  history.series = read_series(section, beside);
  section.accept("backup");
  if (section.has("backup")) {
    history.copies = read_backup(section.section("backup"), history, beside.state_dir);
  }
  section.accept("day_files");
  if (section.has("day_files")) {
    history.day_files = read_day_files(section.section("day_files"), history, beside.state_dir);
  }
  section.finish();
  return history;
}

}  // namespace gridtap::app
