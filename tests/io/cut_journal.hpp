#pragma once
// A disk whose power fails while SQLite writes: what was not synchronised may then be there, or
// not, or some sectors of it, in another order than it was done.

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "journal_rig.hpp"
#include "played_vfs.hpp"

namespace gridtap {

class CutJournal {
 public:
  CutJournal(std::string directory, std::uint32_t seed)
      : directory_(std::move(directory)), random_(seed) {}

  // What is there now is on the disk.
  void begin() {
    calls_.clear();
    answers_.clear();
    safe_.clear();
    for (const auto& each : std::filesystem::directory_iterator(directory_)) {
      safe_[each.path()] = bytes_of(each.path());
    }
  }
  int note(const DiskCall& call) {
    if (!call.path.ends_with("-shm")) calls_.push_back(call);
    return SQLITE_OK;
  }
  void answer() { answers_.push_back(calls_.size()); }

  // The power failed at some call since begin(). The files are what is left then. Returns how many
  // answers came before.
  int cut() {
    const std::size_t end = random_() % (calls_.size() + 1);
    Pending pending;
    for (std::size_t n = 0; n < end; ++n) {
      const DiskCall& call = calls_[n];
      auto& mine = pending[call.path];
      mine.push_back(&call);
      if (call.kind != DiskCall::Kind::synchronise) continue;
      if (mine.front()->kind == DiskCall::Kind::create) synchronise_names(pending);
      for (const DiskCall* each : mine) apply(*each, true);
      mine.clear();
    }
    for (const auto& [path, calls] : pending) {
      for (const DiskCall* each : calls) apply(*each, false);
    }
    leave_files();
    int answers = 0;
    for (const std::size_t at : answers_) answers += at <= end ? 1 : 0;
    return answers;
  }

 private:
  using Pending = std::map<std::string, std::vector<const DiskCall*>>;  // by path

  // With a file beside the history that is new, SQLite synchronises the directory.
  void synchronise_names(Pending& pending) {
    for (auto& [path, calls] : pending) {
      const auto removed = std::ranges::find(calls, DiskCall::Kind::remove, &DiskCall::kind);
      if (removed == calls.end()) continue;
      safe_.erase(path);
      calls.erase(calls.begin(), removed + 1);
    }
  }
  void apply(const DiskCall& call, bool surely) {
    if (!surely && random_() % 3 == 0) return;
    std::string& file = safe_[call.path];
    switch (call.kind) {
      case DiskCall::Kind::create:
      case DiskCall::Kind::synchronise:
        break;
      case DiskCall::Kind::truncate:
        file.resize(static_cast<std::size_t>(call.offset));
        break;
      case DiskCall::Kind::remove:
        safe_.erase(call.path);
        break;
      case DiskCall::Kind::write:
        put(file, call, surely || random_() % 2 == 0);
        break;
    }
  }
  void put(std::string& file, const DiskCall& call, bool all) {
    constexpr std::size_t sector = 512;
    const auto offset = static_cast<std::size_t>(call.offset);
    if (file.size() < offset + call.bytes.size()) file.resize(offset + call.bytes.size());
    for (std::size_t at = 0; at < call.bytes.size();) {
      // Sectors are those of the disk, not of the call.
      const std::size_t size = std::min(sector - (offset + at) % sector, call.bytes.size() - at);
      if (all || random_() % 2 == 0) file.replace(offset + at, size, call.bytes, at, size);
      at += size;
    }
  }
  void leave_files() const {
    std::error_code ignored;
    for (const auto& each : std::filesystem::directory_iterator(directory_)) {
      std::filesystem::remove(each.path(), ignored);
    }
    for (const auto& [path, bytes] : safe_) std::ofstream(path, std::ios::binary) << bytes;
  }

  std::string directory_;
  std::mt19937 random_;
  std::map<std::string, std::string> safe_;  // by path: what is on the disk
  std::vector<DiskCall> calls_;              // since begin()
  std::vector<std::size_t> answers_;         // how many calls had been made at each
};

}  // namespace gridtap
