// A port of our own: clients that come, go, do not read, or are too many.
#include "io/listen_line.hpp"

#include <array>
#include <cstdint>

#include "io/tcp_line.hpp"
#include "support/street.hpp"

using namespace gridtap;
using namespace gridtap::io;

namespace {

struct Station {
  Station() {
    auto made = ListenLine::make(street.loop, 0, [this] { ++turned_away; });
    REQUIRE(made);
    line = std::move(*made);
    line->open(usual, device);
  }
  std::unique_ptr<TcpLine> client(Heard& reader) {
    auto made = std::make_unique<TcpLine>(street.loop, "127.0.0.1", line->port());
    made->open(usual, reader);
    return made;
  }

  Street street;
  Heard device;
  int turned_away = 0;
  std::unique_ptr<ListenLine> line;
};

// A client that is the test itself; it gives up after ten seconds without a byte.
int connected(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{10, 0};
  REQUIRE(::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(port);
  REQUIRE(::connect(fd, static_cast<const sockaddr*>(static_cast<const void*>(&at)), sizeof at) ==
          0);
  return fd;
}

// Reads that many bytes or more, fewer only where the stream ends.
std::size_t read_from(int fd, std::string& buffer, std::size_t least) {
  std::size_t all = 0;
  while (all < least) {
    const ::ssize_t size = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (size <= 0) break;
    all += static_cast<std::size_t>(size);
  }
  return all;
}

}  // namespace

TEST_CASE("listen line: a port that is taken cannot be listened on, and the error names it") {
  Street street;
  const auto first = ListenLine::make(street.loop, 0);
  REQUIRE(first);
  const auto second = ListenLine::make(street.loop, (*first)->port());
  REQUIRE_FALSE(second);
  CHECK(second.error().detail.starts_with(
      "cannot listen on 127.0.0.1:" + std::to_string((*first)->port()) + ": "));
}

TEST_CASE("listen line: each client that is turned away is reported; a free place is given") {
  Station port;
  std::array<Heard, ListenLine::max_clients> heard;
  std::vector<std::unique_ptr<TcpLine>> clients;
  for (Heard& reader : heard) {
    clients.push_back(port.client(reader));
    REQUIRE(port.street.until([&] { return reader.opened == 1; }));
  }
  Heard fifth;
  const auto refused = port.client(fifth);
  REQUIRE(port.street.until([&] { return fifth.closed == 1; }));
  CHECK(port.turned_away == 1);
  CHECK(fifth.last.cause == Cause::busy);
  clients.front()->close();
  Heard sixth;
  const auto taken = port.client(sixth);
  REQUIRE(port.street.until([&] { return sixth.opened == 1; }));
  REQUIRE(port.street.until([&] {
    port.line->write(as_bytes("t"));
    return !sixth.bytes.empty() || sixth.closed > 0;
  }));
  CHECK(sixth.closed == 0);
  CHECK(port.turned_away == 1);
}

TEST_CASE("listen line: a client that does not read is let go, the others keep hearing") {
  Station port;
  const int mute = connected(port.line->port()), good = connected(port.line->port());
  for (const int client : {mute, good}) REQUIRE(::send(client, "x", 1, 0) == 1);
  REQUIRE(port.street.until([&] { return port.device.bytes.size() == 2; }));
  const std::string block(16 * 1024, 'x');
  std::size_t written = 0, heard = 0;
  std::string buffer(block.size(), '\0');
  // Far more than the kernel keeps for one that does not read.
  while (written < 16 * 1024 * 1024) {
    port.line->write(as_bytes(block));
    written += block.size();
    port.street.until([] { return true; });
    heard += read_from(good, buffer, block.size());
  }
  std::size_t of_mute = 0;
  while (const std::size_t size = read_from(mute, buffer, 1)) of_mute += size;
  CHECK(of_mute < written);
  CHECK(heard == written);
  ::close(mute);
  ::close(good);
}

TEST_CASE("listen line: bytes of every client arrive, and none after close()") {
  Station port;
  Heard one, two;
  const auto first = port.client(one), second = port.client(two);
  REQUIRE(port.street.until([&] { return one.opened + two.opened == 2; }));
  first->write(as_bytes("a"));
  REQUIRE(port.street.until([&] { return port.device.bytes == "a"; }));
  second->write(as_bytes("b"));
  REQUIRE(port.street.until([&] { return port.device.bytes == "ab"; }));
  port.line->close();
  first->write(as_bytes("c"));
  CHECK_FALSE(port.street.until([&] { return port.device.bytes.size() > 2; }, 100ms));
  CHECK(one.closed == 0);
}

TEST_CASE("listen line: only this machine reaches it") {
  Station port;
  const auto bound = ListenLine::make(port.street.loop, 0);
  REQUIRE(bound);
  // The same port of every other address is free.
  const int other = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
  at.sin_port = htons((*bound)->port());
  CHECK(::bind(other, static_cast<const sockaddr*>(static_cast<const void*>(&at)), sizeof at) == 0);
  ::close(other);
}
