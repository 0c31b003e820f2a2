#pragma once
// The files of the corpus beside this checkout, for tests that skip without it.

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace gridtap::test {

// Those of corpus/FOLDER that are called BEGIN*.json, by name; none without a corpus.
inline std::vector<std::filesystem::path> corpus_files(const std::string& folder,
                                                       const std::string& begin) {
  const std::filesystem::path path =
      std::filesystem::path(GRIDTAP_SOURCE_DIR "/../shared/corpus") / folder;
  std::vector<std::filesystem::path> out;
  if (!std::filesystem::exists(path)) return out;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(begin) && name.ends_with(".json")) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace gridtap::test
