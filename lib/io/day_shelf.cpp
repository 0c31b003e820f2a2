#include "io/day_shelf.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "io/day_file.hpp"
#include "io/day_head.hpp"
#include "io/journal_backup.hpp"
#include "io/read_file.hpp"

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_head = 64 * 1024;

tl::unexpected<JournalError> trouble(const std::string& path, int error) {
  std::string text = path + ": " + std::strerror(error);
  JournalFault fault = JournalFault::other;
  if (error == ENOSPC || error == EDQUOT) {
    fault = JournalFault::full;
    text += "; make room on its disk";
  } else if (error == EROFS || error == EACCES || error == EPERM) {
    fault = JournalFault::read_only;
    text += "; the user that runs gridtap must be allowed to write there, and the disk be writable";
  }
  return tl::unexpected(JournalError{fault, std::move(text)});
}

// The whole path, without a `/` at its end.
std::string plain(const std::string& directory) {
  std::error_code error;
  const fs::path path = fs::absolute(directory, error).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).string();
}

std::string fstab() { return read_file("/etc/fstab").value_or(""); }

// Its last part is made where the disk of the one above is there.
JournalResult<OpenFile> open_base(const std::string& directory) {
  std::error_code error;
  const std::string above = fs::path(directory).parent_path().string();
  if (!fs::exists(directory, error) && place_problem(above, fstab()).empty() &&
      ::mkdir(directory.c_str(), 0750) != 0) {
    return trouble(directory, errno);
  }
  if (std::string why = place_problem(directory, fstab()); !why.empty()) {
    return tl::unexpected(JournalError{JournalFault::other, std::move(why)});
  }
  OpenFile base(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!base) return trouble(directory, errno);
  return base;
}

unsigned newest_part(int place, const std::string& day) {
  unsigned newest = 0;
  for (const std::string& each : names_in(place)) {
    const DayName name = day_name(each);
    if (name.part > 0 && name.day == day) newest = std::max(newest, name.part);
  }
  return newest;
}

std::string head_of(const std::vector<const DayPiece*>& pile) {
  std::string head = pile.front()->head;
  for (const DayPiece* const each : pile) head = joined_head(head, each->head);
  return head;
}

std::string text_of(const std::vector<const DayPiece*>& pile, const std::string& head) {
  std::string text;
  for (const DayPiece* const each : pile) text += lines_under(head, each->lines, each->head);
  return text;
}

}  // namespace

DayDisk DayDisk::real() {
  return {
      [](int file, std::string_view bytes) { return ::write(file, bytes.data(), bytes.size()); },
      [](int file) { return ::fdatasync(file); }};
}

DayShelf::DayShelf(const std::string& directory, DayDisk disk)
    : directory_(plain(directory)), disk_(std::move(disk)) {}

// ---- lines --------------------------------------------------------------------------------------

// A device whose file cannot be written takes nothing from the others.
DayAnswer DayShelf::append(std::vector<DayPiece> pieces) {
  const auto base = open_base(directory_);
  if (!base) return {std::move(pieces), base.error()};
  std::map<std::pair<std::string, std::string>, Pile> piles;
  for (const DayPiece& each : pieces) piles[{each.device, each.day}].push_back(&each);
  DayAnswer answer;
  std::set<const DayPiece*> unwritten;
  for (const auto& [place, pile] : piles) {
    const auto done = write(base->number(), pile);
    if (done) continue;
    unwritten.insert(pile.begin(), pile.end());
    if (!answer.error) answer.error = done.error();
  }
  for (DayPiece& each : pieces) {
    if (unwritten.count(&each) > 0) answer.left.push_back(std::move(each));
  }
  return answer;
}

JournalResult<void> DayShelf::write(int base, const Pile& pile) {
  const std::string& device = pile.front()->device;
  const std::string path = directory_ + '/' + device;
  const bool is_new = ::mkdirat(base, device.c_str(), 0750) == 0;
  if (!is_new && errno != EEXIST) return trouble(path, errno);
  if (is_new) ::fsync(base);
  const OpenFile place = open_below(base, device);
  if (!place) return trouble(path, errno);
  return write_in(place.number(), path + '/', pile);
}

// The newest file goes on where it has all columns; else the next one has them all.
JournalResult<void> DayShelf::write_in(int place, const std::string& path, const Pile& pile) {
  const std::string& day = pile.front()->day;
  const unsigned part = newest_part(place, day);
  std::string head = head_of(pile);
  if (part > 0) {
    const std::string name = day_file(day, part);
    const DayFile newest = open_day_file(place, name);
    const std::string all = newest.head.empty() ? head : joined_head(newest.head, head);
    if (newest.file && (newest.head.empty() || newest.head == all)) {
      const std::string begin = newest.head.empty() ? head + '\n' : "";
      const int error = add(newest.file.number(), begin + text_of(pile, all));
      return error == 0 ? JournalResult<void>() : trouble(path + name, error);
    }
    if (all.size() <= longest_head) head = all;
  }
  if (part == max_day_parts) return trouble(path + day_file(day, part), EEXIST);
  return begin_file(place, path, day_file(day, part + 1), head + '\n' + text_of(pile, head));
}

JournalResult<void> DayShelf::begin_file(int place, const std::string& path,
                                         const std::string& name, const std::string& text) {
  constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const OpenFile file(::openat(place, name.c_str(), flags, 0640));
  if (!file) return trouble(path + name, errno);
  if (const int error = add(file.number(), text); error != 0) {
    ::unlinkat(place, name.c_str(), 0);
    return trouble(path + name, error);
  }
  ::fsync(place);  // its name, too
  return {};
}

// All of it or nothing: it is tried again from where the file ended. Returns 0, or the error number
// of errno.h.
int DayShelf::add(int file, std::string_view text) {
  struct ::stat before = {};
  if (::fstat(file, &before) != 0) return errno;
  int error = 0;
  while (!text.empty() && error == 0) {
    const ::ssize_t taken = disk_.write(file, text);
    if (taken > 0) text.remove_prefix(static_cast<std::size_t>(taken));
    if (taken <= 0 && (taken == 0 || errno != EINTR)) error = taken == 0 ? EIO : errno;
  }
  if (error == 0 && disk_.synchronise(file) != 0) error = errno;
  if (error != 0 && ::ftruncate(file, before.st_size) != 0) return errno;
  return error;
}

// ---- what is old --------------------------------------------------------------------------------

void DayShelf::forget(const std::string& first_kept) {
  const auto base = open_base(directory_);
  if (!base) return;
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> old;  // by day
  for (const std::string& device : names_in(base->number())) {
    const OpenFile place =
        device.starts_with('.') ? OpenFile() : open_below(base->number(), device);
    if (!place) continue;
    for (const std::string& name : names_in(place.number())) {
      const DayName its = day_name(name);
      if (its.part > 0 && its.day < first_kept)
        old[std::string(its.day)].emplace_back(device, name);
    }
  }
  if (old.size() > days_a_night) old.erase(std::next(old.begin(), days_a_night), old.end());
  for (const auto& [day, files] : old) {
    for (const auto& [device, name] : files) {
      const OpenFile place = open_below(base->number(), device);
      if (place) ::unlinkat(place.number(), name.c_str(), 0);
      ::unlinkat(base->number(), device.c_str(), AT_REMOVEDIR);  // where it has no more
    }
  }
}

}  // namespace gridtap::io
