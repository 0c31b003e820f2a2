// What is reported of a line that brings bytes and no answer of ours.

#include <string>

#include <doctest/doctest.h>

#include "adapters/kgf/adapter.hpp"
#include "adapters/kgf/lines.hpp"
#include "support/adapter_rig.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::kgf;
using namespace std::chrono_literals;

namespace {

std::string measured(int address) {
  const std::int64_t data[] = {5366, 5410, 416983, 289634, 1427701, 88851, 128, 0, 0, 1, 3, 4277};
  return answer_line('r', r_measurements, address, data);
}
std::string settings(std::size_t count) {
  std::vector<std::int64_t> data = {0, 0, 0, 0, 0, 100, 0, 0, 1000, 100, 100, 100, 0, 1, 1, 98, 4};
  while (data.size() < count) data.push_back(7);
  return answer_line('r', r_settings, 1, data);
}
// Each byte as the receiver of a crossed pair gets it, bit by bit.
std::string crossed(std::string text) {
  for (char& c : text) c = static_cast<char>((~static_cast<unsigned>(c) & 0x7F) << 1 | 1);
  return text;
}

struct Meter {
  explicit Meter(const AdapterRig::Settings& settings = AdapterRig::Settings())
      : rig(&make, settings) {}
  AdapterRig rig;
};

}  // namespace

TEST_CASE("kgf line: answers of another address are named after ten seconds, once") {
  Meter meter;
  std::string said;
  for (int second = 0; second < 25; ++second) {
    meter.rig.feed(read_request(50, 5) + measured(5));
    meter.rig.pass(1s);
    said += meter.rig.said();
  }
  CHECK(lines_with(said, "diagnosis") == "diagnosis address\n");
  CHECK(meter.rig.details.find("address 5 answers here, 1 does not: set address: 5") !=
        std::string::npos);
  CHECK(meter.rig.sent() == "");  // the display's line
}

TEST_CASE("kgf line: the end of the input names the others, too") {
  Meter meter;
  meter.rig.feed(measured(7) + measured(5) + measured(7));
  meter.rig.close();
  CHECK(meter.rig.details.find("address 7, 5 answers here") != std::string::npos);
}

TEST_CASE("kgf line: others beside one that answers are nobody's fault") {
  Meter meter(AdapterRig::Settings{{"mode", "passive"}});
  for (int second = 0; second < 25; ++second) {
    meter.rig.feed(measured(5) + measured(1));
    meter.rig.pass(1s);
  }
  meter.rig.close();
  CHECK(lines_with(meter.rig.said(), "diagnosis") == "");
}

TEST_CASE("kgf line: crossed wires are told, and one noise for the whole stretch") {
  Meter meter;
  meter.rig.feed(crossed(measured(1) + settings(17) + measured(1) + measured(1)));
  meter.rig.close();
  const std::string said = meter.rig.said();
  CHECK(lines_with(said, "diagnosis inverted") == "diagnosis inverted\n");
  CHECK(lines_with(said, "dropped").find('\n') == lines_with(said, "dropped").size() - 1);
}

TEST_CASE("kgf line: random bytes, with the colons and line ends that are in them, are one noise") {
  Dice dice(17);
  std::string bytes;
  for (int n = 0; n < 4000; ++n) bytes += static_cast<char>(dice(256));
  Meter whole, each, before;
  whole.rig.feed(bytes);
  each.rig.feed_each(bytes);
  CHECK(lines_with(whole.rig.said(), "dropped") == "");  // it may go on
  whole.rig.pass(1s);
  each.rig.close();
  const std::string dropped = "dropped noise 4000\n";
  CHECK(lines_with(whole.rig.said(), "dropped") == "dropped noise 3910\n");  // less a begun line
  CHECK(lines_with(each.rig.said(), "dropped noise") == dropped);
  before.rig.feed(bytes + measured(1));
  CHECK(lines_with(before.rig.said(), "dropped") == dropped);  // and comes before the line
}

TEST_CASE("kgf line: bytes that are no line at all name wires and speed") {
  Meter meter;
  std::string bytes;
  for (int n = 0; n < 300; ++n) bytes += static_cast<char>(n * 53 % 251);
  meter.rig.feed(bytes);
  CHECK(lines_with(meter.rig.said(), "diagnosis") == "diagnosis noise\n");
  CHECK(meter.rig.details.find("115200 8N1") != std::string::npos);
}

TEST_CASE("kgf line: a few bytes are judged after a while, fewer never") {
  Meter some, hardly;
  some.rig.feed(std::string(40, '\x91'));
  hardly.rig.feed(std::string(5, '\x91'));
  some.rig.pass(12s);
  hardly.rig.pass(12s);
  CHECK(lines_with(some.rig.said(), "diagnosis") != "");
  CHECK(lines_with(hardly.rig.said(), "diagnosis") == "");
}

TEST_CASE("kgf line: a good line among noise proves wires and speed") {
  Meter meter;
  meter.rig.feed(measured(1) + std::string(400, '\x91') + "\r\n");
  meter.rig.pass(12s);
  CHECK(lines_with(meter.rig.said(), "diagnosis") == "");
}

TEST_CASE("kgf line: our own request that comes back is no other master") {
  Meter meter;
  meter.rig.pass(3s);
  const std::string asked = meter.rig.sent();
  REQUIRE(asked != "");
  meter.rig.feed(asked);  // a half-duplex adapter
  meter.rig.feed(measured(1));
  meter.rig.pass(2s);
  CHECK(meter.rig.sent() != "");
}

TEST_CASE("kgf line: colons without a line behind them are no cut lines") {
  Meter meter(AdapterRig::Settings{{"mode", "passive"}});
  meter.rig.feed("::" + measured(1) + std::string(300, ':') + measured(1) + ":" + measured(1));
  const std::string said = meter.rig.said();
  CHECK(lines_with(said, "dropped") == "");
  CHECK(lines_with(said, "voltage ") ==
        "voltage 53.66 r50.0\nvoltage 53.66 r50.0\nvoltage 53.66 r50.0\n");
}

TEST_CASE("kgf line: settings of a KH-F are read as far as they are those of a KG-F") {
  Meter kg(AdapterRig::Settings{{"mode", "passive"}}),
      kh(AdapterRig::Settings{{"mode", "passive"}});
  kg.rig.feed(settings(17));
  kh.rig.feed(settings(26));
  const std::string of_kg = kg.rig.said(), of_kh = kh.rig.said();
  CHECK(lines_with(of_kg, "voltage_curve_scale") == "voltage_curve_scale 98 r51.15\n");
  CHECK(lines_with(of_kh, "voltage_curve_scale") == "");
  CHECK(lines_with(of_kh, "current_ratio") == "current_ratio 1 r51.14\n");
}
