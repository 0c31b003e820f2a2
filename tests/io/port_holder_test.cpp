// Which other program has a device open.
#include "io/port_holder.hpp"

#include <filesystem>

#include "support/street.hpp"

using namespace gridtap;
using namespace gridtap::io;

TEST_CASE(
    "port holder: another program is named with its process number, by any name of the port") {
  const Scratch scratch;
  const Terminal terminal;
  std::filesystem::create_symlink(terminal.path(), scratch / "link");
  const OtherProgram other([&] { return ::open(terminal.path().c_str(), O_RDWR | O_NOCTTY) >= 0; });
  REQUIRE(other.began);
  CHECK(port_holder(terminal.path()).ends_with(" (pid " + other.pid() + ")"));
  CHECK(port_holder(scratch / "link") == port_holder(terminal.path()));
}

TEST_CASE("port holder: our own program does not count, nor one that has ended") {
  const Terminal terminal;
  const int own = ::open(terminal.path().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(own >= 0);
  CHECK(port_holder(terminal.path()).empty());
  {
    const OtherProgram other(
        [&] { return ::open(terminal.path().c_str(), O_RDWR | O_NOCTTY) >= 0; });
    CHECK_FALSE(port_holder(terminal.path()).empty());
  }
  CHECK(port_holder(terminal.path()).empty());
  ::close(own);
}

TEST_CASE("port holder: a port that is not there has no holder") {
  const Scratch scratch;
  CHECK(port_holder(scratch / "missing").empty());
  CHECK(port_holder("").empty());
}
