// The clients of one port: how many, how many from one address, what they may send, and what
// happens to who does not read. The limits of a shared line, whatever it carries.
#include "serve/stream_clients.hpp"

#include <doctest/doctest.h>

#include "io/manual_clock.hpp"
#include "support/fakes.hpp"
#include "support/played_stream_port.hpp"

using namespace gridtap;
using namespace gridtap::serve;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t queue = StreamClients::least_queue;

// The owner of the port, which writes down what it hears: "+1 1:abc -1".
struct Owner final : ClientEvents {
  void on_client(std::uint64_t client) override { say('+' + std::to_string(client)); }
  void on_bytes(std::uint64_t client, ByteView bytes) override {
    say(std::to_string(client) + ':' + std::string(as_text(bytes)));
  }
  void on_gone(std::uint64_t client) override { say('-' + std::to_string(client)); }
  void say(const std::string& word) { (heard += word) += ' '; }
  std::string take() { return std::exchange(heard, {}); }
  std::string heard;
};

struct Station {
  explicit Station(std::size_t most = ClientLimits::usual_clients) {
    clients = std::make_unique<StreamClients>(port, ClientLimits{"meter", "127.0.0.1:2001", most},
                                              owner, clock, log);
    clients->start();
    port.accept();
  }
  bool send(std::uint64_t client, std::string_view bytes) {
    return clients->send(client, as_bytes(bytes));
  }
  std::size_t said(std::string_view text) const {
    const auto count = std::count_if(log.lines.begin(), log.lines.end(), [&](const auto& line) {
      return line.find(text) != std::string::npos;
    });
    return static_cast<std::size_t>(count);
  }

  io::ManualClock clock;
  MemoryLog log;
  PlayedStreamPort port;
  Owner owner;
  std::unique_ptr<StreamClients> clients;
};

}  // namespace

TEST_CASE("stream clients: a thousand connections are sixteen clients, and one line of the log") {
  Station station;
  for (int n = 0; n < 1000; ++n) station.port.come();
  CHECK(station.port.count() == 16);
  CHECK(station.clients->count() == 16);
  CHECK(station.clients->dropped() == 984);
  CHECK(station.said("is one more than the 16 clients that `serve` allows") == 1);
  for (std::uint64_t client = 17; client <= 1000; ++client) {
    CHECK_FALSE(station.send(client, "never"));
    CHECK(station.port.clients[client].got.empty());
  }
  station.clock.advance(61s);
  station.port.come();
  CHECK(station.said("(and 983 more like it)") == 1);
}

TEST_CASE("stream clients: whoever leaves makes room for another") {
  Station station(2);
  const auto first = station.port.come(), second = station.port.come();
  CHECK_FALSE(station.port.is_open(station.port.come()));
  station.port.leave(first);
  const auto third = station.port.come();
  CHECK(station.port.is_open(third));
  CHECK(station.send(second, "2"));
  CHECK(station.send(third, "3"));
  CHECK_FALSE(station.send(first, "1"));
  CHECK(station.owner.take() == "+1 +2 -1 +4 ");
}

TEST_CASE("stream clients: one address of the network has three, this machine has them all") {
  Station station;
  for (int n = 0; n < 5; ++n) {
    station.port.come("192.168.1.5:4000" + std::to_string(n));
    station.port.come("[fe80::1]:4000" + std::to_string(n));
  }
  CHECK(station.port.count() == 6);
  CHECK(station.said("is one more than the 3 clients that one address may have") == 1);
  for (int n = 0; n < 5; ++n) {
    station.port.come("127.0.0.1:5000" + std::to_string(n));
    station.port.come("[::1]:5000" + std::to_string(n));
  }
  CHECK(station.port.count() == 16);
  station.port.leave(1);
  CHECK(station.port.is_open(station.port.come("192.168.1.5:40009")));
}

TEST_CASE("stream clients: a client that floods is closed, and its owner hears nothing of it") {
  Station station;
  const auto flood = station.port.come(), calm = station.port.come();
  station.owner.take();
  const std::string piece(1024, 'x');
  for (int n = 0; n < 4; ++n) station.port.say(flood, piece);
  CHECK(station.port.is_open(flood));
  station.owner.take();
  for (int n = 0; n < 1000; ++n) station.port.say(flood, piece);
  CHECK_FALSE(station.port.is_open(flood));
  CHECK(station.owner.take() == "-1 ");
  CHECK(station.clients->dropped() == 1);
  CHECK(station.said("127.0.0.1:40000 is closed, it sends more than 4096 bytes a second") == 1);
  station.port.say(calm, "hello");
  CHECK(station.owner.take() == "2:hello ");
}

TEST_CASE("stream clients: what a client sends counts second by second, and by client") {
  Station station;
  const auto a = station.port.come(), b = station.port.come();
  for (int n = 0; n < 60; ++n) {
    station.port.say(a, std::string(4096, 'a'));
    station.port.say(b, std::string(4096, 'b'));
    station.clock.advance(1s);
  }
  CHECK(station.port.count() == 2);
  station.port.say(a, std::string(4097, 'a'));
  CHECK(station.port.count() == 1);
}

