// What wins over what: a case for each cell of the two tables in lib/rules/README.md.

#include "relay_rig.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

// ---- who is asked -------------------------------------------------------------------------------

TEST_CASE("relay order: the end over all") {
  const auto ends_on = [](RelaySettings more = {}) {
    more.at_exit = AtExit::on;
    return std::vector{more};
  };
  SUBCASE("the start") {
    check_steps(ends_on(), {{0s, "wait", "off at_start"}, {1s, "stop", "on at_exit"}});
    check_steps({{.at_start = AtStart::on}},
                {{0s, "wait", "on at_start"}, {1s, "stop", "off at_exit"}});
  }
  SUBCASE("a lost broker") {
    check_steps(ends_on({.on_broker_loss = OnBrokerLoss::off}), {{0s, "on a", "on command"},
                                                                 {1s, "lost", "on command"},
                                                                 {31s, "wait", "off broker_lost"},
                                                                 {32s, "stop", "on at_exit"}});
    check_steps({{.on_broker_loss = OnBrokerLoss::on}}, {{0s, "off a", "off command"},
                                                         {1s, "lost", "off command"},
                                                         {31s, "wait", "on broker_lost"},
                                                         {32s, "stop", "off at_exit"}});
  }
  SUBCASE("the alarm") {
    check_steps(
        ends_on(),
        {{0s, "on a", "on command"}, {1s, "shed a", "off shed"}, {2s, "stop", "on at_exit"}});
  }
  SUBCASE("a command") {
    check_steps(ends_on(), {{0s, "off a", "off command"}, {1s, "stop", "on at_exit"}});
    check_steps({{}}, {{0s, "on a", "on command"}, {1s, "stop", "off at_exit"}});
  }
}

TEST_CASE("relay order: the start over a lost broker, until the first command") {
  check_steps({{.on_broker_loss = OnBrokerLoss::on}}, {{0s, "lost", "off at_start"},
                                                       {1h, "off a", "off command"},
                                                       {2h, "back", "off command"},
                                                       {3h, "lost", "off command"},
                                                       {4h, "wait", "on broker_lost"}});
  check_steps({{.at_start = AtStart::on, .on_broker_loss = OnBrokerLoss::off}},
              {{0s, "lost", "on at_start"},
               {1h, "on a", "on at_start", "broker_lost: off until it is back"},
               {2h, "back", "on at_start"},
               {3h, "on a", "on command"},
               {4h, "lost", "on command"},
               {5h, "wait", "off broker_lost"}});
}

TEST_CASE("relay order: the start over the alarm, until the first command") {
  check_steps({{.at_start = AtStart::on}}, {{0s, "shed a", "on at_start"},
                                            {1s, "on a", "on at_start", "shed until 13:00"},
                                            {2s, "give a", "on at_start"},
                                            {3s, "on a", "on command"},
                                            {4s, "shed a", "off shed"}});
}

TEST_CASE("relay order: a command over the start") {
  check_steps({{}}, {{0s, "on a", "on command"}});
  check_steps({{.at_start = AtStart::on}}, {{0s, "off a", "off command"}});
}

TEST_CASE("relay order: last is the last command: alarm and lost broker are over it") {
  RelayRig rig(Relays{{.at_start = AtStart::last, .on_broker_loss = OnBrokerLoss::off}});
  check_steps(rig, {{0s, "on a", "on command"}});
  rig.restart(1s);
  check_steps(rig, {{0s, "back", "on at_start"},
                    {1s, "shed a", "off shed"},
                    {2s, "give a", "on at_start"},
                    {3s, "lost", "on at_start"},
                    {33s, "wait", "off broker_lost"}});
}

TEST_CASE("relay order: a lost broker over the alarm") {
  SUBCASE("on: it stays on") {
    check_steps({{.on_broker_loss = OnBrokerLoss::on, .on_broker_loss_after = 5s}},
                {{0s, "on a", "on command"},
                 {1s, "shed a", "off shed"},
                 {2s, "lost", "off shed"},
                 {7s, "wait", "on broker_lost"},
                 {8s, "on a", "on broker_lost"},
                 {9s, "back", "off shed"},
                 {10s, "give a", "on command"}});
  }
  SUBCASE("off: the alarm gives nothing back") {
    check_steps({{.on_broker_loss = OnBrokerLoss::off, .on_broker_loss_after = 5s}},
                {{0s, "on a", "on command"},
                 {1s, "shed a", "off shed"},
                 {2s, "lost", "off shed"},
                 {7s, "wait", "off broker_lost"},
                 {8s, "give a", "off broker_lost"},
                 {9s, "back", "off broker_lost"}});
  }
  SUBCASE("hold: the alarm works without a broker") {
    check_steps({{}}, {{0s, "on a", "on command"},
                       {1s, "lost", "on command"},
                       {100s, "shed a", "off shed"},
                       {110s, "give a", "on command"}});
  }
}

