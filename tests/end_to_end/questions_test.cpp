// Questions by UDP at the real program: every command of `help`, who gets silence, a flood, a port
// that is taken.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <sstream>
#include <thread>

#include "end_to_end/world.hpp"

using namespace gridtap::end_to_end;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t longest_answer = 1200;

// A UDP socket on the loopback, as `nc -u 127.0.0.1 PORT` has one.
class Asker {
 public:
  explicit Asker(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    to_.sin_family = AF_INET;
    to_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to_.sin_port = htons(port);
  }
  ~Asker() { ::close(fd_); }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;

  bool bind() const { return ::bind(fd_, address(), sizeof to_) == 0; }
  void send(const std::string& text) const {
    static_cast<void>(::sendto(fd_, text.data(), text.size(), 0, address(), sizeof to_));
  }
  // Empty where nothing comes in time.
  std::string receive(std::chrono::milliseconds patience) const {
    const auto microseconds = static_cast<suseconds_t>(patience.count() % 1000 * 1000);
    const timeval time{patience.count() / 1000, microseconds};
    REQUIRE(::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) == 0);
    std::string buffer(70'000, '\0');
    const ::ssize_t size = ::recv(fd_, buffer.data(), buffer.size(), 0);
    return buffer.substr(0, size < 0 ? 0 : static_cast<std::size_t>(size));
  }
  std::string ask(const std::string& text) const {
    send(text);
    return receive(5s);
  }
  // Of answers to what was asked before it listened.
  void take_all() const {
    while (!receive(300ms).empty()) {
    }
  }

 private:
  const sockaddr* address() const {
    return static_cast<const sockaddr*>(static_cast<const void*>(&to_));
  }
  int fd_;
  sockaddr_in to_{};
};

std::string questions_at(std::uint16_t port) {
  return "questions: 127.0.0.1:" + std::to_string(port) + "\n";
}

const std::string relay = "relays:\n  boiler:\n    chip: simulated\n    line: 1\n";

std::string meter(const std::string& line) {
  return "  meter:\n    adapter: p1\n    line: " + line + "\n    hour_limit: 5000\n";
}

}  // namespace

TEST_CASE("questions: help is answered, and every command in it") {
  World world;
  const HeldPort port;  // of TCP: that of UDP is free as well
  world.start_broker();
  world.start_gridtap(meter(world.plug("tty", "dsmr5")), questions_at(port.number()) + relay);
  const Asker asker(port.number());
  REQUIRE(eventually([&] {
    asker.send("get meter power_import");
    return asker.receive(200ms).find(" W\n") != std::string::npos;
  }));
  asker.take_all();
  std::istringstream help(asker.ask("help\n"));
  std::string line;
  int commands = 0;
  while (std::getline(help, line)) {
    CAPTURE(line);
    std::string question = line.substr(0, line.find(" - "));
    if (const auto page = question.find(" [PAGE]"); page != question.npos) question.resize(page);
    if (const auto at = question.find("DEVICE"); at != question.npos) {
      question.replace(at, 6, "meter");
    }
    const std::string answer = asker.ask(question);
    CHECK_FALSE(answer.empty());
    CHECK(answer.size() <= longest_answer);
    CHECK_FALSE(answer.starts_with("error:"));
    ++commands;
  }
  CHECK(commands == 8);
  CHECK(asker.ask("relays") == "boiler OFF\n");
  CHECK(asker.ask("devices").find("meter online p1 ") != std::string::npos);
  CHECK(asker.ask("status meter").find("online frames ") == 0);
  CHECK(asker.ask("hour meter").find("limit 5000 Wh") != std::string::npos);
  CHECK(asker.ask("foo") == "error: unknown command 'foo', try help\n");
  CHECK(asker.ask(std::string(60'000, 'x')) == "error: too long, at most 200 bytes\n");
  CHECK(asker.ask("\x01\xFF").starts_with("error: unknown command '?"));
  CHECK(world.stop_gridtap() == 0);
}

TEST_CASE("questions: there is silence for what asks nothing, and after twenty in a second") {
  World world;
  const HeldPort port;
  world.start_broker();
  world.start_gridtap(meter(world.plug("tty", "dsmr5")), questions_at(port.number()));
  const Asker asker(port.number());
  REQUIRE(eventually([&] {
    asker.send("version");
    return asker.receive(200ms).starts_with("gridtap ");
  }));
  asker.take_all();
  asker.send("");
  asker.send("error: unknown command 'foo', try help\n");
  CHECK(asker.receive(300ms).empty());
  for (int n = 0; n < 60; ++n) asker.send("version");
  int answers = asker.receive(5s).empty() ? 0 : 1;
  while (!asker.receive(300ms).empty()) ++answers;
  CHECK(answers >= 10);  // some of this second were asked for already
  CHECK(answers <= 40);  // of two seconds, where one ends meanwhile
  CHECK(world.log().find("asks more often than is answered") != std::string::npos);
  CHECK(eventually([&] {
    asker.send("version");
    return asker.receive(200ms).starts_with("gridtap ");
  }));
}

TEST_CASE("questions: a flood does not disturb the meter, and answers come after it") {
  World world;
  const HeldPort port;
  world.start_broker();
  world.start_gridtap(meter(world.plug("tty", "dsmr5")) + "    interval: 0s\n",
                      questions_at(port.number()));
  world.subscribe();
  const Asker asker(port.number());
  REQUIRE(eventually([&] { return world.topic("gridtap/meter/status") == "online"; }));
  const std::string garbage(100, '\xFF');
  const auto end = std::chrono::steady_clock::now() + 3s;
  while (std::chrono::steady_clock::now() < end) {
    for (int n = 0; n < 50; ++n) asker.send(n % 2 == 0 ? garbage : "get meter");
    std::this_thread::sleep_for(5ms);
  }
  CHECK(world.topic("gridtap/meter/status") == "online");
  CHECK(world.log().find("faster than they are read") != std::string::npos);
  while (!asker.receive(300ms).empty()) continue;
  const Asker later(port.number());
  CHECK(eventually([&] { return later.ask("version").starts_with("gridtap "); }));
  CHECK(world.stop_gridtap() == 0);
}

TEST_CASE("questions: where the port is taken the rest works, and it is taken when it is free") {
  World world;
  const HeldPort port;
  auto owner = std::make_unique<Asker>(port.number());
  REQUIRE(owner->bind());
  world.start_broker();
  world.start_gridtap(meter(world.plug("tty", "dsmr5")), questions_at(port.number()));
  world.subscribe();
  CHECK(eventually([&] { return world.topic("gridtap/meter/status") == "online"; }));
  const std::string taken = "cannot listen on 127.0.0.1:" + std::to_string(port.number());
  CHECK(eventually([&] { return world.log().find(taken) != std::string::npos; }));
  owner.reset();
  const Asker asker(port.number());
  CHECK(eventually([&] {
    asker.send("version");
    return asker.receive(200ms).starts_with("gridtap ");
  }));
  CHECK(world.log().find(taken) == world.log().rfind(taken));  // once
}

TEST_CASE("questions: where they are the only face no broker is looked for") {
  World world;
  const HeldPort port;
  world.start_gridtap_alone(meter(world.plug("tty", "dsmr5")), questions_at(port.number()) + relay);
  const Asker asker(port.number());
  CHECK(eventually([&] {
    asker.send("get meter power_import");
    return asker.receive(200ms).find(" W\n") != std::string::npos;
  }));
  CHECK(asker.ask("relays") == "boiler OFF\n");
  CHECK(world.log().find("broker") == std::string::npos);
  CHECK(world.stop_gridtap() == 0);
}
