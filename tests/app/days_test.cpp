// The energy of the day through `decode --config --timed`: of every kind of meter that counts a
// house, without a setting.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "app/device_rules.hpp"
#include "app/house_config.hpp"
#include "core/bytes.hpp"
#include "support/command_line.hpp"
#include "support/han_player.hpp"

using namespace gridtap;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

// Two lists of registers an hour apart and more, of a played meter that begins at 08:00 UTC.
std::string lists(const std::string& meter, std::chrono::milliseconds time) {
  han::Player player("paced=false meter=" + meter);
  player.play(time);
  std::string text;
  for (const han::Player::Piece& piece : player.pieces) {
    text += std::to_string((piece.at - han::player_start).count()) + ' ' +
            to_hex(as_bytes(piece.bytes)) + '\n';
  }
  return text;
}

std::vector<json> readings(const std::string& lines, const std::string& key) {
  std::vector<json> out;
  std::istringstream text(lines);
  for (std::string line; std::getline(text, line);) {
    if (line.find("\"key\":\"" + key + '"') != line.npos) out.push_back(json::parse(line));
  }
  return out;
}

double kwh(const json& reading) { return std::stod(reading["value"].get<std::string>()); }

std::string decoded(const std::string& zone, const std::string& start) {
  const CommandLine run;
  const std::string config =
      run.write("config.yaml",
                "time_zone: " + zone + "\ndevices:\n  meter: {adapter: han, line: /dev/null}\n");
  const Ended ended = run("decode --config " + config + " --device meter --timed --start " + start +
                          ' ' + run.write("input", lists("kaifa", 6h + 30s)));
  REQUIRE(ended.status == 0);
  return ended.out;
}

}  // namespace

TEST_CASE("days: decode shows what a day has used, as its registers have it") {
  const std::string lines = decoded("Europe/Oslo", "2026-11-20T07:00:00Z");
  const auto today = readings(lines, "today_import"), registers = readings(lines, "energy_import");
  REQUIRE(today.size() > 10);
  REQUIRE(registers.size() >= 6);
  CHECK(today.front()["unit"] == "kWh");
  CHECK(today.front()["source"] == "rule");
  CHECK(kwh(today.front()) == 0);
  CHECK(kwh(today.back()) ==
        doctest::Approx(kwh(registers.back()) - kwh(registers.front())).epsilon(0.01));
  double last = 0;
  for (const json& each : today) {
    CHECK(kwh(each) >= last);
    last = kwh(each);
  }
  CHECK_FALSE(readings(lines, "today_export").empty());
}

TEST_CASE("days: midnight is that of the house") {
  const auto begins = [](const std::string& zone) {
    std::string out;
    for (const json& each : readings(decoded(zone, "2026-11-20T19:30:00Z"), "today_import")) {
      const std::string since = each["attributes"]["since"];
      if (out.find(since) == out.npos) out += since + ' ';
    }
    return out;
  };
  CHECK(begins("Europe/Oslo").find("2026-11-20T23:00:00Z") != std::string::npos);
  CHECK(begins("Europe/Helsinki").find("2026-11-20T22:00:00Z") != std::string::npos);
  CHECK(begins("America/New_York").find("00:00Z") == std::string::npos);
}

TEST_CASE("days: every kind of device that counts a house has them, and no other") {
  const CommandLine run;
  const auto has = [&](const std::string& device) {
    auto loaded = app::load_house(run.write("c.yaml", "devices:\n  a: {" + device + "}\n"));
    REQUIRE(loaded.problems.empty());
    for (const auto& rule : app::device_rules(loaded.house.devices.at(0))) {
      if (rule->name() == "days") return true;
    }
    return false;
  };
  CHECK(has("adapter: p1, line: /dev/null"));
  CHECK(has("adapter: han, line: /dev/null"));
  CHECK(has("adapter: sunspec, line: 'tcp://h:502'"));
  CHECK_FALSE(has("adapter: kgf, line: /dev/null"));
  CHECK_FALSE(has("adapter: kq330, line: /dev/null"));
}
