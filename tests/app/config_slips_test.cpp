// What people write who know other programs, or whose hand slipped: each is one problem, which says
// what to write instead.

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "app/house_config.hpp"
#include "support/scratch.hpp"

using namespace gridtap;

namespace {

// All that is said of a configuration, with F for the file.
std::string said(const std::string& text) {
  const Scratch scratch;
  std::ofstream(scratch / "config.yaml") << text;
  std::string out;
  for (const Problem& problem : app::load_house(scratch / "config.yaml").problems) {
    out += to_text(problem, "F") + '\n';
  }
  return out;
}

const std::string meter = "devices:\n  meter:\n    adapter: p1\n    line: /dev/ttyNONE\n";
const std::string inverter = "devices:\n  roof:\n    adapter: sunspec\n    line: tcp://h:502\n";

std::string of_mqtt(const std::string& setting) {
  return said("mqtt:\n  " + setting + '\n' + meter);
}
std::string of_meter(const std::string& setting) { return said(meter + "    " + setting + '\n'); }

std::string in(const char* key, const char* column = "2:3") {
  return "F:" + std::string(column) + ": mqtt." + key + ": ";
}

}  // namespace

TEST_CASE("slips: a password belongs into a file of its own, and is not shown") {
  const std::string file =
      "a password is kept in a file of its own: write `password_file: "
      "/etc/gridtap/mqtt-password`\n";
  for (const char* key : {"password", "Password", "passwd", "pass"}) {
    const std::string told = of_mqtt(std::string(key) + ": hunter2");
    CHECK(told == in(key) + file);
    CHECK(told.find("hunter2") == std::string::npos);
  }
  CHECK(of_mqtt("password:hunter2") ==
        "F:2:3: a space is missing after the colon: write `password: ...`\n");
}

TEST_CASE("slips: the broker by other names") {
  CHECK(of_mqtt("username: me") ==
        in("username") + "write `user:`, and the password in a `password_file:`\n");
  for (const char* key : {"broker", "server", "hostname", "url"}) {
    CHECK(of_mqtt(std::string(key) + ": h") ==
          in(key) + "write `host:`, the name or address of the broker\n");
  }
  CHECK(of_mqtt("tls: true") == in("tls", "2:8") + "write `tls: {}`, or `ca_file:` below `tls:`\n");
  CHECK(of_mqtt("tls: false") == in("tls", "2:8") + "leave `tls:` out if the broker has none\n");
  CHECK(of_mqtt("ssl: true") == in("ssl") + "write `tls: {}`\n");
  CHECK(of_mqtt("tls: {}") == "");
}

TEST_CASE("slips: the host of the broker is a name or an address alone") {
  const std::string only = in("host", "2:9") + "only the name or address: write ";
  CHECK(of_mqtt("host: 192.168.1.2:1883") == only + "`host: 192.168.1.2` and `port: 1883`\n");
  CHECK(of_mqtt("host: mqtt://broker.lan") == only + "`host: broker.lan`\n");
  CHECK(of_mqtt("host: mqtt://broker.lan/") == only + "`host: broker.lan`\n");
  CHECK(of_mqtt("host: mqtts://b:8883") == only + "`host: b` and `port: 8883`, and `tls: {}`\n");
  CHECK(of_mqtt("host: '[::1]'") ==
        in("host", "2:9") + "an IPv6 address is written without its brackets here\n");
  const std::string told = of_mqtt("host: mqtt://me:hunter2@broker.lan");
  CHECK(told == in("host", "2:9") +
                    "only the name or address of the broker: `port:`, `user:` and "
                    "`password_file:` are settings of their own\n");
  CHECK(of_mqtt("host: b:hunter2") == told);
  for (const char* good : {"localhost", "192.168.1.2", "::1", "fe80::1%eth0", "a-b.example.org"}) {
    CHECK(of_mqtt("host: '" + std::string(good) + "'") == "");
  }
}

TEST_CASE("slips: a key of a meter belongs into a file of its own, and is not shown") {
  const std::string told = of_meter("key: 000102030405060708090A0B0C0D0E0F");
  CHECK(told ==
        "F:5:5: devices.meter.key: a key is kept in a file of its own: write `key_file: "
        "/etc/gridtap/meter-key`\n");
  CHECK(of_meter("authentication_key: 00").find("authentication_key_file:") != std::string::npos);
  // A kind that takes no key has nothing to be told of.
  CHECK(said(inverter + "    key: 00\n") == "F:5:5: devices.roof.key: unknown key\n");
}

TEST_CASE("slips: the line and its setting by other names") {
  const std::string serial =
      "write `serial: 115200 8N1`: speed, bits, parity and stop bits in one setting\n";
  for (const char* key : {"baud", "baudrate", "parity", "stopbits"}) {
    CHECK(of_meter(std::string(key) + ": 9600") ==
          "F:5:5: devices.meter." + std::string(key) + ": " + serial);
  }
  CHECK(said("devices:\n  meter:\n    adapter: p1\n    port: /dev/ttyUSB0\n") ==
        "F:4:5: devices.meter.port: write `line: /dev/serial/by-id/...`, or `line: "
        "tcp://HOST:PORT` over the network\n");
  CHECK(said("devices:\n  meter:\n    type: p1\n    line: /dev/ttyNONE\n") ==
        "F:3:5: devices.meter.type: write `adapter:`, the kind of device: `adapter: p1`\n");
  CHECK(said(inverter + "    slave_id: 3\n") ==
        "F:5:5: devices.roof.slave_id: write `unit:`, the Modbus address of the device\n");
}

