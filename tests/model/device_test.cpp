// Devices and entities as data: who has which name, and how many there may be.
#include "model/devices.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace gridtap::model;

namespace {

Options two_meters() {
  Options options;
  options.devices.resize(2);
  options.devices[0].id = "meter";
  options.devices[0].name = "House meter";
  options.devices[1].id = "meter_gas";
  return options;
}

Identified child(std::string_view channel, std::string_view suffix, std::string_view serial = {}) {
  return {channel, {suffix, serial, serial, "", "", ""}};
}

EntitySpec spec_named(std::string_view key) { return {.key = key}; }

}  // namespace

TEST_CASE("device: options are whole words") {
  EntitySpec spec = spec_named("it");
  spec.options = "on,off,opened";
  const model::Entity it(spec, "it", 0, Life::declared);
  for (const char* known : {"on", "off", "opened"}) CHECK(it.has_option(known));
  for (const char* other : {"", "o", "open", "on,off", "ON", "opened,"}) {
    CAPTURE(other);
    CHECK_FALSE(it.has_option(other));
  }
}

TEST_CASE("device: what Home Assistant takes for a number is known by unit, statistics, decimals") {
  const auto numeric = [](std::string_view key) { return is_numeric(*find_spec(key)); };
  for (const char* key : {"power_import", "gas", "frames_ok", "power_factor", "hour_limit"}) {
    CAPTURE(key);
    CHECK(numeric(key));
  }
  for (const char* key : {"message", "tariff", "meter_time", "cause", "connected", "last_error"}) {
    CAPTURE(key);
    CHECK_FALSE(numeric(key));
  }
}

TEST_CASE("device: a level is given once, and a refused key is remembered as such") {
  Device device;
  model::Entity* const first = device.add(spec_named("Temp.1"), Life::seen);
  REQUIRE(first != nullptr);
  CHECK(first->level() == "temp_1");
  CHECK(device.find("Temp.1") == first);
  CHECK(device.find_level("temp_1") == first);
  CHECK(device.add(spec_named("temp 1"), Life::seen) == nullptr);
  CHECK(device.refused("temp 1"));
  CHECK_FALSE(device.refused("Temp.1"));
  CHECK(device.add(spec_named("status"), Life::seen) == nullptr);
  CHECK(device.add(spec_named(""), Life::seen) == nullptr);
  device.erase(*first);
  CHECK(device.find("Temp.1") == nullptr);
  CHECK(device.find_level("temp_1") == nullptr);
}

TEST_CASE("device: an entity keeps its place when it gets another spec") {
  Device device;
  model::Entity* const it = device.add(spec_named("it"), Life::seen);
  EntitySpec other = spec_named("it");
  other.unit = "W";
  it->respecify(other);
  CHECK(device.find("it") == it);
  CHECK(it->spec().unit == "W");
}

TEST_CASE("device: keys without end are refused, and cost no memory without end") {
  Device device;
  std::size_t added = 0;
  for (int n = 0; n < 10'000; ++n)
    added += device.add(spec_named("k" + std::to_string(n)), Life::seen) != nullptr;
  CHECK(added == max_entities);
  CHECK(device.entity_count() == max_entities);
}

TEST_CASE("devices: the gateway comes first, configured ones after it, each with its topic") {
  const Options options = two_meters();
  Devices devices(options);
  REQUIRE(devices.all().size() == 3);
  CHECK(devices.all()[0]->is_gateway());
  CHECK(devices.all()[0]->name == "Gridtap");
  CHECK(devices.find("meter", "")->name == "House meter");
  CHECK(devices.find("meter_gas", "")->name == "Meter gas");
  CHECK(devices.find("meter", "1") == nullptr);
  CHECK(devices.find("nobody", "") == nullptr);
  CHECK(devices.find_handle("meter_gas") == devices.find("meter_gas", ""));
}

TEST_CASE("devices: a channel is bound to a topic of its own, behind its parent") {
  const Options options = two_meters();
  Devices devices(options);
  Device* const water = devices.bind("meter", child("2", "water", "W1")).device;
  REQUIRE(water != nullptr);
  CHECK(water->handle == "meter_water");
  CHECK(water->name == "House meter water");
  CHECK(water->parent == devices.find("meter", ""));
  CHECK(devices.find("meter", "2") == water);
  CHECK(devices.bind("meter", child("2", "water", "W1")).device == water);
  CHECK(devices.bind("meter", child("", "")).device == devices.find("meter", ""));
  CHECK(devices.bind("nobody", child("1", "gas")).device == nullptr);
  CHECK(devices.bind("meter", child("9", "")).device->handle == "meter_9");  // by its channel
}

TEST_CASE("devices: one behind another is called by what it is, and has its topic by its channel") {
  const Options options = two_meters();
  Devices devices(options);
  Identified roof = child("1", "1", "S1");
  roof.device.title = "battery";
  const Device* const device = devices.bind("meter", roof).device;
  REQUIRE(device != nullptr);
  CHECK(device->name == "House meter battery");
  CHECK(device->handle == "meter_1");
}

TEST_CASE("devices: a taken topic is refused, and reported once") {
  const Options options = two_meters();
  Devices devices(options);
  const Devices::Bound first = devices.bind("meter", child("1", "gas", "G1"));
  CHECK(first.device == nullptr);  // a configured device has that name
  CHECK(first.refusal == Devices::Refusal::taken);
  CHECK(devices.bind("meter", child("1", "gas", "G1")).refusal == Devices::Refusal::none);
}

TEST_CASE("devices: a dead child's topic goes to a newcomer with a serial number only") {
  const Options options = two_meters();
  Devices devices(options);
  Device* const old = devices.bind("meter", child("1", "heat", "H1")).device;
  old->alive = true;
  CHECK(devices.bind("meter", child("2", "heat", "H2")).device == nullptr);
  old->alive = false;
  CHECK(devices.bind("meter", child("3", "heat")).device == nullptr);
  CHECK(devices.bind("meter", child("2", "heat", "H2")).device == old);
  CHECK(old->channel == "2");
  CHECK(devices.find("meter", "1") == nullptr);
  CHECK(devices.bind("meter", child("1", "heat_2", "H1")).device->handle == "meter_heat_2");
}

TEST_CASE("devices: a channel that changes its name leaves the old topic offline and free") {
  const Options options = two_meters();
  Devices devices(options);
  Device* const before = devices.bind("meter", child("1", "heat", "H1")).device;
  before->alive = true;
  Device* const after = devices.bind("meter", child("1", "cooling", "H1")).device;
  CHECK(after != before);
  CHECK_FALSE(before->online());
  CHECK(devices.bind("meter", child("2", "heat")).device == before);
}

TEST_CASE("device: a place that is free again is given to the next entity") {
  Device device;
  for (const char* key : {"a", "b", "c"}) device.add(spec_named(key), Life::seen);
  device.erase(*device.find("b"));
  CHECK(device.find("b") == nullptr);
  CHECK(device.find("c")->slot() == 2);
  CHECK(device.add(spec_named("d"), Life::seen)->slot() == 1);
  CHECK(device.find("d")->key() == "d");
  CHECK(device.entity_count() == 3);
}
