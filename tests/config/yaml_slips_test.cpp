// Slips that make a file unreadable: one problem each, where the slip was made.

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "config/yaml_config.hpp"

using namespace gridtap;

namespace {

std::string said(std::string_view text) {
  Problems problems;
  config::parse_yaml(text, [](const std::string&) { return std::nullopt; }, problems);
  std::string out;
  for (const Problem& problem : problems) out += to_text(problem, "F") + '\n';
  return out;
}

}  // namespace

TEST_CASE("slips: an open quote is reported where it opens, wherever the next one is") {
  const std::string told = ": the quote that opens here is not closed on this line\n";
  for (const char* quote : {"\"", "'"}) {
    const std::string q = quote;
    CHECK(said("a: " + q + "b") == "F:1:4" + told);
    CHECK(said("a: " + q + "b\n# c\n") == "F:1:4" + told);
    CHECK(said("base: x\nname: " + q + "b\nc: 1\n  \n") == "F:2:7" + told);
    CHECK(said("a: " + q + "b\r\nc: " + q + "d" + q + "\r\n") == "F:1:4" + told);
    CHECK(said("a: [x, " + q + "b]\nc: 1\n") == "F:1:8" + told);
  }
  CHECK(said("a: \"b\\\"\nc: 1\n") == "F:1:4" + told);
  CHECK(said("name: Peter's meter\nb: 'it''s'\n") == "");
}

TEST_CASE("slips: a comment of other languages") {
  const std::string told = ": a comment begins with #, not //\n";
  CHECK(said("// my house\nbase: x\n") == "F:1:1" + told);
  CHECK(said("mqtt:\n  // the broker\n  host: x\n") == "F:2:3" + told);
  CHECK(said("tls: {} // none\nbase: x\n") == "F:1:9" + told);
  CHECK(said("line: tcp://h:1\n") == "");
}

TEST_CASE("slips: a space that is missing behind a colon, whose value is not shown") {
  CHECK(said("devices:\n  meter:\n    adapter:p1\n    line: /dev/x\n") ==
        "F:3:5: a space is missing after the colon: write `adapter: ...`\n");
  CHECK(said("mqtt:\n  user: x\n  password:hunter2\n") ==
        "F:3:3: a space is missing after the colon: write `password: ...`\n");
  CHECK(said("mqtt:\n  port: 1883\n  user:x\n  password:hunter2\n") ==
        "F:3:3: a space is missing after the colon: write `user: ...`\n"
        "F:4:3: a space is missing after the colon: write `password: ...`\n");
  CHECK(said("a:\n  meter:\n    adapter:p1\n    line:/dev/x\n") ==
        "F:3:5: a space is missing after the colon: write `adapter: ...`\n"
        "F:4:5: a space is missing after the colon: write `line: ...`\n");
  CHECK(said("list:\n  - a:b\n  - c:d\npattern: 'a:b'\nline: tcp://h:1\n") == "");
  CHECK(said("base:x\nmqtt:\n  host: y\n") ==
        "F:1:1: a space is missing after the colon: write `base: ...`\n");
}

TEST_CASE("slips: a line that is indented deeper than its neighbours") {
  CHECK(said("devices:\n  meter:\n    adapter: p1\n      line: /dev/x\n") ==
        "F:4:7: line 4 is indented deeper than line 3: begin both in the same column\n");
  CHECK(said("a: 1\n\n# note\n  b: 2\n") ==
        "F:4:3: line 4 is indented deeper than line 1: begin both in the same column\n");
}

TEST_CASE("slips: a colon that is missing") {
  CHECK(said("devices:\n  meter\n    adapter: p1\n") ==
        "F:2:3: a colon is missing at the end of line 2\n");
}

TEST_CASE("slips: a line in a column of its own") {
  const std::string told =
      " begins in a column of its own: begin it in the same column as the lines that it belongs "
      "to\n";
  CHECK(said("devices:\n  meter:\n      adapter: p1\n    line: /dev/x\n") ==
        "F:4:5: line 4" + told);
  CHECK(said("devices:\n  meter:\n adapter: p1\n") == "F:3:2: line 3" + told);
}

TEST_CASE("slips: a value that holds a colon and a space") {
  const std::string told = ": a value with a colon and a space must be in quotes\n";
  CHECK(said("name: House: the meter\n") == "F:1:7" + told);
  CHECK(said("a: b: c\n") == "F:1:4" + told);
  CHECK(said("name: 'House: the meter'\n") == "");
}

TEST_CASE("slips: if several would explain it, only the first in the file is reported") {
  CHECK(said("a: \"b\n// c\nd:e\n") ==
        "F:1:4: the quote that opens here is not closed on this line\n");
}
