// The history of the real program: what it keeps over ends of every kind, how it is asked for, and
// that a house goes on where it cannot be kept.
#include <doctest/doctest.h>

#include <cmath>
#include <csignal>
#include <nlohmann/json.hpp>

#include "end_to_end/world.hpp"
#include "support/command_line.hpp"
#include "support/page_client.hpp"

using namespace gridtap::end_to_end;
using namespace std::chrono_literals;
using gridtap::PageClient;
using nlohmann::json;

namespace {

struct House {
  World world;
  HeldPort port;
  PageClient page{port.number()};
  std::string meter =
      "  meter:\n    adapter: p1\n    line: " + world.plug("tty", "dsmr5", 50) + '\n';

  void start(const std::string& history = "history: {}\n") {
    world.start_gridtap(
        meter, "web: {listen: \"127.0.0.1:" + std::to_string(port.number()) + "\"}\n" + history);
  }
  // Today's imported energy by quarter-hours; null where nothing is known.
  json today() const {
    const auto answer = page.get("/api/history?series=meter/energy_import&step=quarter");
    return answer.status == 200 ? json::parse(answer.body)["series"][0] : json::object();
  }
  std::int64_t covered() const {
    std::int64_t seconds = 0;
    for (const json& each : today().value("covered", json::array())) {
      seconds += each.get<std::int64_t>();
    }
    return seconds;
  }
  // Today's energy in Wh: by its quarter-hours, and by the register at their begin and end.
  std::pair<std::int64_t, std::int64_t> growth() const {
    const auto wh = [](const json& kwh) { return std::llround(kwh.get<double>() * 1000); };
    std::int64_t sum = 0;
    std::optional<std::int64_t> low, high;
    const json series = today();
    for (std::size_t at = 0; at < series["value"].size(); ++at) {
      if (series["value"][at].is_null()) continue;
      sum += wh(series["value"][at]);
      if (!low) low = wh(series["low"][at]);
      high = wh(series["high"][at]);
    }
    return {sum, low ? *high - *low : -1};
  }
};

}  // namespace

TEST_CASE("history: it is told on the page and as MQTT while it is kept, and after a clean end") {
  House house;
  house.world.start_broker();
  house.world.subscribe();
  house.start();
  REQUIRE(eventually([&] { return house.covered() >= 4; }));
  CHECK(eventually([&] { return house.world.topic("gridtap/gateway/history_state") == "ok"; }));
  const json state = json::parse(house.page.get("/api/state?device=gateway").body);
  CHECK(state["history"] == true);
  const std::int64_t before = house.covered();
  CHECK(house.world.stop_gridtap() == 0);
  // The same quarter-hours go on: what they had is neither lost nor doubled.
  house.start();
  REQUIRE(eventually([&] { return house.covered() >= before + 2; }));
  const auto [grown, register_grown] = house.growth();
  CHECK(grown == register_grown);
  CHECK(grown > 0);
  const auto csv = house.page.get("/api/history.csv?series=meter/energy_import&step=day");
  CHECK(csv.body.starts_with("time,meter/energy_import[kWh]\n"));
  CHECK(csv.body.find("T00:00:00") != std::string::npos);
}

TEST_CASE("history: a kill costs nothing that was written") {
  House house;
  house.start();
  REQUIRE(eventually([&] { return house.covered() >= 2; }));
  CHECK(house.world.stop_gridtap() == 0);
  for (int kill = 0; kill < 3; ++kill) {
    house.start();
    REQUIRE(eventually([&] { return house.covered() >= 2; }));
    house.world.gridtap().signal(SIGKILL);
    CHECK(house.world.gridtap().wait(5s) != 0);
  }
  house.start();
  CHECK(eventually([&] { return house.covered() >= 2; }));
  CHECK(house.world.log().find("damaged") == std::string::npos);
}

TEST_CASE("history: where it cannot be kept the house goes on, and it is said once") {
  House house;
  house.world.start_broker();
  house.world.subscribe();
  const std::string taken = house.world.file("taken", "no directory");
  house.start("history: {directory: " + taken + "}\n");
  CHECK(eventually([&] { return house.world.topic("gridtap/meter/status") == "online"; }));
  CHECK(eventually([&] { return house.world.log().find("history") != std::string::npos; }));
  CHECK(eventually([&] {
    const std::string said = house.world.topic("gridtap/gateway/history_state");
    return !said.empty() && said != "ok";
  }));
}
