// A configuration becomes a house, or a list of everything that is wrong with it.

#include <fstream>
#include <initializer_list>
#include <string>

#include <doctest/doctest.h>

#include "app/house_config.hpp"
#include "support/scratch.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

class Shelf {
 public:
  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = scratch_ / name;
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    return path;
  }
  app::LoadedHouse load(const std::string& text) const {
    return app::load_house(write("config-" + std::to_string(++files_) + ".yaml", text));
  }

 private:
  Scratch scratch_;
  mutable int files_ = 0;
};

std::string problems_of(const app::LoadedHouse& loaded) {
  std::string text;
  for (const Problem& problem : loaded.problems) text += to_text(problem, "FILE") + '\n';
  return text;
}

bool holds(const std::string& text, std::initializer_list<const char*> parts) {
  for (const char* part : parts) {
    CAPTURE(part);
    CAPTURE(text);
    CHECK(text.find(part) != std::string::npos);
  }
  return true;
}

constexpr const char* smallest = R"(
devices:
  meter:
    adapter: p1
    line: tcp://127.0.0.1:2001
)";

}  // namespace

TEST_CASE("house: two lines of a device are enough, the rest has defaults") {
  const Shelf shelf;
  const auto loaded = shelf.load(smallest);
  CHECK(problems_of(loaded) == "");
  const auto& house = loaded.house;
  CHECK(house.bridge.base == "gridtap");
  CHECK(house.bridge.prefix == "homeassistant");
  CHECK(house.bridge.discovery == mqtt::BridgeOptions::Discovery::device);
  CHECK(house.state_dir == "/var/lib/gridtap");
  CHECK(house.broker.host == "localhost");
  CHECK(house.broker.port == 1883);
  CHECK(house.broker.client_id == "gridtap");
  CHECK(house.broker.will_topic == "gridtap/status");
  CHECK_FALSE(house.broker.tls);
  REQUIRE(house.devices.size() == 1);
  const auto& device = house.devices[0];
  CHECK(device.id == "meter");
  CHECK(device.adapter != nullptr);
  CHECK(device.line.host == "127.0.0.1");
  CHECK(device.line.port == 2001);
  CHECK(device.shown.interval == 10s);
  CHECK(device.shown.heartbeat == 60s);
  CHECK(device.dwell == 2s);
}

TEST_CASE("house: what people see of a device is its name and its area") {
  const Shelf shelf;
  const auto loaded =
      shelf.load(std::string(smallest) + "    name: House\n    area: Utility room\n");
  CHECK(problems_of(loaded) == "");
  CHECK(loaded.house.devices[0].shown.name == "House");
  CHECK(loaded.house.devices[0].shown.area == "Utility room");
}

TEST_CASE("house: nothing is asked of the internet unless it is wanted") {
  const Shelf shelf;
  CHECK(shelf.load(smallest).house.update_url == "");
  const std::string wanted = "updates: {check: true}\n";
  CHECK(shelf.load(wanted + smallest).house.update_url ==
        "https://github.com/gridtap/gridtap/releases/latest");
  const std::string own = "updates: {check: true, url: 'http://nas/gridtap'}\n";
  CHECK(shelf.load(own + smallest).house.update_url == "http://nas/gridtap");
  const std::string bad = "updates: {check: true, url: 'file:///etc/passwd'}\n";
  CHECK(problems_of(shelf.load(bad + smallest)).find("updates.url: write the address of a page") !=
        std::string::npos);
}

