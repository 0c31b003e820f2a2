// What the gateway says of itself.
#include "gateway/gateway_device.hpp"

#include <doctest/doctest.h>

#include "gateway/session.hpp"
#include "io/manual_clock.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

struct Words final : Sink {
  void on_effect(std::string_view, const Effect& effect, Now) override {
    if (const auto* reading = std::get_if<Reading>(&effect)) {
      ((said += reading->key) += '=') += to_text(reading->value) + ' ';
    }
  }
  std::string take() { return std::exchange(said, {}); }
  std::string said;
};

struct World {
  World() {
    std::vector<std::unique_ptr<Rule>> rules;
    rules.push_back(std::make_unique<GatewayDevice>(
        "home", "1.2.3", [this] { ++pressed; }, [this] { return counts; }));
    SessionOptions options;
    options.id = "gateway";
    session = std::make_unique<Session>(options, clock, nullptr, nullptr, std::move(rules), words);
    session->start();
  }

  io::ManualClock clock;
  Words words;
  int pressed = 0;
  GatewayCounts counts;
  std::unique_ptr<Session> session;
};

}  // namespace

TEST_CASE("gateway device: it reports its version and what it could not show, with the start") {
  World w;
  CHECK(w.words.take() ==
        "version=1.2.3 name_collisions=0 unfit_readings=0 unknown_commands=0 rejected_commands=0 ");
}

TEST_CASE("gateway device: counts are reported when they have changed, at most once a minute") {
  World w;
  w.words.take();
  w.counts = {1, 2, 3, 4};
  w.clock.advance(59s);
  CHECK(w.words.take().empty());
  w.clock.advance(1s);
  CHECK(w.words.take() ==
        "name_collisions=1 unfit_readings=2 unknown_commands=3 rejected_commands=4 ");
  w.clock.advance(1h);
  CHECK(w.words.take().empty());
}

TEST_CASE("gateway device: its button announces everything again") {
  World w;
  w.session->command({"", "announce_again", true, "PRESS"});
  CHECK(w.pressed == 1);
}
