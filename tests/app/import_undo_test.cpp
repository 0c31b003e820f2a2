// What docs/history.md says about an import that was a mistake, as a person types it: the copy
// before it, and the way back.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/command_line.hpp"

using namespace gridtap;

namespace {

// The blocks of commands that have to do with the copy.
std::vector<std::string> blocks_of_the_manual() {
  const std::string text = content(GRIDTAP_SOURCE_DIR "/docs/history.md");
  const std::string begin = "```sh\n", end = "```\n";
  std::vector<std::string> blocks;
  for (std::size_t at = text.find(begin); at != text.npos; at = text.find(begin, at)) {
    at += begin.size();
    const std::string block = text.substr(at, text.find(end, at) - at);
    if (block.find("history.before") != block.npos) blocks.push_back(block);
    at += block.size() + end.size();
  }
  return blocks;
}

void replace(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
}

// A house of a test's own in the place of the one of the manual; there is no service to stop.
struct House {
  House() {
    std::filesystem::create_directory(state);
    config = shell.write("config.yaml", "time_zone: Europe/Oslo\nstate_dir: " + state +
                                            "\nhistory: {}\nmqtt: {}\ndevices:\n"
                                            "  meter: {adapter: han, line: /dev/null}\n");
  }
  int type(std::string commands, const std::string& file) const {
    const std::pair<const char*, std::string> here[] = {
        {"sudo systemctl", ": systemctl"},
        {"sudo -u gridtap ", ""},
        {"sudo ", ""},
        {"gridtap import", std::string(GRIDTAP_BINARY) + " import --config " + config},
        {"/var/lib/gridtap", state},
        {"/tmp/2025.csv", file},
    };
    for (const auto& [what, by] : here) replace(commands, what, by);
    return std::system(("set -e\n{\n" + commands + "} >/dev/null").c_str());
  }
  std::string exported() const { return shell("export --config " + config).out; }

  CommandLine shell;
  Scratch scratch;
  std::string state = scratch / "state", config;
};

std::string table(int month) {
  const std::string day = "2025-0" + std::to_string(month) + "-01T00:";
  return "time,meter/energy_import[kWh]\n" + day + "00:00+01:00,1\n" + day + "15:00+01:00,2\n";
}

}  // namespace

TEST_CASE("manual: an import that was a mistake is taken back by the copy before it") {
  const auto blocks = blocks_of_the_manual();
  REQUIRE(blocks.size() == 2);
  const House house;
  std::filesystem::create_directory(house.state + "/history");
  CHECK(house.type(blocks[0], house.shell.write("right.csv", table(1))) == 0);
  const std::string before = house.exported();
  CHECK(before.find("2025-01-01T00:00:00+01:00,3.000") != before.npos);
  std::filesystem::remove_all(house.state + "/history.before");
  CHECK(house.type(blocks[0], house.shell.write("wrong.csv", table(2))) == 0);
  CHECK(house.exported() != before);
  CHECK(house.type(blocks[1], "") == 0);
  CHECK(house.exported() == before);
  CHECK_FALSE(std::filesystem::exists(house.state + "/history.before"));
}
