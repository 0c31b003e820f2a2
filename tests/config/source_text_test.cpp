#include "config/source_text.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "config/yaml_config.hpp"

using namespace gridtap;
using namespace gridtap::config;

namespace {

// A directory of its own that goes with the test.
class Directory {
 public:
  Directory() {
    std::string name = std::filesystem::temp_directory_path() / "gridtap-test-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  std::string file(const std::string& name) const { return path_ / name; }
  std::string file(const std::string& name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

std::string why_not(const std::string& file) {
  const auto text = read_source(file);
  REQUIRE_FALSE(text);
  CHECK(text.error().fault == Fault::io);
  return text.error().detail;
}

}  // namespace

TEST_CASE("source text: a plain file is read as it is") {
  const Directory directory;
  CHECK(read_source(directory.file("a", "base: x\r\n")).value() == "base: x\r\n");
  CHECK(read_source(directory.file("empty", "")).value() == "");
  const std::string all(max_file_bytes, '#');
  CHECK(read_source(directory.file("full", all)).value() == all);
}

TEST_CASE("source text: what is no plain file is refused at once, also a pipe without a writer") {
  const Directory directory;
  CHECK(why_not(directory.file("missing")) ==
        "no such file: copy config.example.yaml there, and edit it");
  CHECK(why_not(directory.file("")) == "a directory, not a file");
  CHECK(why_not("/dev/null") == "not a regular file");
  CHECK(why_not("/dev/zero") == "not a regular file");
  const std::string pipe = directory.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(why_not(pipe) == "not a regular file");
  const std::string circle = directory.file("circle");
  std::filesystem::create_symlink(circle, circle);
  CHECK(why_not(circle) == "Too many levels of symbolic links");
}

TEST_CASE("source text: a file that is not a configuration is not read to its end") {
  const Directory directory;
  const std::string file = directory.file("large", std::string(max_file_bytes + 1, '#'));
  CHECK(why_not(file) == "larger than 256 kB: not a configuration file");
  std::filesystem::resize_file(file, std::uintmax_t{100} << 30);  // sparse
  CHECK(why_not(file) == "larger than 256 kB: not a configuration file");
}

TEST_CASE("source text: a file that we may not read is reported") {
  const Directory directory;
  const std::string file = directory.file("secret", "base: x\n");
  std::filesystem::permissions(file, std::filesystem::perms::none);
  if (::geteuid() == 0) {
    MESSAGE("skipped: root may read everything");
    return;
  }
  CHECK(why_not(file) ==
        "permission denied: run it as the user that may read it: sudo -u gridtap gridtap ...");
}

TEST_CASE("source text: twenty odd lines are reported, and then that there may be more") {
  std::string text;
  for (int line = 0; line < 1000; ++line) text += "\ta: 1\n";
  Problems problems;
  CHECK_FALSE(check_characters(text, problems));
  REQUIRE(problems.size() == 21);
  CHECK(problems[20].place.line == 21);
  CHECK(problems[20].text == "too many odd lines: what follows is not read");
}

TEST_CASE("source text: brackets within a text are no nesting") {
  Problems problems;
  CHECK(check_characters("a: '[[[[ [[[[ [[[[ [[[['\nb: [a][b]\n", problems));
  CHECK_FALSE(check_characters("a: [[[[ [[[[ [[[[ {{{{ [1\n", problems));
}

TEST_CASE("yaml: a file is loaded with the environment of the process") {
  const Directory directory;
  ::setenv("GRIDTAP_TEST_PORT", "8883", 1);
  ::unsetenv("GRIDTAP_TEST_NOBODY");
  Problems problems;
  const auto root = load_yaml(
      directory.file("a", "port: ${GRIDTAP_TEST_PORT}\nhost: ${GRIDTAP_TEST_NOBODY}\n"), problems);
  REQUIRE(root);
  CHECK(root->members[0].value.text == "8883");
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].text == "the environment has no variable GRIDTAP_TEST_NOBODY");
}

TEST_CASE("yaml: a file that cannot be read is one problem without a place") {
  Problems problems;
  CHECK_FALSE(load_yaml("/nowhere/config.yaml", problems));
  REQUIRE(problems.size() == 1);
  CHECK(to_text(problems[0], "/nowhere/config.yaml") ==
        "/nowhere/config.yaml: no such file: copy config.example.yaml there, and edit it");
}
