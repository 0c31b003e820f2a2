#pragma once
// A file that a command writes: it is there when it is whole, and what was there before is not lost
// before that.

#include <fstream>
#include <string>

namespace gridtap::app {

class NewFile {
 public:
  explicit NewFile(const std::string& path);
  ~NewFile();  // what was not kept is removed
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  std::ostream& stream() { return stream_; }
  // In place of what has its name. Returns why that or a write failed; empty: it is there.
  std::string keep();

 private:
  std::string path_, fresh_, problem_;
  std::ofstream stream_;
};

}  // namespace gridtap::app
