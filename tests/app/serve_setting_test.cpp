// The setting `serve` of a device: what it becomes, and what is said of wrong ones.
#include "app/serve_setting.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>

#include "app/house_config.hpp"
#include "support/scratch.hpp"

using namespace gridtap;
using namespace std::chrono_literals;
using What = app::ServeConfig::What;

namespace {

struct Shelf {
  app::LoadedHouse load(const std::string& text) const {
    const std::string path = scratch / ("config-" + std::to_string(++files) + ".yaml");
    std::ofstream(path) << "state_dir: " << (scratch / "state") << '\n' << text;
    return app::load_house(path);
  }
  static std::string told(const Problems& problems) {
    std::string out;
    for (const Problem& problem : problems) out += to_text(problem, "F") + '\n';
    return out;
  }
  std::string problems(const std::string& text) const { return told(load(text).problems); }
  Scratch scratch;
  mutable int files = 0;
};

std::string meter(const std::string& serve) {
  return "devices:\n  meter:\n    adapter: p1\n    line: tcp://192.168.1.9:23\n    serve: " +
         serve + '\n';
}

std::string inverter(const std::string& serve) {
  return "devices:\n  inverter:\n    adapter: sunspec\n    line: tcp://192.168.1.9:502\n    "
         "serve: " +
         serve + '\n';
}

bool contains(const std::string& text, const std::string& part) {
  CAPTURE(text);
  CHECK(text.find(part) != text.npos);
  return text.find(part) != text.npos;
}

}  // namespace

TEST_CASE("serve setting: without it no line is served") {
  const Shelf shelf;
  const auto loaded =
      shelf.load("devices:\n  m:\n    adapter: p1\n    line: tcp://192.168.1.9:23\n");
  REQUIRE(loaded.house.devices.size() == 1);
  CHECK_FALSE(loaded.house.devices[0].serve);
  CHECK(loaded.house.has_broker);
}

TEST_CASE("serve setting: an address is enough; a map says more") {
  const Shelf shelf;
  const auto brief = shelf.load(meter("127.0.0.1:2001"));
  REQUIRE(brief.problems.empty());
  const auto& serve = brief.house.devices[0].serve;
  REQUIRE(serve);
  CHECK(serve->text() == "127.0.0.1:2001");
  CHECK(serve->what == What::frames);
  CHECK(serve->clients == 16);
  CHECK_FALSE(serve->writes);
  const auto whole = shelf.load(meter("{listen: \"[::1]:2001\", what: bytes, clients: 2}"));
  REQUIRE(whole.problems.empty());
  CHECK(whole.house.devices[0].serve->text() == "[::1]:2001");
  CHECK(whole.house.devices[0].serve->what == What::bytes);
  CHECK(whole.house.devices[0].serve->clients == 2);
}

TEST_CASE("serve setting: what is asked by registers is served by registers") {
  const Shelf shelf;
  const auto loaded = shelf.load(inverter("{listen: 127.0.0.1:1502, writes: true}"));
  REQUIRE(loaded.problems.empty());
  CHECK(loaded.house.devices[0].serve->what == What::registers);
  CHECK(loaded.house.devices[0].serve->writes);
  CHECK(loaded.house.devices[0].serve->timeout == 1s);
  contains(shelf.problems(inverter("{listen: 127.0.0.1:1502, what: frames}")),
           "asks for registers: leave it out");
  contains(shelf.problems(meter("{listen: 127.0.0.1:2001, writes: true}")),
           "only listen: leave it out");
}

TEST_CASE("serve setting: clients of registers wait as long as the adapter does") {
  const Shelf shelf;
  const std::string more =
      "    timeout: 3s\n    delay_between_requests: 150ms\n    delay_after_connect: 1s\n";
  const auto loaded = shelf.load(inverter("127.0.0.1:1502") + more);
  REQUIRE(loaded.problems.empty());
  CHECK(loaded.house.devices[0].serve->timeout == 3s);
  CHECK(loaded.house.devices[0].serve->between == 150ms);
  CHECK(loaded.house.devices[0].serve->after_connect == 1s);
  // What is wrong is said once, by the adapter.
  const std::string wrong = shelf.problems(inverter("127.0.0.1:1502") + "    timeout: soon\n");
  CHECK(std::count(wrong.begin(), wrong.end(), '\n') == 1);
}

