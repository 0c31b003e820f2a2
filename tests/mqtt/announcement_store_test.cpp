#include "mqtt/announcement_store.hpp"

#include <doctest/doctest.h>

#include "support/fakes.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

DeviceRecord meter_record() {
  DeviceRecord record;
  record.id = "meter";
  record.identity = record.wire_identity = "E0042";
  record.form = BridgeOptions::Discovery::device;
  record.topics = Topics("gridtap", "homeassistant");
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
  CHECK(record->topics == Topics("gridtap", "homeassistant"));
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

TEST_CASE("announcement store: a damaged record is no record, a damaged line only itself") {
  MemoryStore store;
  AnnouncementStore announcements(store);
  announcements.write("meter", meter_record());
  std::string& text = store.texts["mqtt.device.meter"];
  const std::string good = text;
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    text = good.substr(0, cut);
    const auto record = announcements.read("meter");
    if (record) CHECK(record->components.size() <= 3);
  }
  for (std::size_t at = 0; at < good.size(); ++at) {
    text = good;
    text[at] = static_cast<char>(text[at] ^ 0x15);
    static_cast<void>(announcements.read("meter"));  // whatever it says, it ends
  }
  text = "gridtap 2\n" + good.substr(good.find('\n') + 1);
  CHECK_FALSE(announcements.read("meter"));
  text = good + "component\tx\nnonsense\n\n\t\t\n";
  CHECK(announcements.read("meter")->components.size() == 3);
}

TEST_CASE("announcement store: a name with a control character is not kept, the others are") {
  MemoryStore store;
  AnnouncementStore announcements(store);
  DeviceRecord record = meter_record();
  record.components[0].key = "a\tb";
  announcements.write("meter", record);
  CHECK(announcements.read("meter")->components.size() == 2);
}
