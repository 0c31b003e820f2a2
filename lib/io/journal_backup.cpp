#include "io/journal_backup.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "io/disk.hpp"
#include "io/read_file.hpp"

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "gridtap-";

// Whether another file system begins there.
bool is_mounted(const fs::path& point) {
  struct stat here{}, above{};
  return ::stat(point.c_str(), &here) == 0 && ::stat((point / "..").c_str(), &above) == 0 &&
         (here.st_dev != above.st_dev || here.st_ino == above.st_ino);
}

bool is_in(const fs::path& path, const fs::path& directory) {
  const auto [end, rest] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

bool is_copy(const std::string& name) {
  constexpr std::size_t day = 10;  // 2026-11-30
  const bool fits = name.starts_with(prefix) && name.size() == prefix.size() + day;
  return fits && name.find_first_not_of("0123456789-", prefix.size()) == name.npos;
}

JournalError trouble(const fs::path& path, const std::error_code& why) {
  const bool is_full = why == std::errc::no_space_on_device;
  return {is_full ? JournalFault::full : JournalFault::other, path.string() + ": " + why.message()};
}

std::error_code copy_whole(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from, error)) return {};
  fs::copy_file(from, to, error);
  if (error) return error;
  return {RealDisk().synchronise_file(to), std::generic_category()};
}

JournalResult<void> fill(SqliteJournal& journal, const BackupPlace& place, const fs::path& fresh) {
  std::error_code error;
  fs::remove_all(fresh, error);
  if (!fs::create_directory(fresh, error)) return tl::unexpected(trouble(fresh, error));
  fs::permissions(fresh, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec,
                  error);  // a stick of FAT has none: that is no reason to copy nothing
  if (auto done = journal.backup(fresh / "history.db"); !done) return done;
  for (const fs::path file : place.files) {
    error = copy_whole(file, fresh / file.filename());
    if (error) return tl::unexpected(trouble(file, error));
  }
  RealDisk().synchronise_directory(fresh);
  return {};
}

// The days in their names are in the order of time. Those of days to come, of a clock that was
// wrong, neither count nor go.
void remove_old(const BackupPlace& place, const std::string& newest) {
  std::error_code error;
  std::vector<std::string> copies;
  for (fs::directory_iterator it(place.directory, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename();
    if (is_copy(name) && name <= newest) copies.push_back(name);
  }
  std::sort(copies.begin(), copies.end());
  for (std::size_t n = 0; n + place.keep < copies.size(); ++n) {
    fs::remove_all(fs::path(place.directory) / copies[n], error);
  }
}

}  // namespace

std::string place_problem(const std::string& directory, std::string_view fstab) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    return directory +
           " is not there: is its disk mounted? Else make it once: sudo install -d -o "
           "gridtap -g gridtap " +
           directory;
  }
  const fs::path place = fs::canonical(directory, error);
  std::istringstream lines{std::string(fstab)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string device, point;
    const bool is_entry = words >> device >> point && device.front() != '#';
    if (!is_entry || point == "/" || !is_in(place, point) || is_mounted(point)) continue;
    return directory + ": the disk of " + point + " is not mounted";
  }
  return {};
}

JournalResult<void> back_up(SqliteJournal& journal, const BackupPlace& place,
                            const std::string& day) {
  const auto fstab = read_file("/etc/fstab");
  if (std::string why = place_problem(place.directory, fstab ? *fstab : ""); !why.empty()) {
    return tl::unexpected(JournalError{JournalFault::other, std::move(why)});
  }
  const fs::path directory = place.directory, target = directory / (std::string(prefix) + day);
  std::error_code error;
  if (fs::exists(target, error)) return {};
  const fs::path fresh = directory / ".gridtap-copy";
  auto done = fill(journal, place, fresh);
  if (done) fs::rename(fresh, target, error);
  if (done && error) done = tl::unexpected(trouble(target, error));
  if (!done) {
    fs::remove_all(fresh, error);
    return done;
  }
  RealDisk().synchronise_directory(directory);
  remove_old(place, target.filename());
  return {};
}

}  // namespace gridtap::io
