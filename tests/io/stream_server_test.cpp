// A TCP port whose clients share a line: who comes and goes, what is sent and not taken, a port
// that is taken.
#include "io/stream_server.hpp"

#include <arpa/inet.h>

#include <map>
#include <memory>

#include "support/street.hpp"

using namespace gridtap;
using namespace gridtap::io;

namespace {

struct Station final : StreamEvents {
  explicit Station(std::uint16_t port = 0) : server(street.loop, loopback(port)) {
    server.open(*this);
    CHECK(opened + closed == 0);  // never from inside a call
    street.until([&] { return opened + closed > 0; });
  }
  void on_open() override { ++opened; }
  void on_client(std::uint64_t client, const SocketAddress& address) override {
    here.emplace(client, std::string());
    from = address;
    last_client = client;
    if (drops) server.drop(client);
  }
  void on_bytes(std::uint64_t client, ByteView bytes) override {
    here.at(client) += as_text(bytes);
    if (drops_who_speaks) server.drop(client);
    if (closes) server.close();
  }
  void on_gone(std::uint64_t client) override {
    CHECK(here.erase(client) == 1);
    ++gone;
  }
  void on_closed(const Error& why) override {
    ++closed;
    last = why.detail;
  }

  Street street;
  StreamServer server;
  int opened = 0, closed = 0, gone = 0;
  bool drops = false, drops_who_speaks = false, closes = false;
  std::map<std::uint64_t, std::string> here;
  std::uint64_t last_client = 0;
  SocketAddress from;
  std::string last;
};

// A program that connects to the station.
class Program {
 public:
  explicit Program(Station& station) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{10, 0};
    REQUIRE(::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(station.server.port());
    const auto before = station.last_client;
    REQUIRE(::connect(fd_, static_cast<const sockaddr*>(static_cast<const void*>(&to)),
                      sizeof to) == 0);
    REQUIRE(station.street.until([&] { return station.last_client != before; }));
  }
  ~Program() { end(); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void send(std::string_view text) const {
    REQUIRE(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) ==
            static_cast<::ssize_t>(text.size()));
  }
  std::string receive(std::size_t size) const {
    std::string all;
    std::string buffer(65536, '\0');
    while (all.size() < size) {
      const ::ssize_t got =
          ::recv(fd_, buffer.data(), std::min(buffer.size(), size - all.size()), 0);
      if (got <= 0) break;
      all.append(buffer, 0, static_cast<std::size_t>(got));
    }
    return all;
  }
  bool is_closed() const {
    char byte = 0;
    const ::ssize_t got = ::recv(fd_, &byte, 1, 0);
    return got == 0 || (got < 0 && errno == ECONNRESET);
  }
  void half_close() const { ::shutdown(fd_, SHUT_WR); }
  void end() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

}  // namespace

TEST_CASE("stream server: what is sent to a client comes whole, and what it sends is heard") {
  Station station;
  const Program program(station);
  CHECK(is_loopback(station.from.address));
  const std::uint64_t client = station.last_client;
  station.server.send(client, as_bytes("frame one"));
  station.server.send(client, as_bytes("frame two"));
  CHECK(program.receive(18) == "frame oneframe two");
  program.send("hello");
  CHECK(station.street.until([&] { return station.here.at(client) == "hello"; }));
}

TEST_CASE("stream server: each client is one of its own, and its number is not used again") {
  Station station;
  const Program first(station);
  const std::uint64_t one = station.last_client;
  std::uint64_t two = 0;
  {
    const Program second(station);
    two = station.last_client;
    station.server.send(two, as_bytes("2"));
    CHECK(second.receive(1) == "2");
  }
  CHECK(station.street.until([&] { return station.gone == 1; }));
  CHECK(station.here.count(two) == 0);
  station.server.send(two, as_bytes("nobody"));  // is ignored
  station.server.drop(two);
  CHECK(station.server.unread(two) == 0);
  const Program third(station);
  CHECK(station.last_client != one);
  CHECK(station.last_client != two);
  station.server.send(one, as_bytes("1"));
  CHECK(first.receive(1) == "1");
}

TEST_CASE("stream server: what a client does not take is counted, and costs the others nothing") {
  Station station;
  const Program sleeper(station);
  const std::uint64_t asleep = station.last_client;
  const Program reader(station);
  const std::uint64_t awake = station.last_client;
  const std::string frame(16 * 1024, 'f');
  std::size_t sent = 0;
  while (station.server.unread(asleep) == 0 && sent < 64U * 1024 * 1024) {  // the kernel takes some
    station.server.send(asleep, as_bytes(frame));
    sent += frame.size();
    station.server.send(awake, as_bytes(frame));
    REQUIRE(reader.receive(frame.size()) == frame);
  }
  CHECK(station.server.unread(asleep) > 0);
  CHECK(station.street.until([&] { return station.server.unread(awake) == 0; }));
  station.server.drop(asleep);
  CHECK(station.server.unread(asleep) == 0);
  CHECK(station.gone == 0);  // who was dropped has not gone by itself
}

TEST_CASE("stream server: a client to whom too much is sent is closed, from the loop") {
  Station station;
  const Program sleeper(station);
  const std::uint64_t asleep = station.last_client;
  const std::string frame(16 * 1024, 'f');
  for (int i = 0; i < 4096 && station.here.count(asleep) == 1; ++i) {
    station.server.send(asleep, as_bytes(frame));
    REQUIRE(station.gone == 0);  // never from inside a call
    if (station.server.unread(asleep) > 4U * 1024 * 1024) break;
  }
  CHECK(station.street.until([&] { return station.gone == 1; }));
}

TEST_CASE("stream server: a client that is dropped sees the end, also from inside its own bytes") {
  Station station;
  station.drops_who_speaks = true;
  const Program program(station);
  program.send("x");
  CHECK(station.street.until([&] { return station.here.at(station.last_client) == "x"; }));
  CHECK(program.is_closed());
  station.drops = true;
  const Program other(station);
  CHECK(other.is_closed());
  CHECK(station.gone == 0);
}

TEST_CASE("stream server: a client that closes its side has gone") {
  Station station;
  const Program program(station);
  program.half_close();
  CHECK(station.street.until([&] { return station.gone == 1; }));
}

TEST_CASE("stream server: a thousand clients come and go") {
  Station station;
  for (int i = 0; i < 1000; ++i) Program{station}.end();
  CHECK(station.street.until([&] { return station.gone == 1000; }));
  CHECK(station.here.empty());
}

TEST_CASE(
    "stream server: a port that is taken is an error with its address, and can be had later") {
  auto first = std::make_unique<Station>();
  const std::uint16_t port = first->server.port();
  Station second(port);
  CHECK(second.opened == 0);
  CHECK(second.closed == 1);
  CHECK(second.last ==
        "cannot listen on 127.0.0.1:" + std::to_string(port) + ": Address already in use");
  CHECK(second.server.port() == 0);
  first.reset();
  second.server.open(second);
  CHECK(second.street.until([&] { return second.opened == 1; }));
}

TEST_CASE("stream server: closed, it ends all clients and tells nothing more") {
  Station station;
  const Program first(station), second(station);
  station.closes = true;
  second.send("end");
  CHECK(station.street.until([&] { return station.server.port() == 0; }));
  CHECK(first.is_closed());
  CHECK(second.is_closed());
  CHECK(station.gone == 0);
  CHECK(station.closed == 0);
}
