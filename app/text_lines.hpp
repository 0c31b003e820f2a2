#pragma once
// The lines of a text file, one at a time, whatever the size of the file.

#include <fstream>
#include <optional>
#include <string>

#include "core/result.hpp"

namespace gridtap::app {

class TextLines {
 public:
  static constexpr std::size_t longest_line = 64 * 1024;

  // An error says why it cannot be read, with its name.
  static Result<TextLines> open(const std::string& path);

  // The next line without its end; nothing: there is none, or problem() has one.
  std::optional<std::string> next();
  std::uint32_t line() const { return line_; }  // from 1 on; 0: none was read
  // The last one that was read has no end: it may be a part of what was written.
  bool is_cut_off() const { return is_cut_off_; }
  const std::string& problem() const { return problem_; }

 private:
  bool fill();
  std::size_t find_end();

  std::string path_, problem_;
  std::ifstream stream_;
  std::string bytes_;   // read ahead
  std::size_t at_ = 0;  // the next line begins
  std::uint32_t line_ = 0;
  bool is_cut_off_ = false;
};

}  // namespace gridtap::app
