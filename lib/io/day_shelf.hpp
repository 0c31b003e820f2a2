#pragma once
// The directory of the day files (core/day_store.hpp). A file may be edited, copied or deleted at
// any time: it is looked at before each write, and what a power cut has left of a last line is cut.
// No link is followed below the directory, and only files with names of our own form are deleted.

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/day_store.hpp"

namespace gridtap::io {

// The calls that a full or broken disk refuses; a test plays one. As write(2) and fdatasync(2).
struct DayDisk {
  std::function<::ssize_t(int file, std::string_view bytes)> write;
  std::function<int(int file)> synchronise;
  static DayDisk real();
};

class DayShelf {
 public:
  // The most days that a night forgets: a clock may be wrong.
  static constexpr std::size_t days_a_night = 7;

  // Makes the last part of the directory where it is not there, but not below a mount point whose
  // disk is away.
  explicit DayShelf(const std::string& directory, DayDisk disk = DayDisk::real());

  DayAnswer append(std::vector<DayPiece> pieces);
  // Deletes the files of days before that one, and directories that have no more.
  void forget(const std::string& first_kept);
  const std::string& directory() const { return directory_; }

 private:
  using Pile = std::vector<const DayPiece*>;  // of one device and day
  JournalResult<void> write(int base, const Pile& pile);
  JournalResult<void> write_in(int place, const std::string& path, const Pile& pile);
  JournalResult<void> begin_file(int place, const std::string& path, const std::string& name,
                                 const std::string& text);
  int add(int file, std::string_view text);

  std::string directory_;
  DayDisk disk_;
};

}  // namespace gridtap::io
