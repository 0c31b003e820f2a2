// The history of the real program: what it keeps over ends of every kind, how it is asked for, and
// that a house goes on where it cannot be kept.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

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

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::vector<std::string> lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void check_day_file(const std::filesystem::path& file) {
  const std::vector<std::string> lines = lines_of(file);
  REQUIRE_FALSE(lines.empty());
  CHECK(lines[0].starts_with("time,"));
  CHECK(lines[0].find("energy_import[kWh]") != std::string::npos);
  CHECK(lines[0].find('/') == std::string::npos);
  CHECK(gridtap::content(file).ends_with('\n'));
  const auto columns = std::count(lines[0].begin(), lines[0].end(), ',');
  for (const std::string& line : lines) {
    CHECK(std::count(line.begin(), line.end(), ',') == columns);
  }
}

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

TEST_CASE("history: a file that is moved while it is kept is whole, and a new one begins") {
  House house;
  house.start();
  REQUIRE(eventually([&] { return house.covered() >= 2; }));
  CHECK(house.world.stop_gridtap() == 0);
  house.start();
  REQUIRE(eventually([&] { return house.covered() >= 4; }));
  const auto kept = house.world.directory() / "state/history",
             away = house.world.directory() / "away";
  std::filesystem::create_directory(away);
  std::filesystem::rename(kept / "history.db", away / "history.db");
  CHECK(house.world.stop_gridtap() == 0);
  CHECK(house.world.log().find("was moved, removed or replaced") != std::string::npos);
  const gridtap::CommandLine shell;
  for (const auto& each : {kept, away}) {
    const std::string config = house.world.file(
        "look.yaml", "history: {directory: " + each.string() + "}\ndevices:\n" + house.meter);
    const auto ended = shell("export --config " + config + " --series meter/energy_import");
    CHECK_MESSAGE(ended.status == 0, ended.err);
  }
}

TEST_CASE("history: damage that was mended is shown as damage, with what was done about it") {
  House house;
  house.world.start_broker();
  house.world.subscribe();
  house.start();
  REQUIRE(eventually([&] { return house.covered() >= 2; }));
  CHECK(house.world.stop_gridtap() == 0);
  std::ofstream(house.world.directory() / "state/history/history.db", std::ios::binary)
      << std::string(8192, 'x');
  house.start();
  CHECK(
      eventually([&] { return house.world.topic("gridtap/gateway/history_state") == "damaged"; }));
  CHECK(house.world.log().find("is damaged: set aside as") != std::string::npos);
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

TEST_CASE("history: day files are whole after an end, go on in the next run, and can be imported") {
  House house;
  const auto directory = house.world.directory() / "state/history/days/meter";
  std::string files;
  std::size_t lines = 0;
  for (int run = 0; run < 2 || (run < 10 && lines < 6); ++run) {  // a busy machine writes fewer
    house.start("history: {day_files: {interval: 1s}}\n");
    REQUIRE(eventually([&] { return house.covered() > 0; }));
    std::this_thread::sleep_for(3s);
    CHECK(house.world.stop_gridtap() == 0);
    files.clear();
    lines = 0;
    for (const auto& each : std::filesystem::directory_iterator(directory)) {
      check_day_file(each.path());
      lines += lines_of(each.path()).size() - 1;
      files += ' ' + each.path().string();
    }
  }
  CHECK(lines >= 6);
  CHECK(std::count(files.begin(), files.end(), ' ') <= 2);  // it may be midnight
  std::filesystem::create_directory(house.world.directory() / "other");
  const gridtap::CommandLine shell;
  const std::string config =
      shell.write("other.yaml", "state_dir: " + (house.world.directory() / "other").string() +
                                    "\nhistory: {}\ndevices: {meter: {adapter: p1, line: "
                                    "/dev/null}}\n");
  const gridtap::Ended imported = shell("import --config " + config + files);
  CHECK(imported.err.empty());
  CHECK(imported.status == 0);
  CHECK(imported.out.starts_with("imported "));
  CHECK(shell("import --config " + config + files).out == "nothing of it is new\n");
}
