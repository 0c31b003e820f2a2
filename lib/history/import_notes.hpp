#pragma once
// Where in the files of an import something was odd, and what was done about it.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gridtap::history {

struct FilePlace {
  std::uint32_t file = 0, line = 0;  // of the files of an import, and from 1 on
};

struct ImportNote {
  FilePlace place;
  std::string text;
};

// The first few of each file; the others are counted.
class ImportNotes {
 public:
  static constexpr std::uint32_t most_of_a_file = 5;

  void add(FilePlace place, std::string text);
  std::vector<ImportNote> all() const;

 private:
  std::vector<ImportNote> notes_;
  std::map<std::uint32_t, std::uint32_t> counts_;  // by file
};

}  // namespace gridtap::history
