// A UDP port on the loop: what arrives, what goes out, floods, a port that is taken.
#include "io/datagram_socket.hpp"

#include <arpa/inet.h>

#include "io/own_networks.hpp"
#include "support/street.hpp"

using namespace gridtap;
using namespace gridtap::io;

namespace {

SocketAddress at(const std::string& text) { return *parse_socket_address(text); }

SocketAddress free_port() {
  SocketAddress address = at("127.0.0.1:1");
  address.port = 0;
  return address;
}

struct Station final : DatagramEvents {
  explicit Station(const SocketAddress& address = free_port()) : socket(street.loop, address) {
    socket.open(*this);
    CHECK(opened + closed == 0);  // never from inside a call
    street.until([&] { return opened + closed > 0; });
  }
  void on_open() override { ++opened; }
  void on_datagram(const Datagram& datagram) override {
    heard.emplace_back(as_text(datagram.bytes));
    from = datagram.from;
    on_link |= datagram.on_link;
    if (echo) socket.send(datagram.from, datagram.bytes);
    if (close_at == heard.size()) socket.close();
  }
  void on_flood() override { ++floods; }
  void on_closed(const Error& why) override {
    ++closed;
    last = why.detail;
  }
  bool hears(std::size_t count) {
    return street.until([&] { return heard.size() >= count; });
  }

