// From registers to readings: who a device is, which model supplies a key, signs, totals, night.
#include "adapters/sunspec/readings.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "support/adapter_rig.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;
using namespace std::chrono_literals;

namespace {

constexpr std::uint16_t unknown_16 = 0x8000, unknown_u16 = 0xFFFF;

// Registers of a chain, set by hand; everything is zero but the common models' texts.
class Rig final : public Effects {
 public:
  explicit Rig(const std::vector<std::pair<std::uint16_t, std::uint16_t>>& models,
               ReadingSettings settings = {})
      : readings(settings) {
    std::vector<FoundModel> chain;
    std::uint16_t address = 40002;
    for (const auto& [id, length] : models) {
      chain.push_back({id, address, length});
      address = static_cast<std::uint16_t>(address + 2 + length);
    }
    layout = lay_out(chain, "", {});
  }

  Rig& text(std::size_t model, std::size_t at, std::string_view text) {
    for (std::size_t n = 0; n < text.size(); ++n) {
      std::uint16_t& word = layout.models[model].words[at + n / 2];
      const auto byte = static_cast<std::uint16_t>(static_cast<unsigned char>(text[n]));
      word = static_cast<std::uint16_t>(n % 2 == 0 ? byte << 8 : word | byte);
    }
    return *this;
  }
  Rig& set(std::size_t model, std::size_t at, std::uint16_t word) {
    layout.models[model].words[at] = word;
    return *this;
  }
  std::string begin() {
    readings.begin(layout, *this);
    return std::exchange(said, {});
  }
  std::string publish(std::size_t model, std::chrono::milliseconds later = 1s) {
    now.mono += later;
    readings.publish(layout, layout.models[model], now, *this);
    return std::exchange(said, {});
  }

  Layout layout;
  Readings readings;
  Now now{Mono{1h}, {}};

 private:
  void operator()(const Effect& effect) override {
    const auto word = [](std::string_view text) { return std::string(text) + ' '; };
    std::visit(overloaded{
                   [&](const Identified& e) {
                     said += word("identified") + word(e.device.manufacturer) +
                             word(e.device.model) + word(e.device.firmware) +
                             word(e.device.serial) + std::string(e.device.identity) + '\n';
                   },
                   [&](const Reading& e) {
                     said += word(e.key) + word(to_text(e.value)) + std::string(e.source) + '\n';
                   },
                   [&](const Held& e) {
                     said += "held " + word(e.reading.key) + word(to_text(e.reading.value)) +
                             std::string(e.reason) + '\n';
                   },
                   [&](const Frame& e) {
                     said += "frame " + std::to_string(e.bytes) + (e.quiet ? " quiet" : "") + '\n';
                   },
                   [](const auto&) {},
               },
               effect);
  }
  std::string said;
};

// A common model and an inverter at work; model 1 of the layout is the inverter.
Rig inverter(std::string_view maker = "Maker", ReadingSettings settings = {}) {
  Rig rig({{1, 65}, {103, 50}}, settings);
  rig.text(0, 2, maker).text(0, 50, "S1");
  rig.set(1, 14, 5000).set(1, 25, 1234).set(1, 38, 4);
  return rig;
}

}  // namespace

TEST_CASE("sunspec readings: the common model identifies a device") {
  Rig rig({{1, 65}});
  rig.text(0, 2, "Fronius").text(0, 18, "Symo 8.2").text(0, 42, "3.1").text(0, 50, "123456");
  CHECK(rig.begin() == "identified Fronius Symo 8.2 3.1 123456 Fronius_123456\n");
}

TEST_CASE("sunspec readings: without a serial number a device has no identity of its own") {
  Rig rig({{1, 65}});
  rig.text(0, 2, "Maker");
  CHECK(rig.begin() == "identified Maker    \n");
}

TEST_CASE("sunspec readings: of two models with one key the newer supplies it") {
  Rig rig({{1, 65}, {103, 50}, {701, 153}});
  rig.set(1, 14, 5000).set(2, 10, 4900);
  rig.begin();
  CHECK(lines_with(rig.publish(1), "power ") == "");
  CHECK(lines_with(rig.publish(2), "power ") == "power 4900 701.W\n");
}

TEST_CASE(
    "sunspec readings: a newer model that does not implement a point leaves it to the older") {
  Rig rig({{1, 65}, {103, 50}, {701, 153}});
  rig.set(1, 14, 5000).set(2, 10, unknown_16);
  rig.begin();
  CHECK(lines_with(rig.publish(1), "power ") == "power 5000 103.W\n");
  CHECK(lines_with(rig.publish(2), "power ") == "");
}

TEST_CASE("sunspec readings: a total that falls is held back until polls agree for ten minutes") {
  Rig rig = inverter();
  rig.begin();
  CHECK(lines_with(rig.publish(1), "energy_produced") == "energy_produced 1.234 103.WH\n");
  rig.set(1, 25, 1000);
  for (int n = 0; n < 3; ++n) {
    CHECK(lines_with(rig.publish(1), "held") == "held energy_produced 1.000 fell\n");
  }
  CHECK(lines_with(rig.publish(1, 10min), "energy_produced") == "energy_produced 1.000 103.WH\n");
}

