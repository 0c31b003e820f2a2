// One connection and its units: turns, pauses, tries, answers in pieces, and answers that are none.
#include <doctest/doctest.h>

#include <string>

#include "adapters/sunspec/adapter.hpp"
#include "codec/modbus.hpp"
#include "support/adapter_pair.hpp"
#include "support/sunspec_map.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;
using namespace std::chrono_literals;

namespace {

// The gateway alone: its requests are answered by hand.
struct Desk {
  explicit Desk(std::vector<Member> settings = {}) : rig(&make, std::move(settings)) {
    CHECK(rig.problems == "");
  }
  // The request that is under way.
  modbus::Request request() {
    const std::string sent = rig.sent();
    modbus::FrameReader reader;
    reader.add(as_bytes(sent));
    const auto frame = reader.next();
    REQUIRE(frame);
    REQUIRE(*frame);
    last = modbus::parse_request(**frame).request;
    return last;
  }
  std::string answer() const {
    return modbus::encode_registers(last, std::vector<std::uint16_t>(last.count, 7));
  }

  AdapterRig rig;
  modbus::Request last;
};

TestMap inverter() {
  TestMap map;
  map.common("Maker", "S1");
  map.inverter();
  return map.end();
}

std::string found_on(std::string (*cut)(const std::string&, std::size_t)) {
  AdapterRig gateway(&make), device(std::make_unique<ModbusServer>(inverter().image));
  for (int n = 0; n < 200; ++n) {
    const std::string asked = gateway.sent();
    if (asked.empty()) break;
    device.feed(asked);
    const std::string answer = device.sent();
    for (std::size_t at = 0; at < answer.size();) {
      const std::string piece = cut(answer, at);
      gateway.feed(piece);
      at += piece.size();
    }
  }
  return gateway.said();
}

}  // namespace

TEST_CASE("sunspec connection: however an answer is cut, the same is read from it") {
  const std::string whole =
      found_on([](const std::string& answer, std::size_t at) { return answer.substr(at); });
  CHECK(lines_with(whole, "power ") == "power 5000 103.W\n");
  CHECK(found_on([](const std::string& answer, std::size_t at) { return answer.substr(at, 1); }) ==
        whole);
  CHECK(found_on([](const std::string& answer, std::size_t at) { return answer.substr(at, 7); }) ==
        whole);
}

TEST_CASE("sunspec connection: one request at a time, and the next one at once") {
  Desk desk;
  CHECK(desk.request().address == 40000);
  desk.rig.pass(900ms);
  CHECK(desk.rig.sent() == "");
  desk.rig.feed(desk.answer());  // no marker there
  CHECK(desk.request().address == 0);
  desk.rig.feed(desk.answer());
  CHECK(desk.request().address == 50000);
}

TEST_CASE(
    "sunspec connection: devices that need a pause get it, at the start and between requests") {
  Desk desk({{"delay_after_connect", plain("2s")}, {"delay_between_requests", plain("500ms")}});
  CHECK(desk.rig.sent() == "");
  desk.rig.pass(1999ms);
  CHECK(desk.rig.sent() == "");
  desk.rig.pass(1ms);
  desk.request();
  desk.rig.feed(desk.answer());
  desk.rig.pass(499ms);
  CHECK(desk.rig.sent() == "");
  desk.rig.pass(1ms);
  CHECK(desk.rig.sent() != "");
}

TEST_CASE("sunspec connection: a request is tried twice, each time with another number") {
  Desk desk;
  const modbus::Request first = desk.request();
  desk.rig.pass(4999ms);  // a search may take long
  CHECK(desk.rig.sent() == "");
  desk.rig.pass(1ms);
  const modbus::Request second = desk.request();
  CHECK(second.address == first.address);
  CHECK(second.transaction != first.transaction);
}

TEST_CASE("sunspec connection: three requests without any answer end the connection") {
  Desk desk({{"timeout", plain("100ms")}});
  desk.rig.adapter->on_close(desk.rig.now, desk.rig);  // of the rig's own opening
  (void)desk.rig.sent();
  desk.rig.adapter->on_open(desk.rig.now, desk.rig);
  const std::size_t before = desk.rig.writes;
  desk.rig.pass(31s);
  // Two tries of 5 s for each of three requests, the first of which went out at the opening; then
  // it is opened again, and asked again.
  CHECK(desk.rig.writes - before == 6);
}

TEST_CASE("sunspec connection: units take turns, and one that is slow does not hold up the other") {
  Desk desk({{"unit", list_of({plain("1"), plain("2")})}, {"timeout", plain("200ms")}});
  CHECK(desk.request().unit == 1);
  desk.rig.feed(desk.answer());
  CHECK(desk.request().unit == 2);
  desk.rig.pass(200ms);  // with two of them, a search has no longer than a read
  CHECK(desk.request().unit == 2);
  desk.rig.pass(200ms);
  CHECK(desk.request().unit == 1);
}

TEST_CASE("sunspec connection: an answer from another unit, function or size ends it") {
  const auto broken = [](auto change) {
    Desk desk;
    modbus::Request request = desk.request();
    std::vector<std::uint16_t> words(request.count, 1);
    change(request, words);
    desk.rig.feed(modbus::encode_registers(request, words));
    return lines_with(desk.rig.said(), "dropped");
  };
  using Words = std::vector<std::uint16_t>;
  CHECK(broken([](modbus::Request& r, Words&) { r.unit = 9; }) == "dropped bad_syntax 0\n");
  CHECK(broken([](modbus::Request& r, Words&) { r.function = modbus::Function::read_input; }) ==
        "dropped bad_syntax 0\n");
  CHECK(broken([](modbus::Request&, Words& words) { words.push_back(1); }) ==
        "dropped bad_syntax 0\n");
  CHECK(broken([](modbus::Request& r, Words&) { ++r.transaction; }) == "");  // late: it waits on
}

TEST_CASE("sunspec connection: bytes that are no Modbus end it, whatever they are") {
  for (const std::string& bytes :
       {std::string("SSH-2.0-OpenSSH_9.2\r\n"), std::string(300, '\xFF'), noise(300, 3)}) {
    Desk desk;
    desk.rig.feed(bytes);
    CHECK(lines_with(desk.rig.said(), "dropped bad_syntax") != "");
  }
}

TEST_CASE("sunspec connection: what comes without being asked for is not listened to") {
  Desk desk;
  const modbus::Request request = desk.request();
  desk.rig.feed(desk.answer());
  (void)desk.rig.said();
  modbus::Request old = request;
  desk.rig.feed(modbus::encode_registers(old, std::vector<std::uint16_t>(old.count, 1)));
  CHECK(desk.rig.said() == "");
}

TEST_CASE("sunspec connection: several units are devices with the unit in their name") {
  Desk desk({{"unit", list_of({plain("1"), plain("2")})}});
  const std::string said = desk.rig.said();
  CHECK(lines_with(said, "1: identified") != "");
  CHECK(lines_with(said, "2: identified") != "");
  desk.rig.command("power_limit", Decimal{50, 0}, "50", "2");
  CHECK(desk.rig.said().find("has not been found yet") != std::string::npos);
}

TEST_CASE("sunspec connection: settings beyond their limits are reported") {
  for (const auto& [key, value] :
       {std::pair{"timeout", "1ms"}, std::pair{"period", "10ms"}, std::pair{"base", "70000"},
        std::pair{"unit", "256"}, std::pair{"delay_between_requests", "1h"}}) {
    CAPTURE(key);
    AdapterRig rig(&make, {{key, value}});
    CHECK(rig.problems.find(key) != std::string::npos);
  }
}
