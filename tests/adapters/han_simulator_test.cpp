// The played meters: their moments, their pace, their bytes; and that what they say of one another
// is true.

#include <set>

#include <doctest/doctest.h>

#include "adapters/han/played_meters.hpp"
#include "adapters/han/simulator.hpp"
#include "support/han_player.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::han;
using namespace std::chrono;

namespace {

constexpr sys_seconds morning = player_start;

const PlayedMeter& meter(std::string_view name) {
  const PlayedMeter* found = find_played_meter(name);
  REQUIRE(found != nullptr);
  return *found;
}

// The seconds of the hour at which lists begin, and their kinds: "0:2 2:1 4:1".
std::string schedule(std::string_view name, sys_seconds start, seconds time) {
  const PlayedMeter& played = meter(name);
  Player player("paced=false meter=" + std::string(name), start - 1ms);
  player.play(time);
  std::string said;
  for (const Player::Piece& piece : player.pieces) {
    const auto of_hour = piece.at.time_since_epoch() % 1h;
    const int kind = static_cast<int>(list_at(played, piece.at)) + 1;
    said += std::to_string(of_hour.count()) + ':' + std::to_string(kind) + ' ';
  }
  return said;
}

}  // namespace

TEST_CASE("han meters: each has a name and a serial number of its own") {
  std::set<std::string_view> names, serials;
  std::string listed;
  for (const PlayedMeter& each : played_meters()) {
    CHECK(names.insert(each.name).second);
    CHECK(serials.insert(each.serial).second);
    listed += (listed.empty() ? "" : ",") + std::string(each.name);
  }
  CHECK(listed == simulated_meters);
  CHECK(find_played_meter("nobody") == nullptr);
}

TEST_CASE("han meters: Kaifa pushes every two seconds, all it measures every ten, hours at ten") {
  CHECK(schedule("kaifa", morning - 4s, 18s) ==
        "3596000:1 3598000:1 0:2 2000:1 4000:1 6000:1 8000:1 10000:3 12000:1 ");
}

TEST_CASE("han meters: Aidon's list 1 comes every two and a half seconds") {
  CHECK(schedule("aidon", morning - 5s, 18s) ==
        "3595000:1 3597500:1 0:2 2500:1 5000:1 7500:1 10000:3 12500:1 ");
}

TEST_CASE("han meters: Kamstrup pushes every ten seconds, the hour five seconds after it") {
  CHECK(schedule("kamstrup", morning - 10s, 30s) == "3595000:2 5000:3 15000:2 ");
}

TEST_CASE("han meters: summer time changes on the last Sundays, at one o'clock UTC") {
  const sys_seconds spring{sys_days{2026y / March / 29} + 1h};
  const sys_seconds autumn{sys_days{2026y / October / 25} + 1h};
  CHECK_FALSE(is_summer_time(spring - 1s));
  CHECK(is_summer_time(spring));
  CHECK(is_summer_time(autumn - 1s));
  CHECK_FALSE(is_summer_time(autumn));
}

TEST_CASE(
    "han simulator: at 2400 baud with parity a byte takes 11 bits, and no longer list waits") {
  Player player("meter=kaifa");
  player.play(12s);
  REQUIRE(player.pieces.size() > 8);
  std::size_t sent = 0;
  const Instant begin = player.pieces.front().at;
  for (const Player::Piece& piece : player.pieces) {
    if (piece.at >= begin + 2s) break;
    CHECK(piece.bytes.size() <= 16);
    const auto due = begin + microseconds{sent * 11 * 1'000'000 / 2400};
    CHECK(piece.at >= floor<milliseconds>(due));
    CHECK(piece.at <= ceil<milliseconds>(due) + 1ms);
    sent += piece.bytes.size();
  }
}

TEST_CASE("han simulator: the pace changes nothing but the pieces") {
  for (const PlayedMeter& each : played_meters()) {
    CAPTURE(each.name);
    Player paced("meter=" + std::string(each.name));
    Player whole("paced=false meter=" + std::string(each.name));
    paced.play(59s);
    whole.play(59s);
    CHECK(paced.bytes == whole.bytes);
    CHECK(whole.bytes.size() > 1000);
  }
}

TEST_CASE("han simulator: a seed gives the same household, another one another") {
  const auto bytes_of = [](std::uint32_t seed) {
    Player player("", morning, seed);
    player.play(60s);
    return player.bytes;
  };
  CHECK(bytes_of(1) == bytes_of(1));
  CHECK(bytes_of(1) != bytes_of(2));
}

TEST_CASE("han simulator: a closed line is silent, one that opens again waits for its moment") {
  Player player("paced=false");
  player.play(30s);
  player.close();
  const std::size_t before = player.pieces.size();
  player.play(30s);
  CHECK(player.pieces.size() == before);
}

