#pragma once
// A file that a command writes: it is there when it is whole, and what was there before is not lost
// before that.

#include <ostream>
#include <string>
#include <vector>

#include "app/output.hpp"

namespace gridtap::app {

class NewFile {
 public:
  explicit NewFile(const std::string& path);
  ~NewFile();  // what was not kept is removed
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  std::ostream& stream() { return output_.stream(); }
  // In place of what has its name, and on the disk. Returns why that or a write failed; empty: it
  // is there.
  std::string keep();

 private:
  bool is_beside() const { return fresh_ != path_; }
  int finish();

  std::string path_, fresh_;
  int file_, error_;  // of errno.h: why it could not be opened, written or kept
  bool is_half_;      // what is beside, until it takes its place
  Output output_;
};

// What a command reads is not to be written over. Returns why `path` is refused: it is one of them,
// under whatever name; empty: it is none.
std::string overwritten_problem(const std::string& path, const std::vector<std::string>& read);

}  // namespace gridtap::app
