// What a device sends no longer, while it sends the rest.
#include <doctest/doctest.h>

#include "model_rig.hpp"

using namespace gridtap;
using namespace gridtap::model;

namespace {

constexpr auto lease = 30s;
const Value volts = Decimal{2301, -1};

// A device that sends a telegram every `period`, of the keys that it is told to send.
struct Sender {
  explicit Sender(ModelRig& model, std::chrono::milliseconds every = 10s)
      : rig(model), period(every) {}
  void telegram(const std::vector<std::string_view>& keys, std::string_view channel = {}) {
    for (const std::string_view key : keys) rig.read("meter", key, volts, {}, channel);
    rig.say("meter", Frame{1});
    rig.say("meter", Alive{"", lease});
    if (!channel.empty()) rig.say("meter", Alive{channel, lease});
    rig.clock.advance(period);
  }
  void telegrams(int count, const std::vector<std::string_view>& keys) {
    for (int n = 0; n < count; ++n) telegram(keys);
  }
  ModelRig& rig;
  std::chrono::milliseconds period;
};

std::string shown(const ModelRig& rig, std::string_view key) {
  return to_text(rig.entity("meter", key).value());
}

}  // namespace

TEST_CASE("lapse: a voltage that is no longer sent is unknown after three periods") {
  ModelRig rig;
  Sender meter(rig, 20s);
  meter.telegrams(5, {"voltage_l1", "voltage_l2"});
  meter.telegrams(2, {"voltage_l1"});  // the last with L2 is 60 s old at their end
  CHECK(shown(rig, "voltage_l2") == "None");
  CHECK(shown(rig, "voltage_l1") == "230.1");
}

TEST_CASE("lapse: not before three periods") {
  ModelRig rig;
  Sender meter(rig, 20s);
  meter.telegrams(5, {"voltage_l1", "voltage_l2"});
  meter.telegram({"voltage_l1"});
  rig.read("meter", "voltage_l1", volts);
  rig.clock.advance(19s);
  CHECK(shown(rig, "voltage_l2") == "230.1");
  rig.clock.advance(1s);
  CHECK(shown(rig, "voltage_l2") == "None");
}

TEST_CASE("lapse: of what comes every second the stale time of the device counts") {
  ModelRig rig;
  Sender meter(rig, 1s);
  meter.telegrams(10, {"power_import", "voltage_l2"});
  meter.telegrams(28, {"power_import"});
  CHECK(shown(rig, "voltage_l2") == "230.1");
  meter.telegrams(1, {"power_import"});
  CHECK(shown(rig, "voltage_l2") == "None");
}

TEST_CASE("lapse: the stale time of the configuration goes before that of the adapter") {
  ModelRig rig;
  Options options;
  options.devices.push_back({"meter", "", 60s, 5min});
  rig.model = std::make_unique<Model>(options, rig.clock, rig.earlier, rig.log);
  Sender meter(rig, 1s);
  meter.telegrams(10, {"power_import", "voltage_l2"});
  meter.telegrams(298, {"power_import"});
  CHECK(shown(rig, "voltage_l2") == "230.1");
  meter.telegrams(1, {"power_import"});
  CHECK(shown(rig, "voltage_l2") == "None");
}

TEST_CASE("lapse: what has come once or twice is given 26 hours") {
  ModelRig rig;
  Sender meter(rig, 1min);
  rig.read("meter", "temperature", volts);
  meter.telegrams(2, {"power_import", "frequency"});
  meter.telegrams(26 * 60 - 3, {"power_import"});
  CHECK(shown(rig, "temperature") == "230.1");
  meter.telegrams(1, {"power_import"});
  CHECK(shown(rig, "temperature") == "None");
  CHECK(shown(rig, "frequency") == "230.1");
  meter.telegrams(1, {"power_import"});
  CHECK(shown(rig, "frequency") == "None");
}

TEST_CASE("lapse: what comes again is shown at once, and watched as before") {
  ModelRig rig;
  Sender meter(rig);
  meter.telegrams(4, {"power_import", "voltage_l2"});
  meter.telegrams(6, {"power_import"});
  REQUIRE(shown(rig, "voltage_l2") == "None");
  rig.diary.take();
  rig.read("meter", "voltage_l2", volts);
  CHECK(rig.diary.take() == Lines{"value meter voltage_l2 230.1"});
  meter.telegrams(70, {"power_import"});  // the pause was its longest period: 70 s
  CHECK(shown(rig, "voltage_l2") == "None");
}

TEST_CASE("lapse: a face hears of it once, and the log names what it was") {
  ModelRig rig;
  Sender meter(rig);
  meter.telegrams(4, {"power_import", "voltage_l2", "voltage_l3"});
  rig.diary.take();
  meter.telegrams(20, {"power_import"});
  CHECK(rig.diary.take() == Lines{"value meter voltage_l2 None", "value meter voltage_l3 None"});
  CHECK(rig.log.lines.size() == 1);
  CHECK(rig.log.lines.at(0).find("unknown from now on: voltage_l2, voltage_l3") !=
        std::string::npos);
}

TEST_CASE("lapse: attributes go with the value") {
  ModelRig rig;
  Sender meter(rig);
  for (int n = 0; n < 4; ++n) {
    rig.read("meter", "tariff", std::string_view("1"), R"({"name":"low"})");
    meter.telegram({"power_import"});
  }
  meter.telegrams(4, {"power_import"});
  CHECK(shown(rig, "tariff") == "None");
  CHECK(rig.entity("meter", "tariff").attributes() == "{}");
}

