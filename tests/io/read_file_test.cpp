#include "io/read_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "support/street.hpp"

using namespace gridtap;

TEST_CASE("read file: a small file is read whole, zeros and all") {
  Scratch scratch;
  const std::string path = scratch / "key", content("0011\0ff\n", 8);
  std::ofstream(path, std::ios::binary) << content;
  const auto text = io::read_file(path);
  REQUIRE(text);
  CHECK(*text == content);
}

TEST_CASE("read file: what is no small file is refused by name, and never blocks") {
  Scratch scratch;
  const std::string fifo = scratch / "fifo", large = scratch / "large";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  std::ofstream(large) << std::string(io::max_small_file + 1, 'x');
  for (const std::string& path : {scratch / "missing", scratch / ".", fifo, large}) {
    CAPTURE(path);
    const auto text = io::read_file(path);
    REQUIRE_FALSE(text);
    CHECK(text.error().detail.find(path) != std::string::npos);
  }
}

TEST_CASE("read file: a file that everybody can read is noticed") {
  Scratch scratch;
  const std::string path = scratch / "password";
  std::ofstream(path) << "secret";
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  CHECK_FALSE(io::readable_by_all(path));
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  CHECK(io::readable_by_all(path));
}

TEST_CASE("read file: what may not be read says who must own it, and an empty file is empty") {
  Scratch scratch;
  const std::string path = scratch / "key", empty = scratch / "empty";
  std::ofstream(path) << "secret";
  std::ofstream(empty) << "";
  std::filesystem::permissions(path, std::filesystem::perms(0000));
  CHECK(io::read_file(empty) == "");
  const io::AsNobody nobody;
  const auto text = io::read_file(path);
  REQUIRE_FALSE(text);
  CHECK(text.error().detail.find("permission denied") != std::string::npos);
  CHECK(text.error().detail.find("secret") == std::string::npos);
}

TEST_CASE("read file: a file of exactly the most bytes is read, by a link too") {
  Scratch scratch;
  const std::string path = scratch / "large", link = scratch / "link";
  std::ofstream(path) << std::string(io::max_small_file, 'x');
  std::filesystem::create_symlink(path, link);
  const auto text = io::read_file(link);
  REQUIRE(text);
  CHECK(text->size() == io::max_small_file);
}

TEST_CASE("read file: links in a circle are refused, not followed for ever") {
  Scratch scratch;
  std::filesystem::create_symlink(scratch / "b", scratch / "a");
  std::filesystem::create_symlink(scratch / "a", scratch / "b");
  CHECK_FALSE(io::read_file(scratch / "a"));
  CHECK_FALSE(io::readable_by_all(scratch / "a"));
}
