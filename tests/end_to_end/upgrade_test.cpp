// The program over a state directory of the version before: data/state_1 was written by a daemon of
// that version with played meters on all its lines, and holds every unique id that it announced.

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>

#include "end_to_end/world.hpp"

using namespace gridtap::end_to_end;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const fs::path data = GRIDTAP_SOURCE_DIR "/tests/data/state_1";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void take_state(const World& world, const std::string& house) {
  const fs::path directory = world.directory() / "state";
  fs::create_directory(directory);
  for (const char* name : {"state", "state.old"}) {
    fs::copy_file(data / house / name, directory / name);
  }
}

// The devices of `attic`, on these lines; one that is not named has none.
std::string attic_on(const World& world, const std::map<std::string, std::string>& lines = {}) {
  const auto line = [&](const std::string& device) {
    const auto found = lines.find(device);
    return ", line: \"" + (found == lines.end() ? "/dev/none-" + device : found->second) + "\"";
  };
  return "  old: {adapter: p1, serial: auto" + line("old") + "}\n  house: {adapter: p1" +
         line("house") + "}\n  nordic: {adapter: han" + line("nordic") +
         "}\n  battery: {adapter: kgf, address: [1, 3]" + line("battery") +
         "}\n  roof: {adapter: sunspec" +
         (lines.contains("roof") ? line("roof") : ", line: \"tcp://127.0.0.1:1\"") +
         "}\n  mains: {adapter: kq330" + line("mains") +
         ", mac_key_file: " + world.file("key", "000102030405060708090A0B0C0D0E0F\n") +
         ", entities: {scene: {set: number, node: gw2, min: 0, max: 99}}}\n";
}

void add_ids(const std::string& topic, const std::string& payload, std::set<std::string>& ids) {
  if (!topic.starts_with("homeassistant/") || payload.empty()) return;
  const auto config = nlohmann::json::parse(payload);
  if (!config.contains("cmps")) return;  // the handshake of a migration
  for (const auto& [key, entity] : config["cmps"].items()) {
    const auto id = entity.find("uniq_id");
    if (id != entity.end()) ids.insert(topic + ' ' + key + ' ' + id->get<std::string>());
  }
}

// "TOPIC KEY UNIQUE_ID" of all that is announced now.
std::set<std::string> announced(const World& world) {
  std::set<std::string> ids;
  for (const auto& [topic, payload] : world.topics()) add_ids(topic, payload, ids);
  return ids;
}

// Of all that was ever announced since the subscriber began.
std::set<std::string> ever_announced(const World& world) {
  std::set<std::string> ids;
  for (const std::string& message : world.messages()) {
    const std::size_t space = message.find(' ', 2);
    if (space != message.npos)
      add_ids(message.substr(2, space - 2), message.substr(space + 1), ids);
  }
  return ids;
}

// That version had base and id in its topics, `homeassistant/device/gridtap_meter/config`, and a
// device without a serial number its id alone in its unique ids; now the topics have what is in
// front of the key in the unique ids, and those without a serial number the base, too.
std::string as_now(const std::string& line) {
  static const std::regex form("homeassistant/device/gridtap_(\\w+)/config (\\w+) (gridtap_\\S+)");
  std::smatch part;
  REQUIRE(std::regex_match(line, part, form));
  const std::string device = part[1], key = part[2];
  std::string id = part[3];
  if (id == "gridtap_" + device + '_' + key) id = "gridtap_" + id;
  const std::string node = id.substr(0, id.size() - key.size() - 1);
  return "homeassistant/device/" + node + "/config " + key + ' ' + id;
}

std::set<std::string> announced_before(const std::string& house) {
  std::istringstream text(read(data / house / "unique_ids"));
  std::set<std::string> ids;
  for (std::string line; std::getline(text, line);) ids.insert(as_now(line));
  return ids;
}

// The topics of that version hold nothing.
void leaves_nothing(const World& world, const std::string& house) {
  std::istringstream text(read(data / house / "unique_ids"));
  for (std::string topic, rest; text >> topic && std::getline(text, rest);) {
    CHECK_MESSAGE(world.topic(topic).empty(), topic);
  }
}

// What that version did not have, or no line of it had had an error for.
bool is_new(const std::string& id) {
  constexpr std::string_view keys[] = {" last_refusal ",   " last_error ",  " devices_configured ",
                                       " devices_online ", " restarts ",    " update_available ",
                                       " today_import ",   " today_export "};
  return std::any_of(std::begin(keys), std::end(keys),
                     [&](std::string_view key) { return id.find(key) != std::string::npos; });
}

// Which are in the one and not in the other.
std::string difference(const std::set<std::string>& one, const std::set<std::string>& other) {
  std::string text;
  for (const std::string& id : one) {
    if (!other.contains(id) && !is_new(id) && text.size() < 1000) text += id + '\n';
  }
  return text;
}

void announces_as_before(World& world) {
  const auto before = announced_before("attic");
  REQUIRE(before.size() > 250);
  // A line with several devices waits a minute for a name of its own.
  eventually([&] { return difference(before, announced(world)).empty(); }, 100s);
  CHECK(difference(before, announced(world)) == "");
  CHECK(difference(ever_announced(world), before) == "");
}

}  // namespace

