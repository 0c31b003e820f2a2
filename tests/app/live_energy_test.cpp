// Half a day of a meter through `decode --config --timed`: what energy_import_live says just before
// a register comes is that register, nearly, and it never falls.

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/bytes.hpp"
#include "support/command_line.hpp"
#include "support/han_player.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// "MS HEX", a line for each list.
std::string half_a_day(const std::string& meter) {
  han::Player player("paced=false meter=" + meter);
  player.play(12h + 30s);
  std::string text;
  for (const han::Player::Piece& piece : player.pieces) {
    text += std::to_string((piece.at - han::player_start).count()) + ' ';
    text += to_hex(as_bytes(piece.bytes)) + '\n';
  }
  return text;
}

struct Direction {
  std::string total, live;
};

// Wh between the register and what was said before it, and the Wh of its hour.
struct Hour {
  double off, used;
};

struct Watched {
  std::vector<Hour> hours;
  bool fell = false;
};

Watched watched(const std::string& lines, const Direction& direction) {
  Watched watched;
  double live = -1, last_total = -1;
  std::istringstream text(lines);
  for (std::string line; std::getline(text, line);) {
    if (line.find("\"key\":\"energy_") == line.npos) continue;
    const auto event = nlohmann::json::parse(line);
    const std::string key = event["key"];
    if (key == direction.live) {
      CHECK(event["source"] == "rule");
      CHECK(event["unit"] == "kWh");
      const double value = 1000 * std::stod(event["value"].get<std::string>());
      watched.fell = watched.fell || value < live;
      live = value;
    } else if (key == direction.total) {
      const double total = 1000 * std::stod(event["value"].get<std::string>());
      if (last_total >= 0) watched.hours.push_back({std::abs(total - live), total - last_total});
      last_total = total;
    }
  }
  return watched;
}

std::string decoded(const std::string& meter) {
  const CommandLine run;
  const std::string config =
      run.write("config.yaml", "devices:\n  meter: {adapter: han, line: /dev/null}\n");
  const std::string input = run.write("input", half_a_day(meter));
  const Ended ended = run("decode --config " + config + " --device meter --timed --start " +
                          "2026-11-20T07:00:00Z " + input);
  CHECK(ended.err == "");
  REQUIRE(ended.status == 0);
  return ended.out;
}

}  // namespace

TEST_CASE(
    "live energy: before each register of twelve hours it is within 0.3 per cent of the hour") {
  struct Case {
    std::string meter;
    double step;  // of its register, in Wh: it may be this much old
    double per_cent;
  };
  for (const Case& each : {Case{"kaifa", 1, 0.3}, Case{"kaifa_1ph", 1, 0.3}, Case{"aidon", 10, 0.3},
                           Case{"kamstrup", 10, 0.7}}) {  // of ten-second values
    CAPTURE(each.meter);
    const Watched import = watched(decoded(each.meter), {"energy_import", "energy_import_live"});
    CHECK_FALSE(import.fell);
    CHECK(import.hours.size() == 12);
    for (const Hour& hour : import.hours) {
      CAPTURE(hour.used);
      CHECK(hour.off <= each.step + hour.used * each.per_cent / 100);
    }
  }
}

TEST_CASE("live energy: what panels give back is counted in the same way") {
  const Watched given = watched(decoded("kaifa"), {"energy_export", "energy_export_live"});
  CHECK_FALSE(given.fell);
  double sum = 0;
  for (const Hour& hour : given.hours) {
    sum += hour.used;
    // Where the sign changes a load that comes between two values weighs more than what is given.
    CHECK(hour.off <= std::max(5.0, hour.used * 0.3 / 100));
  }
  CHECK(sum > 1000);
}

TEST_CASE("live energy: without --timed no time passes, and no live energy is reported") {
  const CommandLine run;
  const std::string config =
      run.write("config.yaml", "devices:\n  meter: {adapter: han, line: /dev/null}\n");
  han::Player player("paced=false");
  player.play(20s);
  const std::string input = run.write("input", player.bytes);
  const Ended ended = run("decode --config " + config + " --device meter " + input);
  REQUIRE(ended.status == 0);
  CHECK(ended.out.find("energy_import\"") != std::string::npos);
  CHECK(ended.out.find("live") == std::string::npos);
}