  Street street;
  DatagramSocket socket;
  int opened = 0, closed = 0, floods = 0;
  bool echo = false, on_link = false;
  std::size_t close_at = 0;
  std::vector<std::string> heard;
  SocketAddress from;
  std::string last;
};

// A program that asks; it gives up after ten seconds without an answer.
class Asker {
 public:
  explicit Asker(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{10, 0};
    REQUIRE(::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    REQUIRE(::connect(fd_, static_cast<const sockaddr*>(static_cast<const void*>(&to)),
                      sizeof to) == 0);
  }
  ~Asker() { ::close(fd_); }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;

  void send(std::string_view text) const {
    REQUIRE(::send(fd_, text.data(), text.size(), 0) == static_cast<::ssize_t>(text.size()));
  }
  std::string receive() const {
    std::string buffer(4096, '\0');
    const ::ssize_t size = ::recv(fd_, buffer.data(), buffer.size(), 0);
    REQUIRE(size >= 0);
    return buffer.substr(0, static_cast<std::size_t>(size));
  }
  std::uint16_t port() const {
    sockaddr_in own{};
    socklen_t size = sizeof own;
    REQUIRE(::getsockname(fd_, static_cast<sockaddr*>(static_cast<void*>(&own)), &size) == 0);
    return ntohs(own.sin_port);
  }

 private:
  int fd_;
};

}  // namespace

TEST_CASE("datagrams: each arrives whole with its sender, an empty one too, and is answered") {
  Station station;
  REQUIRE(station.opened == 1);
  station.echo = true;
  const Asker asker(station.socket.port());
  for (const char* text : {"help", "", "get meter"}) asker.send(text);
  REQUIRE(station.hears(3));
  CHECK(station.heard == std::vector<std::string>{"help", "", "get meter"});
  CHECK(to_text(station.from.address) == "127.0.0.1");
  CHECK(station.from.port == asker.port());
  CHECK_FALSE(station.on_link);  // it is looked up only of addresses that could be anywhere
  CHECK(asker.receive() == "help");
}

TEST_CASE("datagrams: one that is too large is cut off, and the next one is itself") {
  Station station;
  const Asker asker(station.socket.port());
  asker.send(std::string(60'000, 'x'));
  asker.send("y");
  REQUIRE(station.hears(2));
  CHECK(station.heard[0] == std::string(DatagramSocket::max_datagram, 'x'));
  CHECK(station.heard[1] == "y");
}

TEST_CASE("datagrams: of a flood a burst is read, then the socket rests, and reads again") {
  Station station;
  const Asker asker(station.socket.port());
  for (int n = 0; n < 200; ++n) asker.send("x");
  REQUIRE(station.hears(1));
  CHECK(station.heard.size() <= DatagramSocket::burst);
  REQUIRE(station.hears(DatagramSocket::burst + 1));
  CHECK(station.floods > 0);
  CHECK(station.street.until([&] { return station.heard.size() == 200; }));
}

TEST_CASE("datagrams: a port that is taken is reported, and taken when it is free") {
  auto first = std::make_unique<Station>();
  const SocketAddress taken{at("127.0.0.1:1").address, first->socket.port()};
  Station second(taken);
  CHECK(second.opened == 0);
  CHECK(second.closed == 1);
  CHECK(second.last.starts_with("cannot listen on 127.0.0.1:" + std::to_string(taken.port) + ": "));
  CHECK(second.socket.port() == 0);
  first.reset();
  second.socket.open(second);
  CHECK(second.street.until([&] { return second.opened == 1; }));
  CHECK(second.socket.port() == taken.port);
}

TEST_CASE("datagrams: nothing arrives after close(), also from inside a call") {
  Station station;
  station.close_at = 2;
  const Asker asker(station.socket.port());
  for (int n = 0; n < 5; ++n) asker.send("x");
  REQUIRE(station.hears(2));
  CHECK_FALSE(station.street.until([&] { return station.heard.size() > 2; }, 100ms));
  CHECK(station.closed == 0);
  station.socket.send(station.from, as_bytes("late"));  // goes nowhere, harms nothing
}

TEST_CASE("datagrams: a port that is closed while it rests stays closed, and can be opened again") {
  Station station;
  const std::uint16_t port = station.socket.port();
  const Asker asker(port);
  for (int n = 0; n < 200; ++n) asker.send("x");
  REQUIRE(station.street.until([&] { return station.floods > 0; }));
  station.socket.close();
  CHECK(station.socket.port() == 0);
  const std::size_t before = station.heard.size();
  CHECK_FALSE(station.street.until([&] { return station.heard.size() > before; }, 250ms));
  CHECK(station.closed == 0);
  station.socket.open(station);
  REQUIRE(station.street.until([&] { return station.opened == 2; }));
  const Asker later(station.socket.port());
  later.send("again");
  REQUIRE(station.hears(before + 1));
  CHECK(station.heard.back() == "again");
}

TEST_CASE("datagrams: a socket that ends before its answer is not heard of") {
  Street street;
  Station station;
  {
    DatagramSocket short_lived(street.loop, free_port());
    short_lived.open(station);
    CHECK(short_lived.port() != 0);  // it is bound at once, and says so from the loop
  }
  CHECK_FALSE(street.until([&] { return station.opened > 1; }, 50ms));
  CHECK(station.closed == 0);
}

TEST_CASE("datagrams: an address of IPv6 is listened on as well") {
  const Server probe(true);
  if (!probe.bound()) return;  // a machine without IPv6
  SocketAddress six = at("[::1]:1");
  six.port = 0;
  Station station(six);
  CHECK(station.opened == 1);
  Station asker(six);
  asker.socket.send({six.address, station.socket.port()}, as_bytes("help"));
  REQUIRE(station.hears(1));
  CHECK(to_text(station.from.address) == "::1");
}

TEST_CASE("networks: this machine is in its own, and not in the rest of the world") {
  const auto networks = own_networks();
  CHECK(is_in(networks, at("127.0.0.1:1").address));
  CHECK_FALSE(is_in(networks, at("[2001:db8:dead:beef::1]:1").address));
  CHECK_FALSE(is_in(networks, at("203.0.113.7:1").address));
  const std::vector<Network> given = {{at("198.51.100.1:1").address, 96 + 24},
                                      {at("[2001:db8::1]:1").address, 64}};
  CHECK(is_in(given, at("198.51.100.200:1").address));
  CHECK_FALSE(is_in(given, at("198.51.101.1:1").address));
  CHECK(is_in(given, at("[2001:db8::ffff]:1").address));
  CHECK_FALSE(is_in(given, at("[2001:db8:0:1::1]:1").address));
}
