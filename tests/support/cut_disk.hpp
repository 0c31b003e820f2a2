#pragma once
// A disk in memory whose power can fail at any call. What was not synchronised may then be there,
// or not, or in part, in another order than it was done: a file may be cut short, have a hole of
// zeros or not exist; of a rename both names, one or the other may be left.

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "io/disk.hpp"

namespace gridtap {

class CutDisk final : public io::Disk {
 public:
  // `honest`: synchronising does what it says; many cheap cards only say that they did it.
  explicit CutDisk(std::uint32_t seed, bool honest = true) : random_(seed), honest_(honest) {}

  // The power fails before that call from now on, the first being 1.
  void cut_at(int call) { calls_left_ = call; }
  bool is_cut() const { return calls_left_ == 0; }

  int create(const std::string& path, int& file) override {
    if (power_fails()) return EIO;
    if (names_.contains(path)) return EEXIST;
    file = static_cast<int>(files_.size());
    files_.push_back({});
    names_[path] = file;
    changes_.push_back([path, file](Names& names, unsigned) { names[path] = file; });
    return 0;
  }
  int write(int file, std::string_view bytes, std::size_t& written) override {
    if (power_fails()) return EIO;
    written = 1 + below(bytes.size());
    files_[static_cast<std::size_t>(file)].pieces.emplace_back(bytes.substr(0, written));
    return 0;
  }
  int synchronise(int file) override {
    if (power_fails()) return EIO;
    File& it = files_[static_cast<std::size_t>(file)];
    if (honest_) it.safe = it.pieces.size();
    return 0;
  }
  void close(int) override { power_fails(); }
  int remove(const std::string& path) override {
    if (power_fails()) return EIO;
    if (names_.erase(path) == 0) return ENOENT;
    changes_.push_back([path](Names& names, unsigned) { names.erase(path); });
    return 0;
  }
  int rename(const std::string& from, const std::string& to) override {
    if (power_fails()) return EIO;
    const auto found = names_.find(from);
    if (found == names_.end()) return ENOENT;
    const int file = found->second;
    names_.erase(found);
    names_[to] = file;
    changes_.push_back([from, to, file](Names& names, unsigned chance) {
      names[to] = file;
      const auto left = names.find(from);
      if (chance % 4 != 0 && left != names.end() && left->second == file) names.erase(left);
    });
    return 0;
  }
  int synchronise_directory(const std::string&) override {
    if (power_fails()) return EIO;
    if (!honest_) return 0;
    safe_names_ = names_;
    changes_.clear();
    return 0;
  }

  // The power is back: what of the disk is left is its content now. By name.
  std::map<std::string, std::string> restart() {
    Names left = safe_names_;
    const bool in_order = below(2) == 0;  // a journal keeps a first part of what was done
    const std::size_t kept = below(changes_.size() + 1);
    for (std::size_t n = 0; n < changes_.size(); ++n) {
      if (in_order ? n < kept : below(2) == 0) changes_[n](left, static_cast<unsigned>(random_()));
    }
    std::map<std::string, std::string> contents;
    for (const auto& [name, file] : left) contents[name] = remains(file);
    load(contents);
    return contents;
  }

 private:
  struct File {
    std::vector<std::string> pieces = {};
    std::size_t safe = 0;  // how many of them are on the disk
  };
  using Names = std::map<std::string, int>;

  std::size_t below(std::size_t end) { return end == 0 ? 0 : random_() % end; }
  // True from the cut on.
  bool power_fails() {
    if (calls_left_ > 0) --calls_left_;
    return calls_left_ == 0;
  }
  std::string remains(int number) {
    const File& file = files_[static_cast<std::size_t>(number)];
    std::string text;
    for (std::size_t n = 0; n < file.pieces.size(); ++n) {
      const std::string& piece = file.pieces[n];
      const std::size_t fate = n < file.safe ? 0 : below(4);
      if (fate == 3) break;  // the file was not made longer
      text += fate == 0   ? piece
              : fate == 1 ? std::string(piece.size(), '\0')
                          : piece.substr(0, below(piece.size()));
    }
    return text;
  }
  void load(const std::map<std::string, std::string>& contents) {
    names_.clear();
    files_.clear();
    changes_.clear();
    for (const auto& [name, text] : contents) {
      names_[name] = static_cast<int>(files_.size());
      files_.push_back({{text}, 1});
    }
    safe_names_ = names_;
    calls_left_ = -1;
  }

  std::mt19937 random_;
  bool honest_;
  int calls_left_ = -1;
  std::vector<File> files_;
  Names names_, safe_names_;
  std::vector<std::function<void(Names&, unsigned)>> changes_;  // since the directory was safe
};

}  // namespace gridtap
