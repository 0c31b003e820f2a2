// What an earlier run had and this one has not: waited for, then given up.
#include <doctest/doctest.h>

#include "model_rig.hpp"

using namespace gridtap;
using namespace gridtap::model;

namespace {

// A meter with an hourly alarm, as an earlier run left it.
void remember_alarm(ModelRig& rig, const std::vector<RememberedEntity>& more = {}) {
  RememberedDevice device{"meter", "meter", "E1", "E1", "", "", "", "", {}};
  device.entities.push_back({"hour_limit", Platform::number, true, true});
  device.entities.push_back({"hour_energy", Platform::sensor, false, true});
  device.entities.push_back({"gas", Platform::sensor});
  device.entities.push_back({"connected", Platform::binary_sensor, false, true});
  device.entities.insert(device.entities.end(), more.begin(), more.end());
  rig.earlier.devices["meter"] = device;
  rig.model->start();
}

}  // namespace

TEST_CASE("absence: a device that has not come yet misses nothing") {
  ModelRig rig;
  remember_alarm(rig);
  rig.clock.advance(240h);
  CHECK(rig.life("meter", "hour_limit") == Life::remembered);
}

TEST_CASE("absence: a setting is given up after half a minute, with the values of its rule") {
  ModelRig rig;
  remember_alarm(rig);
  rig.say("meter", Frame{1});
  CHECK(rig.life("meter", "hour_limit") == Life::missing);
  rig.clock.advance(29s);
  CHECK(rig.life("meter", "hour_limit") == Life::missing);
  rig.diary.take();
  rig.clock.advance(1s);
  CHECK(rig.diary.take() == Lines{"removed meter hour_limit", "removed meter hour_energy"});
  CHECK(rig.life("meter", "gas") == Life::missing);  // comes hourly: nothing is known against it
  CHECK(rig.life("meter", "connected") == Life::missing);
}

TEST_CASE("absence: a setting that is declared in time keeps the values of its rule") {
  ModelRig rig;
  remember_alarm(rig);
  rig.say("meter", gridtap::Entity{"", find_spec("hour_limit")});
  rig.say("meter", Frame{1});
  rig.clock.advance(1min);
  CHECK(rig.life("meter", "hour_limit") == Life::declared);
  CHECK(rig.life("meter", "hour_energy") == Life::missing);
}

TEST_CASE("absence: a button that was for what was held back takes no values with it") {
  ModelRig rig;
  remember_alarm(rig, {{"accept_readings", Platform::button, true}});
  rig.say("meter", gridtap::Entity{"", find_spec("hour_limit")});
  rig.say("meter", Frame{1});
  rig.clock.advance(1min);
  CHECK(rig.life("meter", "accept_readings") == Life::gone);
  CHECK(rig.life("meter", "hour_energy") == Life::missing);
}

TEST_CASE("absence: what a day did not bring is given up, and welcome back") {
  ModelRig rig;
  remember_alarm(rig);
  rig.say("meter", Frame{1});
  rig.clock.advance(24h + 59min);
  CHECK(rig.life("meter", "gas") == Life::missing);
  rig.clock.advance(1min);
  CHECK(rig.life("meter", "gas") == Life::gone);
  rig.read("meter", "gas", Decimal{1, 0});
  CHECK(rig.life("meter", "gas") == Life::seen);
}

TEST_CASE("absence: the gateway reports everything in one go, so what is missing then is gone") {
  ModelRig rig;
  rig.earlier.devices["gateway"] = {
      "gateway", "gateway", "gridtap",
      "",        "",        "",
      "",        "",        {{"relay_boiler", Platform::toggle, true, false}, {"version"}}};
  rig.model->start();
  rig.read("gateway", "version", std::string_view("1"));
  rig.say("gateway", Frame{0});
  CHECK(rig.life("gateway", "relay_boiler") == Life::gone);
  CHECK(rig.life("gateway", "version") == Life::seen);
}

TEST_CASE("absence: a device behind another one misses things from its first reading on") {
  ModelRig rig;
  rig.earlier.devices["meter_gas"] = {"meter_gas",           "meter", "G1", "G1", "", "", "", "",
                                      {{"gas"}, {"voltage"}}};
  rig.identify_child("meter", "1", "gas", "G1");
  rig.say("meter", Frame{1});
  const Device& gas = *rig.model->find("meter", "1");
  CHECK(gas.find("voltage")->life() == Life::remembered);
  rig.read("meter", "gas", Decimal{1, 0}, {}, "1");
  CHECK(gas.find("voltage")->life() == Life::missing);
  rig.clock.advance(26h);
  CHECK(gas.find("voltage") == nullptr);
  CHECK(gas.find("gas")->life() == Life::seen);
}
