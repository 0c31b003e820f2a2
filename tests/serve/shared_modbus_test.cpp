// A Modbus line that other programs use by TCP: the clients of the port meet the proxy.
#include "serve/shared_modbus.hpp"

#include <doctest/doctest.h>

#include "serve/modbus_proxy_rig.hpp"
#include "support/played_stream_port.hpp"

using namespace gridtap;
using namespace gridtap::serve;

namespace {

struct Station final : Effects {
  Station() {
    rule = std::make_unique<SharedModbus>(
        *rig.proxy, port, ClientLimits{"inverter", "127.0.0.1:1502"}, rig.clock, rig.log);
    rule->on_start(rig.clock.now(), *this);
    port.accept();
  }
  void operator()(const Effect& effect) override {
    const auto& reading = std::get<Reading>(effect);
    CHECK(reading.channel.empty());
    shown[std::string(reading.key)] = to_text(reading.value);
  }
  std::string take(std::uint64_t client) { return words_of(port.take(client), false); }
  void pass(std::chrono::milliseconds time) {
    const Mono until = rig.clock.now().mono + time;
    while (rule->next_wake() <= until) {
      rig.clock.advance_to(rule->next_wake());
      rule->on_wake(rig.clock.now(), *this);
    }
    rig.clock.advance_to(until);
  }

  ProxyRig rig;
  PlayedStreamPort port;
  std::unique_ptr<SharedModbus> rule;
  std::map<std::string, std::string> shown;
};

}  // namespace

TEST_CASE("shared modbus: clients ask the device, each gets its own answers") {
  Station station;
  CHECK(station.rule->name() == "serve");
  CHECK(station.rig.said("the line is shared on 127.0.0.1:1502 (TCP)") == 1);
  const auto a = station.port.come(), b = station.port.come();
  station.port.say(a, ask(7, 100));
  station.port.say(b, ask(7, 200).substr(0, 5));
  station.port.say(b, ask(7, 200).substr(5));
  CHECK(station.rig.wire() == "c0@100");
  station.rig.device(told(c0, 42));
  station.rig.device(told(c0 + 1, 43));
  CHECK(station.take(a) == "7=42");
  CHECK(station.take(b) == "7=43");
}

TEST_CASE("shared modbus: who speaks no Modbus is closed and counted, the others go on") {
  Station station;
  const auto bad = station.port.come(), good = station.port.come();
  station.port.say(bad, "GET / HTTP/1.1\r\n\r\n");
  CHECK_FALSE(station.port.is_open(bad));
  CHECK(station.rig.said("127.0.0.1:40000 is closed, it sends what is no request: no Modbus") == 1);
  station.port.say(good, ask(7, 100));
  station.rig.device(told(c0, 42));
  CHECK(station.take(good) == "7=42");
  station.pass(10s);
  CHECK(station.shown["serve_clients"] == "1");
  CHECK(station.shown["serve_dropped"] == "1");
}

TEST_CASE("shared modbus: a client that goes, or does not read, leaves nothing behind") {
  Station station;
  const auto leaves = station.port.come(), sleeps = station.port.come();
  station.port.say(leaves, ask(7, 100));
  station.port.say(leaves, ask(8, 101));
  station.port.leave(leaves);
  station.rig.device(told(c0, 42));
  CHECK(station.rig.wire() == "c0@100");
  station.port.sleep(sleeps);
  // Refused at once: 9 bytes an answer, until more wait than may.
  for (int n = 0; station.port.is_open(sleeps) && n < 10'000; ++n) {
    station.port.say(sleeps, raw(n, 99, "") + ask(n, 1));
    station.rig.clock.advance(10ms);
  }
  CHECK_FALSE(station.port.is_open(sleeps));
  CHECK(station.port.most_unread <= StreamClients::least_queue);
  CHECK(station.rig.said("does not read what it gets") == 1);
  (void)station.rig.wire();
  station.rig.clock.advance(10s);
  CHECK(station.rig.wire().empty());
}

TEST_CASE(
    "shared modbus: at the end clients are closed, and what they asked is not asked any more") {
  Station station;
  const auto a = station.port.come();
  station.port.say(a, ask(7, 100) + ask(8, 101));
  station.rule->on_stop(station.rig.clock.now(), station);
  CHECK_FALSE(station.port.is_open(a));
  CHECK(station.rig.wire() == "c0@100");
  station.rig.device(told(c0, 42));
  station.rig.clock.advance(10s);
  CHECK(station.rig.wire().empty());
  station.rule.reset();
  station.rig.poll(ask(1, 5));
  CHECK(station.rig.wire() == "1@5");
}
