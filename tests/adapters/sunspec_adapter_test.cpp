// A SunSpec device as its owner sees it: found, polled at its pace, and what it does to us.
#include "adapters/sunspec/adapter.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "codec/modbus.hpp"
#include "support/adapter_pair.hpp"
#include "support/sunspec_map.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;
using namespace std::chrono_literals;

namespace {

// A server with moods: answers nothing, or the same exception, to a unit.
class Server final : public ModbusServer {
 public:
  explicit Server(RegisterImage image) : ModbusServer(std::move(image)) {}
  void on_bytes(ByteView bytes, Now now, Effects& effects) override {
    const auto unit = bytes.size() > 6 ? bytes[6] : 0;
    ++requests;
    if (silent || unit == silent_unit) return;
    if (exception == 0) return ModbusServer::on_bytes(bytes, now, effects);
    modbus::FrameReader reader;
    reader.add(bytes);
    const auto asked = modbus::parse_request(**reader.next());
    const std::string answer = modbus::encode_exception(asked.request, exception);
    effects(Send{as_bytes(answer)});
  }
  RegisterImage& words() { return image(); }

  bool silent = false;
  std::uint8_t exception = 0;
  int silent_unit = -1;
  int requests = 0;
};

struct House {
  explicit House(TestMap map, std::vector<Member> settings = {})
      : House(std::make_unique<Server>(map.image), std::move(settings)) {}
  House(std::unique_ptr<Server> made, std::vector<Member> settings)
      : server(*made), gateway(&make, std::move(settings)), device(std::move(made)) {
    CHECK(gateway.problems == "");
    wires.connect(gateway, device);
  }
  std::string said(std::chrono::milliseconds time = 0ms) {
    wires.pass(time);
    return gateway.said();
  }
  std::string of(const std::string& begin, std::chrono::milliseconds time = 0ms) {
    return lines_with(said(time), begin);
  }

  Server& server;
  AdapterRig gateway, device;
  Wires wires;
};

TestMap inverter() {
  TestMap map;
  map.common("Maker", "S1");
  map.inverter();
  return map.end();
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; ++at) ++found;
  return found;
}

}  // namespace

TEST_CASE("sunspec: a device is found, identified, and its values are read at once") {
  House house(inverter());
  const std::string said = house.said();
  CHECK(said.starts_with("identified Maker|Model|S1|Maker_S1\n"));
  CHECK(lines_with(said, "power ") == "power 5000 103.W\n");
  CHECK(lines_with(said, "energy_produced") == "energy_produced 1.234 103.WH\n");
  CHECK(lines_with(said, "state ") == "state mppt 103.St\n");
  CHECK(lines_with(said, "problem") == "problem OFF computed\n");
  CHECK(count(said, "frame ") == 2);
}

TEST_CASE("sunspec: once a second, one request, on a grid that does not drift") {
  House house(inverter());
  house.said(0ms);
  const int before = house.server.requests;
  const std::string said = house.said(300s);
  CHECK(count(said, "power 5000") == 300);
  CHECK(house.server.requests - before == 300);
}

TEST_CASE("sunspec: models are read at their pace, and neighbours in one request") {
  TestMap map;
  map.common("Maker", "S1");
  map.inverter();
  map.add(120, 26);
  map.controls();
  map.add(160, 48);
  House house(map.end());
  house.said(0ms);
  const int before = house.server.requests;
  house.said(59s);
  CHECK(house.server.requests - before == 2 * 59);  // 103 and 160 are too far apart for one
  CHECK(house.of("power_limit ", 2s) == "power_limit 100.00 123.WMaxLimPct\n");
}

TEST_CASE(
    "sunspec: meters behind an inverter are devices of their own, beside it they have a prefix") {
  TestMap map;
  map.common("Maker", "S1");
  map.inverter();
  map.common("Meters", "M1");
  const std::uint16_t meter = map.add(203, 105);
  map.set(meter + 18U, 700);
  House house(map.end());
  const std::string said = house.said();
  CHECK(lines_with(said, "1: identified") == "1: identified Meters|Model|M1|Meters_M1\n");
  CHECK(lines_with(said, "1: power_net ") == "1: power_net 700 203.W\n");
  TestMap beside;
  beside.common("Maker", "S1");
  beside.inverter();
  beside.set(beside.add(203, 105) + 18U, 700);
  House together(beside.end());
  CHECK(together.of("meter_power_net ") == "meter_power_net 700 203.W\n");
}

TEST_CASE("sunspec: of several models with one key the newest supplies it, and only it") {
  TestMap map;
  map.common("Maker", "S1");
  map.inverter(103);
  const std::uint16_t der = map.add(701, 153);
  map.set(der + 10U, 4900);
  House house(map.end());
  CHECK(house.of("power ") == "power 4900 701.W\n");
}

