// Lines against their other ends: real terminals and real sockets on the loopback.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "io/listen_line.hpp"
#include "io/make_line.hpp"
#include "io/serial_line.hpp"
#include "io/tcp_line.hpp"
#include "support/street.hpp"

using namespace gridtap;
using namespace gridtap::io;

namespace {

std::size_t open_files() {
  std::size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator("/proc/self/fd")) {
    if (!file.path().empty()) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("lines: a serial line reads what a simulated device writes, and writes to it") {
  Street street;
  const std::string link = street.scratch / "tty";
  Heard device, reader;
  const auto far = street.pty(link);
  far->open(usual, device);
  io::SerialLine line(street.loop, link, {});
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened == 1 && device.opened == 1; }));
  std::string all(256, '\0');
  for (int n = 0; n < 256; ++n) all[static_cast<std::size_t>(n)] = static_cast<char>(n);
  far->write(as_bytes(all));
  REQUIRE(street.until([&] { return reader.bytes.size() == 256; }));
  CHECK(reader.bytes == all);
  line.write(as_bytes("\r\nhello\x03\x04"));
  REQUIRE(street.until([&] { return device.bytes.size() == 9; }));
  CHECK(device.bytes == "\r\nhello\x03\x04");
}

TEST_CASE(
    "lines: a hundred adapters pulled and plugged leave no descriptor and no busy port behind") {
  Street street;
  const std::string link = street.scratch / "tty";
  io::SerialLine line(street.loop, link, {});
  std::size_t before = 0;
  for (int round = 0; round < 100; ++round) {
    Heard reader;
    auto far = street.pty(link);
    line.open(usual, reader);
    REQUIRE(street.until([&] { return reader.opened == 1; }));
    far.reset();
    REQUIRE(street.until([&] { return reader.closed == 1; }));
    CHECK(reader.last.detail.starts_with("hang-up"));
    CHECK(reader.last.cause.value_or(Cause::unreachable) == Cause::unreachable);
    if (round == 5) before = open_files();
  }
  CHECK(open_files() <= before + 2);
}

TEST_CASE("lines: what is not a serial device is refused with the remedy") {
  Street street;
  std::ofstream(street.scratch / "file") << "text";
  struct Case {
    std::string path;
    std::string_view text;
  };
  for (const auto& [path, text] :
       {Case{street.scratch / "missing", "no such device"},
        Case{street.scratch / "file", "not a terminal"}, Case{"/dev/null", "not a terminal"}}) {
    CAPTURE(path);
    Heard reader;
    io::SerialLine line(street.loop, path, {});
    line.open(usual, reader);
    REQUIRE(street.until([&] { return reader.closed == 1; }));
    CHECK(reader.opened == 0);
    CHECK(reader.last.detail.starts_with(text));
  }
}

TEST_CASE("lines: a port that another program has locked is busy") {
  Street street;
  const std::string link = street.scratch / "tty";
  Heard first, second;
  const auto far = street.pty(link);
  io::SerialLine one(street.loop, link, {}), other(street.loop, link, {});
  one.open(usual, first);
  REQUIRE(street.until([&] { return first.opened == 1; }));
  other.open(usual, second);
  REQUIRE(street.until([&] { return second.closed == 1; }));
  CHECK(second.last.cause == Cause::busy);
  one.close();
  other.open(usual, second);
  CHECK(street.until([&] { return second.opened == 1; }));
}

TEST_CASE("lines: after close() nothing is heard, not even what was on its way") {
  Street street;
  const std::string link = street.scratch / "tty";
  Heard reader;
  const auto far = street.pty(link);
  io::SerialLine line(street.loop, link, {});
  line.open(usual, reader);
  line.close();
  CHECK_FALSE(street.until([&] { return reader.opened + reader.closed > 0; }, 1s));
}

TEST_CASE("lines: a simulator whose reader sleeps loses old bytes and never blocks") {
  Street street;
  const std::string link = street.scratch / "tty";
  const auto far = street.pty(link);
  const std::string telegram(1000, 'x');
  for (int n = 0; n < 1000; ++n) far->write(as_bytes(telegram));
  Heard reader;
  io::SerialLine line(street.loop, link, {});
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened == 1; }));
  CHECK(reader.bytes.size() < 64 * 1024);
}

TEST_CASE("lines: a simulator replaces a link, but never a file") {
  Street street;
  const std::string link = street.scratch / "tty", file = street.scratch / "file";
  std::filesystem::create_symlink("/nowhere", link);
  CHECK(io::PtyLine::make(street.loop, link));
  std::ofstream(file) << "precious";
  const auto refused = io::PtyLine::make(street.loop, file);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail.find("choose another name") != std::string::npos);
  CHECK(std::filesystem::file_size(file) == 8);
}

TEST_CASE("lines: a TCP line and a listening one hear each other") {
  Street street;
  auto listening = io::ListenLine::make(street.loop, 0);
  REQUIRE(listening);
  Heard device, reader;
  (*listening)->open(usual, device);
  io::TcpLine line(street.loop, "127.0.0.1", (*listening)->port());
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened == 1; }));
  line.write(as_bytes("question"));
  REQUIRE(street.until([&] { return device.bytes == "question"; }));
  (*listening)->write(as_bytes("answer"));
  REQUIRE(street.until([&] { return reader.bytes == "answer"; }));
  listening->reset();
  CHECK(street.until([&] { return reader.closed == 1; }));
}

TEST_CASE("lines: a listening line serves a few clients alike, and turns others away") {
  Street street;
  auto listening = io::ListenLine::make(street.loop, 0);
  REQUIRE(listening);
  Heard device;
  (*listening)->open(usual, device);
  constexpr std::size_t clients = io::ListenLine::max_clients + 1;
  std::array<Heard, clients> heard;
  std::vector<std::unique_ptr<io::TcpLine>> lines;
  for (Heard& reader : heard) {
    lines.push_back(std::make_unique<io::TcpLine>(street.loop, "127.0.0.1", (*listening)->port()));
    lines.back()->open(usual, reader);
    REQUIRE(street.until([&] { return reader.opened == 1; }));
  }
  REQUIRE(street.until([&] { return heard.back().closed == 1; }));
  (*listening)->write(as_bytes("telegram"));
  for (std::size_t n = 0; n + 1 < clients; ++n) {
    CHECK(street.until([&] { return heard[n].bytes == "telegram"; }));
  }
}

TEST_CASE("lines: a TCP port without listener, or an unknown host, is unreachable") {
  Street street;
  std::uint16_t closed_port = 0;
  {
    const auto listening = io::ListenLine::make(street.loop, 0);
    REQUIRE(listening);
    closed_port = (*listening)->port();
  }
  Heard reader;
  io::TcpLine line(street.loop, "127.0.0.1", closed_port);
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.closed == 1; }));
  CHECK(reader.last.detail.find("nothing listens there") != std::string::npos);
  CHECK(reader.last.cause.value_or(Cause::unreachable) == Cause::unreachable);
}

TEST_CASE("lines: an address chooses its line") {
  Street street;
  CHECK(io::make_line(street.loop, *io::parse_line_address("/dev/null"), {}) != nullptr);
  CHECK(io::make_line(street.loop, *io::parse_line_address("tcp://localhost:1"), {}) != nullptr);
}
