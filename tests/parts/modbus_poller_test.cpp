// Stretches of registers, each at its own pace, and what devices refuse.
#include "parts/modbus_poller.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>

#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// A device whose register N holds N, but for its holes, and that reads at most `most` at once.
struct Device {
  // Answers the next request; a bool: a stretch was lost that was read before.
  bool answer(ModbusPoller& poller, Mono now) {
    const modbus::Range range = poller.next();
    asked += std::to_string(range.address) + '+' + std::to_string(range.count) + ' ';
    if (range.count > most) return poller.refuse(3, now);
    std::string bytes;
    for (unsigned at = range.address; at < range.end(); ++at) {
      if (holes.contains(at)) return poller.refuse(2, now);
      bytes += static_cast<char>(at >> 8);
      bytes += static_cast<char>(at & 0xFF);
    }
    for (const std::size_t n : poller.take(as_bytes(bytes), now)) done += std::to_string(n) + ' ';
    return false;
  }

  std::map<unsigned, bool> holes;
  std::uint16_t most = 125;
  std::string asked, done;
};

struct Rig {
  explicit Rig(std::vector<ModbusPoller::Stretch> stretches, ModbusPoller::Settings settings = {})
      : poller(settings) {
    poller.follow(std::move(stretches));
    poller.restart(now);
  }
  // One poll, and what was asked in it; "lost" where a stretch was lost.
  std::string poll() {
    poller.begin(now);
    bool lost = false;
    for (int n = 0; poller.polling(); ++n) {
      REQUIRE(n < 1000);
      lost = device.answer(poller, now) || lost;
    }
    return std::exchange(device.asked, {}) + (lost ? "lost" : "");
  }
  std::string poll_after(std::chrono::milliseconds time) {
    now += time;
    return poll();
  }
  std::string done() { return std::exchange(device.done, {}); }

  Mono now{1h};
  ModbusPoller poller;
  Device device;
};

// Three: two neighbours, and one far away.
std::vector<ModbusPoller::Stretch> three(ModbusPoller::Time last = 0s) {
  return {{{{100, 10}}}, {{{112, 10}}}, {{{500, 10}}, last}};
}

std::vector<ModbusPoller::Stretch> one(std::uint16_t count) { return {{{{100, count}}}}; }

}  // namespace

TEST_CASE("modbus poller: neighbours share a request, and each stretch is reported when complete") {
  Rig rig(three());
  CHECK(rig.poll() == "100+22 500+10 ");
  CHECK(rig.done() == "0 1 2 ");
  CHECK(rig.poller.words(1)[0] == 112);
  CHECK(rig.poller.words(2)[9] == 509);
}

TEST_CASE("modbus poller: a stretch longer than a request is whole with the last part") {
  Rig rig(one(300));
  rig.poller.begin(rig.now);
  rig.device.answer(rig.poller, rig.now);
  rig.device.answer(rig.poller, rig.now);
  CHECK(rig.done() == "");
  CHECK_FALSE(rig.poller.has(0));
  rig.device.answer(rig.poller, rig.now);
  CHECK(rig.done() == "0 ");
  CHECK(rig.poller.has(0));
  CHECK(rig.poller.words(0)[299] == 399);
}

TEST_CASE("modbus poller: polls keep to their grid, and missed ones are left out") {
  Rig rig(three());
  const Mono begin = rig.now;
  rig.poll();
  CHECK(rig.poller.due() == begin + 1s);
  CHECK(rig.poll() == "");  // not due
  rig.poll_after(1300ms);   // late
  CHECK(rig.poller.due() == begin + 2s);
  rig.poll_after(10s);
  CHECK(rig.poller.due() == begin + 12s);
}

