#include "io/made_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

namespace gridtap::io {
namespace {

constexpr ::mode_t of_files = 0666;

// The directory that it is in, where that is another user's and this is root.
std::optional<struct stat> directory_of_another(const std::string& path) {
  if (::geteuid() != 0) return {};
  struct stat directory{};
  const std::string name = std::filesystem::path(path).parent_path() / ".";
  const bool is_others = ::stat(name.c_str(), &directory) == 0 && directory.st_uid != 0;
  return is_others ? std::optional(directory) : std::nullopt;
}

// Root of a container may not be allowed to: then it stays root's.
bool give(int file, const struct stat& directory) {
  return ::fchown(file, directory.st_uid, directory.st_gid) == 0;
}

}  // namespace

int make_file(const std::string& path, int flags, ::mode_t mode) {
  const int file = ::open(path.c_str(), flags | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0) return file;
  if (const auto directory = directory_of_another(path)) give(file, *directory);
  return file;
}

void make_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) != 0) return;
  const auto directory = directory_of_another(path);
  if (!directory) return;
  const int made = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (made < 0) return;
  if (give(made, *directory)) ::fchmod(made, directory->st_mode & ACCESSPERMS);
  ::close(made);
}

void make_file_for_owner(const std::string& path) {
  const auto directory = directory_of_another(path);
  if (!directory) return;
  const int file = make_file(path, O_RDWR, 0600);
  if (file < 0) return;
  ::fchmod(file, directory->st_mode & of_files);
  ::close(file);
}

}  // namespace gridtap::io