TEST_CASE("sunspec readings: zero of an accumulator means unused, and the last value holds") {
  Rig rig = inverter();
  rig.begin();
  rig.publish(1);
  rig.set(1, 25, 0);
  const std::string said = rig.publish(1);
  CHECK(said.find("energy_produced") == std::string::npos);
}

TEST_CASE("sunspec readings: a problem is a fault state, or any event that is set") {
  Rig rig = inverter();
  rig.begin();
  CHECK(lines_with(rig.publish(1), "problem") == "problem OFF computed\n");
  rig.set(1, 38, 7);
  CHECK(lines_with(rig.publish(1), "problem") == "problem ON computed\n");
  rig.set(1, 38, 4).set(1, 41, 2);
  CHECK(lines_with(rig.publish(1), "problem") == "problem ON computed\n");
  rig.set(1, 43, 1);  // a second event
  rig.publish(1);
  rig.set(1, 41, 0);
  CHECK(lines_with(rig.publish(1), "problem") == "problem ON computed\n");
  rig.set(1, 43, 0);
  CHECK(lines_with(rig.publish(1), "problem") == "problem OFF computed\n");
}

TEST_CASE("sunspec readings: an inverter sleeps by its state, or by hardly any power") {
  Rig rig = inverter();
  rig.begin();
  rig.publish(1);
  CHECK_FALSE(rig.readings.asleep());
  rig.set(1, 38, 2);  // sleeping
  rig.publish(1);
  CHECK(rig.readings.asleep());
  rig.set(1, 38, 4);
  rig.publish(1);
  CHECK_FALSE(rig.readings.asleep());
  rig.set(1, 14, 99);  // less than a fiftieth of 5000
  rig.publish(1);
  CHECK(rig.readings.asleep());
  rig.set(1, 14, 101);
  rig.publish(1);
  CHECK_FALSE(rig.readings.asleep());
}

TEST_CASE("sunspec readings: at night flows are unknown, or zero where the owner wants that") {
  for (const bool zero : {false, true}) {
    Rig rig = inverter("Maker", {.night_zero = zero});
    rig.set(1, 38, 2).set(1, 14, unknown_16).set(1, 2, unknown_u16).set(1, 10, unknown_u16);
    rig.begin();
    rig.publish(1);
    const std::string said = rig.publish(1);
    CHECK(lines_with(said, "power ") == (zero ? "power 0 103.W\n" : "power None 103.W\n"));
    CHECK(lines_with(said, "current ") == (zero ? "current 0 103.A\n" : "current None 103.A\n"));
    CHECK(lines_with(said, "voltage_l1 ") == "voltage_l1 None 103.PhVphA\n");  // no flow
  }
}

TEST_CASE("sunspec readings: signs of the grid and of the battery are the owner's to turn") {
  Rig rig({{1, 65}, {203, 105}, {802, 62}}, {.invert_power = true, .invert_battery = true});
  rig.set(1, 18, 700).set(2, 47, 300);
  rig.begin();
  CHECK(lines_with(rig.publish(1), "power_net ") == "power_net -700 203.W\n");
  CHECK(lines_with(rig.publish(2), "battery_power") == "battery_power -300 802.W\n");
}

TEST_CASE("sunspec readings: what is unknown stays unknown with its sign turned") {
  Rig rig({{1, 65}, {203, 105}}, {.invert_power = true});
  rig.set(1, 18, unknown_16);
  rig.begin();
  CHECK(lines_with(rig.publish(1), "power_net ") == "power_net None 203.W\n");
}

TEST_CASE("sunspec readings: a maker's ways are known by the beginning of its name") {
  Rig elgris = inverter("Elgris GmbH");
  elgris.set(1, 15, 1);  // it means a tenth
  elgris.begin();
  CHECK(lines_with(elgris.publish(1), "power ") == "power 500.0 103.W\n");
  Rig kostal = inverter("KOSTAL");
  kostal.set(1, 24, 0xFFFF).set(1, 25, 0xFFF6);  // minus ten
  kostal.begin();
  CHECK(lines_with(kostal.publish(1), "energy_produced") == "energy_produced 0.010 103.WH\n");
}

TEST_CASE("sunspec readings: what SMA reads back in model 123 supplies no key") {
  for (const auto& [maker, shown] : {std::pair{"SMA", false}, std::pair{"Maker", true}}) {
    Rig rig({{1, 65}, {123, 24}});
    rig.text(0, 2, maker).set(1, 5, 100);
    rig.begin();
    CHECK(rig.readings.profile(0).unverifiable_controls != shown);
    CHECK((rig.publish(1).find("power_limit ") != std::string::npos) == shown);
  }
}

TEST_CASE("sunspec readings: each model ends with its frame, quiet where it has no points") {
  Rig rig = inverter();
  rig.begin();
  CHECK(lines_with(rig.publish(1), "frame") == "frame 104\n");
  CHECK(lines_with(rig.publish(0), "frame") == "frame 134 quiet\n");
}

TEST_CASE("sunspec readings: only the first inverter of a device has a problem of its own") {
  Rig rig({{1, 65}, {103, 50}, {103, 50}});
  rig.begin();
  CHECK(lines_with(rig.publish(1), "problem") != "");
  CHECK(lines_with(rig.publish(2), "problem") == "");
}