TEST_CASE("modbus poller: each stretch has its pace, and none is faster than the polls") {
  Rig rig(three(10s));
  CHECK(rig.poll() == "100+22 500+10 ");
  for (int n = 1; n < 10; ++n) CHECK(rig.poll_after(1s) == "100+22 ");
  CHECK(rig.poll_after(1s) == "100+22 500+10 ");
  Rig slow(three(10s), {.period = 60s, .limits = {}});
  slow.poll();
  CHECK(slow.poll_after(60s) == "100+22 500+10 ");
  Rig once(three(ModbusPoller::once));
  once.poll();
  CHECK(once.poll_after(24h) == "100+22 ");
}

TEST_CASE("modbus poller: what is wanted soon is read with the next poll, whatever its pace") {
  Rig rig(three(ModbusPoller::once));
  rig.poll();
  rig.poller.read_soon(2);
  CHECK(rig.poll_after(1s) == "100+22 500+10 ");
  CHECK(rig.poll_after(1s) == "100+22 ");
  rig.poller.read_all_soon();
  CHECK(rig.poll_after(1s) == "100+22 500+10 ");
}

TEST_CASE("modbus poller: a hole costs its own stretch, which is tried again after ten minutes") {
  Rig rig(three());
  rig.device.holes[105] = true;
  CHECK(rig.poll() == "100+22 100+10 112+10 500+10 ");  // together, then each alone
  CHECK(rig.done() == "1 2 ");
  CHECK_FALSE(rig.poller.has(0));
  CHECK(rig.poll_after(1s) == "112+10 500+10 ");
  rig.device.holes.clear();
  CHECK(rig.poll_after(600s) == "100+22 500+10 ");
  CHECK(rig.poller.has(0));
}

TEST_CASE("modbus poller: stretches that overlap are not asked for without end") {
  const auto overlapping = [](unsigned second) -> std::vector<ModbusPoller::Stretch> {
    return {{{{100, 5}}}, {{{static_cast<std::uint16_t>(second), 5}}}};
  };
  for (const unsigned second : {100U, 102U, 104U}) {
    Rig rig(overlapping(second));
    rig.device.holes[104] = true;
    CHECK(rig.poll().size() < 300);
    CHECK(rig.poll_after(1s).size() < 300);
    Rig failing(overlapping(second));
    failing.poller.begin(failing.now);
    for (int n = 0; failing.poller.polling(); ++n) {
      REQUIRE(n < 10);
      failing.poller.fail_request();
    }
  }
}

TEST_CASE("modbus poller: a stretch that was read before and is refused now is reported as lost") {
  Rig rig(three());
  CHECK(rig.poll().ends_with("500+10 "));
  rig.device.holes[505] = true;
  CHECK(rig.poll_after(1s) == "100+22 500+10 lost");
  CHECK_FALSE(rig.poller.has(2));
  CHECK(rig.poll_after(600s) == "100+22 500+10 ");  // it is no news any more
}

TEST_CASE("modbus poller: a device that reads less at once is asked for less, from then on") {
  Rig rig(one(100));
  rig.device.most = 30;
  CHECK(rig.poll() == "100+100 100+50 100+25 125+25 150+25 175+25 ");
  CHECK(rig.done() == "0 ");
  CHECK(rig.poller.max_count() == 25);
  CHECK(rig.poll_after(1s) == "100+25 125+25 150+25 175+25 ");
}

TEST_CASE("modbus poller: a device that refuses a single register is not halved for ever") {
  Rig rig(one(4));
  rig.device.most = 0;
  CHECK(rig.poll() == "100+4 100+2 100+1 ");
  CHECK(rig.poller.max_count() == 1);
  CHECK(rig.poll_after(1s) == "");  // a hole
}

namespace {

// That many stretches of a hundred values of one register each, two hundred registers apart.
std::vector<ModbusPoller::Stretch> hundreds(unsigned count) {
  std::vector<ModbusPoller::Stretch> stretches;
  for (unsigned n = 0; n < count; ++n) {
    ModbusPoller::Stretch stretch{{{static_cast<std::uint16_t>(100 + 200 * n), 100}}};
    for (unsigned at = 0; at < 100; ++at) {
      stretch.registers.values.push_back({static_cast<std::uint16_t>(100 + 200 * n + at), 1});
    }
    stretches.push_back(std::move(stretch));
  }
  return stretches;
}

// Of a poll.
std::ptrdiff_t requests(Rig& rig) {
  const std::string asked = rig.poll();
  return std::count(asked.begin(), asked.end(), '+');
}

}  // namespace