TEST_CASE("stream clients: who does not read is closed at 64 kB, and nobody else notices") {
  Station station;
  std::vector<std::uint64_t> clients;
  for (int n = 0; n < 16; ++n) clients.push_back(station.port.come());
  station.port.sleep(clients[7]);
  const std::string frame(1000, 'f');
  std::string all;
  for (int n = 0; n < 200; ++n) {
    for (const auto client : clients) {
      CHECK(station.send(client, frame) == (client != clients[7] || n < 65));
    }
    all += frame;
  }
  for (const auto client : clients) {
    CHECK(station.port.is_open(client) == (client != clients[7]));
    if (client != clients[7]) CHECK(station.port.take(client) == all);
  }
  CHECK(station.port.most_unread <= queue);
  CHECK(station.clients->dropped() == 1);
  CHECK(station.said("does not read what it gets: 65000 bytes wait for it") == 1);
  CHECK(station.owner.take().find('-') == std::string::npos);  // send() has said it
}

TEST_CASE("stream clients: of large frames two may wait, whatever comes between") {
  Station station;
  const auto client = station.port.come();
  station.port.sleep(client);
  const std::string large(3 * queue, 'l');
  CHECK(station.send(client, large));
  CHECK(station.send(client, large.substr(0, 10)));
  CHECK(station.send(client, large.substr(10)));
  CHECK_FALSE(station.send(client, large.substr(0, 1)));
  CHECK(station.port.most_unread == 2 * large.size());
}

TEST_CASE("stream clients: who sleeps a while and wakes has missed nothing") {
  Station station;
  const auto client = station.port.come();
  station.port.sleep(client);
  for (int n = 0; n < 60; ++n) CHECK(station.send(client, std::string(1000, 'f')));
  station.port.wake(client);
  for (int n = 0; n < 60; ++n) CHECK(station.send(client, std::string(1000, 'f')));
  CHECK(station.port.take(client) == std::string(120'000, 'f'));
  CHECK(station.clients->dropped() == 0);
}

TEST_CASE("stream clients: a client that is closed by its owner is no refusal") {
  Station station;
  const auto client = station.port.come();
  station.clients->drop(client);
  station.clients->drop(client);
  station.clients->drop(99);
  CHECK_FALSE(station.port.is_open(client));
  CHECK(station.clients->dropped() == 0);
  CHECK(station.owner.take() == "+1 ");
}

TEST_CASE("stream clients: a client whose words its owner rejects is counted, and named once") {
  Station station;
  for (int n = 0; n < 5; ++n) {
    const auto client = station.port.come();
    station.clients->reject(client, "speaks no Modbus");
    station.clients->reject(client, "speaks no Modbus");
    CHECK_FALSE(station.port.is_open(client));
  }
  CHECK(station.clients->dropped() == 5);
  CHECK(station.said("127.0.0.1:40000 is closed, it speaks no Modbus") == 1);
  CHECK(station.owner.take() == "+1 +2 +3 +4 +5 ");
}

TEST_CASE("stream clients: a port that is taken is tried again ever more seldom, and said once") {
  io::ManualClock clock;
  MemoryLog log;
  PlayedStreamPort port;
  Owner owner;
  StreamClients clients(port, {"meter", "127.0.0.1:2001"}, owner, clock, log);
  clients.start();
  for (int n = 0; n < 8; ++n) {
    CHECK(port.opened == n + 1);
    port.fail();
    const auto wait = std::min<std::chrono::seconds>(1s * (1 << n), StreamClients::longest_wait);
    clock.advance(wait - 1ms);
    CHECK(port.opened == n + 1);
    clock.advance(1ms);
  }
  CHECK(log.lines == std::vector<std::string>{"warning meter: shared line: cannot listen: Address "
                                              "already in use; it is tried again until it works"});
  port.accept();
  CHECK(log.lines.back() == "info meter: the line is shared on 127.0.0.1:2001 (TCP)");
  CHECK(port.is_open(port.come()));
  // A later loss is another one, and takes the clients with it.
  port.fail();
  CHECK(log.lines.size() == 3);
  CHECK(owner.take() == "+1 -1 ");
  CHECK(clients.count() == 0);
  clock.advance(1s);
  CHECK(port.opened == 10);
  port.accept();
  CHECK(port.is_open(port.come()));
}

TEST_CASE("stream clients: at the end all are closed, and the port is not opened any more") {
  Station station;
  const auto client = station.port.come();
  station.port.fail();
  station.clients->stop();
  CHECK_FALSE(station.port.listens());
  CHECK(station.clients->count() == 0);
  CHECK_FALSE(station.send(client, "x"));
  station.clock.advance(1h);
  CHECK(station.port.opened == 1);
  station.clients.reset();
  station.clock.advance(1h);
  CHECK(station.port.opened == 1);
}
