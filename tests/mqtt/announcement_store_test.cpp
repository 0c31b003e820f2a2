#include "mqtt/announcement_store.hpp"

#include <doctest/doctest.h>

#include "core/record.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

DeviceRecord meter_record() {
  DeviceRecord record;
  record.id = "meter";
  record.identity = record.wire_identity = "E0042";
  record.form = BridgeOptions::Discovery::device;
  record.serial = "E0042";
  record.manufacturer = "Iskraemeco";
  record.model = "AM550 1";
  record.firmware = "";
  record.topics = Topics("gridtap", "homeassistant");
  record.node = "gridtap_E0042";
  record.components = {{"power_import", Platform::sensor, false, false, false, 0, ""},
                       {"hour_limit", Platform::number, true, false, false, -1, ""},
                       {"tariff", Platform::sensor, false, true, true, -1, "1,2,code7"}};
  return record;
}

}  // namespace

TEST_CASE("announcement store: a record comes back as it was written") {
  MemoryStore store;
  AnnouncementStore announcements(store);
  announcements.write("meter", meter_record());
  const auto record = announcements.read("meter");
  REQUIRE(record);
  CHECK(record->id == "meter");
  CHECK(record->identity == "E0042");
  CHECK(record->wire_identity == "E0042");
  CHECK(record->form == BridgeOptions::Discovery::device);
  CHECK(record->manufacturer == "Iskraemeco");
  CHECK(record->model == "AM550 1");
  CHECK(record->topics == Topics("gridtap", "homeassistant"));
  CHECK(record->node == "gridtap_E0042");
  CHECK_FALSE(record->renamed);
  REQUIRE(record->components.size() == 3);
  CHECK(record->components[0].decimals == 0);
  CHECK(record->components[1].platform == Platform::number);
  CHECK(record->components[1].declared);
  CHECK(record->components[2].by_rule);
  CHECK(record->components[2].has_attributes);
  CHECK(record->components[2].options == "1,2,code7");
}

TEST_CASE("announcement store: devices are listed until they are forgotten") {
  MemoryStore store;
  AnnouncementStore announcements(store);
  announcements.write("meter", meter_record());
  announcements.write("meter_gas", meter_record());
  announcements.write("meter", meter_record());
  CHECK(announcements.topics() == std::vector<std::string>{"meter", "meter_gas"});
  announcements.forget("meter");
  CHECK(announcements.topics() == std::vector<std::string>{"meter_gas"});
  CHECK_FALSE(announcements.read("meter"));
}

TEST_CASE("announcement store: a damaged record is no record") {
  MemoryStore store;
  AnnouncementStore announcements(store);
  announcements.write("meter", meter_record());
  std::string& text = store.texts["mqtt.device.meter"];
  const std::string good = text;
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    text = good.substr(0, cut);
    CHECK_FALSE(announcements.read("meter"));
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    text = good;
    text[at] = static_cast<char>(text[at] ^ 0x15);
    CHECK_FALSE(announcements.read("meter"));
  }
}

TEST_CASE("announcement store: a malformed component is left out, the others are not") {
  MemoryStore store;
  AnnouncementStore announcements(store);
  store.texts["mqtt.device.meter"] = RecordWriter()
                                         .add("device", "meter")
                                         .add("component")
                                         .add("component", "", "sensor", "", 0, "")
                                         .add("component", "a", "toaster", "", 0, "")
                                         .add("component", "b", "sensor", "", 1000, "")
                                         .add("component", "c", "sensor", "", 0, "")
                                         .add("other", "d", "sensor", "", 0, "")
                                         .text();
  REQUIRE(announcements.read("meter"));
  REQUIRE(announcements.read("meter")->components.size() == 1);
  CHECK(announcements.read("meter")->components[0].key == "c");
}

TEST_CASE("announcement store: any byte may be in a name or an option") {
  MemoryStore store;
  AnnouncementStore announcements(store);
  DeviceRecord record = meter_record();
  record.components[0].key = "a\tb";
  record.components[0].options = "on and off,\"yes\"\n";
  announcements.write("meter", record);
  const auto read = announcements.read("meter");
  REQUIRE(read);
  CHECK(read->components[0].key == "a\tb");
  CHECK(read->components[0].options == "on and off,\"yes\"\n");
}

