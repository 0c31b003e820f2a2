#pragma once
// Maps of settings written by hand, as the YAML file or the command line would give them, and a
// section over them. Keys stand in column 1 of lines 1, 2, ...; values in column 9.

#include <string>
#include <utility>
#include <vector>

#include "core/section.hpp"

namespace gridtap {

using Member = Setting::Member;

inline Setting plain(std::string text) {
  Setting setting;
  setting.kind = Setting::Kind::scalar;
  setting.text = std::move(text);
  return setting;
}
inline Setting in_quotes(std::string text) {
  Setting setting = plain(std::move(text));
  setting.quoted = true;
  return setting;
}
inline Setting from_environment(std::string text) {
  Setting setting = plain(std::move(text));
  setting.substituted = true;
  return setting;
}
inline Setting list_of(std::vector<Setting> values) {
  Setting list;
  list.kind = Setting::Kind::list;
  for (Setting& value : values) {
    value.place = {7, static_cast<int>(list.members.size()) + 1};
    list.members.emplace_back(std::string{}, std::move(value));
  }
  return list;
}
inline Setting map_of(std::vector<Member> members) {
  Setting map;
  map.kind = Setting::Kind::map;
  map.place = {1, 1};
  for (Member& member : members) {
    const int line = static_cast<int>(map.members.size()) + 1;
    member.value.place = {line, 9};
    map.key_places.push_back({line, 1});
    map.members.push_back(std::move(member));
  }
  return map;
}

// A section of the map above, its problems as a person reads them, and the files that it may read.
class SectionRig {
 public:
  explicit SectionRig(std::vector<Member> members) : map_(map_of(std::move(members))) {}
  explicit SectionRig(Setting root) : map_(std::move(root)) {}
  SectionRig(const SectionRig&) = delete;
  SectionRig& operator=(const SectionRig&) = delete;

  Section section() { return Section(map_, "", problems_, read_); }

  // The problems since the last call, one a line.
  std::string problems() {
    std::string text;
    for (const Problem& problem : problems_) text += to_text(problem, "FILE") + '\n';
    problems_.clear();
    return text;
  }

  std::vector<std::pair<std::string, std::string>> files;

 private:
  Result<std::string> read(const std::string& path) const {
    for (const auto& [name, content] : files) {
      if (name == path) return content;
    }
    return failed(Fault::io, "cannot read " + path + ": No such file or directory");
  }

  Setting map_;
  Problems problems_;
  ReadFile read_ = [this](const std::string& path) { return read(path); };
};

}  // namespace gridtap
