#pragma once
// A directory of a test's own, gone at its end.

#include <cstdlib>
#include <filesystem>
#include <string>

namespace gridtap {

class Scratch {
 public:
  Scratch() {
    std::string name = std::filesystem::temp_directory_path() / "gridtap-test-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string operator/(const std::string& name) const { return directory_ / name; }

 private:
  std::filesystem::path directory_;
};

}  // namespace gridtap
