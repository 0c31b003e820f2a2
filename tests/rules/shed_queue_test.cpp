// Who goes off first while the hourly alarm is on, who next, and who comes back when.
#include "rules/shed_queue.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// Relays 0, 1, 2 of one meter with a limit of 5000 Wh; it is 12:20.
struct Meter {
  Meter() { queue.limit(5000); }

  Now now() const { return {Mono{} + 1h + time, Instant{500'000h + 20min} + time}; }
  // The moves that are made now, and their effect on who is on: "-0 -1 +1".
  std::string moves() {
    std::string text;
    while (const auto move = queue.next(now(), [this](std::size_t n) { return on.contains(n); })) {
      text += (move->shed ? " -" : " +") + std::to_string(move->relay);
      if (!move->shed) {
        if (shed_on.erase(move->relay) > 0) on.insert(move->relay);
      } else if (on.erase(move->relay) > 0) {
        shed_on.insert(move->relay);
      }
    }
    return text.empty() ? text : text.substr(1);
  }
  std::string alarm(std::optional<bool> is_on) {
    queue.alarm(is_on, now());
    return moves();
  }
  std::string projected(std::int64_t wh) {
    queue.projected(wh);
    return moves();
  }
  std::string after(std::chrono::milliseconds wait) {
    time += wait;
    return moves();
  }

  ShedQueue queue{{0, 1, 2}};
  std::set<std::size_t> on{0, 1, 2}, shed_on;
  std::chrono::milliseconds time{0};
};

}  // namespace

TEST_CASE("shed queue: without an alarm nothing is due") {
  Meter m;
  CHECK(m.moves() == "");
  CHECK(m.alarm(false) == "");
  CHECK(m.projected(9000) == "");
  CHECK(m.queue.next_wake() == Mono::max());
}

TEST_CASE("shed queue: one at a time, in their order, while the projection stays above the limit") {
  Meter m;
  m.queue.projected(6000);
  CHECK(m.alarm(true) == "-0");
  CHECK(m.queue.next_wake() == m.now().mono + ShedQueue::pace);
  CHECK(m.after(ShedQueue::pace - 1ms) == "");
  CHECK(m.after(1ms) == "-1");
  CHECK(m.projected(5500) == "");
  CHECK(m.after(ShedQueue::pace) == "-2");
  CHECK(m.after(ShedQueue::pace) == "");
}

TEST_CASE("shed queue: what is enough is enough, until the projection rises again") {
  Meter m;
  m.queue.projected(6000);
  CHECK(m.alarm(true) == "-0");
  CHECK(m.projected(4950) == "");  // the alarm holds on below the limit
  CHECK(m.after(ShedQueue::pace) == "");
  CHECK(m.queue.next_wake() > m.now().mono);
  CHECK(m.projected(5001) == "-1");
}

TEST_CASE("shed queue: where nothing is projected the alarm alone counts") {
  Meter m;
  CHECK(m.alarm(true) == "-0");
  CHECK(m.after(ShedQueue::pace) == "-1");
}

TEST_CASE("shed queue: a relay that is off is held off at once, and free when the alarm is over") {
  Meter m;
  m.on = {1};
  m.queue.projected(6000);
  CHECK(m.alarm(true) == "-0 -2 -1");
  m.queue.projected(4900);
  CHECK(m.alarm(false) == "+0 +2");
}

TEST_CASE("shed queue: within the hour they come back in reverse order, well below the limit") {
  Meter m;
  m.queue.projected(6000);
  CHECK(m.alarm(true) == "-0");
  CHECK(m.after(ShedQueue::pace) == "-1");
  m.time += ShedQueue::pace;
  m.queue.projected(4800);
  CHECK(m.alarm(false) == "");
  CHECK(m.projected(4501) == "");
  CHECK(m.projected(4500) == "+1");
  CHECK(m.after(ShedQueue::pace - 1ms) == "");
  CHECK(m.projected(4600) == "");  // what came back has used the margin
  CHECK(m.after(1ms) == "");
  CHECK(m.projected(4400) == "+0");
}

TEST_CASE(
    "shed queue: with the new hour they come back one after the other, whatever is projected") {
  Meter m;
  m.queue.projected(6000);
  CHECK(m.alarm(true) == "-0");
  CHECK(m.after(ShedQueue::pace) == "-1");
  m.queue.projected(4990);
  CHECK(m.alarm(false) == "");
  CHECK(m.queue.until() == Instant{500'001h});
  m.time = 40min - 1ms;
  CHECK(m.moves() == "");
  CHECK(m.queue.next_wake() == m.now().mono + 1ms);
  CHECK(m.after(1ms) == "+1");
  CHECK(m.queue.next_wake() == m.now().mono + ShedQueue::new_hour_pace);
  CHECK(m.after(ShedQueue::new_hour_pace) == "+0");
  CHECK(m.queue.next_wake() == Mono::max());
}

TEST_CASE("shed queue: an alarm in the new hour, before all are back, takes off again") {
  Meter m;
  m.queue.projected(6000);
  CHECK(m.alarm(true) == "-0");
  CHECK(m.after(ShedQueue::pace) == "-1");
  m.time = 40min;
  CHECK(m.moves() == "+1");
  CHECK(m.alarm(true) == "");
  CHECK(m.after(ShedQueue::pace) == "-1");
  CHECK(m.queue.until() == Instant{500'002h});
}

TEST_CASE("shed queue: a meter that falls silent holds nothing off for longer than its hour") {
  Meter m;
  m.queue.projected(6000);
  CHECK(m.alarm(true) == "-0");
  CHECK(m.alarm(std::nullopt) == "");
  CHECK(m.after(10min) == "");
  m.time = 40min;
  CHECK(m.moves() == "+0");
}

TEST_CASE("shed queue: without a time of day an alarm lasts an hour at most") {
  Meter m;
  const auto is_on = [](std::size_t) { return true; };
  m.queue.alarm(true, {Mono{} + 1h, {}});
  CHECK(m.queue.next({Mono{} + 1h, {}}, is_on)->relay == 0);
  CHECK(m.queue.until() == std::nullopt);
  m.queue.projected(4900);
  CHECK_FALSE(m.queue.next({Mono{} + 2h - 1ms, {}}, is_on));
  const auto back = m.queue.next({Mono{} + 2h, {}}, is_on);
  REQUIRE(back);
  CHECK_FALSE(back->shed);
}