TEST_CASE("house: questions are answered only where an address is set, and a wrong one is named") {
  const Shelf shelf;
  CHECK_FALSE(shelf.load(smallest).house.questions);
  const auto set = shelf.load(std::string("questions: 127.0.0.1:2002\n") + smallest);
  CHECK(problems_of(set) == "");
  REQUIRE(set.house.questions);
  CHECK(to_text(*set.house.questions) == "127.0.0.1:2002");
  const auto six = shelf.load(std::string("questions: \"[::1]:2002\"\n") + smallest);
  REQUIRE(six.house.questions);
  CHECK(to_text(*six.house.questions) == "[::1]:2002");
  const std::pair<const char*, const char*> wrong[] = {
      {"localhost:2002", "FILE:1:12: questions: the address in numbers"},
      {"2002", "FILE:1:12: questions: write an address of this machine and a port"},
      {"127.0.0.1:0", "FILE:1:12: questions: no port from 1 to 65535"},
      {"[127.0.0.1, 2002]", "questions: "},
      {"{listen: 1}", "questions: "}};
  for (const auto& [text, why] : wrong) {
    CAPTURE(text);
    const auto loaded = shelf.load("questions: " + std::string(text) + '\n' + smallest);
    CHECK_FALSE(loaded.house.questions);
    CHECK(problems_of(loaded).find(why) != std::string::npos);
  }
}

TEST_CASE("house: without a broker's section there is one on this machine, or none for a script") {
  const Shelf shelf;
  const std::string questions = "questions: 127.0.0.1:2002\n";
  CHECK(shelf.load(smallest).house.has_broker);
  CHECK(shelf.load(questions + "mqtt: {}\n" + smallest).house.has_broker);
  CHECK_FALSE(shelf.load(questions + smallest).house.has_broker);
}

TEST_CASE("house: all settings of the broker are read") {
  const Shelf shelf;
  const std::string password = shelf.write("password", "secret-1\n");
  const auto loaded = shelf.load(
      "base: attic\nmqtt:\n  host: broker.lan\n  user: gridtap\n"
      "  password_file: " +
      password +
      "\n  client_id: attic-1\n"
      "  tls: {ca_file: /etc/ca.pem, insecure: true}\n" +
      smallest);
  CHECK(problems_of(loaded) == "");
  const auto& broker = loaded.house.broker;
  CHECK(broker.host == "broker.lan");
  CHECK(broker.port == 8883);  // that of TLS
  CHECK(broker.user == "gridtap");
  CHECK(broker.password == "secret-1");
  CHECK(broker.client_id == "attic-1");
  CHECK(broker.will_topic == "attic/status");
  REQUIRE(broker.tls);
  CHECK(broker.tls->ca_file == "/etc/ca.pem");
  CHECK(broker.tls->insecure);
}

TEST_CASE("house: the hour's limit and the peaks are off unless they are set") {
  const Shelf shelf;
  const auto of = [&](const std::string& more) {
    auto loaded = shelf.load(
        "time_zone: Europe/Oslo\ndevices:\n  meter: {adapter: p1, line: "
        "/dev/ttyNONE" +
        more + "}\n");
    CHECK(problems_of(loaded) == "");
    return loaded.house.devices.at(0).hours;
  };
  CHECK_FALSE(of(""));
  const auto limit = of(", hour_limit: 4000");
  REQUIRE(limit);
  CHECK(limit->limit_wh == 4000);
  CHECK_FALSE(limit->peaks);
  const auto plain = of(", peaks: {}");
  REQUIRE(plain);
  REQUIRE(plain->peaks);
  CHECK_FALSE(plain->limit_wh);
  CHECK(plain->zone->name() == "Europe/Oslo");
  CHECK(plain->peaks->days == 3);
  CHECK(plain->peaks->periods_an_hour == 1);
  CHECK(plain->peaks->steps_kw.size() == 10);
  const auto all =
      of(", time_zone: Europe/Brussels, peaks: {days: 1, method: quarters, steps: [0, 4]}");
  REQUIRE(all);
  CHECK(all->zone->name() == "Europe/Brussels");
  CHECK(all->peaks->days == 1);
  CHECK(all->peaks->periods_an_hour == 4);
  CHECK(all->peaks->steps_kw == std::vector<std::int64_t>{0, 4});
}

