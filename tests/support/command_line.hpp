#pragma once
// The program as a person or a script calls it: what it prints, where, and how it ends.

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "support/scratch.hpp"

namespace gridtap {

struct Ended {
  int status;
  std::string out, err;
};

inline std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// `arguments` as a shell takes them; `input` is its standard input.
class CommandLine {
 public:
  Ended operator()(const std::string& arguments, const std::string& input = {}) const {
    std::ofstream(scratch_ / "in", std::ios::binary) << input;
    const std::string command = std::string(GRIDTAP_BINARY) + ' ' + arguments + " <" +
                                (scratch_ / "in") + " >" + (scratch_ / "out") + " 2>" +
                                (scratch_ / "err");
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content(scratch_ / "out"),
            content(scratch_ / "err")};
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(scratch_ / name, std::ios::binary) << text;
    return scratch_ / name;
  }

 private:
  Scratch scratch_;
};

}  // namespace gridtap
