#include "io/port_holder.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

constexpr int max_files = 20'000;  // of all processes together

bool has_open(const fs::path& process, const fs::path& device, int& budget) {
  std::error_code error;
  for (fs::directory_iterator file(process / "fd", error), end; !error && file != end;
       file.increment(error)) {
    if (--budget < 0) return false;
    std::error_code unreadable;
    if (fs::read_symlink(file->path(), unreadable) == device) return true;
  }
  return false;
}

}  // namespace

std::string port_holder(const std::string& path) {
  std::error_code error;
  const fs::path device = fs::canonical(path, error);
  if (error) return {};
  const std::string self = std::to_string(::getpid());
  int budget = max_files;
  for (fs::directory_iterator process("/proc", error), end; !error && process != end;
       process.increment(error)) {
    const std::string pid = process->path().filename();
    if (pid == self || pid.find_first_not_of("0123456789") != pid.npos) continue;
    if (!has_open(process->path(), device, budget)) continue;
    std::string name;
    std::getline(std::ifstream(process->path() / "comm"), name);
    return name + " (pid " + pid + ")";
  }
  return {};
}

}  // namespace gridtap::io
