#include "gateway/session.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/record.hpp"
#include "io/manual_clock.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// One letter, one effect: enough to script a device.
struct LetterAdapter final : Adapter {
  void on_start(Now, Effects& effects) override {
    effects(Identified{"", {}});
    effects(Entity{"", find_spec("output_on")});
  }
  void on_open(Now now, Effects&) override { wake = now.mono + 1h; }
  void on_bytes(ByteView bytes, Now, Effects& effects) override {
    for (const char letter : as_text(bytes)) letter_came(letter, effects);
  }
  void on_close(Now, Effects& effects) override {
    ++closed;
    if (begun) effects(Dropped{{Fault::truncated, "cut off"}, 1});
    begun = false;
  }
  void on_wake(Now, Effects& effects) override {
    wake = Mono::max();
    effects(Reading{"", "power", "wake", Decimal{1, 0}});
  }
  Mono next_wake() const override { return wake; }
  void on_command(const Command& command, Now, Effects& effects) override {
    effects(Reading{"", command.key, "command", command.value});
  }
  std::string state() const override { return memory; }
  void restore(std::string_view text) override { memory = text; }

  void letter_came(char letter, Effects& effects) {
    if (letter == 'f') effects(Frame{1});
    if (letter == 'a') effects(Alive{"", 30s});
    if (letter == 'c') effects(Alive{"1", 10s});
    if (letter == 'm') effects(Alive{std::to_string(++channels), 10s});
    if (letter == 'r') effects(Reconnect{{Fault::timeout, "no answer"}});
    if (letter == 'z') effects(Release{5s});
    if (letter == 's') effects(Send{as_bytes("answer")});
    if (letter == 'w') effects(Diagnosis{Cause::wrong_baud, "another speed"});
    if (letter == 'p') effects(Reading{"", "power", "letter", Decimal{244, 0}});
    begun = letter == 'b';
  }
  Mono wake = Mono::max();
  int closed = 0, channels = 0;
  bool begun = false;  // a frame whose end is still to come
  std::string memory;
};

// Writes down what it hears, and speaks when it hears a reading.
struct Listener final : Rule {
  std::string_view name() const override { return "listener"; }
  void on_effect(std::string_view, const Effect& effect, Now, Effects& effects) override {
    if (const auto* reading = std::get_if<Reading>(&effect)) {
      heard += std::string(reading->source) + ' ';
      effects(Reading{"", "power_net", "rule", reading->value});
    }
    if (std::holds_alternative<Dropped>(effect)) heard += "dropped ";
    const auto* alive = std::get_if<Alive>(&effect);
    if (alive != nullptr && alive->lease == 0ms) heard += "offline ";
  }
  void on_line(const LineState& line, Now, Effects&) override {
    heard += line.open ? "open " : line.why != nullptr ? "lost " : "closed ";
  }
  void on_broker(bool connected, Now, Effects&) override { heard += connected ? "up " : "down "; }
  std::string state() const override { return heard; }
  void restore(std::string_view text) override { restored = text; }
  std::string heard, restored;
};

// Everything that was said, as words.
struct Words final : Sink {
  void on_effect(std::string_view, const Effect& effect, Now) override {
    std::visit(overloaded{
                   [&](const Alive& e) {
                     add((e.lease > 0ms ? "online" : "offline") + std::string(e.channel));
                   },
                   [&](const Diagnosis& e) { add(name(e.cause)); },
                   [&](const Dropped&) { add("dropped"); },
                   [&](const Reading& e) { add(e.source); },
                   [&](const Rejected&) { add("rejected"); },
                   [&](const Notice& e) { notices.emplace_back(e.text); },
                   [](const auto&) {},
               },
               effect);
  }
  void add(std::string_view word) { (said += word) += ' '; }
  std::string take() { return std::exchange(said, {}); }
  std::string said;
  std::vector<std::string> notices;
};

struct World {
  explicit World(SessionOptions options = {}) {
    options.id = "meter";
    if (options.silence.empty()) options.silence = "check the cable";
    auto made = std::make_unique<LetterAdapter>();
    auto rule = std::make_unique<Listener>();
    adapter = made.get();
    listener = rule.get();
    std::vector<std::unique_ptr<Rule>> rules;
    rules.push_back(std::move(rule));
    session =
        std::make_unique<Session>(options, clock, &line, std::move(made), std::move(rules), words);
    session->start();
  }
  void push(std::string_view letters) { line.push(as_bytes(letters)); }

