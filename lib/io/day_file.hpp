#pragma once
// One day file as it is found before lines are added to it.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gridtap::io {

// Closes itself.
class OpenFile {
 public:
  OpenFile() = default;
  explicit OpenFile(int file) : file_(file) {}
  ~OpenFile();
  OpenFile(OpenFile&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }

  explicit operator bool() const { return file_ >= 0; }
  int number() const { return file_; }

 private:
  int file_ = -1;
};

// "2026-11-28" and 2 of "2026-11-28.2.csv", 1 of "2026-11-28.csv"; 0: it is no such name.
struct DayName {
  std::string_view day;
  unsigned part = 0;
};
inline constexpr unsigned max_day_parts = 999;
DayName day_name(std::string_view file);
std::string day_file(const std::string& day, unsigned part);

// Everything in a directory, in no order.
std::vector<std::string> names_in(int directory);
// A directory in another one; a link is none.
OpenFile open_below(int directory, const std::string& name);

// A file that lines can be added to, its last line cut where it was torn, and its first line; no
// file where it cannot be continued: no rights, a link, another form.
struct DayFile {
  OpenFile file;
  std::string head;  // empty: it has nothing yet
};
DayFile open_day_file(int directory, const std::string& name);

}  // namespace gridtap::io