TEST_CASE("house: a serial line hunts unless its setting is given") {
  const Shelf shelf;
  const auto of = [&](const std::string& more) {
    auto loaded = shelf.load("devices:\n  meter: {adapter: p1, line: /dev/ttyNONE" + more + "}\n");
    CHECK(problems_of(loaded) == "");
    return std::move(loaded.house.devices.at(0));
  };
  const auto automatic = of("");
  CHECK(automatic.search);
  CHECK(automatic.serial.size() > 1);
  CHECK(automatic.serial[0] == SerialSettings{115200, 8, 'N', 1});
  CHECK(automatic.rts);
  const auto fixed = of(", serial: 9600 7E1, rts: false");
  CHECK_FALSE(fixed.search);
  REQUIRE(fixed.serial.size() == 1);
  CHECK(fixed.serial[0] == SerialSettings{9600, 7, 'E', 1});
  CHECK_FALSE(fixed.rts);
}

TEST_CASE("house: a serial setting of another form is refused") {
  const Shelf shelf;
  for (const char* bad : {"9600", "9600 8N", "9600 9N1", "9600 8X1", "9600 8N3", "12 8N1",
                          "9600  8N1", "x 8N1", "96e2 8N1", "9600.5 8N1"}) {
    CAPTURE(bad);
    const auto loaded =
        shelf.load(std::string("devices:\n  meter: {adapter: p1, line: /dev/ttyNONE, serial: '") +
                   bad + "'}\n");
    holds(problems_of(loaded), {"FILE:2:52: devices.meter.serial: "});
    CHECK(loaded.problems.size() == 1);
  }
}