  io::ManualClock clock;
  ScriptLine line;
  Words words;
  LetterAdapter* adapter = nullptr;
  Listener* listener = nullptr;
  std::unique_ptr<Session> session;
};

SessionOptions searching() {
  SessionOptions options;
  options.serial = {{115200, 8, 'N', 1}, {9600, 8, 'N', 1}, {57600, 8, 'N', 1}};
  options.search = true;
  options.retry_longest = 1s;
  return options;
}

}  // namespace

TEST_CASE(
    "session: the adapter's effects go to the sink, and a rule receives them but not its own") {
  World w;
  w.line.accept();
  w.push("p");
  CHECK(w.words.take() == "letter rule ");
  CHECK(w.listener->heard == "open letter ");
}

TEST_CASE("session: a lease that is not renewed ends in offline, then silence is named") {
  World w;
  w.line.accept();
  w.push("fac");
  CHECK(w.words.take() == "online online1 ");
  w.clock.advance(10s);
  CHECK(w.words.take() == "offline1 ");
  w.clock.advance(20s);
  CHECK(w.words.take() == "offline no_bytes ");
}

TEST_CASE("session: the configured stale time goes before the adapter's") {
  SessionOptions options;
  options.offline_after = 5s;
  World w(options);
  w.line.accept();
  w.push("a");
  w.clock.advance(5s);
  CHECK(w.words.take() == "online offline ");
}

TEST_CASE("session: a line that opens and stays silent is diagnosed once") {
  World w;
  w.line.accept();
  w.clock.advance(14s);
  CHECK(w.words.take() == "");
  w.clock.advance(10min);
  CHECK(w.words.take() == "no_bytes ");
}

TEST_CASE("session: a line that may be silent is not reported as silent") {
  SessionOptions options;
  ScriptLine line;
  Words words;
  io::ManualClock clock;
  Session session(options, clock, &line, std::make_unique<LetterAdapter>(), {}, words);
  session.start();
  line.accept();
  clock.advance(10min);
  CHECK(words.take() == "");
}

TEST_CASE("session: a released line is closed for that time, and no device goes offline") {
  World w;
  w.line.accept();
  w.push("az");
  CHECK(w.line.closed == 1);
  CHECK(w.adapter->closed == 0);
  w.clock.advance(4s);
  CHECK(w.line.opened == 1);
  w.clock.advance(1s);
  CHECK(w.line.opened == 2);
  w.line.accept();
  CHECK(w.words.take() == "online ");
  w.push("z");
  w.clock.advance(5s);
  w.line.refuse();  // somebody else has it
  CHECK(w.words.take() == "offline ");
}

TEST_CASE("session: a hang-up ends every lease and the line is opened again") {
  World w;
  w.line.accept();
  w.push("ac");
  static_cast<void>(w.words.take());
  w.line.hang_up();
  CHECK(w.adapter->closed == 1);
  CHECK(w.words.take() == "offline1 offline ");
  CHECK(w.line.opened == 1);
  w.clock.advance(1200ms);
  CHECK(w.line.opened == 2);
}

TEST_CASE("session: a line that cannot be opened is tried for ever, at most so seldom") {
  SessionOptions options;
  options.retry_longest = 5s;
  World w(options);
  for (int n = 0; n < 20; ++n) {
    w.line.refuse();
    w.clock.advance(6s);
  }
  CHECK(w.line.opened == 21);
  w.line.accept();
  w.push("fa");
  CHECK(w.words.take() == "online ");
}

TEST_CASE("session: a device that hangs up at once is asked less and less often") {
  World w;
  int attempts = 0;
  const auto until = w.clock.now().mono + 10min;
  while (w.clock.now().mono < until) {
    const int before = w.line.opened;
    w.line.accept();
    w.line.hang_up();
    while (w.line.opened == before) w.clock.advance(100ms);
    ++attempts;
  }
  CHECK(attempts <= 16);
}

TEST_CASE("session: an adapter can have its line closed and opened again") {
  World w;
  w.line.accept();
  w.push("r");
  CHECK(w.line.closed >= 1);
  w.clock.advance(2s);
  CHECK(w.line.opened == 2);
}

TEST_CASE("session: what the adapter sends is written to the line") {
  World w;
  w.line.accept();
  w.push("s");
  CHECK(w.line.written == "answer");
}

