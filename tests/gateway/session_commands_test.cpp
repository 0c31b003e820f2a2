// How commands get through a session: which reach the adapter, and when.
#include <doctest/doctest.h>

#include "gateway/session.hpp"
#include "io/manual_clock.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// A relay with a contact: it moves when it is told, and says so unless it is made silent.
struct Relay final : Adapter {
  void on_start(Now, Effects& effects) override {
    effects(Entity{"", find_spec("output_on")});
    effects(Entity{"", find_spec("clear_totals")});
  }
  void on_bytes(ByteView bytes, Now, Effects& effects) override {
    if (as_text(bytes) == "z") effects(Release{5s});
  }
  void on_close(Now, Effects&) override { obeyed += "closed "; }
  void on_command(const Command& command, Now, Effects& effects) override {
    obeyed += std::string(command.text) + ' ';
    if (answers) effects(Reading{"", command.key, "wire", command.value});
  }
  bool answers = true;
  std::string obeyed;
};

struct Reasons final : Sink {
  void on_effect(std::string_view, const Effect& effect, Now) override {
    if (const auto* rejected = std::get_if<Rejected>(&effect)) {
      text += std::string(rejected->command) + ": " + rejected->error.detail + '\n';
    }
  }
  std::string text;
};

struct World {
  World() {
    auto made = std::make_unique<Relay>();
    relay = made.get();
    SessionOptions options;
    options.id = "relay";
    session = std::make_unique<Session>(options, clock, &line, std::move(made),
                                        std::vector<std::unique_ptr<Rule>>{}, reasons);
    session->start();
  }
  void send(std::string_view text, std::optional<Mono> expires = {}) {
    session->command({"", "output_on", text == "ON", text, expires});
  }
  std::string take() { return std::exchange(relay->obeyed, {}); }

  io::ManualClock clock;
  ScriptLine line;
  Reasons reasons;
  Relay* relay = nullptr;
  std::unique_ptr<Session> session;
};

}  // namespace

TEST_CASE("session: twenty thousand commands move a switch twice, and the last one holds") {
  World w;
  w.line.accept();
  for (int n = 0; n < 10'000; ++n) {
    w.send("OFF");
    w.send("ON");
  }
  CHECK(w.take() == "OFF ");
  w.clock.advance(1999ms);
  CHECK(w.take() == "");
  w.clock.advance(1ms);
  CHECK(w.take() == "ON ");
  w.clock.advance(1h);
  CHECK(w.take() == "");
  CHECK(w.reasons.text == "");
}

TEST_CASE("session: a switch whose device does not answer moves again after a while") {
  World w;
  w.relay->answers = false;
  w.line.accept();
  w.send("OFF");
  w.send("ON");
  w.clock.advance(11s);
  CHECK(w.take() == "OFF ");
  w.clock.advance(1s);
  CHECK(w.take() == "ON ");
}

TEST_CASE("session: a button is not a switch, each press reaches the adapter") {
  World w;
  w.line.accept();
  for (int n = 0; n < 3; ++n) w.session->command({"", "clear_totals", true, "PRESS"});
  CHECK(w.take() == "PRESS PRESS PRESS ");
}

TEST_CASE("session: a command for a closed line is refused, it would move the device hours later") {
  World w;
  w.send("ON");
  CHECK(w.take() == "");
  CHECK(w.reasons.text == "ON: the line to the device is not open\n");
  SUBCASE("but not for one that is released for others and opens soon") {
    w.line.accept();
    w.line.push(as_bytes("z"));
    w.send("OFF");
    CHECK(w.take() == "OFF ");
  }
}

TEST_CASE("session: what waits for a switch is refused when the line is lost, or gridtap ends") {
  World w;
  w.line.accept();
  w.send("ON");
  w.send("OFF");
  SUBCASE("lost") {
    w.line.hang_up();
    CHECK(w.reasons.text == "OFF: the line to the device was lost\n");
  }
  SUBCASE("the end") {
    w.session->stop();
    CHECK(w.reasons.text == "OFF: gridtap ends\n");
  }
  w.clock.advance(1s);
  w.line.accept();
  w.clock.advance(1h);
  CHECK(w.take() == "ON closed ");
}

TEST_CASE("session: a command that expires while it waits for its switch is refused") {
  World w;
  w.line.accept();
  w.send("ON");
  w.send("OFF", w.clock.now().mono + 1s);
  w.clock.advance(2s);
  CHECK(w.reasons.text == "OFF: it expired while it waited\n");
  w.send("OFF", w.clock.now().mono + 2001ms);
  w.clock.advance(2s);
  CHECK(w.take() == "ON OFF ");
}
