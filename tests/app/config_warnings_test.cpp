// What `check` warns of in a good configuration, and `run` of the secrets in it.

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "app/house_config.hpp"
#include "support/command_line.hpp"

using namespace gridtap;
using std::filesystem::perms;

namespace {

std::string text_of(const Problems& warnings) {
  std::string out;
  for (const Problem& warning : warnings) out += to_text(warning, "F") + '\n';
  return out;
}

constexpr auto owner = perms::owner_read | perms::owner_write;

struct House {
  std::string file(const std::string& name, const std::string& text, perms mode) const {
    const std::string path = shell.write(name, text);
    std::filesystem::permissions(path, mode);
    return path;
  }
  app::LoadedHouse load(const std::string& text) const {
    auto loaded = app::load_house(shell.write("config.yaml", text));
    CHECK(text_of(loaded.problems) == "");
    return loaded;
  }
  CommandLine shell;
};

const std::string meter = "devices:\n  meter:\n    adapter: p1\n    line: tcp://h:1\n";

}  // namespace

TEST_CASE("warnings: a secret that others can read is reported with the remedy, at its place") {
  const House house;
  const std::string digits(32, 'A');
  const std::string password = house.file("password", "hunter2\n", owner | perms::others_read);
  const std::string key = house.file("key", digits, owner | perms::group_read | perms::others_read);
  const std::string good = house.file("good", digits, owner | perms::group_read);
  const auto loaded =
      house.load("state_dir: /tmp\nmqtt:\n  user: me\n  password_file: " + password +
                 "\n  tls:\n    certificate_file: " + key + "\n    key_file: " + key + '\n' +
                 meter + "    key_file: " + key + "\n    authentication_key_file: " + good + '\n');
  CHECK(text_of(loaded.secret_warnings) ==
        "F:4:18: mqtt.password_file: others can read it: chmod 640 " + password +
            "\nF:7:15: mqtt.tls.key_file: others can read it: chmod 640 " + key +
            "\nF:12:15: devices.meter.key_file: others can read it: chmod 640 " + key + '\n');
  CHECK(text_of(loaded.place_warnings) == "");
}

TEST_CASE("warnings: questions that other machines can ask are reported, those of this one not") {
  const House house;
  for (const char* address : {"192.168.1.5:2002", "0.0.0.0:2002", "'[::]:2002'"}) {
    CAPTURE(address);
    const auto loaded =
        house.load("state_dir: /tmp\nquestions: " + std::string(address) + '\n' + meter);
    CHECK(text_of(loaded.place_warnings).find("F:2:12: questions: every machine") == 0);
  }
  for (const char* address : {"127.0.0.1:2002", "'[::1]:2002'"}) {
    CAPTURE(address);
    const auto loaded =
        house.load("state_dir: /tmp\nquestions: " + std::string(address) + '\n' + meter);
    CHECK(text_of(loaded.place_warnings) == "");
  }
}

TEST_CASE("warnings: a relay that waits for the loss of a broker that is not there is reported") {
  const House house;
  const std::string relay =
      "relays: {pump: {chip: simulated, line: 1, on_broker_loss: \"off\"}}\nstate_dir: /tmp\n" +
      meter;
  CHECK(text_of(house.load(relay + "web: {}\n").place_warnings) ==
        "F:1:59: relays.pump.on_broker_loss: there is no `mqtt:` section, so no broker is ever "
        "lost: this never acts\n");
  CHECK(text_of(house.load(relay + "web: {}\nmqtt: {}\n").place_warnings) == "");
  CHECK(text_of(house.load(relay).place_warnings) == "");  // the broker of this machine
}

TEST_CASE("warnings: a meter whose checksums are not looked at is reported") {
  const House house;
  const auto loaded = house.load("state_dir: /tmp\n" + meter + "    checksum: none\n");
  CHECK(text_of(loaded.place_warnings) ==
        "F:6:15: devices.meter.checksum: a damaged telegram is not noticed, and its values are "
        "published: only where nothing else helps\n");
  CHECK(text_of(house.load("state_dir: /tmp\n" + meter + "    checksum: x25\n").place_warnings) ==
        "");
}

TEST_CASE("warnings: a missing port is reported, with those that exist") {
  const House house;
  const auto loaded =
      house.load("state_dir: /tmp\ndevices:\n  meter: {adapter: p1, line: /dev/ttyNONE7}\n");
  const std::string told = text_of(loaded.place_warnings);
  CHECK(told.starts_with("F:3:30: devices.meter.line: /dev/ttyNONE7 is not there now; there is "));
  CHECK(text_of(house.load("state_dir: /tmp\ndevices:\n  meter: {adapter: p1, line: /dev/null}\n")
                    .place_warnings) == "");
}

TEST_CASE("warnings: a state directory that is not there, no directory, or not ours") {
  const House house;
  const std::string file = house.file("file", "", owner);
  const auto state = [&](const std::string& directory) {
    return text_of(house.load("state_dir: " + directory + '\n' + meter).place_warnings);
  };
  CHECK(state(file) == "F:1:12: state_dir: " + file + ": a file, and no directory\n");
  CHECK(state("/nowhere/state") ==
        "F:1:12: state_dir: /nowhere/state: no such directory: sudo install -d -o gridtap -g "
        "gridtap /nowhere/state\n");
  CHECK(state(file + "-to-come") == "");  // the daemon makes it
  if (::geteuid() == 0) {
    MESSAGE("in part: root may write everywhere");
    return;
  }
  CHECK(state("/etc").find("this user cannot write there") != std::string::npos);
}

TEST_CASE("command line: check warns on standard error and is good all the same") {
  const House house;
  const std::string password = house.file("password", "hunter2\n", owner | perms::others_read);
  const std::string config = house.shell.write(
      "good.yaml", "state_dir: /nowhere/state\nmqtt: {host: h, tls: {}, user: me, password_file: " +
                       password + "}\n" + meter);
  const Ended ended = house.shell("check --config " + config);
  CHECK(ended.status == 0);
  CHECK(ended.out == config + ": good, 1 device; the broker is h:8883, by TLS\n");
  CHECK(ended.err.starts_with(
      config + ":2:51: mqtt.password_file: warning: others can read it: " + "chmod 640 " +
      password + '\n' + config + ":1:12: state_dir: warning: /nowhere/state: no such directory"));
  CHECK(ended.err.find("hunter2") == std::string::npos);
}