TEST_CASE("lapse: a device behind another one is watched by its own lease") {
  ModelRig rig;
  rig.identify_child("meter", "1", "heat", "H1");
  Sender meter(rig);
  for (int n = 0; n < 4; ++n) meter.telegram({"power", "flow"}, "1");
  for (int n = 0; n < 3; ++n) meter.telegram({"flow"}, "1");
  CHECK(to_text(rig.model->find("meter", "1")->find("power")->value()) == "None");
  CHECK(to_text(rig.model->find("meter", "1")->find("flow")->value()) == "230.1");
}

// ---- what no rule may touch ---------------------------------------------------------------------

TEST_CASE("lapse: totals, ratings and identities keep what they were") {
  ModelRig rig;
  Sender meter(rig);
  rig.read("meter", "power_rated", volts);
  meter.telegrams(4, {"power_import", "energy_import", "power_max"});
  meter.telegrams(27 * 360, {"power_import"});
  CHECK(shown(rig, "energy_import") == "230.1");
  CHECK(shown(rig, "power_max") == "230.1");
  CHECK(shown(rig, "power_rated") == "230.1");
}

TEST_CASE("lapse: values of the hour keep theirs, though an hour is left out") {
  ModelRig rig;
  Sender meter(rig, 10s);
  for (int hour = 0; hour < 3; ++hour) {
    rig.read("meter", "meter_clock", Timestamp{Instant{}});
    rig.read("meter", "voltage_l1", volts);
    meter.telegrams(358, {"power_import"});  // not quite an hour: meters drift
  }
  meter.telegrams(30 * 360, {"power_import"});
  CHECK(shown(rig, "voltage_l1") == "230.1");
  CHECK(shown(rig, "meter_clock") != "None");
}

TEST_CASE("lapse: two lists of different periods do not disturb each other") {
  ModelRig rig;
  Sender meter(rig, 2s);
  for (int minute = 0; minute < 10; ++minute) {
    rig.read("meter", "voltage_l1", volts);
    meter.telegrams(30, {"power_import"});
    CHECK(shown(rig, "voltage_l1") == "230.1");
  }
}

TEST_CASE("lapse: a node that sends in bursts is known by its longest pause") {
  ModelRig rig;
  Sender other(rig, 5s);
  other.telegram({"power_import"});
  for (int burst = 0; burst < 6; ++burst) {
    for (int n = 0; n < 5; ++n) {
      rig.read("meter", "temperature", volts);
      rig.clock.advance(1s);
    }
    other.telegrams(24, {"power_import"});
    if (burst > 0) CHECK(shown(rig, "temperature") == "230.1");
  }
}

TEST_CASE("lapse: a device that was offline for a night has three periods for each value") {
  ModelRig rig;
  Sender meter(rig);
  meter.telegrams(6, {"power_import", "voltage_l2"});
  rig.say("meter", Alive{"", 0s});
  rig.clock.advance(10h);
  CHECK(shown(rig, "voltage_l2") == "230.1");  // offline says it
  meter.telegrams(2, {"power_import"});
  CHECK(shown(rig, "voltage_l2") == "230.1");
  meter.telegrams(1, {"power_import"});
  CHECK(shown(rig, "voltage_l2") == "None");
}

TEST_CASE("lapse: a device that falls silent as a whole is offline soon, and no value is unknown") {
  ModelRig rig;
  Sender meter(rig, 2s);
  for (int list = 0; list < 8; ++list) {
    rig.read("meter", "voltage_l1", volts);
    meter.telegrams(5, {"power_import"});
  }
  rig.diary.take();
  rig.clock.advance(29s);
  CHECK(shown(rig, "voltage_l1") == "230.1");  // 37 s old
  CHECK(shown(rig, "power_import") == "230.1");
  rig.say("meter", Alive{"", 0s});
  CHECK(rig.diary.take() == Lines{"offline meter"});
}

TEST_CASE("lapse: a device that is online as long as its line is open has a value until then") {
  ModelRig rig;
  rig.say("meter", Alive{"", 24h * 3650});
  for (int n = 0; n < 5; ++n) {
    rig.read("meter", "temperature", volts);
    rig.clock.advance(4min);
  }
  CHECK(shown(rig, "temperature") == "230.1");
  rig.clock.advance(8min);
  CHECK(shown(rig, "temperature") == "None");
}

TEST_CASE("lapse: a pause of the line is no period") {
  ModelRig rig;
  Sender meter(rig);
  for (int day = 0; day < 3; ++day) {
    meter.telegrams(6, {"power_import", "voltage_l2"});
    rig.say("meter", Alive{"", 0s});
    rig.clock.advance(40min);
  }
  meter.telegrams(4, {"power_import"});
  CHECK(shown(rig, "voltage_l2") == "None");
}

TEST_CASE("lapse: what people set, what rules make and the health of the line stay") {
  ModelRig rig;
  Sender meter(rig);
  rig.say("meter", gridtap::Entity{"", find_spec("power_limit")});
  for (int n = 0; n < 4; ++n) {
    rig.say("meter", Reading{"", "hour_energy", "rule", volts});
    meter.telegram({"power_import", "power_limit", "frame_size"});
  }
  meter.telegrams(360, {"power_import"});
  CHECK(shown(rig, "hour_energy") == "230.1");
  CHECK(shown(rig, "power_limit") == "230.1");
  CHECK(shown(rig, "frame_size") == "230.1");
}

TEST_CASE("lapse: a cottage that is switched off for three months says offline, not unknown") {
  ModelRig rig;
  Sender meter(rig);
  meter.telegrams(6, {"power_import", "voltage_l1"});
  rig.say("meter", Alive{"", 0s});
  rig.diary.take();
  rig.clock.advance(24h * 90);
  CHECK(rig.diary.take().empty());
  meter.telegrams(4, {"power_import", "voltage_l1"});
  CHECK(shown(rig, "voltage_l1") == "230.1");
}
