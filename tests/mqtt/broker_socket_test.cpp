// The sockets to the broker are found by its port, and hold back what is written until released.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include <doctest/doctest.h>

#include "mqtt/broker_socket.hpp"

using namespace gridtap;

namespace {

// A connection to ourselves on a free loopback port.
struct Connection {
  Connection() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(listener, any, size) == 0);
    REQUIRE(listen(listener, 1) == 0);
    REQUIRE(getsockname(listener, any, &size) == 0);
    port = ntohs(address.sin_port);
    REQUIRE(connect(client, any, size) == 0);
    server = accept(listener, nullptr, nullptr);
    REQUIRE(server >= 0);
  }
  ~Connection() {
    for (const int descriptor : {listener, client, server}) close(descriptor);
  }
  int option(int name) const {
    int value = -1;
    socklen_t size = sizeof value;
    getsockopt(client, IPPROTO_TCP, name, &value, &size);
    return value;
  }
  bool has_something(int milliseconds) const {
    pollfd waited{server, POLLIN, 0};
    return poll(&waited, 1, milliseconds) == 1;
  }

  int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
  int server = -1;
  std::uint16_t port = 0;
};

}  // namespace

TEST_CASE("broker socket: only the sockets to that port are found, and send at once") {
  const Connection ours, other;
  mqtt::BrokerSocket socket;
  CHECK(socket.find(1) == 0);
  CHECK(socket.find(ours.port) == 1);
  CHECK(ours.option(TCP_NODELAY) == 1);
  CHECK(other.option(TCP_NODELAY) == 0);
}

TEST_CASE("broker socket: what is written while held arrives when released, in one piece") {
  const Connection connection;
  mqtt::BrokerSocket socket;
  REQUIRE(socket.find(connection.port) == 1);
  socket.hold();
  for (int n = 0; n < 3; ++n) REQUIRE(write(connection.client, "word ", 5) == 5);
  CHECK_FALSE(connection.has_something(0));
  socket.release();
  REQUIRE(connection.has_something(5000));
  char text[64];
  const auto size = read(connection.server, text, sizeof text);
  CHECK(std::string(text, static_cast<std::size_t>(size)) == "word word word ");
}

TEST_CASE("broker socket: without a socket nothing is held, and nothing breaks") {
  const mqtt::BrokerSocket socket;
  socket.hold();
  socket.release();
}
