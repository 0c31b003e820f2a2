// A line that other programs share, at the real program: they get the wire byte for byte, who
// sleeps or goes costs the others nothing, and a port that is taken costs the device nothing.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <thread>

#include "end_to_end/world.hpp"

using namespace gridtap::end_to_end;
using namespace std::chrono_literals;

namespace {

// A program that reads a TCP port of this machine.
class Reader {
 public:
  explicit Reader(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{0, 50'000};
    REQUIRE(::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    const auto* const address = static_cast<const sockaddr*>(static_cast<const void*>(&to));
    connected_ = eventually([&] { return ::connect(fd_, address, sizeof to) == 0; });
  }
  ~Reader() { ::close(fd_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  bool connected() const { return connected_; }
  bool ended() const { return ended_; }
  // What has come since the begin.
  const std::string& all() {
    char buffer[65536];
    for (;;) {
      const ::ssize_t size = ::recv(fd_, buffer, sizeof buffer, 0);
      if (size == 0) ended_ = true;
      if (size <= 0) return all_;
      all_.append(buffer, static_cast<std::size_t>(size));
    }
  }

 private:
  int fd_;
  bool connected_ = false, ended_ = false;
  std::string all_;
};

std::uint16_t port_of(const std::string& line) {
  return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
}

std::string meter(const std::string& line, const std::string& serve) {
  return "  meter:\n    adapter: p1\n    line: " + line +
         "\n    interval: 0s\n    serve: " + serve + '\n';
}

std::string on_port(const HeldPort& port) { return "127.0.0.1:" + std::to_string(port.number()); }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++found;
  return found;
}

// Whether it is a row of whole telegrams of the wire, one after the other as they came there.
bool is_cut_of(const std::string& served, const std::string& wire) {
  return served.starts_with('/') && served.ends_with("\r\n") &&
         wire.find(served) != std::string::npos;
}

}  // namespace

TEST_CASE("served line: clients get the telegrams of the wire, whole and byte for byte") {
  World world;
  const HeldPort port;
  world.start_broker();
  world.subscribe();
  const std::string line = world.serve("wire", "dsmr5");
  Reader wire(port_of(line));
  REQUIRE(wire.connected());
  world.start_gridtap(meter(line, on_port(port)));
  Reader first(port.number());
  REQUIRE(first.connected());
  REQUIRE(eventually([&] { return count(first.all(), "\r\n!") >= 2; }));
  Reader second(port.number());
  REQUIRE(eventually([&] { return count(second.all(), "\r\n!") >= 2; }));
  CHECK(eventually([&] { return is_cut_of(first.all(), wire.all()); }));
  CHECK(eventually([&] { return is_cut_of(second.all(), wire.all()); }));
  CHECK(eventually([&] { return world.topic("gridtap/meter/serve_clients") == "2"; }));
  CHECK(world.topic("gridtap/meter/connected/attributes").find(on_port(port)) != std::string::npos);
  CHECK(world.stop_gridtap() == 0);
  CHECK(eventually([&] { return first.all().size() > 0 && first.ended(); }));
}

TEST_CASE("served line: with bytes asked for, a client gets what comes between telegrams, too") {
  World world;
  const HeldPort port;
  const std::string line = world.serve("wire", "dsmr5");
  Reader wire(port_of(line));
  world.start_gridtap_alone(meter(line, "{listen: \"" + on_port(port) + "\", what: bytes}"), "");
  Reader client(port.number());
  REQUIRE(client.connected());
  REQUIRE(eventually([&] { return count(client.all(), "\r\n!") >= 3; }));
  const std::string got = client.all();
  CHECK(eventually([&] { return wire.all().find(got) != std::string::npos; }));
}

TEST_CASE("served line: one client asleep and one that goes cost the others nothing") {
  World world;
  const HeldPort port;
  const std::string line = world.serve("wire", "dsmr5");
  Reader wire(port_of(line));
  world.start_gridtap_alone(meter(line, on_port(port)), "");
  const Reader asleep(port.number());
  Reader stays(port.number());
  REQUIRE(stays.connected());
  for (int goes = 0; goes < 3; ++goes) {
    const Reader going(port.number());
    CHECK(going.connected());
  }
  REQUIRE(eventually([&] { return count(stays.all(), "\r\n!") >= 3; }));
  CHECK(eventually([&] { return is_cut_of(stays.all(), wire.all()); }));
  CHECK(world.gridtap().running());
}

TEST_CASE(
    "served line: a port that is taken costs the device nothing, and is had when it is free") {
  World world;
  world.start_broker();
  world.subscribe();
  auto port = std::make_unique<HeldPort>();
  const std::uint16_t number = port->number();
  const int holder = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(number);
  REQUIRE(::setsockopt(holder, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0);
  REQUIRE(::bind(holder, static_cast<const sockaddr*>(static_cast<const void*>(&at)), sizeof at) ==
          0);
  REQUIRE(::listen(holder, 1) == 0);
  world.start_gridtap(meter(world.plug("tty", "dsmr5"), on_port(*port)));
  CHECK(eventually([&] { return world.topic("gridtap/meter/status") == "online"; }));
  CHECK(
      eventually([&] { return world.log().find("Address already in use") != std::string::npos; }));
  ::close(holder);
  CHECK(eventually([&] { return world.log().find("the line is shared on") != std::string::npos; }));
  Reader client(number);
  REQUIRE(client.connected());
  CHECK(eventually([&] { return count(client.all(), "\r\n!") >= 1; }));
  CHECK(count(world.log(), "Address already in use") == 1);
}

namespace {

std::string inverter(const std::string& id, const std::string& line, const std::string& more) {
  return "  " + id + ": {adapter: sunspec, interval: 0s, line: \"" + line + "\", " + more + "}\n";
}

}  // namespace

TEST_CASE(
    "served line: another program asks an inverter through us, and what it sets we read back") {
  World world;
  const HeldPort port;
  world.start_broker();
  world.subscribe();
  const std::string line = world.serve("house", "sunspec/house", {"noon=true"});
  const std::string served = "serve: {listen: \"" + on_port(port) + "\"";
  const std::string other = inverter("other", "tcp://" + on_port(port), "writes: true");
  const auto becomes = [&](const std::string& topic, const std::string& value) {
    return eventually([&] { return world.topic("gridtap/" + topic) == value; });
  };
  world.start_gridtap(inverter("roof", line, served + "}") + other);
  CHECK(becomes("roof/power", "8000"));
  CHECK(becomes("other/power", "8000"));
  CHECK(becomes("roof/serve_clients", "1"));
  REQUIRE(becomes("other/power_limit", "100.00"));
  world.publish("gridtap/other/power_limit/set", "50");
  CHECK(eventually([&] { return world.topic("gridtap/other/power_limit/rejected") != ""; }));
  CHECK(world.topic("gridtap/roof/power_limit") == "100.00");

  REQUIRE(world.stop_gridtap() == 0);
  world.start_gridtap(inverter("roof", line, served + ", writes: true}") + other);
  REQUIRE(eventually(
      [&] { return world.config("other").find("power_limit/set") != std::string::npos; }));
  REQUIRE(becomes("other/status", "online"));
  world.publish("gridtap/other/power_limit/set", "50");
  CHECK(becomes("other/power_limit", "50.00"));
  // Controls are read once a minute.
  CHECK(eventually([&] { return world.topic("gridtap/roof/power_limit") == "50.00"; }, 90s));
  CHECK(world.topic("gridtap/roof/status") == "online");
}
