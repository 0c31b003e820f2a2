// Who a device is, and what becomes of it when another one takes its place.
#include <doctest/doctest.h>

#include "model_rig.hpp"

using namespace gridtap;
using namespace gridtap::model;

namespace {

RememberedDevice known_device(const char* handle, const char* id, const char* identity) {
  return {handle, id, identity, identity, identity, "Maker", "M1", "1.0", {{"gas"}}};
}

}  // namespace

TEST_CASE("identity: a serial number makes it at once, its absence after the wait") {
  ModelRig rig({"meter", "other"});
  rig.model->start();
  rig.identify("meter", "A/+#\x01 b-1_\xff");
  CHECK(rig.model->find("meter", "")->identity == "Ab-1_");
  rig.clock.advance(59s);
  CHECK(rig.model->find("other", "")->identity.empty());
  rig.clock.advance(1s);
  CHECK(rig.model->find("other", "")->identity == "gridtap_other");
}

TEST_CASE("identity: two devices with one serial number are two") {
  ModelRig rig({"p1", "han"});
  rig.identify("p1", "SAME");
  rig.identify("han", "SAME");
  CHECK(rig.model->find("p1", "")->identity == "SAME");
  CHECK(rig.model->find("han", "")->identity == "SAME_han");
}

TEST_CASE("identity: another serial number: what was known goes, what was declared stays empty") {
  ModelRig rig;
  rig.identify("meter", "OLD");
  EntitySpec limit = *find_spec("power_limit");
  rig.say("meter", gridtap::Entity{"", &limit});
  rig.read("meter", "power_limit", Decimal{80, 0});
  rig.read("meter", "voltage_l3", Decimal{230, 0}, R"({"a":1})");
  rig.diary.take();
  rig.identify("meter", "NEW");
  CHECK(rig.diary.take() == Lines{"identity meter OLD", "replaced meter",
                                  "removed meter voltage_l3", "identity meter NEW"});
  CHECK(rig.life("meter", "power_limit") == Life::declared);
  CHECK_FALSE(rig.entity("meter", "power_limit").has_value());
  rig.read("meter", "voltage_l3", Decimal{231, 0});
  CHECK(rig.diary.take() == Lines{"entity meter voltage_l3", "value meter voltage_l3 231"});
}

TEST_CASE("identity: an earlier run's is recalled, and only another serial number ends it") {
  ModelRig rig;
  rig.earlier.devices["meter"] = known_device("meter", "meter", "E1");
  rig.model->start();
  CHECK(rig.model->find("meter", "")->identity == "E1");
  CHECK(rig.life("meter", "gas") == Life::remembered);
  rig.identify("meter", "E1");
  CHECK(rig.life("meter", "gas") == Life::remembered);
  rig.identify("meter", "E2");
  CHECK(rig.life("meter", "gas") == Life::gone);
}

TEST_CASE("identity: the gateway stays who it was first, also under another base") {
  ModelRig rig;
  rig.earlier.devices["gateway"] = known_device("gateway", "gateway", "first_base");
  rig.model->start();
  CHECK(rig.model->all().front()->identity == "first_base");
  CHECK(rig.life("gateway", "gas") == Life::remembered);
}

TEST_CASE("identity: one that is known is shown soon, with what it said of itself") {
  ModelRig rig;
  rig.earlier.devices["meter"] = known_device("meter", "meter", "E1");
  rig.model->start();
  rig.diary.take();
  rig.clock.advance(Model::recalled_wait);
  CHECK(rig.diary.take() == Lines{"identity meter E1"});
  CHECK(rig.model->find("meter", "")->identified);
  CHECK(rig.model->find("meter", "")->manufacturer == "Maker");
}

TEST_CASE("identity: what a device says of itself goes before what an earlier run knew") {
  ModelRig rig;
  rig.earlier.devices["meter_gas"] = known_device("meter_gas", "meter", "G1");
  rig.model->start();
  rig.say("meter", Identified{"1", {"gas", "G1", "G1", "New maker", "", ""}});
  CHECK(rig.model->find("meter", "1")->identity == "G1");
  CHECK(rig.model->find("meter", "1")->manufacturer == "New maker");
  CHECK(rig.model->find("meter", "1")->model == "");
}

TEST_CASE("identity: a device that had another id is recognized, and what it had is recalled") {
  ModelRig rig({"house"});
  rig.earlier.devices["meter"] = known_device("meter", "meter", "E1");
  rig.model->start();
  rig.identify("house", "E1");
  CHECK(rig.diary.take() ==
        Lines{"identity house ", "adopted house meter", "entity house gas", "identity house E1"});
  CHECK(rig.life("house", "gas") == Life::remembered);
}

TEST_CASE("identity: what came before the identity is not recalled once more") {
  ModelRig rig({"house"});
  rig.earlier.devices["meter"] = known_device("meter", "meter", "E1");
  rig.model->start();
  rig.read("house", "gas", Decimal{5, 0});
  rig.identify("house", "E1");
  CHECK(rig.life("house", "gas") == Life::seen);
}

TEST_CASE("identity: a configured device keeps its past, whoever has its serial number now") {
  ModelRig rig({"meter", "house"});
  rig.earlier.devices["meter_gas"] = known_device("meter_gas", "meter", "G1");
  rig.model->start();
  rig.identify("house", "G1");
  CHECK(rig.life("house", "gas") == Life::gone);
}

TEST_CASE("identity: a meter behind a device is recognized when its channel has another name") {
  ModelRig rig;
  rig.earlier.devices["meter_gas_2"] = known_device("meter_gas_2", "meter", "G1");
  rig.model->start();
  rig.say("meter", Identified{"1", {"gas", "G1", "G1", "", "", ""}});
  rig.clock.advance(1s);
  CHECK(rig.model->find("meter", "1")->identity == "G1");
  CHECK(rig.model->find_handle("meter_gas")->find("gas") != nullptr);
}
