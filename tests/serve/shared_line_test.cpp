// A line that several programs use: what they get, where they begin, and that nothing of it reaches
// the device or the other clients.
#include "serve/shared_line.hpp"

#include <doctest/doctest.h>

#include <map>

#include "io/manual_clock.hpp"
#include "support/fakes.hpp"
#include "support/played_stream_port.hpp"

using namespace gridtap;
using namespace gridtap::serve;
using namespace std::chrono_literals;

namespace {

// The device behind the line: what it got.
struct Device final : LineEvents {
  void on_open() override { ++opened; }
  void on_bytes(ByteView bytes) override { got += as_text(bytes); }
  void on_closed(const Error&) override { ++closed; }
  int opened = 0, closed = 0;
  std::string got;
};

struct Station final : Effects {
  explicit Station(Share share, std::size_t most = ClientLimits::usual_clients)
      : shared(share, port, {"meter", "127.0.0.1:2001", most}, clock, log),
        line_owned(std::make_unique<ScriptLine>()),
        line(*line_owned),
        tapped(std::move(line_owned), shared) {
    shared.on_start(clock.now(), *this);
    port.accept();
    tapped.open({}, device);
    line.accept();
  }
  void operator()(const Effect& effect) override {
    const auto& reading = std::get<Reading>(effect);
    CHECK(reading.source == "rule");
    shown[std::string(reading.key)] = to_text(reading.value);
    ++readings;
  }
  void frame(std::string_view raw) {
    shared.on_effect("meter", Frame{raw.size(), false, as_bytes(raw)}, clock.now(), *this);
  }
  void arrive(std::string_view bytes, std::chrono::milliseconds after = 1s) {
    clock.advance(after);
    line.push(as_bytes(bytes));
  }
  void pass(std::chrono::milliseconds time) {
    const Mono until = clock.now().mono + time;
    while (shared.next_wake() <= until) {
      clock.advance_to(shared.next_wake());
      shared.on_wake(clock.now(), *this);
    }
    clock.advance_to(until);
  }

  io::ManualClock clock;
  MemoryLog log;
  PlayedStreamPort port;
  Device device;
  SharedLine shared;
  std::unique_ptr<ScriptLine> line_owned;
  ScriptLine& line;
  TappedLine tapped;
  std::map<std::string, std::string, std::less<>> shown;
  int readings = 0;
};

const std::string telegram = "/XMX5LGBBFG1\r\n\r\n1-0:1.8.1(000012.345*kWh)\r\n!4E5F\r\n";

}  // namespace

TEST_CASE("shared line: every client gets each frame as it came, and nothing else, ever") {
  Station station(Share::frames);
  const auto a = station.port.come(), b = station.port.come();
  CHECK(station.port.clients[a].got.empty());  // no banner
  station.frame(telegram);
  station.frame(std::string("\x7E\xA0\x00\xFF\x7E", 5));
  const std::string both = telegram + std::string("\x7E\xA0\x00\xFF\x7E", 5);
  CHECK(station.port.take(a) == both);
  CHECK(station.port.take(b) == both);
  // Effects that are no frame, and frames without bytes to pass on, are nothing to a client.
  station.shared.on_effect("meter", Frame{10}, station.clock.now(), station);
  station.shared.on_effect("meter", Dropped{{Fault::noise, "x"}, 3}, station.clock.now(), station);
  station.arrive("what is on the line");
  station.pass(1h);
  CHECK(station.port.take(a).empty());
}

TEST_CASE("shared line: a new client begins with the next frame, not in the middle of one") {
  Station station(Share::frames);
  const auto early = station.port.come();
  station.arrive(telegram.substr(0, 20));
  const auto late = station.port.come();
  station.arrive(telegram.substr(20), 5ms);
  CHECK(station.port.take(late).empty());
  station.frame(telegram);
  CHECK(station.port.take(early) == telegram);
  CHECK(station.port.take(late) == telegram);
  station.frame(telegram);
  const auto latest = station.port.come();
  CHECK(station.port.take(latest).empty());
}

TEST_CASE("shared line: what clients send reaches nobody") {
  for (const Share share : {Share::frames, Share::bytes}) {
    Station station(share);
    const auto a = station.port.come(), b = station.port.come();
    station.port.say(a, "\x03 stop /?!\r\n");
    station.pass(1min);
    CHECK(station.line.written.empty());
    CHECK(station.device.got.empty());
    CHECK(station.port.take(b).empty());
    CHECK(station.port.count() == 2);
  }
}

TEST_CASE("shared line: one client sleeps, fifteen get every frame at once") {
  for (const Share share : {Share::frames, Share::bytes}) {
    Station station(share);
    std::vector<std::uint64_t> clients;
    for (int n = 0; n < 16; ++n) clients.push_back(station.port.come());
    station.port.sleep(clients[3]);
    for (int n = 0; n < 2000; ++n) {
      station.arrive(telegram);
      if (share == Share::frames) station.frame(telegram);
      for (const auto client : clients) {
        if (client != clients[3]) REQUIRE(station.port.take(client) == telegram);
      }
    }
    CHECK(station.port.count() == 15);
    CHECK(station.port.most_unread <= StreamClients::least_queue);
  }
}

