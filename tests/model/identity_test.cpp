// Who a device is, and what becomes of it when another one takes its place.
#include <doctest/doctest.h>

#include "model_rig.hpp"

using namespace gridtap;
using namespace gridtap::model;

TEST_CASE("identity: a serial number makes it at once, its absence after the wait") {
  ModelRig rig({"meter", "other"});
  rig.model->start();
  rig.identify("meter", "A/+#\x01 b-1_\xff");
  CHECK(rig.model->find("meter", "")->identity == "Ab-1_");
  rig.clock.advance(59s);
  CHECK(rig.model->find("other", "")->identity.empty());
  rig.clock.advance(1s);
  CHECK(rig.model->find("other", "")->identity == "other");
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
  rig.earlier.devices["meter"] = {"E1", "E1", {{"gas"}}};
  rig.model->start();
  CHECK(rig.model->find("meter", "")->identity == "E1");
  CHECK(rig.life("meter", "gas") == Life::remembered);
  rig.identify("meter", "E1");
  CHECK(rig.life("meter", "gas") == Life::remembered);
  rig.identify("meter", "E2");
  CHECK(rig.life("meter", "gas") == Life::gone);
}

TEST_CASE("identity: what another device of that name had is not recalled") {
  ModelRig rig;
  rig.earlier.devices["gateway"] = {"another base", "", {{"relay_boiler"}}};
  rig.model->start();
  CHECK(rig.model->all().front()->entity_count() == 0);
}
