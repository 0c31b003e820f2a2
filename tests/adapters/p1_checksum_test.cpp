// Meters whose checksum is another one than the standard's: noticed after three telegrams.

#include <cstdio>
#include <string>

#include <doctest/doctest.h>

#include "support/p1_house.hpp"

using namespace gridtap;
using namespace gridtap::p1;

namespace {

std::string body(int watts, std::string_view header = "/TST5other") {
  return std::string(header) + "\r\n\r\n1-3:0.2.8(50)\r\n1-0:1.7.0(" + std::to_string(watts) +
         "*W)\r\n1-0:1.8.0(000012.345*kWh)\r\n!";
}
std::string digits(std::uint16_t value) {
  char text[8];
  std::snprintf(text, sizeof text, "%04X", static_cast<unsigned>(value));
  return text;
}
std::string x25(int watts, std::string_view header = "/TST5other") {
  const std::string text = body(watts, header);
  return text + digits(crc16_x25(as_bytes(text))) + "\r\n";
}
std::string arc(int watts, std::string_view header = "/TST5other") {
  return with_crc(body(watts, header));
}
std::string wrong(int watts) { return body(watts) + "0000\r\n"; }

// The powers that came out, and what was dropped: "1 2 3 x ".
struct Meter {
  using Settings = HouseRig::Settings;
  explicit Meter(const Settings& settings = Settings()) : rig(settings) {}
  std::string take_all(std::initializer_list<std::string> telegrams) {
    std::string out;
    for (const std::string& telegram : telegrams) out += short_of(rig.take(telegram));
    return out;
  }
  static std::string short_of(const Heard& heard) {
    std::string out;
    for (std::size_t at = 0;
         (at = heard.readings.find("power_import ", at)) != std::string::npos;) {
      at += std::string_view("power_import ").size();
      out += heard.readings.substr(at, heard.readings.find('\n', at) - at) + ' ';
    }
    for (const char c : heard.dropped) out += c == '\n' ? "x " : "";
    return out;
  }

  HouseRig rig;
};

}  // namespace

TEST_CASE("p1 checksum: the third telegram that fits X-25 lets all three out, in order") {
  Meter meter;
  CHECK(meter.take_all({x25(1)}) == "");
  CHECK(meter.take_all({x25(2)}) == "");
  CHECK(meter.take_all({x25(3)}) == "1 2 3 ");
  CHECK(meter.take_all({x25(4), wrong(5), x25(6)}) == "4 x 6 ");
}

TEST_CASE("p1 checksum: the same telegram again decides nothing") {
  Meter meter;
  CHECK(meter.take_all({x25(1), x25(1), x25(1), x25(2)}) == "");
  CHECK(meter.take_all({x25(3)}) == "1 2 3 ");
}

TEST_CASE("p1 checksum: a telegram that fits neither breaks the row") {
  Meter meter;
  CHECK(meter.take_all({x25(1), x25(2), wrong(3)}) == "x x x ");
  CHECK(meter.take_all({x25(4), x25(5), x25(6)}) == "4 5 6 ");
}

TEST_CASE("p1 checksum: a meter with one ARC telegram never changes") {
  Meter meter;
  CHECK(meter.take_all({arc(1), x25(2), x25(3), x25(4), x25(5), arc(6)}) == "1 x x x x 6 ");
  Meter late;
  CHECK(late.take_all({x25(1), x25(2), arc(3)}) == "3 x x ");
}

TEST_CASE("p1 checksum: what was decided outlives a restart, for that header") {
  Meter first;
  (void)first.take_all({x25(1), x25(2), x25(3)});
  const std::string state = first.rig.adapter().state();
  Meter second;
  second.rig.adapter().restore(state);
  CHECK(second.take_all({x25(4)}) == "4 ");
  Meter other;
  other.rig.adapter().restore(state);
  CHECK(other.take_all({x25(4, "/TST5third")}) == "");
}

TEST_CASE("p1 checksum: back to ARC only after three that fit ARC alone") {
  Meter meter;
  (void)meter.take_all({x25(1), x25(2), x25(3)});
  CHECK(meter.take_all({arc(4), x25(5)}) == "5 x ");
  CHECK(meter.take_all({arc(6), arc(7), arc(8)}) == "6 7 8 ");
  CHECK(meter.take_all({arc(9), x25(10)}) == "9 x ");
}

TEST_CASE("p1 checksum: the end of the line lets out what waits, where all have fitted") {
  WireRig rig;
  rig.feed(x25(1) + x25(2));
  rig.close();
  CHECK(rig.texts.size() == 2);
  WireRig broken;
  broken.feed(wrong(1) + x25(2));
  broken.close();
  CHECK(broken.texts.empty());
}

TEST_CASE("p1 checksum: a set algorithm is the only one that counts") {
  Meter x(Meter::Settings{{"checksum", "x25"}}), a(Meter::Settings{{"checksum", "arc"}});
  CHECK(x.take_all({x25(1), arc(2)}) == "1 x ");
  CHECK(a.take_all({arc(1), x25(2), x25(3), x25(4)}) == "1 x x x ");
  CHECK(Meter(Meter::Settings{{"checksum", "crc"}}).rig.problems != "");
}

TEST_CASE("p1 checksum: none reads by the form alone, whatever the digits are") {
  Meter meter(Meter::Settings{{"checksum", "none"}});
  std::string twice;
  for (const std::string& telegram : {wrong(1), x25(2), arc(3)}) {
    twice += Meter::short_of(meter.rig.take(telegram));
  }
  CHECK(twice == "1 2 3 ");
  std::string damaged = wrong(4);
  damaged[damaged.find("1-0:1.8.0")] = '\x01';
  CHECK(Meter::short_of(meter.rig.take(damaged)) == "x ");
}

TEST_CASE("p1 checksum: ten whole telegrams that fit nothing are a cause, nine are none") {
  WireRig rig;
  for (int n = 0; n < 9; ++n) rig.feed(wrong(n));
  CHECK(rig.said().find("diagnosis") == std::string::npos);
  rig.feed(wrong(9));
  CHECK(rig.said().find("diagnosis checksum") != std::string::npos);
  WireRig good;
  for (int n = 0; n < 30; ++n) good.feed(n % 5 == 0 ? arc(n) : wrong(n));
  CHECK(good.said().find("diagnosis") == std::string::npos);
}