TEST_CASE("shared line: a client that goes in the middle is missed by nobody") {
  Station station(Share::bytes);
  const auto stays = station.port.come(), goes = station.port.come(), waits = station.port.come();
  station.arrive("/XMX");
  station.port.leave(goes);
  station.port.leave(waits);
  station.arrive("5LG", 1ms);
  CHECK(station.port.take(stays) == "/XMX5LG");
  CHECK(station.port.take(goes) == "/XMX");
  // One that goes before the pause that it waits for.
  const auto never = station.port.come();
  station.port.leave(never);
  station.arrive("!", 1s);
  CHECK(station.port.take(never).empty());
}

TEST_CASE("shared line: bytes go on as they arrive, bad ones too, and to the device as ever") {
  Station station(Share::bytes);
  const auto client = station.port.come();
  const std::string bad("\x00\xFF\x7E\xAF noise \x80\r\n", 14);
  for (const char byte : bad) {
    station.arrive(std::string_view(&byte, 1), 1ms);
    CHECK(station.port.take(client) == std::string(1, byte));
  }
  CHECK(station.device.got == bad);
  station.frame(telegram);  // the frame that they were is not sent again
  CHECK(station.port.take(client).empty());
}

TEST_CASE("shared line: of bytes a new client hears from the next pause of 20 ms on") {
  Station station(Share::bytes);
  station.arrive("first");
  const auto client = station.port.come();
  station.arrive(" half", 19ms);
  station.arrive(" of it", 0ms);
  CHECK(station.port.take(client).empty());
  station.arrive("second", 20ms);
  station.arrive(" half", 1ms);
  CHECK(station.port.take(client) == "second half");
}

TEST_CASE("shared line: on a line that never pauses a client begins after ten seconds at most") {
  Station station(Share::bytes);
  station.arrive("x");
  const auto client = station.port.come();
  for (int n = 0; n < 999; ++n) station.arrive("x", 10ms);
  CHECK(station.port.take(client).empty());
  for (int n = 0; n < 50; ++n) station.arrive("y", 10ms);
  CHECK(station.port.take(client) == std::string(50, 'y'));
  const auto next = station.port.come();
  station.arrive("z", 10ms);
  CHECK(station.port.take(next) == "z");
  // A pause counts again.
  station.arrive("first", 1s);
  const auto last = station.port.come();
  station.arrive(" half", 10ms);
  CHECK(station.port.take(last).empty());
}

TEST_CASE("shared line: a line that opens anew begins anew") {
  Station station(Share::bytes);
  station.arrive("cut");
  const auto client = station.port.come();
  station.line.hang_up();
  CHECK(station.device.closed == 1);
  station.tapped.open({}, station.device);
  station.line.accept();
  CHECK(station.device.opened == 2);
  station.arrive("whole", 1ms);
  CHECK(station.port.take(client) == "whole");
}

TEST_CASE("shared line: the tap leaves the line what it is") {
  Station station(Share::bytes);
  station.tapped.write(as_bytes("question"));
  CHECK(station.line.written == "question");
  CHECK(station.tapped.errors() == 0);
  station.tapped.close();
  CHECK(station.line.closed == 1);
  CHECK(station.device.opened == 1);
}

TEST_CASE("shared line: a port that is taken stops neither the line nor its counts") {
  Station station(Share::frames);
  station.port.fail();
  station.arrive(telegram);
  station.frame(telegram);
  CHECK(station.device.got == telegram);
  station.clock.advance(1s);
  CHECK(station.port.opened == 2);
  station.port.accept();
  const auto client = station.port.come();
  station.frame(telegram);
  CHECK(station.port.take(client) == telegram);
}

TEST_CASE("shared line: at the end its clients are closed, and late frames go nowhere") {
  Station station(Share::frames);
  const auto client = station.port.come();
  station.frame(telegram);
  station.shared.on_stop(station.clock.now(), station);
  CHECK_FALSE(station.port.is_open(client));
  CHECK_FALSE(station.port.listens());
  station.frame("late");
  CHECK(station.port.take(client) == telegram);
  station.clock.advance(1h);
  CHECK(station.port.opened == 1);
}

// ---- what the device tells of it ----------------------------------------------------------------

TEST_CASE("shared line: the number of clients and of those that were closed are told") {
  Station station(Share::frames, 2);
  CHECK(station.shown["serve_clients"] == "0");
  CHECK(station.shown["serve_dropped"] == "0");
  for (int n = 0; n < 3; ++n) station.port.come();
  station.pass(10s);
  CHECK(station.shown["serve_clients"] == "2");
  CHECK(station.shown["serve_dropped"] == "1");
  station.port.leave(1);
  station.pass(10s);
  CHECK(station.shown["serve_clients"] == "1");
  CHECK(find_spec("serve_clients")->line_health);
  CHECK_FALSE(find_spec("serve_clients")->enabled);
}

TEST_CASE("shared line: a change is told with the next frame, and nothing is told without one") {
  Station station(Share::frames);
  station.pass(1h);
  CHECK(station.readings == 2);
  station.port.come();
  station.frame(telegram);
  CHECK(station.shown["serve_clients"] == "1");
  for (int n = 0; n < 100; ++n) station.frame(telegram);
  CHECK(station.readings == 3);
}

TEST_CASE("shared line: clients that come and go like flies are told every ten seconds") {
  Station station(Share::frames, 1);
  for (int n = 0; n < 600; ++n) {
    station.port.come();
    station.port.come();
    station.frame(telegram);
    station.port.leave(2 * static_cast<std::uint64_t>(n) + 1);
    station.pass(100ms);
  }
  CHECK(station.readings <= 2 + 2 * 6);
  station.pass(10s);
  CHECK(station.shown["serve_dropped"] == "600");
}