TEST_CASE("session: the search goes through the settings and stops at the first good frame") {
  World w(searching());
  CHECK(w.line.settings.back().baud == 115200);
  w.line.accept();
  w.clock.advance(12s);
  CHECK(w.line.settings.back().baud == 9600);
  w.line.accept();
  w.push("f");
  w.clock.advance(1min);
  CHECK(w.line.settings.back().baud == 9600);
}

TEST_CASE("session: a wrong speed found by the adapter is left at once") {
  World w(searching());
  w.line.accept();
  w.push("w");
  w.clock.advance(1ms);
  CHECK(w.line.settings.back().baud == 9600);
}

TEST_CASE("session: silence is named while the search goes on") {
  World w(searching());
  for (int n = 0; n < 10; ++n) {
    w.line.accept();
    w.clock.advance(12s);
  }
  CHECK(w.words.take() == "no_bytes ");
}

TEST_CASE("session: a command reaches whoever declared the entity") {
  World w;
  w.line.accept();
  w.session->command({"", "output_on", true, "ON"});
  CHECK(w.words.take() == "command rule ");
  w.session->command({"", "power", Decimal{1, 0}, "1"});
  CHECK(w.words.take() == "rejected ");
}

TEST_CASE("session: parts are woken when they asked for it, and not before") {
  World w;
  w.line.accept();
  w.push("a");
  static_cast<void>(w.words.take());
  w.adapter->wake = w.clock.now().mono + 5s;
  w.push("a");
  w.clock.advance(4999ms);
  CHECK(w.words.take() == "online ");
  w.clock.advance(1ms);
  CHECK(w.words.take() == "wake rule ");
}

TEST_CASE("session: rules are notified of the broker") {
  World w;
  w.session->broker(true);
  w.session->broker(false);
  CHECK(w.listener->heard == "up down ");
}

TEST_CASE("session: what parts remember is kept apart by name and comes back") {
  MemoryStore store;
  World w(searching());
  w.adapter->memory = "gas=1";
  w.line.accept();
  w.push("fff");
  w.session->save(store);
  CHECK(store.get("meter.adapter") == "gas=1");
  CHECK(Record(store.get("meter.line")).text("setting") == "115200 8N1");

  World restarted(searching());
  restarted.session->restore(store);
  CHECK(restarted.adapter->memory == "gas=1");
  CHECK(restarted.listener->restored == "open ");
}

TEST_CASE("session: a device under a new id takes over what its rules kept under the old one") {
  MemoryStore store;
  store.put("cellar.listener", "used=7", false);
  store.put("cellar.adapter", "gas=1", false);
  World w;
  w.session->restore(store);
  w.session->inherit("cellar");
  CHECK(w.listener->restored == "used=7");
  CHECK(store.get("meter.listener") == "used=7");
  CHECK(store.get("cellar.listener") == "");
  CHECK(w.adapter->memory == "");  // that of a line, which is none of the rules'
}

TEST_CASE("session: after stop nothing is opened and nothing ticks") {
  World w;
  w.line.accept();
  w.push("a");
  w.session->close();
  CHECK(w.words.take() == "online offline ");
  const int opened = w.line.opened;
  w.clock.advance(1h);
  CHECK(w.line.opened == opened);
}

TEST_CASE("session: a hang-up in the middle of a frame is trouble, and rules hear of it") {
  World w;
  w.line.accept();
  w.push("fab");
  w.line.hang_up();
  CHECK(w.words.take() == "online dropped offline ");
  CHECK(w.listener->heard == "open dropped offline lost ");
}

TEST_CASE("session: a stop in the middle of a frame counts the cut frame and is not a fault") {
  World w;
  w.line.accept();
  w.push("fab");
  w.session->close();
  CHECK(w.words.take() == "online dropped offline ");
  CHECK(w.listener->heard == "open closed ");
}

TEST_CASE("session: too many channels to watch are logged once, with the first one left out") {
  World w;
  w.line.accept();
  w.push("a" + std::string(Leases::max_channels, 'm'));
  CHECK(w.words.notices.empty());
  w.push("mmm");
  REQUIRE(w.words.notices.size() == 1);
  CHECK(w.words.notices[0].find("more than 64 channels") != std::string::npos);
  CHECK(w.words.notices[0].find("`65`") != std::string::npos);
}

TEST_CASE("session: bytes are counted over all openings of the line") {
  World w;
  w.line.accept();
  w.push("aaa");
  w.line.hang_up();
  w.clock.advance(2s);
  w.line.accept();
  w.push("aa");
  CHECK(w.session->bytes() == 5);
}
