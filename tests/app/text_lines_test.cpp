// The lines of a text file: ends of all kinds, whatever size the file and its lines have.
#include "app/text_lines.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/command_line.hpp"

using namespace gridtap;
using app::TextLines;

namespace {

constexpr std::size_t longest = TextLines::longest_line;

struct Read {
  std::vector<std::string> lines;
  std::string problem;
};

Read lines_of(const std::string& text) {
  const CommandLine shell;
  auto lines = TextLines::open(shell.write("text", text));
  REQUIRE(lines);
  Read read;
  while (auto line = lines->next()) read.lines.push_back(*std::move(line));
  CHECK(lines->line() == read.lines.size());
  read.problem = lines->problem();
  return read;
}

}  // namespace

TEST_CASE("text lines: with and without an end at the end, of Windows, with a mark in front") {
  CHECK(lines_of("").lines.empty());
  CHECK(lines_of("\n\na\n").lines == std::vector<std::string>{"", "", "a"});
  CHECK(lines_of("a\nb").lines == std::vector<std::string>{"a", "b"});
  CHECK(lines_of("\xEF\xBB\xBF"
                 "a\r\n\r\nb\r")
            .lines == std::vector<std::string>{"a", "", "b"});
}

TEST_CASE("text lines: one without an end is told from the same with its end") {
  const CommandLine shell;
  for (const auto& [text, is_cut] : {std::pair("a\nb", true), std::pair("a\nb\r", true),
                                     std::pair("a\nb\n", false), std::pair("\n\n", false)}) {
    CAPTURE(text);
    auto lines = TextLines::open(shell.write("text", text));
    REQUIRE(lines);
    CHECK(lines->next());
    CHECK_FALSE(lines->is_cut_off());
    CHECK(lines->next());
    CHECK(lines->is_cut_off() == is_cut);
    CHECK_FALSE(lines->next());
  }
}

TEST_CASE("text lines: what is read at once begins and ends anywhere in a line") {
  std::string text;
  std::vector<std::string> expected;
  for (std::size_t n = 0; text.size() < 5 * longest; ++n) {
    expected.push_back(std::string(n * 37 % 1001, static_cast<char>('a' + n % 26)));
    text += expected.back() + '\n';
  }
  CHECK(lines_of(text).lines == expected);
}

TEST_CASE("text lines: the longest line is read, a longer one is said and nothing after it") {
  const std::string line(longest, 'x');
  CHECK(lines_of("a\n" + line + "\nb\n").lines == std::vector<std::string>{"a", line, "b"});
  CHECK(lines_of(line).lines == std::vector<std::string>{line});
  for (const char* end : {"", "\n", "\nb\n", "yyy"}) {
    const Read read = lines_of("a\n" + line + 'x' + end);
    CHECK(read.lines == std::vector<std::string>{"a"});
    CHECK(read.problem.find("/text:2: a line of more than 64 kB") != std::string::npos);
  }
  CHECK_FALSE(lines_of(std::string(40 * longest, 'x')).problem.empty());
}

TEST_CASE("text lines: a directory, a device and a file that is not there are said") {
  CHECK(TextLines::open("/").error().detail == "cannot read /: a directory, not a file");
  CHECK_FALSE(TextLines::open("/dev/null"));
  CHECK_FALSE(TextLines::open("/none"));
}
