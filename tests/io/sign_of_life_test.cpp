// What `gridtap health` believes: the file that a turning loop writes.
#include "io/sign_of_life.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "support/command_line.hpp"

using namespace gridtap;
using namespace std::chrono_literals;
using io::SignOfLife;

namespace {

const Mono start{5h};

}  // namespace

TEST_CASE("sign of life: counts for 30 s, and is gone after an orderly end") {
  const Scratch directory;
  const std::string state = directory / "";
  CHECK(io::no_life(state, start).find("gridtap does not run: there is no ") == 0);
  {
    const SignOfLife sign(state, "");
    sign.write(start);
    CHECK(io::no_life(state, start) == "");
    CHECK(io::no_life(state, start + 30s) == "");
    CHECK(io::no_life(state, start + 32s) ==
          "gridtap ended or hangs: its last sign of life is 32 s old");
    sign.write(start + 32s);
    CHECK(io::no_life(state, start + 40s) == "");
  }
  CHECK(io::no_life(state, start).find("gridtap does not run: there is no ") == 0);
}

TEST_CASE("sign of life: one of a time to come, of an earlier boot, or no such text, is none") {
  const Scratch directory;
  const std::string state = directory / "";
  SignOfLife(state, "").write(start);
  for (const std::string text :
       {"", "x", "99999999999999999999999999\n", "00000000000018001000\n"}) {
    std::ofstream(directory / "alive") << text;  // the last one: a second after `start`
    CHECK(io::no_life(state, start).find("is of an earlier start of the machine") !=
          std::string::npos);
  }
  std::ofstream(directory / "alive") << "00000000000018000000\n";
  CHECK(io::no_life(state, start) == "");
}

TEST_CASE("sign of life: is kept in memory where there is a directory for it, an old one goes") {
  const Scratch directory, memory;
  const std::string state = directory / "", file = memory / "alive";
  std::ofstream(directory / "alive") << "a plain file of the version before\n";
  {
    const SignOfLife sign(state, memory / "");
    sign.write(start);
    CHECK(std::filesystem::is_symlink(directory / "alive"));
    CHECK(std::filesystem::is_regular_file(file));
    CHECK(io::no_life(state, start) == "");
    std::filesystem::remove(file);  // and is made again
    CHECK(io::no_life(state, start) != "");
    sign.write(start);
    CHECK(io::no_life(state, start) == "");
  }
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK_FALSE(std::filesystem::is_symlink(directory / "alive"));
}

TEST_CASE("sign of life: a directory that cannot be written has none, and nothing else happens") {
  const Scratch directory;
  const SignOfLife sign(directory / "missing", "");
  sign.write(start);
  CHECK(io::no_life(directory / "missing", start).find("there is no ") != std::string::npos);
}

TEST_CASE("sign of life: is never written through a link that another program laid") {
  const Scratch directory;
  const SignOfLife sign(directory / "", "");
  std::ofstream(directory / "victim") << "precious";
  std::filesystem::create_symlink(directory / "victim", directory / "alive");
  sign.write(start);
  CHECK(content(directory / "victim") == "precious");
}