TEST_CASE("sunspec: unknown models are reported and skipped, long ones are read in parts") {
  TestMap map;
  map.common("Maker", "S1");
  map.add(64777, 300);
  const std::uint16_t trackers = map.add(160, 248);
  map.set(trackers + 21U + 11 * 20U, 333);
  House house(map.end());
  const std::string said = house.said();
  CHECK(lines_with(said, "unknown") == "unknown 64777 \n");
  CHECK(lines_with(said, "mppt12_power") == "mppt12_power 333 160.12.DCW\n");
  CHECK(count(said, "frame ") == 3);
}

TEST_CASE("sunspec: options for the worst gateways still read everything") {
  for (const auto& setting :
       {Member{"max_count", plain("16")}, Member{"one_point_per_request", plain("true")}}) {
    TestMap map;
    map.common("Maker", "S1");
    map.inverter();
    House house(map.end(), {setting});
    const std::string said = house.said();
    CHECK(lines_with(said, "power ") == "power 5000 103.W\n");
    CHECK(lines_with(said, "energy_produced") == "energy_produced 1.234 103.WH\n");
  }
}

TEST_CASE("sunspec: a total that falls is held back, and an accumulator of zero has no value") {
  House house(inverter());
  house.said();
  const std::size_t total = 40069 + 25;
  house.server.words()[total] = 0;
  CHECK(house.of("energy_produced", 3s) == "");
  house.server.words()[total] = 1000;
  std::string said = house.said(1s);
  CHECK(lines_with(said, "held energy_produced") == "held energy_produced 1.000 fell\n");
  CHECK(lines_with(said, "energy_produced") == "");
  CHECK(house.of("energy_produced", 9min) == "");
  CHECK(house.of("energy_produced", 2min).starts_with("energy_produced 1.000"));  // confirmed
}

TEST_CASE("sunspec: a device that falls silent is retried, then offline, then asked less often") {
  House house(inverter());
  house.said(2s);
  house.server.silent = true;
  (void)house.gateway.leases();
  const std::string said = house.said(20s);
  CHECK(lines_with(said, "dropped timeout") != "");
  CHECK(count(said, "dropped timeout") <= 3);
  CHECK(house.gateway.leases().find("0\n") != std::string::npos);
  house.server.silent = false;
  CHECK(house.of("power ", 70s) != "");
}

TEST_CASE("sunspec: a unit that is away disturbs no other on the connection") {
  TestMap map = inverter();
  auto server = std::make_unique<Server>(map.image);
  server->silent_unit = 2;
  House house(std::move(server),
              {{"unit", list_of({plain("1"), plain("2")})}, {"timeout", plain("200ms")}});
  const std::string said = house.said(60s);
  CHECK(count(said, "1: power 5000") >= 50);
  CHECK(lines_with(said, "2: power") == "");
}

TEST_CASE("sunspec: a busy device is given time, a failing one backs off and comes back") {
  for (const std::uint8_t code : {std::uint8_t{6}, std::uint8_t{4}, std::uint8_t{11}}) {
    CAPTURE(int{code});
    House house(inverter());
    house.said(1s);
    house.server.exception = code;
    CHECK(house.of("power ", 10s) == "");
    CHECK(house.server.requests < 60);
    house.server.exception = 0;
    CHECK(house.of("power ", 70s) != "");
  }
}

TEST_CASE("sunspec: registers that are not there cost their points, and nothing else") {
  TestMap map;
  map.common("Maker", "S1");
  map.inverter();
  const std::uint16_t ratings = map.add(120, 26);
  map.end();
  map.image.erase(static_cast<std::uint16_t>(ratings + 10));
  House house(std::move(map));
  const std::string said = house.said(2s);
  CHECK(count(said, "power 5000") >= 2);
  CHECK(lines_with(said, "power_rated") != "");
}

TEST_CASE("sunspec: a model that vanishes is looked for once, then now and then") {
  TestMap map;
  map.common("Maker", "S1");
  map.inverter();
  const std::uint16_t trackers = map.add(160, 48);
  House house(map.end());
  house.said(10s);
  house.server.words().erase(static_cast<std::uint16_t>(trackers + 20));
  house.said(5s);
  const int before = house.server.requests;
  CHECK(count(house.said(60s), "power 5000") >= 59);
  CHECK(house.server.requests - before <= 62 * 5);  // what is left of it lies in pieces
}

TEST_CASE("sunspec: a map that changes under us is walked again") {
  House house(inverter());
  house.said(2s);
  TestMap longer;
  longer.common("Maker", "S1", 66);
  longer.inverter();
  house.server.words() = longer.end().image;
  house.gateway.reopen();
  CHECK(house.of("power ", 3s) != "");
}

TEST_CASE("sunspec: after a reconnect two reads find everything where it was") {
  House house(inverter());
  house.said(1s);
  house.gateway.reopen();
  const int before = house.server.requests;
  CHECK(house.of("power ", 0ms) == "power 5000 103.W\n");
  CHECK(house.server.requests - before == 3);
}