// ---- the version before -------------------------------------------------------------------------

namespace {

constexpr std::string_view meter_1 =
    "gridtap 1\ndevice\tmeter\nidentity\tE0042\tE0042\nannounced\tdevice\tgridtap\thomeassistant\n"
    "component\tpower_import\tsensor\t\t0\t\ncomponent\thour_limit\tnumber\td\t-1\t\n"
    "component\ttariff\tsensor\tra\t-1\t1,2,code7\n";

}  // namespace

TEST_CASE("announcement store: what the version before has kept is read, and written as a record") {
  MemoryStore store, fresh;
  AnnouncementStore announcements(store), expected(fresh);
  store.texts["mqtt.devices"] = "meter\nmeter_gas\n";
  store.texts["mqtt.device.meter"] = meter_1;
  CHECK(announcements.topics() == std::vector<std::string>{"meter", "meter_gas"});
  const auto record = announcements.read("meter");
  REQUIRE(record);
  DeviceRecord as_before = meter_record();
  as_before.serial = as_before.manufacturer = as_before.model = "";
  as_before.node = "gridtap_meter";  // of base and id
  expected.write("meter", as_before);
  announcements.write("meter", *record);
  CHECK(store.texts["mqtt.device.meter"] == fresh.texts["mqtt.device.meter"]);
  announcements.forget("meter_gas");
  CHECK(store.texts["mqtt.devices"] == fresh.texts["mqtt.devices"]);
}

TEST_CASE("announcement store: damage in what the version before has kept ends no reading") {
  MemoryStore store;
  AnnouncementStore announcements(store);
  std::string& text = store.texts["mqtt.device.meter"];
  for (std::size_t cut = 0; cut < meter_1.size(); ++cut) {
    text = meter_1.substr(0, cut);
    const auto record = announcements.read("meter");
    if (record) CHECK(record->components.size() <= 3);
  }
  for (const char* first : {"gridtap 2", "gridtap", ""}) {
    text = std::string(first) + std::string(meter_1.substr(meter_1.find('\n')));
    CHECK_FALSE(announcements.read("meter"));
  }
  text = std::string(meter_1) + "component\tx\nnonsense\n\n\t\t\n";
  REQUIRE(announcements.read("meter"));
  CHECK(announcements.read("meter")->components.size() == 3);
}

TEST_CASE("announcement store: an identity that was the id alone has the base in front now") {
  MemoryStore store;
  AnnouncementStore announcements(store);
  store.texts["mqtt.device.meter"] =
      "gridtap 1\ndevice\tmeter\nidentity\tmeter\tLATE\nannounced\tdevice\thome\tha\n";
  const auto record = announcements.read("meter");
  REQUIRE(record);
  CHECK(record->identity == "home_meter");
  CHECK(record->node == "home_meter");
  CHECK(record->renamed);
  announcements.write("meter", *record);
  CHECK_FALSE(announcements.read("meter")->renamed);  // a node of its own from now on
}

TEST_CASE("announcement store: a device is found by its identity, whatever it was called") {
  MemoryStore store;
  AnnouncementStore announcements(store);
  DeviceRecord other = meter_record();
  other.identity = "E2";
  announcements.write("meter", meter_record());
  announcements.write("other", other);
  const auto found = announcements.recall_identity("E0042");
  REQUIRE(found.size() == 1);
  CHECK(found[0].handle == "meter");
  CHECK(found[0].manufacturer == "Iskraemeco");
  CHECK(found[0].entities.size() == 3);
  CHECK(announcements.recall_identity("E3").empty());
}

TEST_CASE("announcement store: topics to be emptied are kept until there are none") {
  MemoryStore store;
  AnnouncementStore announcements(store);
  CHECK(announcements.leftovers().empty());
  announcements.write_leftovers({{"meter", "gridtap/meter/power import"}, {"a", "b"}});
  const auto kept = announcements.leftovers();
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].handle == "meter");
  CHECK(kept[0].topic == "gridtap/meter/power import");
  announcements.write_leftovers({});
  CHECK(announcements.leftovers().empty());
}