TEST_CASE("han simulator: it never listens") {
  Player player("");
  player.listen("anything");
  CHECK(player.bytes == "");
}

TEST_CASE("han simulator: a bad line damages lists, as many as are asked for") {
  Player good("paced=false"), bad("paced=false noise=100");
  good.play(120s);
  bad.play(120s);
  std::set<std::string> whole;
  for (const Player::Piece& piece : good.pieces) whole.insert(piece.bytes);
  CHECK(bad.pieces.size() > good.pieces.size() / 2);  // of some nothing is left
  for (const Player::Piece& piece : bad.pieces) CHECK_FALSE(whole.contains(piece.bytes));
}

TEST_CASE("han simulator: its settings have their limits") {
  CHECK(Player("serial=123").problems == "");
  CHECK(Player("serial=12345678901234567").problems != "");
  CHECK(Player("serial=A1").problems.find("1 to 16 digits, not 'A1'") != std::string::npos);
  CHECK(Player("meter=kaifas").problems.find("did you mean") != std::string::npos);
  CHECK(Player("noise=101").problems != "");
}

// ---- the household ------------------------------------------------------------------------------

TEST_CASE("household: a register is the exact integral of the power of each second") {
  Household house({3, 4200}, morning, 5);
  HouseholdState before = house.state();
  for (int n = 1; n <= 3 * 3600; ++n) {
    const std::int64_t net = before.net_w();
    house.advance(morning + seconds{n});
    const HouseholdState& after = house.state();
    CHECK(after.import_ws - before.import_ws == std::max<std::int64_t>(net, 0));
    CHECK(after.export_ws - before.export_ws == std::max<std::int64_t>(-net, 0));
    before = after;
  }
}

TEST_CASE("household: how often it is looked at changes nothing") {
  Household often({3, 0}, morning, 5), once({3, 0}, morning, 5);
  for (int n = 1; n <= 600; ++n) often.advance(morning + seconds{n});
  once.advance(morning + 600s);
  CHECK(often.state().import_ws == once.state().import_ws);
  CHECK(often.state().w == once.state().w);
  once.advance(morning);  // the past
  CHECK(often.state().import_ws == once.state().import_ws);
}

TEST_CASE("household: panels give back at noon and nothing at night") {
  Household house({3, 8000}, sys_seconds{sys_days{2026y / June / 20}}, 5);
  house.advance(sys_seconds{sys_days{2026y / June / 20} + 3h});
  CHECK(house.state().net_w() > 0);
  const std::int64_t night = house.state().export_ws;
  house.advance(sys_seconds{sys_days{2026y / June / 20} + 13h});
  CHECK(house.state().export_ws > night);
}

TEST_CASE("household: of a long pause only the last day is lived") {
  Household house({1, 0}, morning, 5);
  const std::int64_t before = house.state().import_ws;
  house.advance(morning + days{400});
  CHECK(house.state().time == morning + days{400});
  CHECK(house.state().import_ws - before < 24 * 3600 * std::int64_t{15'000});
}

// ---- bytes --------------------------------------------------------------------------------------

TEST_CASE("list writer: values are packed as in the standard") {
  ValueWriter body;
  body.array(1).structure(2).octets("ab").text("c").null().u16(0x0102).i16(-2).u32(3).u64(4);
  body.obis("1-0:0.2.129").scaler(-1, 33);
  CHECK(to_hex(as_bytes(body.bytes())) ==
        "0101"
        "0202"
        "09026162"
        "0A0163"
        "00"
        "120102"
        "10FFFE"
        "0600000003"
        "150000000000000004"
        "0906010000"
        "0281FF"
        "02020FFF1621");
}

TEST_CASE("list writer: counts from 128 and from 256 have forms of their own") {
  CHECK(to_hex(as_bytes(ValueWriter().structure(127).bytes())) == "027F");
  CHECK(to_hex(as_bytes(ValueWriter().structure(128).bytes())) == "028180");
  CHECK(to_hex(as_bytes(ValueWriter().structure(255).bytes())) == "0281FF");
  CHECK(to_hex(as_bytes(ValueWriter().structure(256).bytes())) == "02820100");
}

TEST_CASE("list writer: lists are as long as the meters' own") {
  const auto length = [](std::string_view name, ListKind kind) {
    const PlayedMeter& played = meter(name);
    Household house(played.house, morning, 1);
    const std::string frame = write_push(played, kind, house.state(), played.serial, {}, 0);
    return (static_cast<std::size_t>(frame[1]) & 7) << 8 | static_cast<unsigned char>(frame[2]);
  };
  CHECK(length("kaifa", ListKind::power) == 0x27);
  CHECK(length("kaifa", ListKind::measured) == 0x78);  // a type of seven letters
  CHECK(length("kaifa", ListKind::registers) == 0x9A);
  CHECK(length("kamstrup", ListKind::measured) == 0xE2);
}