TEST_CASE("relay order: a lost broker over a command, but not over an OFF") {
  check_steps({{.on_broker_loss = OnBrokerLoss::off, .on_broker_loss_after = 5s}},
              {{0s, "off a", "off command"},
               {1s, "lost", "off command"},
               {6s, "on a", "off command", "broker_lost: off until it is back"},
               {7s, "off a", "off command"}});
  check_steps({{.on_broker_loss = OnBrokerLoss::on, .on_broker_loss_after = 5s}},
              {{0s, "on a", "on command"},
               {1s, "lost", "on command"},
               {6s, "wait", "on broker_lost"},
               {7s, "off a", "off command"},
               {8s, "on a", "on command"}});
}

TEST_CASE("relay order: the alarm over a command, but not over an OFF") {
  check_steps({{}}, {{0s, "off a", "off command"},
                     {1s, "shed a", "off command"},
                     {2s, "on a", "off command", "shed until 13:00"},
                     {3s, "off a", "off command"}});
}

// ---- limits: whoever asks -----------------------------------------------------------------------

namespace {

// Relay a has just gone off, or its limits are used up; what then asks for ON.
struct Asks {
  std::string_view who;
  RelaySettings settings;
  std::vector<RelayStep> until_it_asks;  // at 0 s it is on, at 10 s off, from 10 s on asked for
};

std::vector<Asks> all_that_wait(RelaySettings limits) {
  RelaySettings lost = limits;
  lost.on_broker_loss = OnBrokerLoss::on;
  lost.on_broker_loss_after = 5s;
  RelaySettings start = limits;
  start.at_start = AtStart::on;
  return {
      {"the start",
       start,
       {{0s, "on a", "on command | off at_start"},
        {10s, "off a", "off command | off at_start"},
        {10s, "restart", "off {} | off at_start"}}},
      {"a lost broker",
       lost,
       {{0s, "on a", "on command | off at_start"},
        {5s, "lost", "on command | off at_start"},
        {9s, "back", "on command | off at_start"},
        {9s, "lost", "on command | off at_start"},
        {10s, "off a", "off command | off at_start"},
        {14s, "wait", "off {} | off at_start"}}},
      {"what was shed",
       limits,
       {{0s, "on a", "on command | off at_start"},
        {10s, "shed a", "off shed | off at_start"},
        {10s, "give a", "off {} | off at_start"}}},
  };
}

// `held` is the reason while the limit holds, empty where that of the level before stays.
void check_waits(const RelaySettings& limits, std::string_view held, Mono free) {
  for (const Asks& asks : all_that_wait(limits)) {
    CAPTURE(asks.who);
    RelayRig rig(Relays{asks.settings, {}});
    rig.start();
    rig.event("back");
    for (const RelayStep& step : asks.until_it_asks) {
      rig.pass_until(Mono{step.at});
      rig.event(step.event);
    }
    CHECK_FALSE(rig.bank->level(0));
    if (!held.empty()) CHECK(rig.why(0) == held);
    rig.pass_until(free - 1ms);
    CHECK_FALSE(rig.bank->level(0));
    rig.pass_until(free);
    CHECK(rig.bank->level(0));
  }
}

}  // namespace

TEST_CASE("relay order: min_off over start, lost broker and alarm, which wait for its end") {
  check_waits({.min_off = 60s}, "", Mono{70s});
}

TEST_CASE("relay order: rate over start, lost broker and alarm, which wait for their turn") {
  check_waits({.rate = 1}, "rate", Mono{60s});
}

TEST_CASE("relay order: min_off and rate over a command, which is refused") {
  check_steps({{.min_off = 30s, .rate = 1}}, {{0s, "on a", "on command"},
                                              {1s, "off a", "off command"},
                                              {2s, "on a", "off command", "min_off: 29 s"},
                                              {31s, "on a", "off command", "rate: 29 s"},
                                              {60s, "on a", "on command"}});
}