TEST_CASE("house: every problem is found in one pass, each with its place, in their order") {
  const Shelf shelf;
  const auto loaded = shelf.load(R"(base: grid/tap
mqtt:
  hots: broker.lan
  port: 99999
home_assistant: {discovery: devise}
devices:
  Meter: {adapter: p1, line: tcp://127.0.0.1:2001}
  second: {adaptr: p1, line: tcp://127.0.0.1:2002}
  third: {adapter: p2, line: ttyUSB0}
  fourth: {adapter: p1, line: tcp://127.0.0.1:2001, interval: 10}
  fifth: {adapter: p1, serial: 9600 8N1}
  sixth: {adapter: p1, line: tcp://127.0.0.1:2003, serial: 9600 8N1}
)");
  const std::string text = problems_of(loaded);
  holds(text, {
                  "FILE:1:7: base: ",
                  "FILE:3:3: mqtt.hots: unknown key (did you mean `host`?)",
                  "FILE:4:9: mqtt.port: ",
                  "FILE:5:29: home_assistant.discovery: ",
                  "did you mean `device`?",
                  "FILE:7:3: devices.Meter: ",
                  "FILE:8:12: devices.second.adaptr: unknown key (did you mean `adapter`?)",
                  "FILE:9:20: devices.third.adapter: ",
                  "devices.third.line: expected a device file with its whole path",
                  "devices.fourth.line: this line already belongs to `Meter`",
                  "devices.fourth.interval: ",
                  "FILE:11:3: devices.fifth: no `line`",
                  "devices.sixth.serial: a TCP line has no serial setting",
              });
  int last = 0;
  for (const Problem& problem : loaded.problems) {
    CHECK(problem.place.line >= last);
    last = problem.place.line;
  }
}

TEST_CASE("house: ids that a list of addresses makes are taken") {
  const Shelf shelf;
  const std::string several = R"(devices:
  m: {adapter: kgf, line: /dev/ttyNONE0, address: [1, 2]}
)";
  const auto said = [&](const std::string& more) {
    return problems_of(shelf.load(several + more));
  };
  CHECK(said("") == "");
  CHECK(said("  m_1: {adapter: p1, line: /dev/ttyNONE1}\n") ==
        "FILE:3:3: devices.m_1: `m` becomes `m_1` by its list `address:`, and so there are two of "
        "this id: choose another one\n");
  CHECK(said("  m_3: {adapter: p1, line: /dev/ttyNONE1}\n") == "");
  CHECK(said("  m_1: {adapter: sunspec, line: tcp://h:502, unit: [2, 3]}\n")
            .starts_with("FILE:3:3: devices.m_1: `m` becomes `m_1` by its list `address:`"));
  CHECK(problems_of(shelf.load(R"(devices:
  roof_200: {adapter: p1, line: /dev/ttyNONE1}
  roof: {adapter: sunspec, line: tcp://h:502, unit: [1, 200]}
)")) == "FILE:3:3: devices.roof: `roof` becomes `roof_200` by its list `unit:`, and so there are "
        "two of this id: choose another one\n");
  CHECK(problems_of(shelf.load(R"(devices:
  m: {adapter: kgf, line: /dev/ttyNONE0, address: [1]}
  m_1: {adapter: p1, line: /dev/ttyNONE1}
)")) == "");  // one address makes no device of its own
}

TEST_CASE("house: names and switches of entities are those of the vocabulary") {
  const Shelf shelf;
  const auto loaded = shelf.load(R"(devices:
  meter:
    adapter: p1
    line: tcp://127.0.0.1:2001
    entities:
      power_import: {name: From the grid}
      voltage_l1: {enabled: false}
      power_improt: {name: A slip}
)");
  holds(problems_of(loaded), {"FILE:8:7: devices.meter.entities.power_improt: no such entity: did "
                              "you mean `power_import`"});
  CHECK(loaded.problems.size() == 1);
  const auto& entities = loaded.house.devices.at(0).shown.entities;
  REQUIRE(entities.size() == 3);
  CHECK(entities[0].key == "power_import");
  CHECK(entities[0].name == "From the grid");
  CHECK(entities[1].enabled == false);
}

TEST_CASE("house: a device that is asked for registers has an address on the network") {
  const Shelf shelf;
  const auto loaded = shelf.load(R"(devices:
  inverter:
    adapter: sunspec
    line: /dev/ttyUSB0
)");
  holds(problems_of(loaded), {"FILE:4:11: devices.inverter.line: it is asked over the network"});
  CHECK(loaded.problems.size() == 1);
}

TEST_CASE("house: keys of a modem are its owner's") {
  const Shelf shelf;
  const auto loaded = shelf.load(R"(devices:
  mains:
    adapter: kq330
    line: tcp://127.0.0.1:2001
    auto_discover: true
    entities:
      soil: {name: Bed, unit: "%", class: moisture}
      bed2: {unit: kg, class: moisture}
)");
  holds(problems_of(loaded),
        {"FILE:8:20: devices.mains.entities.bed2.unit: class moisture has one of %"});
  CHECK(loaded.problems.size() == 1);
  const auto& shown = loaded.house.devices.at(0).shown;
  CHECK(shown.announce_unknown_keys);
  CHECK(shown.entities.at(0).name == "Bed");
}

TEST_CASE("house: what belongs together is asked for together") {
  const Shelf shelf;
  const std::string password = shelf.write("password", "secret-1\n");
  holds(problems_of(shelf.load("mqtt: {password_file: " + password + "}\n" + smallest)),
        {"mqtt.password_file: a password needs a user"});
  holds(problems_of(shelf.load(std::string("mqtt: {tls: {key_file: /etc/key.pem}}\n") + smallest)),
        {"mqtt.tls.key_file: certificate_file and key_file go together"});
  holds(problems_of(shelf.load("devices: {}\n")), {"no devices: add one below `devices:`"});
}

TEST_CASE("house: a file that is not there, and one that is no YAML, are one problem each") {
  const Shelf shelf;
  const auto absent = app::load_house("/nowhere/config.yaml");
  REQUIRE(absent.problems.size() == 1);
  holds(problems_of(absent), {"FILE: no such file: copy config.example.yaml there"});
  CHECK(shelf.load("devices: [unclosed\n").problems.size() == 1);
}

TEST_CASE("house: --set is split at the first `=`, and a text without one is named") {
  Problems problems;
  const Setting map = app::settings_of({"meter=dsmr5", "name=a=b", "empty="}, problems);
  CHECK(problems.empty());
  REQUIRE(map.members.size() == 3);
  CHECK(map.members[0].key == "meter");
  CHECK(map.members[0].value.text == "dsmr5");
  CHECK(map.members[1].value.text == "a=b");
  CHECK(map.members[2].value.text == "");
  CHECK(app::settings_of({"meter", "=dsmr5"}, problems).members.empty());
  REQUIRE(problems.size() == 2);
  CHECK(to_text(problems[0], "--set") == "--set: meter: write KEY=VALUE");
}