TEST_CASE("modbus poller: what a device refuses is looked for with two hundred requests at most") {
  Rig rig(hundreds(4));
  for (unsigned at = 101; at < 700; at += 2) rig.device.holes[at] = true;
  const std::ptrdiff_t asked = requests(rig);
  CHECK(asked > ModbusPoller::most_searches);
  CHECK(asked <= ModbusPoller::most_searches + 4);  // beside those that all polls make
  CHECK(rig.poller.has(0));                         // taken apart in full
  CHECK(rig.poller.missing(0).size() == 50);
  CHECK(rig.poller.words(0)[98] == 198);
  CHECK(rig.poller.has(3));  // never refused
  CHECK_FALSE(rig.poller.has(2));
}

TEST_CASE("modbus poller: what was begun with the last of them is read to its end") {
  Rig rig(hundreds(2));
  for (unsigned at = 101; at < 200; at += 2) rig.device.holes[at] = true;
  rig.device.holes[301] = true;  // in the first half of the second stretch: 198 and two are 200
  (void)rig.poll();
  CHECK(rig.poller.has(1));
  REQUIRE(rig.poller.missing(1).size() == 1);
  CHECK(rig.poller.missing(1)[0] == modbus::Range{300, 50});
  CHECK(rig.poller.words(1)[99] == 399);
}

TEST_CASE("modbus poller: a device that refuses every register costs the search once") {
  Rig rig(hundreds(4));
  for (unsigned at = 100; at < 900; ++at) rig.device.holes[at] = true;
  const std::ptrdiff_t first = requests(rig);
  CHECK(first <= ModbusPoller::most_searches + 4);
  rig.now += 1s;
  CHECK(requests(rig) == 0);  // all of them are holes
  rig.now += ModbusPoller::hole_period;
  CHECK(requests(rig) <= 4);
  rig.poller.follow(hundreds(1));  // another discovery
  rig.poller.restart(rig.now);
  CHECK(requests(rig) == 199);
}

TEST_CASE("modbus poller: values that are found later are not split") {
  Rig rig(one(8), {.period = 1s, .limits = {.max_count = 6}});
  CHECK(rig.poll() == "100+6 106+2 ");
  rig.poller.set_values(0, {{100, 4}, {104, 4}});
  CHECK(rig.poll_after(1s) == "100+4 104+4 ");
}

TEST_CASE("modbus poller: a poll that is given up is not finished later") {
  Rig rig(three());
  rig.poller.begin(rig.now);
  rig.device.answer(rig.poller, rig.now);
  rig.poller.rest_until(rig.now + 5s);
  CHECK_FALSE(rig.poller.polling());
  CHECK(rig.poller.due() == rig.now + 5s);
  CHECK(rig.poll_after(2s) == "100+22 ");  // what begins to be asked is the rest
  CHECK(rig.poll_after(3s) == "100+22 500+10 ");
}

TEST_CASE("modbus poller: nothing is read of an empty stretch, and it is never whole") {
  Rig rig({{{{100, 10}}}, {{{105, 0}}}, {{{112, 2}}}});
  CHECK(rig.poll() == "100+14 ");
  CHECK(rig.done() == "0 2 ");
  CHECK_FALSE(rig.poller.has(1));
}

TEST_CASE("modbus poller: a new list forgets the old one") {
  Rig rig(three());
  rig.poll();
  rig.poller.follow({{{{7, 1}}}});
  rig.poller.restart(rig.now);
  CHECK_FALSE(rig.poller.has(0));
  CHECK(rig.poll() == "7+1 ");
}
