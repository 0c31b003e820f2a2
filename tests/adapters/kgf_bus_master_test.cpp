// Which master sends when on the pair of wires, and how a command is proved. The meter is fed by
// hand here.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

#include "adapters/kgf/adapter.hpp"
#include "adapters/kgf/bus_master.hpp"
#include "adapters/kgf/lines.hpp"
#include "support/adapter_rig.hpp"

using namespace gridtap;
using namespace gridtap::kgf;
using namespace std::chrono_literals;

namespace {

class Meter final : public AdapterRig {
 public:
  explicit Meter(std::initializer_list<Settings::value_type> settings)
      : AdapterRig(&make, Settings(settings)) {}

  // What it asks for in that time, if nobody answers.
  std::string asks(std::chrono::milliseconds time) {
    pass(time);
    return sent();
  }
};

std::string answers_50(std::int64_t state = 0, std::int64_t remaining = 210'000,
                       std::int64_t discharged = 5000, std::int64_t current = 100) {
  const std::int64_t data[] = {5300, current, remaining, discharged, 20'000, 9,
                               121,  0,       state,     0,          99,     7};
  return answer_line('r', r_measurements, 1, data);
}
std::string set_up(std::int64_t over_voltage = 0, std::int64_t capacity = 4200) {
  const std::int64_t data[] = {over_voltage, 0,   0,   0,   0, 100, 0, 0,
                               capacity,     100, 100, 100, 0, 0,   1};
  return answer_line('r', r_settings, 1, data);
}
std::string who() {
  const std::int64_t data[] = {2140, 110, 6};
  return answer_line('r', r_identity, 1, data);
}

constexpr std::string_view ask_50 = ":R50=1,2,1,\r\n";
constexpr std::string_view ask_51 = ":R51=1,2,1,\r\n";
constexpr std::string_view ask_00 = ":R00=1,2,1,\r\n";

// One that may write, and whose reads are done for the next second.
class Ready {
 public:
  Ready() {
    meter.pass(1ms);
    CHECK(meter.sent() == ask_50);
    meter.feed(answers_50());
    CHECK(meter.asks(20ms) == ask_51);
    meter.feed(set_up());
    CHECK(meter.asks(20ms) == ask_00);
    meter.feed(who());
    meter.pass(30ms);
    (void)meter.said();
  }
  Meter meter = Meter({{"mode", "poll"}, {"writes", "true"}});
};

}  // namespace

TEST_CASE("kgf bus master: auto listens for three seconds, then asks who, what and how much") {
  Meter meter({});
  CHECK(meter.asks(2999ms) == "");
  CHECK(meter.asks(1ms) == ask_50);
  meter.feed(answers_50());
  CHECK(meter.asks(19ms) == "");  // never right behind a byte
  CHECK(meter.asks(1ms) == ask_51);
  meter.feed(set_up());
  CHECK(meter.asks(20ms) == ask_00);
  meter.feed(who());
  CHECK(meter.asks(900ms) == "");
  CHECK(meter.asks(200ms) == ask_50);
}

