// Each rule of the relays by itself: (time, event) -> level.

#include "relay_rig.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

TEST_CASE("relays: off until a command, and every command is obeyed at once") {
  check_steps({{}}, {{0s, "wait", "off at_start"},
                     {1s, "on a", "on command"},
                     {2s, "on a", "on command"},
                     {3s, "off a", "off command"},
                     {3s, "on a", "on command"}});
}

TEST_CASE("relays: at_start on is on at once, and its reason is shown") {
  check_steps(
      {{.at_start = AtStart::on}},
      {{0s, "wait", "on at_start"}, {1s, "on a", "on command"}, {2s, "off a", "off command"}});
}

TEST_CASE("relays: at_start last without a past is off") {
  check_steps({{.at_start = AtStart::last}}, {{0s, "wait", "off at_start"}});
}

TEST_CASE("relays: max_on ends an ON, and asking again does not make it longer") {
  check_steps({{.max_on = 60s}}, {{10s, "on a", "on command"},
                                  {50s, "on a", "on command"},
                                  {69'999ms, "wait", "on command"},
                                  {70s, "wait", "off max_on"},
                                  {71s, "on a", "on command"},
                                  {130'999ms, "wait", "on command"},
                                  {131s, "wait", "off max_on"}});
}

TEST_CASE("relays: min_off refuses an ON with the seconds left and does not remember it") {
  check_steps({{.min_off = 60s}}, {{1s, "on a", "on command"},
                                   {10s, "off a", "off command"},
                                   {10s, "on a", "off command", "min_off: 60 s"},
                                   {28'001ms, "on a", "off command", "min_off: 42 s"},
                                   {69'999ms, "on a", "off command", "min_off: 1 s"},
                                   {90s, "wait", "off command"},
                                   {90s, "on a", "on command"}});
}

TEST_CASE("relays: a refused ON does not make min_off longer") {
  check_steps({{.min_off = 10s}}, {{0s, "on a", "on command"},
                                   {1s, "off a", "off command"},
                                   {10s, "on a", "off command", "min_off: 1 s"},
                                   {11s, "on a", "on command"}});
}

TEST_CASE("relays: rate counts the ONs of any minute, an OFF is always obeyed") {
  check_steps({{.rate = 2}}, {{0s, "on a", "on command"},
                              {1s, "off a", "off command"},
                              {10s, "on a", "on command"},
                              {11s, "off a", "off command"},
                              {12s, "on a", "off command", "rate: 48 s"},
                              {60s, "on a", "on command"},
                              {61s, "off a", "off command"},
                              {62s, "on a", "off command", "rate: 8 s"},
                              {70s, "on a", "on command"}});
}

TEST_CASE("relays: of an interlock group one is on, and the next waits for its min_off") {
  check_steps({{.min_off = 20s, .interlock = "climate"}, {.interlock = "climate"}, {}},
              {{0s, "on a", "on command | off at_start | off at_start"},
               {1s, "on b", "on command | off at_start | off at_start", "interlock: a is on"},
               {1s, "on c", "on command | off at_start | on command"},
               {10s, "off a", "off command | off at_start | on command"},
               {11s, "on b", "off command | off at_start | on command",
                "interlock: a has just gone off: 19 s"},
               {30s, "on b", "off command | on command | on command"},
               {31s, "on a", "off command | on command | on command", "interlock: b is on"}});
}

TEST_CASE("relays: a lost broker counts after its delay, and not at all when it is back before") {
  const std::vector<RelayStep> steps = {{0s, "on a", "on command"},
                                        {10s, "lost", "on command"},
                                        {39s, "back", "on command"},
                                        {50s, "lost", "on command"},
                                        {79'999ms, "wait", "on command"}};
  SUBCASE("hold: nothing changes") {
    auto held = steps;
    held.push_back({1h, "wait", "on command"});
    check_steps({{}}, held);
  }
  SUBCASE("off: it stays off when the broker is back, until a command") {
    auto off = steps;
    off.push_back({80s, "wait", "off broker_lost"});
    off.push_back({90s, "on a", "off broker_lost", "broker_lost: off until it is back"});
    off.push_back({100s, "back", "off broker_lost"});
    off.push_back({101s, "on a", "on command"});
    check_steps({{.on_broker_loss = OnBrokerLoss::off}}, off);
  }
  SUBCASE("on: it stays on when the broker is back, until a command") {
    check_steps({{.on_broker_loss = OnBrokerLoss::on, .on_broker_loss_after = 5s}},
                {{0s, "off a", "off command"},
                 {1s, "lost", "off command"},
                 {6s, "wait", "on broker_lost"},
                 {7s, "back", "on broker_lost"},
                 {8s, "off a", "off command"}});
  }
}

TEST_CASE("relays: an OFF is obeyed although a lost broker wants ON, once and for all") {
  check_steps({{.on_broker_loss = OnBrokerLoss::on}}, {{0s, "off a", "off command"},
                                                       {1s, "lost", "off command"},
                                                       {31s, "off a", "off command"},
                                                       {100s, "wait", "off command"},
                                                       {101s, "back", "off command"},
                                                       {102s, "lost", "off command"},
                                                       {132s, "wait", "on broker_lost"}});
}

TEST_CASE("relays: what is shed comes back, but only what had been on") {
  check_steps({{}, {}}, {{0s, "on a", "on command | off at_start"},
                         {1s, "off b", "on command | off command"},
                         {2s, "shed a", "off shed | off command"},
                         {2s, "shed b", "off shed | off command"},
                         {3s, "on a", "off shed | off command", "shed until 13:00"},
                         {3s, "on b", "off shed | off command", "shed until 13:00"},
                         {9s, "give a", "on command | off command"},
                         {9s, "give b", "on command | off command"}});
}

TEST_CASE("relays: an OFF while shed is remembered, an ON is not") {
  check_steps({{}}, {{0s, "on a", "on command"},
                     {1s, "shed a", "off shed"},
                     {2s, "off a", "off command"},
                     {3s, "on a", "off command", "shed until 13:00"},
                     {4s, "give a", "off command"}});
}

TEST_CASE("relays: an alarm whose end is not known says so") {
  RelayRig rig(Relays{{}});
  rig.shed_until.reset();
  check_steps(rig, {{0s, "off a", "off command"},
                    {1s, "shed a", "off command"},
                    {2s, "on a", "off command", "shed until the alarm ends"}});
}

TEST_CASE("relays: min_on holds back the alarm and the lost broker") {
  check_steps({{.on_broker_loss = OnBrokerLoss::off, .on_broker_loss_after = 5s, .min_on = 60s}},
              {{0s, "on a", "on command"},
               {1s, "shed a", "on command"},
               {2s, "on a", "on command", "shed until 13:00"},
               {30s, "give a", "on command"},
               {31s, "shed a", "on command"},
               {60s, "wait", "off shed"},
               {70s, "give a", "on command"},
               {71s, "lost", "on command"},
               {80s, "back", "on command"},
               {100s, "lost", "on command"},
               {129'999ms, "wait", "on command"},
               {130s, "wait", "off broker_lost"}});
}

TEST_CASE("relays: the end leaves at_exit behind and takes no command") {
  check_steps({{}, {.at_exit = AtExit::on}, {.at_exit = AtExit::hold}, {.at_exit = AtExit::hold}},
              {{0s, "on a", "on command | off at_start | off at_start | off at_start"},
               {0s, "on c", "on command | off at_start | on command | off at_start"},
               {1s, "stop", "off at_exit | on at_exit | on at_exit | off at_exit"},
               {2s, "on a", "off at_exit | on at_exit | on at_exit | off at_exit",
                "at_exit: the program ends"},
               {2s, "off b", "off at_exit | on at_exit | on at_exit | off at_exit",
                "at_exit: the program ends"}});
}

// ---- lines --------------------------------------------------------------------------------------

TEST_CASE("relays: a line that cannot be driven shows nothing, and refuses with its own words") {
  RelayRig rig(Relays{{}});
  check_steps(rig, {{0s, "on a", "on command"},
                    {1s, "fail a", "off no chip"},
                    {2s, "on a", "off no chip", "the line cannot be driven: no chip"},
                    {2s, "off a", "off no chip", "the line cannot be driven: no chip"}});
  CHECK_FALSE(rig.bank->shown(0));
  CHECK_FALSE(rig.bank->disagrees(0));
  rig.event("mend a");
  CHECK(rig.bank->shown(0) == false);
}

TEST_CASE("relays: a line that is back begins like the program, with min_off from then on") {
  SUBCASE("at_start off") {
    check_steps({{}}, {{0s, "on a", "on command"},
                       {1s, "fail a", "off no chip"},
                       {2s, "mend a", "off at_start"}});
  }
  SUBCASE("at_start last") {
    check_steps({{.at_start = AtStart::last, .min_off = 10s}},
                {{0s, "on a", "on command"},
                 {1s, "fail a", "off no chip"},
                 {100s, "mend a", "off at_start"},
                 {101s, "on a", "off at_start", "min_off: 9 s"},
                 {110s, "wait", "on at_start"}});
  }
  SUBCASE("at_start on, and no ON was lost") {
    check_steps({{.at_start = AtStart::on, .min_off = 10s}}, {{0s, "off a", "off command"},
                                                              {20s, "fail a", "off no chip"},
                                                              {21s, "mend a", "on at_start"}});
  }
}

TEST_CASE("relays: a line that comes and goes does not make max_on longer") {
  check_steps({{.at_start = AtStart::last, .max_on = 60s}}, {{0s, "on a", "on command"},
                                                             {40s, "fail a", "off no chip"},
                                                             {50s, "mend a", "on at_start"},
                                                             {65s, "fail a", "off no chip"},
                                                             {66s, "mend a", "on at_start"},
                                                             {70'999ms, "wait", "on at_start"},
                                                             {71s, "wait", "off max_on"}});
}

TEST_CASE("relays: the partner of a line that cannot be read stays off") {
  check_steps({{.interlock = "x"}, {.interlock = "x"}},
              {{0s, "fail a", "off no chip | off at_start"},
               {1s, "on b", "off no chip | off at_start",
                "interlock: a may be on, its line cannot be read"},
               {2s, "mend a", "off at_start | off at_start"},
               {3s, "on b", "off at_start | on command"}});
}

TEST_CASE("relays: the level read is the truth, and one that disagrees is a problem") {
  RelayRig rig(Relays{{.min_off = 10s, .interlock = "x"}, {.interlock = "x"}});
  check_steps(rig, {{0s, "on a", "on command | off at_start"},
                    {1s, "stick a", "on command | off at_start"},
                    {2s, "off a", "off command | off at_start"},
                    {30s, "on b", "off command | off at_start", "interlock: a is on"}});
  CHECK(rig.bank->shown(0) == true);
  CHECK(rig.bank->disagrees(0));
  // When it lets go at last, its min_off begins.
  rig.event("free a");
  CHECK(rig.bank->shown(0) == false);
  CHECK_FALSE(rig.bank->disagrees(0));
  CHECK(rig.event("on b") == "interlock: a has just gone off: 10 s");
  CHECK(rig.event("on a") == "min_off: 10 s");
}

// ---- attributes ---------------------------------------------------------------------------------

TEST_CASE("relays: attributes show why, since when, and when an ON will be allowed") {
  RelayRig rig(Relays{{.min_off = 60s, .rate = 1, .interlock = "x"}, {.interlock = "x"}});
  rig.start();
  CHECK(rig.bank->attributes(0) ==
        R"({"why":"at_start","since":"2026-11-20T11:00:00Z","free_at":null})");
  rig.pass_until(rig.mono + 10s);
  rig.event("on a");
  CHECK(rig.bank->attributes(0) ==
        R"({"why":"command","since":"2026-11-20T11:00:10Z","free_at":null})");
  rig.pass_until(rig.mono + 1s);
  rig.event("off a");
  CHECK(rig.bank->attributes(0) ==
        R"({"why":"command","since":"2026-11-20T11:00:11Z","free_at":"2026-11-20T11:01:11Z"})");
  CHECK(rig.bank->attributes(1) ==
        R"({"why":"at_start","since":"2026-11-20T11:00:00Z","free_at":"2026-11-20T11:01:11Z"})");
  rig.event("shed a");
  rig.event("back");
  rig.event("off a");
  CHECK(rig.bank->attributes(0) ==
        R"({"why":"command","since":"2026-11-20T11:00:11Z","free_at":"2026-11-20T12:00:00Z"})");
}

TEST_CASE("relays: without the time of day the attributes have no times") {
  RelayRig rig(Relays{{.min_off = 60s}});
  rig.clock_is_set = false;
  check_steps(rig, {{0s, "on a", "on command"}, {1s, "off a", "off command"}});
  CHECK(rig.bank->attributes(0) == R"({"why":"command","since":null,"free_at":null})");
  rig.clock_is_set = true;
  rig.pass_until(rig.mono + 1s);
  rig.event("off a");
  CHECK(rig.bank->attributes(0) ==
        R"({"why":"command","since":"2026-11-20T11:00:01Z","free_at":"2026-11-20T11:01:01Z"})");
}

TEST_CASE("relays: a clock that is set moves what is shown, and no timer") {
  RelayRig rig(Relays{{.max_on = 60s}});
  check_steps(rig, {{0s, "on a", "on command"}});
  rig.set_clock(-3h);
  check_steps(rig, {{30s, "wait", "on command"}});
  rig.event("on a");
  CHECK(rig.bank->attributes(0) ==
        R"({"why":"command","since":"2026-11-20T08:00:00Z","free_at":null})");
  rig.set_clock(24h * 365);
  check_steps(rig, {{29'999ms, "wait", "on command"}, {30s, "wait", "off max_on"}});
}