TEST_CASE("sunspec: a late answer to an abandoned request does not answer the next") {
  AdapterRig gateway(&make, {{"timeout", plain("100ms")}});
  const std::string first = gateway.sent();
  gateway.pass(5s);
  const std::string second = gateway.sent();
  CHECK(first.substr(2) == second.substr(2));
  CHECK(first.substr(0, 2) != second.substr(0, 2));
  gateway.feed(first.substr(0, 2) + hex("000000070103040000FFFF"));
  CHECK(gateway.sent() == "");  // still waiting
  gateway.feed(second.substr(0, 2) + hex("0000000701030453756E53"));
  CHECK(gateway.sent() != "");
}

TEST_CASE("sunspec: at night zero replaces unknown if configured") {
  TestMap map;
  map.common("Maker", "S1");
  const std::uint16_t at = map.inverter();
  map.set(at + 14U, 0x8000);
  map.set(at + 2U, 0xFFFF);
  map.set(at + 38U, 2);
  map.end();
  CHECK(House(map).of("power ", 1s) == "power None 103.W\npower None 103.W\n");
  CHECK(lines_with(House(map, {{"night_zero", plain("true")}}).said(2s), "power 0") != "");
}

TEST_CASE("sunspec: a device that sleeps is no error") {
  TestMap map;
  map.common("Maker", "S1");
  const std::uint16_t at = map.inverter();
  map.set(at + 38U, 2);
  House house(map.end());
  house.said(1s);
  house.server.silent = true;
  const std::string said = house.said(20s);
  CHECK(lines_with(said, "diagnosis") == "diagnosis asleep\n");
  house.gateway.close();
  CHECK(lines_with(house.gateway.said(), "diagnosis") == "");  // once is enough
  House other(map);
  other.said(1s);
  other.gateway.close();
  CHECK(lines_with(other.gateway.said(), "diagnosis") == "diagnosis asleep\n");
}

TEST_CASE("sunspec: signs are turned if configured") {
  TestMap map;
  map.common("Maker", "S1");
  map.set(map.add(203, 105) + 18U, 700);
  map.set(map.add(802, 62) + 47U, 300);
  House house(map.end(), {{"invert_power", plain("true")}, {"invert_battery", plain("true")}});
  const std::string said = house.said();
  CHECK(lines_with(said, "power_net ") == "power_net -700 203.W\n");
  CHECK(lines_with(said, "battery_power") == "battery_power -300 802.W\n");
}

TEST_CASE("sunspec: what makers do their own way is known by their name") {
  TestMap map;
  map.common("Elgris", "S1");
  const std::uint16_t meter = map.add(203, 105);
  map.set(meter + 18U, 70);
  map.set(meter + 22U, 1);  // tenths, they mean
  CHECK(House(map.end()).of("power_net ") == "power_net 7.0 203.W\n");
  TestMap plain_map;
  plain_map.common("Maker", "S1");
  const std::uint16_t other = plain_map.add(203, 105);
  plain_map.set(other + 18U, 70);
  plain_map.set(other + 22U, 1);
  CHECK(House(plain_map.end()).of("power_net ") == "power_net 700 203.W\n");
}

TEST_CASE("sunspec: expert points are published when configured") {
  TestMap map;
  map.common("Maker", "S1");
  map.set(map.add(704, 65) + 49U, 77);
  House house(map.end(), {{"points", list_of({plain("m704_wrmp")})}});
  CHECK(house.of("m704_wrmp") == "m704_wrmp 77 704.WRmp\n");
}

TEST_CASE("sunspec: a device that is asked seldom is not offline between two polls") {
  House house(inverter(), {{"period", plain("60s")}});
  (void)house.gateway.leases();
  CHECK(house.of("power ", 61s) != "");
  const std::string leases = house.gateway.leases();
  CHECK(leases.find("300000\n") != std::string::npos);
  CHECK(("\n" + leases).find("\n30000\n") == std::string::npos);
}

TEST_CASE(
    "sunspec: a shared box is left to others between polls, and asked for no more than them") {
  House house(inverter(), {{"release_connection", plain("true")}, {"period", plain("10s")}});
  CHECK(house.of("release") == "release 10000\n");
  const int before = house.server.requests;
  CHECK(house.of("power ", 10s) == "");  // it is closed
  house.gateway.adapter->on_open(house.gateway.now, house.gateway);
  CHECK(house.of("power ") == "power 5000 103.W\n");
  CHECK(house.server.requests - before == 1);
}

TEST_CASE("sunspec: what is no Modbus ends the connection") {
  AdapterRig gateway(&make);
  gateway.feed("HTTP/1.1 400 Bad Request\r\n");
  CHECK(lines_with(gateway.said(), "dropped bad_syntax") != "");
}

TEST_CASE("sunspec: invalid settings are reported with the remedy") {
  AdapterRig twice(&make, {{"unit", list_of({plain("1"), plain("1")})}});
  CHECK(twice.problems.find("a unit is listed twice") != std::string::npos);
  AdapterRig wide(&make, {{"max_count", plain("126")}});
  CHECK(wide.problems.find("max_count: must be from 2 to 125") != std::string::npos);
}
