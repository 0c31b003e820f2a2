#include "io/journal_backup.hpp"

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "io/disk.hpp"

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

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

// Those of days to come, of a clock that was wrong, neither count nor go.
void remove_old(const BackupPlace& place, const std::string& newest) {
  const auto copies = copies_in(place.directory, newest);
  std::error_code error;
  for (std::size_t n = place.keep; n < copies.size(); ++n) {
    fs::remove_all(fs::path(place.directory) / copies[n], error);
  }
}

JournalResult<void> make(SqliteJournal& journal, const BackupPlace& place, const std::string& day) {
  const fs::path directory = place.directory, target = directory / copy_name(day);
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

}  // namespace

JournalResult<std::optional<Instant>> back_up(SqliteJournal& journal, const BackupPlace& place,
                                              const std::string& day) {
  if (std::string why = place_problem(place.directory); !why.empty()) {
    return tl::unexpected(JournalError{JournalFault::other, std::move(why)});
  }
  if (auto done = make(journal, place, day); !done) {
    return tl::unexpected(std::move(done).error());
  }
  return made_at(place.directory, copy_name(day));
}

std::optional<Instant> newest_copy(const BackupPlace& place) {
  if (!place_problem(place.directory).empty()) return {};
  const auto copies = copies_in(place.directory);
  return copies.empty() ? std::nullopt : made_at(place.directory, copies.front());
}

}  // namespace gridtap::io
