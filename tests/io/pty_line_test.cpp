// The terminal that a simulator plays on: its link, its readers, its end.
#include <filesystem>
#include <fstream>

#include "io/serial_line.hpp"
#include "support/street.hpp"

using namespace gridtap;
using namespace gridtap::io;

namespace fs = std::filesystem;

TEST_CASE("pty line: the link leads to the terminal, and goes with it") {
  Street street;
  const std::string link = street.scratch / "tty";
  auto line = street.pty(link);
  CHECK(fs::read_symlink(link) == line->terminal());
  line.reset();
  CHECK_FALSE(fs::exists(fs::symlink_status(link)));
}

TEST_CASE("pty line: a link that another simulator has taken over is left to it") {
  Street street;
  const std::string link = street.scratch / "tty";
  auto first = street.pty(link);
  const auto second = street.pty(link);
  first.reset();
  CHECK(fs::read_symlink(link) == second->terminal());
}

TEST_CASE("pty line: neither a directory nor a link to a file is replaced") {
  Street street;
  const std::string file = street.scratch / "file", link = street.scratch / "link",
                    directory = street.scratch / "directory";
  std::ofstream(file) << "precious";
  fs::create_symlink(file, link);
  fs::create_directory(directory);
  for (const std::string& path : {file, link, directory}) {
    CAPTURE(path);
    const auto made = PtyLine::make(street.loop, path);
    REQUIRE_FALSE(made);
    CHECK(made.error().detail.find(path) != std::string::npos);
  }
  CHECK(fs::read_symlink(link) == file);
}

TEST_CASE("pty line: where no link can be made the error says why") {
  Street street;
  const std::string link = street.scratch / "no/such/directory/tty";
  const auto made = PtyLine::make(street.loop, link);
  REQUIRE_FALSE(made);
  CHECK(made.error().detail.starts_with("cannot make the link " + link));
}

TEST_CASE("pty line: readers come and go, and each hears what is written while it is there") {
  Street street;
  const std::string link = street.scratch / "tty";
  const auto far = street.pty(link);
  Heard device;
  far->open(usual, device);
  SerialLine line(street.loop, link, {});
  for (int round = 1; round <= 3; ++round) {
    Heard reader;
    line.open(usual, reader);
    REQUIRE(street.until([&] { return reader.opened == 1; }));
    far->write(as_bytes("telegram"));
    REQUIRE(street.until([&] { return reader.bytes == "telegram"; }));
    line.close();
    CHECK(device.closed == 0);
  }
}

TEST_CASE("pty line: nothing that a reader sends comes back to it") {
  Street street;
  const std::string link = street.scratch / "tty";
  const auto far = street.pty(link);
  Heard device, reader;
  far->open(usual, device);
  SerialLine line(street.loop, link, {});
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened == 1; }));
  line.write(as_bytes("question\r\n"));
  REQUIRE(street.until([&] { return device.bytes == "question\r\n"; }));
  CHECK(reader.bytes.empty());
}