TEST_CASE("slips: a line setting is shown as it should be written") {
  const auto serial = [](const std::string& text) {
    const std::string told = of_meter("serial: " + text);
    const std::string place = "F:5:13: devices.meter.serial: ";
    return told.starts_with(place) ? told.substr(place.size(), told.size() - place.size() - 1)
                                   : told;
  };
  CHECK(serial("9600") == "the frame is missing: write `9600 8N1` (DSMR 2 and 3: `9600 7E1`)");
  CHECK(serial("8N1") == "the speed is missing: write, for example, `115200 8N1`");
  for (const char* other :
       {"9600/8N1", "9600,8n1", "9600-8N1", "9600  8N1", "9600 8-N-1", "96008N1"}) {
    CAPTURE(other);
    CHECK(serial("'" + std::string(other) + "'").find("8N1`") != std::string::npos);
  }
  CHECK(serial("9600/8N1") == "write `9600 8N1`: the speed, one space, the frame");
  CHECK(serial("12 8N1").starts_with("a speed is from 300 to 4000000"));
  CHECK(serial("fast").starts_with("not a line setting: write `auto`"));
  CHECK(serial("9600 7e1") == "");  // small letters are taken
}

TEST_CASE("slips: settings beside their device belong below it, and are read there") {
  const std::string told =
      "F:3:3: devices.adapter: `adapter` is in the same column as `meter`: it belongs below it, "
      "two spaces more\n";
  CHECK(said("devices:\n  meter:\n  adapter: p1\n  line: /dev/ttyNONE\n") == told);
  CHECK(said("devices:\n  meter:\n  adapter: p1\n  line: nowhere\n  name: x\n  second:\n"
             "    adapter: p1\n    line: /dev/ttyNONE\n")
            .find(told + "F:4:9: devices.meter.line: expected a device file") == 0);
  CHECK(said("devices:\n  meter:\n    adapter: p1\n  line: /dev/ttyNONE\n") ==
        "F:4:3: devices.line: `line` is in the same column as `meter`: it belongs below it, two "
        "spaces more\n");
  CHECK(said("devices:\n  adapter: p1\n  line: /dev/ttyNONE\n") ==
        "F:2:3: devices.adapter: a device has a name: write `meter:` and, below it, `adapter`\n");
  CHECK(said("devices:\n  a:\n    adapter: p1\n    line: /dev/ttyNONE\n  meter: p1\n") ==
        "F:5:10: devices.meter: expected settings as `key: value`, found a single value\n");
}

TEST_CASE("slips: what is on one level with its section belongs below it") {
  const auto told = [](const char* line, const char* key, const char* above) {
    return "F:" + std::string(line) + ":1: " + key + ": `" + key + "` is in the same column as `" +
           above + "`: it belongs below it, two spaces more\n";
  };
  CHECK(said("mqtt:\nhost: h\nuser: me\n" + meter) == told("2", "host", "mqtt"));
  CHECK(said("log:\nlevel: debug\n" + meter) == told("2", "level", "log"));
  CHECK(said("home_assistant:\nprefix: ha\n" + meter) == told("2", "prefix", "home_assistant"));
  CHECK(said("devices:\nmeter:\n  adapter: p1\n  line: /dev/ttyNONE\n") ==
        told("2", "meter", "devices"));
  CHECK(said("mqtt:\n  tls:\n  insecure: true\n" + meter) ==
        "F:3:3: mqtt.insecure: `insecure` is in the same column as `tls`: it belongs below it, two "
        "spaces more\n");
  CHECK(said("mqtt:\n" + meter) == "");
}

TEST_CASE("slips: devices are named, and no list") {
  CHECK(
      said("devices:\n  - meter:\n      adapter: p1\n      line: /dev/ttyNONE\n") ==
      "F:2:3: devices: take the - away: devices are named, `meter:` with its settings below it\n");
  CHECK(said("devices:\n  - meter:\n    adapter: p1\n    line: /dev/ttyNONE\n")
            .starts_with("F:2:3: devices: take the - away"));
  CHECK(said("devices:\n  - adapter: p1\n    line: /dev/ttyNONE\n") ==
        "F:2:3: devices: devices are named: write `meter:` in the place of each -\n");
}

TEST_CASE("slips: a space missing after every colon of a device is reported once") {
  CHECK(said("devices:\n  meter:\n    adapter:p1\n") ==
        "F:3:5: a space is missing after the colon: write `adapter: ...`\n");
}

TEST_CASE("slips: a comment that is part of its value") {
  CHECK(said("devices:\n  meter:\n    adapter: p1# mine\n    line: /dev/ttyNONE\n") ==
        "F:3:14: devices.meter.adapter: expected one of han, kgf, kq330, p1, sunspec, found `p1# "
        "mine`: a comment needs a space in front of its #\n");
  CHECK(of_mqtt("port: 1883 // plain") ==
        in("port", "2:9") +
            "expected a whole number, found `1883 // plain`: a comment begins with #, not //\n");
}

TEST_CASE("slips: a path with a space") {
  CHECK(
      said("devices:\n  meter:\n    adapter: p1\n    line: /dev/serial/by-id/usb FTDI\n") ==
      "F:4:11: devices.meter.line: a space in the path: the names below /dev/serial/by-id/ have _ "
      "there; copy yours from `ls /dev/serial/by-id/`\n");
}

TEST_CASE("slips: an entity that no table knows names the nearest ones of the adapter") {
  const auto entity = [](const std::string& key) {
    return of_meter("entities: {" + key + ": {enabled: false}}");
  };
  CHECK(entity("voltage_l9") ==
        "F:5:16: devices.meter.entities.voltage_l9: no such entity: did you mean `voltage_l1`, "
        "`voltage_l2`, `voltage_l3`? docs/keys.md lists all\n");
  CHECK(entity("wibble_wobble_wubble") ==
        "F:5:16: devices.meter.entities.wibble_wobble_wubble: no such entity: docs/keys.md lists "
        "all\n");
}
