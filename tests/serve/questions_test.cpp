// The port of the questions: what goes out, what is said in the log, a port that is taken.
#include "serve/questions.hpp"

#include <doctest/doctest.h>

#include "model/model_rig.hpp"

using namespace gridtap;
using namespace gridtap::serve;
using namespace std::chrono_literals;

namespace {

struct PlayedPort final : DatagramPort {
  void open(DatagramEvents& its_events) override {
    events = &its_events;
    ++opened;
  }
  void send(const SocketAddress& to, ByteView bytes) override {
    sent.push_back(to_text(to) + ' ' + std::string(as_text(bytes)));
  }
  void close() override { ++closed; }

  DatagramEvents* events = nullptr;
  int opened = 0, closed = 0;
  std::vector<std::string> sent;
};

struct Station : model::ModelRig {
  Station() {
    About about;
    about.version = "1.2.0";
    about.started = clock.now().mono;
    questions = std::make_unique<Questions>(port, "127.0.0.1:2002", *model, about, clock, log);
    questions->start();
  }
  void ask(const std::string& address, std::string_view text) {
    port.events->on_datagram({*parse_socket_address(address), false, as_bytes(text)});
  }
  std::size_t said(std::string_view text) const {
    std::size_t count = 0;
    for (const std::string& line : log.lines) count += line.find(text) != std::string::npos;
    return count;
  }

  PlayedPort port;
  std::unique_ptr<Questions> questions;
};

}  // namespace

TEST_CASE("questions: an answer goes to where the question came from, and nowhere else") {
  Station station;
  station.port.events->on_open();
  CHECK(station.said("questions are answered on 127.0.0.1:2002 (UDP)") == 1);
  station.ask("127.0.0.1:40001", "version");
  station.ask("192.168.1.5:40002", "foo");
  CHECK(station.port.sent ==
        std::vector<std::string>{"127.0.0.1:40001 gridtap 1.2.0 up 0 s\n",
                                 "192.168.1.5:40002 error: unknown command 'foo', try help\n"});
  CHECK(station.said("no answer") == 0);
}

TEST_CASE("questions: who gets no answer is named in the log once a minute, not each time") {
  Station station;
  for (int n = 0; n < 50; ++n) station.ask("8.8.8.8:40000", "help");
  for (int n = 0; n < 50; ++n) station.ask("127.0.0.1:40000", "error: unknown command");
  CHECK(station.port.sent.empty());
  CHECK(station.said("no answer to 8.8.8.8:40000, which is not of this network") == 1);
  CHECK(station.said("no answer to 127.0.0.1") == 0);
  station.clock.advance(61s);
  station.ask("8.8.8.8:40000", "help");
  CHECK(station.said("49 more like it") == 1);
}

TEST_CASE("questions: after twenty answers in a second there is silence, said once") {
  Station station;
  for (int n = 0; n < 50; ++n) station.ask("127.0.0.1:40000", "help");
  CHECK(station.port.sent.size() == QuestionGuard::max_answers);
  CHECK(station.said("no answer to 127.0.0.1:40000, which asks more often") == 1);
  for (int n = 0; n < 9; ++n) station.port.events->on_flood();
  CHECK(station.said("faster than they are read") == 1);
}

TEST_CASE("questions: a port that is taken is tried again ever more seldom, and said once") {
  Station station;
  const Error taken{Fault::io, "cannot listen on 127.0.0.1:2002: Address already in use"};
  for (int n = 0; n < 8; ++n) {
    CHECK(station.port.opened == n + 1);
    station.port.events->on_closed(taken);
    const auto wait = std::min<std::chrono::seconds>(1s * (1 << n), Questions::longest_wait);
    station.clock.advance(wait - 1ms);
    CHECK(station.port.opened == n + 1);
    station.clock.advance(1ms);
  }
  CHECK(station.said("already in use; it is tried again until it works") == 1);
  station.port.events->on_open();
  CHECK(station.said("questions are answered") == 1);
  // A later loss is another one.
  station.port.events->on_closed(taken);
  CHECK(station.said("already in use") == 2);
  station.clock.advance(1s);
  CHECK(station.port.opened == 10);
}

TEST_CASE("questions: the port is closed at the end, and is not opened any more") {
  Station station;
  station.port.events->on_closed({Fault::io, "x"});
  station.questions.reset();
  CHECK(station.port.closed == 1);
  station.clock.advance(1h);
  CHECK(station.port.opened == 1);
}