TEST_CASE("upgrade: every unique id is as it was, or has the base in front") {
  World world;
  world.start_broker();
  take_state(world, "attic");
  world.subscribe();
  const std::string devices =
      attic_on(world, {{"old", world.plug("tty_old", "dsmr22")},
                       {"house", world.plug("tty_house", "belgium")},
                       {"nordic", world.plug("tty_nordic", "han/kaifa")},
                       {"battery", world.plug("tty_battery", "kgf/pair")},
                       {"mains", world.plug_mains("tty_mains", 0, 10).first},
                       {"roof", world.serve("roof", "sunspec/house", {"noon=true"})}});
  world.start_gridtap(devices);
  announces_as_before(world);
  leaves_nothing(world, "attic");
  REQUIRE(world.stop_gridtap() == 0);
  CHECK(world.log().find("set aside") == std::string::npos);
  const std::string state = read(world.directory() / "state" / "state");
  CHECK(state.find("gridtap 1") == std::string::npos);
  // And once more, of what this version has written, with a broker that knows nothing.
  world.kill_broker();
  world.start_broker();
  world.subscribe();
  world.start_gridtap(devices);
  announces_as_before(world);
}

TEST_CASE("upgrade: a device that identifies itself late has its unique ids from the state") {
  World world;
  world.start_broker();
  take_state(world, "attic");
  world.subscribe();
  world.start_gridtap(attic_on(world));
  const std::string topic = "homeassistant/device/gridtap_kgf_KG140F_6_1/config";
  REQUIRE(eventually([&] { return !world.topic(topic).empty(); }));
  CHECK(announced(world).contains(topic + " voltage gridtap_kgf_KG140F_6_1_voltage"));
  CHECK(difference(announced(world), announced_before("attic")) == "");
}

TEST_CASE("upgrade: the line setting that was found is used at once") {
  World world;
  world.start_broker();
  take_state(world, "attic");
  world.subscribe();
  world.start_gridtap(attic_on(world, {{"old", world.plug("tty", "dsmr22")}}));
  const std::string topic = "gridtap/old/line_setting ";
  REQUIRE(eventually([&] { return world.topic("gridtap/old/status") == "online"; }));
  REQUIRE(eventually([&] { return world.topic("gridtap/old/line_setting") == "9600 8N1"; }));
  for (const std::string& message : world.messages()) {
    CHECK(message.find(topic + "115200") == std::string::npos);
  }
}

namespace {

// The state as if it had been written now: its times are moved. The form is that of the version
// before: FNV-1a of all that follows the first line.
void write_as_of_now(const fs::path& path) {
  std::string text = read(path);
  text.erase(0, text.find('\n') + 1);
  std::smatch row;
  REQUIRE(std::regex_search(text, row, std::regex("live_energy=1 \\d+ (\\d+)[^\n]*")));
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  const long long shift = now - std::stoll(row[1]);
  const std::string before = row[0];
  std::string after;
  std::smatch time;
  auto at = before.cbegin();
  for (; std::regex_search(at, before.cend(), time, std::regex("\\b\\d{13}\\b"));
       at = time[0].second) {
    after += time.prefix().str() + std::to_string(std::stoll(time[0]) + shift);
  }
  after.append(at, before.cend());
  text.replace(static_cast<std::size_t>(row.position(0)), before.size(), after);
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  char first[64];
  std::snprintf(first, sizeof first, "gridtap-state 1 %016llX\n",
                static_cast<unsigned long long>(hash));
  std::ofstream(path, std::ios::binary) << first << text;
}

}  // namespace

TEST_CASE("upgrade: the live register goes on from its last value, before a new register comes") {
  World world;
  world.start_broker();
  take_state(world, "attic");
  world.subscribe();
  const std::string line = world.plug("tty", "han/kaifa");
  write_as_of_now(world.directory() / "state" / "state");
  world.start_gridtap(attic_on(world, {{"nordic", line}}));
  // The house draws by night; when the sun is high on its roof it only delivers.
  const auto import = [&] { return world.topic("gridtap/nordic/energy_import_live"); };
  const auto delivered = [&] { return world.topic("gridtap/nordic/energy_export_live"); };
  REQUIRE(eventually([&] { return !import().empty() || !delivered().empty(); }, 60s));
  if (!import().empty()) {
    CHECK(std::stod(import()) >= 48220.754);  // what was said last
    CHECK(std::stod(import()) < 48221);
  }
  if (!delivered().empty()) {
    CHECK(std::stod(delivered()) >= 1211.129);
    CHECK(std::stod(delivered()) < 1211.4);
  }
  CHECK(world.topic("gridtap/nordic/energy_import") == "");
}

TEST_CASE("upgrade: the counters of signed frames do not fall, on either end") {
  World attic, cellar;
  attic.start_broker();
  cellar.start_broker();
  take_state(attic, "attic");
  take_state(cellar, "cellar");
  const auto [first, second] = attic.plug_mains("mains", 0, 10);
  attic.start_gridtap(attic_on(attic, {{"mains", first}}));
  cellar.start_gridtap(
      "  mains: {adapter: kq330, node: gw2, commands_from_line: true, line: " + second +
      ", mac_key_file: " + cellar.file("key", "000102030405060708090A0B0C0D0E0F\n") + "}\n");
  attic.subscribe();
  cellar.subscribe();
  const std::string topic = "gridtap/mains_gw2/scene";
  REQUIRE(eventually([&] {
    return attic.topic("gridtap/mains/status") == "online" &&
           cellar.topic("gridtap/mains/status") == "online";
  }));
  attic.publish(topic + "/set", "42");
  CHECK(eventually([&] { return cellar.topic(topic) == "42"; }));
  CHECK(eventually([&] { return attic.topic(topic) == "42"; }));
  for (World* world : {&attic, &cellar}) {
    CHECK(world->topic("gridtap/mains/frames_bad/attributes").find("replay") == std::string::npos);
    REQUIRE(world->stop_gridtap() == 0);
    const std::string text = read(world->directory() / "state" / "state");
    std::smatch counter;
    REQUIRE(std::regex_search(text, counter, std::regex("counter (\\d+)")));
    CHECK(std::stoll(counter[1]) > 1003);  // which the version before has kept
  }
}
