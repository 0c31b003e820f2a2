#pragma once
// A user's pattern with named groups, `(?P<name>...)`, that is matched in time linear in the text
// (RE2, the only file that includes it): what could blow up is refused when it is made.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace gridtap {

class Pattern {
 public:
  static constexpr std::size_t most_groups = 32;

  struct Group {
    std::string_view name, text;
  };
  struct Match {
    std::vector<Group> groups;       // named ones that took part, in their order
    std::size_t begin = 0, end = 0;  // of the match, in the text
  };

  // Bytes are characters (Latin-1).
  static Result<Pattern> make(std::string_view text);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  std::optional<Match> match_whole(std::string_view text) const;
  std::optional<Match> search(std::string_view text) const;
  const std::vector<std::string>& names() const { return names_; }

 private:
  struct Compiled;
  explicit Pattern(std::unique_ptr<Compiled> compiled);
  std::optional<Match> match(std::string_view text, bool whole) const;

  std::unique_ptr<Compiled> compiled_;
  std::vector<std::string> names_;  // by number of the group, from 1; empty: it has none
};

}  // namespace gridtap
