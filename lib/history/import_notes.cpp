#include "history/import_notes.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::history {

void ImportNotes::add(FilePlace place, std::string text) {
  if (++counts_[place.file] <= most_of_a_file) notes_.push_back({place, std::move(text)});
}

std::vector<ImportNote> ImportNotes::all() const {
  std::vector<ImportNote> all = notes_;
  for (const auto& [file, count] : counts_) {
    if (count <= most_of_a_file) continue;
    all.push_back({{file, 0}, std::to_string(count - most_of_a_file) + " more lines like these"});
  }
  std::stable_sort(all.begin(), all.end(), [](const ImportNote& a, const ImportNote& b) {
    return a.place.file < b.place.file;
  });
  return all;
}

}  // namespace gridtap::history
