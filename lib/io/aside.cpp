#include "io/aside.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "core/value.hpp"

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view beside = "-wal";
constexpr std::size_t length_of_day = 10;  // 2026-11-30

std::string today() {
  std::string text;
  append_utc(text, std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
  return text.substr(0, length_of_day);
}

int number_of(const std::string& name, const std::string& first) {
  int number = 1;
  const char* const begin = name.c_str() + std::min(name.size(), first.size() + 1);
  std::from_chars(begin, name.c_str() + name.size(), number);
  return number;
}

// In the order of time: more than one of a day have numbers behind it.
bool is_older(const std::string& a, const std::string& b, std::size_t day) {
  const int order = a.compare(0, day, b, 0, day);
  return order != 0 ? order < 0 : std::pair(a.size(), a) < std::pair(b.size(), b);
}

// What begins with that, the oldest first; what is beside one of them belongs to it.
std::vector<std::string> all_with(const fs::path& begin) {
  std::vector<std::string> all;
  std::error_code error;
  for (fs::directory_iterator it(begin.parent_path(), error), end; !error && it != end;
       it.increment(error)) {
    std::string name = it->path().filename();
    if (!name.starts_with(begin.filename().string())) continue;
    if (name.ends_with(beside)) name.resize(name.size() - beside.size());
    all.push_back(begin.parent_path() / name);
  }
  const std::size_t day = begin.string().size() + length_of_day;
  std::sort(all.begin(), all.end(),
            [day](const std::string& a, const std::string& b) { return is_older(a, b, day); });
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace

std::string name_aside(const std::string& path, std::string_view kind) {
  const std::string begin = path + '.' + std::string(kind) + '-';
  const std::vector<std::string> taken = all_with(begin);
  for (std::size_t n = 0; n + max_aside <= taken.size(); ++n) remove_with_companions(taken[n]);
  const std::string first = begin + today();
  // Numbers go on, or the newest would be the first to go.
  const bool is_first = taken.empty() || !taken.back().starts_with(first);
  return is_first ? first : first + '.' + std::to_string(number_of(taken.back(), first) + 1);
}

void remove_with_companions(const std::string& path) {
  std::error_code ignored;
  for (const char* part : {"", "-wal", "-shm", "-journal"}) fs::remove(path + part, ignored);
}

}  // namespace gridtap::io