TEST_CASE("kgf bus master: while a display asks, we do not; when it stops, we do") {
  Meter meter({});
  for (int second = 0; second < 30; ++second) {
    meter.feed(":R50=01.\r\n");
    meter.feed(answers_50());
    CHECK(meter.asks(1s) == "");
  }
  CHECK(meter.asks(58'900ms) == "");
  CHECK(meter.asks(200ms) == ask_50);
}

TEST_CASE("kgf bus master: a display that comes back while we ask has the line at once") {
  Meter meter({});
  meter.pass(3s);
  meter.feed(answers_50());
  CHECK(meter.asks(500ms).starts_with(":R50"));
  meter.feed(answers_50());  // nobody here asked for it
  meter.pass(10ms);
  (void)meter.sent();
  CHECK(meter.asks(9s) == "");
}

TEST_CASE(
    "kgf bus master: answers that come late, both of a request sent twice, are no display's") {
  Meter meter({});
  CHECK(meter.asks(3s) == ask_50);
  CHECK(meter.asks(300ms) == ask_50);
  meter.feed(answers_50());  // after 0.3 s, as of a busy adapter or a slow meter
  meter.feed(answers_50());
  CHECK(meter.asks(20ms) != "");
  meter.feed(set_up());
  meter.pass(5s);
  CHECK(meter.sent() != "");
  meter.feed(answers_50());
  for (int n = 0; n < 30; ++n) meter.feed(answers_50());  // more than we asked for
  meter.pass(1s);
  (void)meter.sent();
  CHECK(meter.asks(10s) == "");
}

TEST_CASE("kgf bus master: poll asks at once, once a second; passive never") {
  Meter poll({{"mode", "poll"}}), passive({{"mode", "passive"}});
  CHECK(poll.asks(0ms) == ask_50);
  CHECK(passive.asks(1h) == "");
  int asked = 0;
  for (int second = 0; second < 60; ++second) {
    for (int step = 0; step < 100; ++step) {
      const std::string request = poll.asks(10ms);
      if (request == ask_50) ++asked;
      if (request == ask_50) poll.feed(answers_50());
      if (request == ask_51) poll.feed(set_up());
      if (request == ask_00) poll.feed(who());
    }
  }
  CHECK(asked >= 58);
  CHECK(asked <= 61);
}

TEST_CASE("kgf bus master: an answer that does not come is asked for once more, then waited for") {
  Meter meter({{"mode", "poll"}});
  CHECK(meter.asks(0ms) == ask_50);
  CHECK(meter.asks(299ms) == "");
  CHECK(meter.asks(1ms) == ask_50);
  CHECK(meter.asks(300ms) == ask_51);  // the next thing
  CHECK(lines_with(meter.said(), "dropped") == "dropped timeout 0\n");
}

TEST_CASE(
    "kgf bus master: a meter that stays silent is offline after five misses, and asked less "
    "often") {
  Meter meter({{"mode", "poll"}});
  meter.feed(answers_50());
  (void)meter.leases();
  meter.pass(10s);
  CHECK(meter.leases() == "0\n");
  (void)meter.sent();
  meter.writes = 0;
  meter.pass(60s);
  CHECK(meter.writes <= 14);
  CHECK(lines_with(meter.said(), "dropped") ==
        "dropped timeout 0\ndropped timeout 0\ndropped timeout 0\ndropped timeout 0\ndropped "
        "timeout 0\n");
}

TEST_CASE(
    "kgf bus master: two meters on a pair are asked in turn, and an absent one delays no other") {
  AdapterRig rig(&make, {{"mode", plain("poll")}, {"address", list_of({plain("1"), plain("3")})}});
  int answered = 0;
  for (int step = 0; step < 6000; ++step) {
    rig.pass(10ms);
    const std::string request = rig.sent();
    if (request == ":R50=3,2,1,\r\n") {
      const std::int64_t data[] = {5300, 1, 1, 1, 1, 9, 121, 0, 0, 0, 99, 7};
      rig.feed(answer_line('r', r_measurements, 3, data));
      ++answered;
    }
  }
  CHECK(answered >= 50);
}

TEST_CASE("kgf bus master: no command reaches a wire unless writes are allowed") {
  Meter meter({{"mode", "poll"}});
  CHECK(meter.entities.empty());
  meter.pass(1ms);
  (void)meter.sent();
  meter.command("output_on", false, "OFF");
  CHECK(meter.said() == "rejected output_on OFF unsupported: takes no commands\n");
  CHECK(meter.asks(2s).find(":W") == std::string::npos);
}

TEST_CASE("kgf bus master: a write is sent, acknowledged, read back, and only then done") {
  Ready ready;
  Meter& meter = ready.meter;
  meter.command("over_voltage", Decimal{568, -1}, "56.8");
  CHECK(meter.asks(30ms) == ":W20=1,71,5680,\r\n");
  meter.feed(":w20=1,0,\r\n");
  CHECK(meter.asks(20ms) == ask_51);
  meter.feed(set_up(5680));
  const std::string said = meter.said();
  CHECK(lines_with(said, "over_voltage") == "over_voltage 56.80 r51.0\n");
  CHECK(lines_with(said, "rejected") == "");
}

TEST_CASE(
    "kgf bus master: an unchanged value is read back three times, then the write is refused") {
  Ready ready;
  Meter& meter = ready.meter;
  meter.command("over_voltage", Decimal{568, -1}, "56.8");
  meter.pass(30ms);
  meter.feed(":w20=1,0,\r\n");
  (void)meter.sent();
  int reads = 0;
  for (int step = 0; step < 400; ++step) {
    meter.pass(10ms);
    const std::string request = meter.sent();
    if (request == ask_51) ++reads;
    if (request == ask_51) meter.feed(set_up(0));
    if (request == ask_50) meter.feed(answers_50());
  }
  CHECK(reads == 3);
  CHECK(lines_with(meter.said(), "rejected") ==
        "rejected over_voltage 56.8 refused: the meter keeps 0.00\n");
}

TEST_CASE("kgf bus master: a write without answer is sent twice, then it has failed") {
  Ready ready;
  Meter& meter = ready.meter;
  meter.command("clear_totals", true, "PRESS");
  CHECK(meter.asks(30ms) == ":W62=1,2,1,\r\n");
  CHECK(meter.asks(500ms).starts_with(":W62=1,2,1,\r\n"));
  (void)meter.asks(600ms);
  CHECK(lines_with(meter.said(), "rejected") ==
        "rejected clear_totals PRESS timeout: the meter at address 1 does not answer\n");
}

TEST_CASE("kgf bus master: the output is shown as the meter reports it") {
  Ready ready;
  Meter& meter = ready.meter;
  meter.command("output_on", false, "OFF");
  CHECK(meter.asks(30ms) == ":W10=1,1,0,\r\n");
  meter.feed(":w10=1,0,\r\n");
  CHECK(meter.asks(20ms) == ask_50);
  meter.feed(answers_50(0));  // it measures once a second
  CHECK(lines_with(meter.said(), "rejected") == "");
  for (int step = 0; step < 110; ++step) {
    meter.pass(10ms);
    if (meter.sent() == ask_50) meter.feed(answers_50(99));
  }
  const std::string said = meter.said();
  CHECK(lines_with(said, "output_on OFF") != "");
  CHECK(lines_with(said, "rejected") == "");
}

TEST_CASE("kgf bus master: each button and the level have their own proof") {
  const struct {
    const char* key;
    Value value;
    const char* text;
    const char* request;
    std::string good, bad;
  } cases[] = {
      {"battery_level_set", Decimal{50, 0}, "50", ":W60=1,51,50,", answers_50(0, 210'100),
       answers_50(0, 300'000)},
      {"battery_full", true, "PRESS", ":W60=1,101,100,", answers_50(0, 419'000),
       answers_50(0, 300'000)},
      {"clear_totals", true, "PRESS", ":W62=1,2,1,", "", answers_50(0, 1, 5000)},
      {"zero_current", true, "PRESS", ":W61=1,2,1,", answers_50(0, 1, 1, 3),
       answers_50(0, 1, 1, 100)},
  };
  for (const auto& it : cases) {
    CAPTURE(it.key);
    const std::int64_t cleared[] = {5300, 100, 1, 0, 0, 0, 121, 0, 0, 0, 99, 7};
    const std::string good =
        it.good.empty() ? answer_line('r', r_measurements, 1, cleared) : it.good;
    for (const bool obeys : {true, false}) {
      Ready ready;
      Meter& meter = ready.meter;
      meter.command(it.key, it.value, it.text);
      CHECK(meter.asks(30ms) == std::string(it.request) + "\r\n");
      meter.feed(std::string(":w") + it.request[2] + it.request[3] + "=1,0,\r\n");
      for (int step = 0; step < 400; ++step) {
        meter.pass(10ms);
        const std::string request = meter.sent();
        if (request == ask_50) meter.feed(obeys ? good : it.bad);
        if (request == ask_51) meter.feed(set_up());
      }
      CHECK((lines_with(meter.said(), "rejected") == "") == obeys);
    }
  }
}

TEST_CASE("kgf bus master: commands wait for one another, eight of them, and no more") {
  Ready ready;
  Meter& meter = ready.meter;
  for (const char* key :
       {"delay_time", "delay_time", "over_voltage", "under_voltage", "charge_over_current",
        "discharge_over_current", "over_temperature", "capacity_nominal"}) {
    meter.command(key, Decimal{1, 0}, "1");
  }
  CHECK(meter.said() == "");
  meter.command("battery_level_set", Decimal{8, 0}, "8");
  CHECK(meter.said() ==
        "rejected battery_level_set 8 refused: too many commands wait for the meter\n");
  meter.close();
  const std::string said = meter.said();
  CHECK(std::count(said.begin(), said.end(), '\n') == 8);
  CHECK(said.find("io: the line to the meter was lost") != std::string::npos);
}

TEST_CASE("kgf bus master: of many commands for one number the first and the newest are written") {
  Ready ready;
  Meter& meter = ready.meter;
  for (int n = 0; n < 90; ++n) meter.command("delay_time", Decimal{n, 0}, std::to_string(n));
  meter.close();
  CHECK(meter.said() ==
        "rejected delay_time 0 io: the line to the meter was lost\n"
        "rejected delay_time 89 io: the line to the meter was lost\n");
}

TEST_CASE("kgf bus master: a command passes while a display has the line, between its bytes") {
  Meter meter({{"writes", "true"}});
  meter.feed(answers_50());
  meter.command("output_on", false, "OFF");
  CHECK(meter.asks(19ms) == "");
  CHECK(meter.asks(1ms) == ":W10=1,1,0,\r\n");
  meter.feed(":w10=1,0,\r\n");
  meter.feed(answers_50(99));  // the display's answer proves it as well
  CHECK(lines_with(meter.said(), "rejected") == "");
  CHECK(meter.asks(5s) == "");
}

TEST_CASE("kgf bus master: what is outside the limits is refused before it is sent") {
  Ready ready;
  ready.meter.command("delay_time", Decimal{100, 0}, "100");
  CHECK(ready.meter.said() ==
        "rejected delay_time 100 out_of_range: outside what the meter takes\n");
}
