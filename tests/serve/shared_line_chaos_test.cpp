// Clients that come, speak, sleep, wake and go in any order, frames of any size, a port that is
// lost: whatever happens, each client has whole frames in their order from the first one after it
// came, and no limit is passed.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "io/manual_clock.hpp"
#include "serve/shared_line.hpp"
#include "support/fakes.hpp"
#include "support/played_stream_port.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::serve;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most = 6, largest = 100'000;
constexpr std::string_view addresses[] = {"127.0.0.1:1", "[::1]:2", "192.168.1.5:3",
                                          "192.168.1.6:4", "[fe80::7]:5"};

struct House final : Effects {
  explicit House(std::uint32_t seed) : dice(seed) {
    shared.on_start(clock.now(), *this);
    port.accept();
  }
  void operator()(const Effect&) override { ++told; }

  void frame() {
    const std::size_t size = 1 + dice(dice(4) == 0 ? largest : 2000);
    const std::string raw(size, static_cast<char>('a' + dice(26)));
    shared.on_effect("meter", Frame{size, false, as_bytes(raw)}, clock.now(), *this);
    for (auto& [client, frames] : due) frames += raw;
    for (const auto& [number, client] : port.clients) {
      if (!client.connected) due.erase(number);
    }
  }
  void come() {
    const auto client = port.come(addresses[dice(std::size(addresses))]);
    if (port.is_open(client)) due[client];
  }
  void lose_port() {
    port.fail();
    due.clear();
    clock.advance(StreamClients::longest_wait);
    port.accept();
  }
  std::uint64_t any() { return due.empty() ? 0 : std::next(due.begin(), pick())->first; }
  std::ptrdiff_t pick() { return dice(static_cast<std::uint32_t>(due.size())); }
  void step() {
    const std::uint64_t client = any();
    switch (dice(10)) {
      case 0:
      case 1:
        return come();
      case 2:
        due.erase(client);
        return port.leave(client);
      case 3:
        return client == 0 ? void() : port.sleep(client);
      case 4:
        return client == 0 ? void() : port.wake(client);
      case 5:
        port.say(client, std::string(1 + dice(3000), '?'));
        return forget_closed();
      case 6:
        return dice(50) == 0 ? lose_port() : clock.advance(std::chrono::milliseconds{dice(900)});
      default:
        return frame();
    }
  }
  void forget_closed() {
    std::erase_if(due, [&](const auto& each) { return !port.is_open(each.first); });
  }
  void check() {
    REQUIRE(due.size() == port.count());
    REQUIRE(port.count() <= most);
    REQUIRE(port.most_unread <= 2 * largest);
    for (const auto& [number, frames] : due) {
      const auto& client = port.clients.at(number);
      REQUIRE(client.got.size() + client.unread.size() == frames.size());
    }
  }
  void check_all() {
    for (const auto& [number, frames] : due) {
      port.wake(number);
      REQUIRE(port.clients.at(number).got == frames);
    }
  }

  Dice dice;
  io::ManualClock clock;
  MemoryLog log;
  Mono start = clock.now().mono;
  PlayedStreamPort port;
  SharedLine shared{Share::frames, port, {"meter", "0.0.0.0:2001", most}, clock, log};
  std::map<std::uint64_t, std::string> due;  // what each client that is there should have
  int told = 0;
};

}  // namespace

TEST_CASE("shared line: whatever clients do, each has its frames whole, and no limit is passed") {
  std::size_t turned_away = 0;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    House house(seed);
    for (int n = 0; n < 400; ++n) {
      house.step();
      house.check();
    }
    house.check_all();
    for (const auto& [number, client] : house.port.clients) turned_away += client.closed_by_us;
    const auto spans = (house.clock.now().mono - house.start) / ServeCounts::cadence;
    CHECK(house.told <= 2 * (1 + spans));
  }
  CHECK(turned_away > 100);  // the limits were reached
}