TEST_CASE("serve setting: a connection that is given back between rounds cannot be shared") {
  const Shelf shelf;
  const std::string release = "    release_connection: true\n";
  contains(shelf.problems(inverter("127.0.0.1:1502") + release), "leave `release_connection` out");
  CHECK(shelf.problems(inverter("127.0.0.1:1502") + "    release_connection: false\n").empty());
}

TEST_CASE("serve setting: a line that is served is a face: no broker is looked for") {
  const Shelf shelf;
  CHECK_FALSE(shelf.load(meter("127.0.0.1:2001")).house.has_broker);
  CHECK(shelf.load("mqtt: {}\n" + meter("127.0.0.1:2001")).house.has_broker);
}

TEST_CASE("serve setting: a wrong address is named with its place and what to write") {
  const Shelf shelf;
  CHECK(shelf.problems(meter("2001")).starts_with("F:6:12: devices.meter.serve: write an "));
  contains(shelf.problems(meter("localhost:2001")),
           "the address in numbers, no name: 127.0.0.1:2002");
  contains(shelf.problems(meter("{what: bytes}")), "no address: write `serve: 127.0.0.1:2001`");
  contains(shelf.problems(meter("{listen: }")), "devices.meter.serve");
  contains(shelf.problems(meter("[127.0.0.1:2001]")), "devices.meter.serve");
}

TEST_CASE("serve setting: slips and limits") {
  const Shelf shelf;
  const std::string port = shelf.problems(meter("{port: 2001}"));
  contains(port, "write `listen: 127.0.0.1:2001`, address and port in one");
  CHECK(port.find("no address") == port.npos);  // one slip, one problem
  contains(shelf.problems(meter("{listen: 127.0.0.1:2001, mode: bytes}")), "write `what: frames`");
  contains(shelf.problems(meter("{listen: 127.0.0.1:2001, clients: 17}")), "1 to 16");
  contains(shelf.problems(meter("{listen: 127.0.0.1:2001, what: all}")), "frames");
}

TEST_CASE("serve setting: one port, one use") {
  const Shelf shelf;
  contains(shelf.problems("web: {listen: 127.0.0.1:2001}\n" + meter("127.0.0.1:2001")),
           "this port is that of `web.listen` already");
  contains(shelf.problems("web: {listen: 127.0.0.1:2001}\n" + meter("0.0.0.0:2001")),
           "this port is that of `web.listen` already");
  CHECK(shelf.problems("questions: 127.0.0.1:2001\n" + meter("127.0.0.1:2001")).empty());  // UDP
  const std::string other =
      "  other:\n    adapter: p1\n    line: tcp://192.168.1.8:23\n    serve: 127.0.0.1:2001\n";
  const std::string twice = shelf.problems(meter("127.0.0.1:2001") + other);
  contains(twice, "devices.other.serve: this port is that of `devices.meter.serve` already");
  CHECK(shelf.problems(meter("127.0.0.2:2001") + other).empty());
}

TEST_CASE("serve setting: a device does not read what it serves") {
  const Shelf shelf;
  const std::string text =
      "devices:\n  meter:\n    adapter: p1\n    line: tcp://127.0.0.1:2001\n    serve: ";
  contains(shelf.problems(text + "127.0.0.1:2001\n"), "the line that the device itself reads");
  contains(shelf.problems(text + "0.0.0.0:2001\n"), "the line that the device itself reads");
  CHECK(shelf.problems(text + "127.0.0.1:2002\n").empty());
}

TEST_CASE("serve setting: beyond this machine it is warned of") {
  const Shelf shelf;
  CHECK(Shelf::told(shelf.load(meter("127.0.0.1:2001")).place_warnings).find("serve") ==
        std::string::npos);
  contains(Shelf::told(shelf.load(meter("192.168.1.5:2001")).place_warnings),
           "devices.meter.serve: every machine that reaches this address can read what this "
           "household does all day; 127.0.0.1 is for this machine alone");
  contains(Shelf::told(shelf.load(inverter("{listen: 0.0.0.0:1502, writes: true}")).place_warnings),
           "and write to the device: no password is asked for");
}
