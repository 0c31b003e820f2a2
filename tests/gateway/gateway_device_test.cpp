// What the gateway says of itself.
#include "gateway/gateway_device.hpp"

#include <doctest/doctest.h>

#include "gateway/session.hpp"
#include "io/manual_clock.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

struct Words final : Sink {
  void on_effect(std::string_view, const Effect& effect, Now) override {
    if (const auto* entity = std::get_if<Entity>(&effect)) declared += entity->spec->key;
    if (const auto* reading = std::get_if<Reading>(&effect)) {
      ((said += reading->key) += '=') += to_text(reading->value) + ' ';
      if (!reading->attributes.empty()) attributes = reading->attributes;
    }
  }
  std::string take() { return std::exchange(said, {}); }
  std::string said, declared, attributes;
};

struct World {
  explicit World(Store* store = nullptr, bool announces = true) {
    std::vector<std::unique_ptr<Rule>> rules;
    std::function<void()> press;
    if (announces) press = [this] { ++pressed; };
    rules.push_back(
        std::make_unique<GatewayDevice>("home", "1.2.3", press, [this] { return counts; }));
    SessionOptions options;
    options.id = "gateway";
    session = std::make_unique<Session>(options, clock, nullptr, nullptr, std::move(rules), words);
    if (store != nullptr) session->restore(*store);
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
        "version=1.2.3 restarts=0 name_collisions=0 unfit_readings=0 unknown_commands=0 "
        "rejected_commands=0 ");
}

TEST_CASE("gateway device: counts are reported when they have changed, a few times a minute") {
  World w;
  w.clock.advance(10s);
  w.words.take();
  w.counts = {8, 7, 1, 2, 3, 4};
  w.clock.advance(9s);
  CHECK(w.words.take().empty());
  w.clock.advance(1s);
  CHECK(w.words.take() ==
        "name_collisions=1 unfit_readings=2 unknown_commands=3 rejected_commands=4 "
        "devices_configured=8 devices_online=7 ");
  w.clock.advance(1h);
  CHECK(w.words.take().empty());
}

TEST_CASE("gateway device: devices are counted when they had time to be heard, changed or not") {
  World w;
  CHECK(w.words.take().find("devices_online") == std::string::npos);
  w.clock.advance(10s);
  CHECK(w.words.take().find("devices_configured=0 devices_online=0 ") != std::string::npos);
}

TEST_CASE("gateway device: every start but the first is a restart, whatever the end was") {
  MemoryStore disk;
  const auto restarts = [&] {
    World w(&disk);
    const std::string said = w.words.take();
    const std::size_t at = said.find("restarts=");
    return said.substr(at, said.find(' ', at) - at);
  };
  CHECK(restarts() == "restarts=0");
  CHECK(restarts() == "restarts=1");
  CHECK(restarts() == "restarts=2");
  disk.put("gateway.gateway", "damaged", false);
  CHECK(restarts() == "restarts=0");
}

TEST_CASE("gateway device: its button announces everything again") {
  World w;
  w.session->command({"", "announce_again", true, "PRESS"});
  CHECK(w.pressed == 1);
}

TEST_CASE("gateway device: where nothing is announced it has no button for that") {
  World with;
  CHECK(with.words.declared == "announce_again");
  World without(nullptr, false);
  CHECK(without.words.declared == "");
  without.session->command({"", "announce_again", true, "PRESS"});
  CHECK(without.pressed == 0);
}

TEST_CASE("gateway device: who looks at the page is counted, where there is one") {
  World w;
  CHECK(w.words.take().find("web_clients") == std::string::npos);
  w.counts.web_clients = 2;
  w.clock.advance(10s);
  CHECK(w.words.take().find("web_clients=2 ") != std::string::npos);
}

TEST_CASE("gateway device: how the history is kept, and why not, where it is kept") {
  World w;
  CHECK(w.words.take().find("history") == std::string::npos);
  w.counts.history = HistoryHealth{"ok", "", 12'345'678};
  w.clock.advance(10s);
  const std::string well = w.words.take();
  CHECK(well.find("history_state=ok ") != std::string::npos);
  CHECK(well.find("history_size=12.3 ") != std::string::npos);
  CHECK(well.find("history_backup") == std::string::npos);
  w.counts.history = HistoryHealth{"full", "no room on /mnt/\"x\"", 0, Instant{}};
  w.clock.advance(10s);
  const std::string ill = w.words.take();
  CHECK(ill.find("history_state=full ") != std::string::npos);
  CHECK(ill.find("history_backup=1970-01-01T00:00:00") != std::string::npos);
  CHECK(w.words.attributes == R"({"detail":"no room on /mnt/\"x\""})");
}
