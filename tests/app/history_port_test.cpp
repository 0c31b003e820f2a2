// The history as the daemon has it: what of its day files its state tells.
#include "app/history_port.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "model/model_rig.hpp"
#include "support/command_line.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

struct Kept {
  explicit Kept(bool days = true) {
    config.directory = scratch / "history";
    if (days) config.day_files = app::DayFilesConfig{scratch / "days", 10s, {}};
    port.emplace(config, *Zone::named("Europe/Oslo"), *house.model, loop, house.clock, house.log);
    port->start();
  }

  // Lines of so many minutes, and the answers to what was asked for.
  void live(int minutes) {
    for (int n = 0; n < minutes * 6; ++n) {
      house.say("meter", Alive{"", 30s});
      house.read("meter", "power_import", Decimal{n, 0});
      house.clock.advance(10s);
    }
    turn();
  }
  void turn() {
    loop.post([this] { loop.stop(); });
    loop.run();
  }
  // A disk takes its time: whether it becomes so.
  bool becomes(std::string_view state) {
    for (int n = 0; n < 20'000 && port->health().state != state; ++n) {
      std::this_thread::sleep_for(1ms);
      turn();
    }
    return port->health().state == state;
  }

  Scratch scratch;
  model::ModelRig house;
  io::Loop loop;
  app::HistoryConfig config;
  std::optional<app::HistoryPort> port;
};

}  // namespace

TEST_CASE("history port: day files that cannot be written are told, until they can") {
  Kept kept;
  std::ofstream(kept.scratch / "days") << "no directory";
  CHECK(kept.becomes("ok"));
  kept.live(6);
  CHECK(kept.becomes("read_only"));
  CHECK(kept.port->health().detail.starts_with("day files: "));
  std::filesystem::remove(kept.scratch / "days");
  kept.live(6);
  CHECK(kept.becomes("ok"));
  CHECK(kept.port->health().detail.empty());
  kept.port->end();
  const std::string text = content(kept.scratch / "days/meter/2026-11-20.csv");
  CHECK(text.starts_with("time,power_import[W]\n2026-11-20T01:00:10+01:00,"));
  CHECK(std::count(text.begin(), text.end(), '\n') >= 72);
}

TEST_CASE("history port: without day files there is no directory of them") {
  Kept kept(false);
  kept.live(6);
  kept.port->end();
  CHECK(kept.port->health().state == "ok");
  CHECK_FALSE(std::filesystem::exists(kept.scratch / "days"));
}
