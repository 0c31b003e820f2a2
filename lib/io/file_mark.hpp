#pragma once
// Which file a name led to: known again after it was renamed, removed, or another one took its
// name. Held without being opened for reading: closing such a file would take the locks that the
// process has on it.

#include <optional>
#include <string>

namespace gridtap::io {

class FileMark {
 public:
  // Of the file that has the name now; nothing where there is none.
  static std::optional<FileMark> of(const std::string& path);
  ~FileMark();
  FileMark(FileMark&& other) noexcept;
  FileMark& operator=(FileMark&& other) noexcept;

  bool is_at(const std::string& path) const;  // that name leads to it
  bool is_removed() const;                    // no name leads to it any more

 private:
  explicit FileMark(int file) : file_(file) {}
  int file_;
};

}  // namespace gridtap::io