TEST_CASE("relay order: min_off, rate and interlock over an ON of the end") {
  check_steps(
      {{.at_exit = AtExit::on, .min_off = 60s}},
      {{0s, "on a", "on command"}, {1s, "off a", "off command"}, {2s, "stop", "off command"}});
  check_steps({{.at_exit = AtExit::on, .rate = 1}},
              {{0s, "on a", "on command"}, {1s, "off a", "off command"}, {2s, "stop", "off rate"}});
  check_steps(
      {{.at_exit = AtExit::on, .interlock = "x"}, {.at_exit = AtExit::on, .interlock = "x"}},
      {{0s, "on b", "off at_start | on command"}, {1s, "stop", "off interlock | on at_exit"}});
}

TEST_CASE("relay order: interlock over start, lost broker and alarm, which give up") {
  const RelaySettings plain{.interlock = "x"};
  SUBCASE("the start") {
    check_steps(
        {{.at_start = AtStart::on, .interlock = "x"}, {.at_start = AtStart::on, .interlock = "x"}},
        {{0s, "wait", "on at_start | off interlock"},
         {1s, "off a", "off command | off interlock"},
         {2s, "on b", "off command | on command"}});
  }
  SUBCASE("a lost broker") {
    check_steps({plain, {.on_broker_loss = OnBrokerLoss::on, .interlock = "x"}},
                {{0s, "off b", "off at_start | off command"},
                 {1s, "on a", "on command | off command"},
                 {2s, "lost", "on command | off command"},
                 {32s, "wait", "on command | off interlock"},
                 {33s, "off a", "off command | off interlock"}});
  }
  SUBCASE("what was shed") {
    check_steps({plain, plain}, {{0s, "on a", "on command | off at_start"},
                                 {1s, "shed a", "off shed | off at_start"},
                                 {2s, "on b", "off shed | on command"},
                                 {3s, "give a", "off interlock | on command"},
                                 {4s, "off b", "off interlock | off command"}});
  }
  SUBCASE("a command is refused") {
    check_steps({plain, plain}, {{0s, "on a", "on command | off at_start"},
                                 {1s, "on b", "on command | off at_start", "interlock: a is on"}});
  }
}

TEST_CASE("relay order: a start waits while the partner's min_off runs") {
  RelayRig rig(
      Relays{{.min_off = 60s, .interlock = "x"}, {.at_start = AtStart::on, .interlock = "x"}});
  rig.start();
  rig.event("off b");
  rig.event("on a");
  rig.restart(0s);
  check_steps(rig, {{0s, "wait", "off at_start | off at_start"},
                    {59'999ms, "wait", "off at_start | off at_start"},
                    {60s, "wait", "off at_start | on at_start"}});
}

TEST_CASE("relay order: max_on over whatever holds the relay on, until a new command") {
  SUBCASE("the start") {
    check_steps({{.at_start = AtStart::on, .max_on = 60s}}, {{59'999ms, "wait", "on at_start"},
                                                             {60s, "wait", "off max_on"},
                                                             {1h, "on a", "on command"}});
  }
  SUBCASE("a lost broker") {
    check_steps({{.on_broker_loss = OnBrokerLoss::on, .on_broker_loss_after = 5s, .max_on = 60s}},
                {{0s, "off a", "off command"},
                 {0s, "lost", "off command"},
                 {64'999ms, "wait", "on broker_lost"},
                 {65s, "wait", "off max_on"},
                 {1h, "back", "off max_on"}});
  }
  SUBCASE("what was shed counts anew, for it was off") {
    check_steps({{.max_on = 60s}}, {{0s, "on a", "on command"},
                                    {50s, "shed a", "off shed"},
                                    {100s, "give a", "on command"},
                                    {159'999ms, "wait", "on command"},
                                    {160s, "wait", "off max_on"}});
  }
  SUBCASE("min_on") {
    check_steps({{.max_on = 10s, .min_on = 60s}},
                {{0s, "on a", "on command"}, {10s, "wait", "off max_on"}});
  }
  SUBCASE("an end that leaves it on") {
    RelayRig rig(Relays{{.at_exit = AtExit::on, .max_on = 60s}});
    check_steps(rig, {{0s, "on a", "on command"}});
    rig.mono += 60s;
    CHECK(rig.event("stop") == "");
    CHECK_FALSE(rig.bank->level(0));
  }
}

TEST_CASE("relay order: min_on holds back neither a command, the start nor the end") {
  const RelaySettings slow{.min_on = 60s};
  check_steps({slow}, {{0s, "on a", "on command"}, {1s, "off a", "off command"}});
  check_steps({slow}, {{0s, "on a", "on command"}, {1s, "stop", "off at_exit"}});
  check_steps({slow}, {{0s, "on a", "on command"}, {1s, "restart", "off at_start"}});
}
