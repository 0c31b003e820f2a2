#pragma once
// Where whole copies of the history go: each is a directory with the day in its name,
// PLACE/gridtap-2026-11-30/history.db.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.hpp"

namespace gridtap::io {

struct BackupPlace {
  std::string directory;           // it must be there: the disk may not be
  std::size_t keep = 7;            // copies; older ones are removed
  std::vector<std::string> files;  // that are copied along, those of them that are there
};

// Why nothing may be copied there: no directory, or one below a mount point of the system (fstab)
// whose disk is not mounted. Empty: it may. `fstab`: the text of that file.
std::string place_problem(const std::string& directory, std::string_view fstab);
std::string place_problem(const std::string& directory);  // by the one of this machine

std::string copy_name(std::string_view day);  // "2026-11-30"
// Those that are there, up to one of that name; the newest first.
std::vector<std::string> copies_in(const std::string& directory, const std::string& newest);
// When that copy was made; nothing where it is not there.
std::optional<Instant> made_at(const std::string& directory, const std::string& name);
// All of them; those of days to come, of a clock that was wrong, last.
std::vector<std::string> copies_in(const std::string& directory);

}  // namespace gridtap::io
