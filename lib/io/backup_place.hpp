#pragma once
// Where whole copies of the history go.

#include <cstddef>
#include <string>
#include <vector>

namespace gridtap::io {

struct BackupPlace {
  std::string directory;           // it must be there: the disk may not be
  std::size_t keep = 7;            // copies; older ones are removed
  std::vector<std::string> files;  // that are copied along, those of them that are there
};

}  // namespace gridtap::io
