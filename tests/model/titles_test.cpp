// What people read of an entity, on whatever face.
#include "model/titles.hpp"

#include <doctest/doctest.h>

#include "model_rig.hpp"

using namespace gridtap;
using namespace gridtap::model;

namespace {

struct Titles : ModelRig {
  Titles() {
    Options options;
    options.devices.push_back({"meter", "House meter"});
    options.devices[0].entities = {{.key = "voltage_l2", .name = "Garage\x01", .enabled = false},
                                   {.key = "frames_ok", .enabled = true}};
    model = std::make_unique<Model>(options, clock, earlier, log);
    identify("meter", "E1");
    identify_child("meter", "1", "gas", "G1");
  }
  std::string title_of(std::string_view key, std::string_view channel = {}) {
    const model::Entity* const found = take(key, channel);
    return title(*model->find("meter", channel), *found);
  }
  bool enabled(std::string_view key) {
    const model::Entity* const found = take(key, "");
    return is_enabled(*model->find("meter", ""), *found);
  }
  const model::Entity* take(std::string_view key, std::string_view channel) {
    read("meter", key, Decimal{1, 0}, {}, channel);
    const model::Entity* const found = model->find("meter", channel)->find(key);
    REQUIRE(found != nullptr);
    return found;
  }
};

}  // namespace

TEST_CASE("titles: the name of the key, of the vocabulary, or of the configuration") {
  Titles titles;
  CHECK(titles.title_of("power_import") == "Power import");
  CHECK(titles.title_of("power_rated") == "Rated power");
  CHECK(titles.title_of("voltage_l2") == "Garage ");  // a control character breaks no face
  CHECK(titles.title_of("meter_pulses") == "Pulses");
}

TEST_CASE("titles: the counter of a gas meter needs none") {
  Titles titles;
  CHECK(titles.title_of("gas", "1").empty());
  CHECK(titles.title_of("gas_energy", "1") == "Energy");
  CHECK(titles.title_of("gas", "1") == "Gas");  // there are two now
}

TEST_CASE("titles: what is shown at first says the vocabulary, and before it the configuration") {
  Titles titles;
  CHECK(titles.enabled("voltage_l1"));
  CHECK_FALSE(titles.enabled("voltage_l2"));
  CHECK_FALSE(titles.enabled("frames_bad"));
  CHECK(titles.enabled("frames_ok"));
}

TEST_CASE("titles: no decimals are shown that the device has not sent") {
  Titles titles;
  titles.read("meter", "current_l1", Decimal{2, 0});
  CHECK(shown_decimals(titles.entity("meter", "current_l1")) == 0);
  titles.read("meter", "current_l1", Decimal{2345, -3});
  CHECK(shown_decimals(titles.entity("meter", "current_l1")) == 2);
  titles.read("meter", "own_key", Decimal{15, -1});
  CHECK(shown_decimals(titles.entity("meter", "own_key")) == 1);
}

TEST_CASE("titles: platforms are named as Home Assistant names them") {
  CHECK(component(Platform::toggle) == "switch");
  CHECK(component(Platform::binary_sensor) == "binary_sensor");
  CHECK(component(Platform::text) == "text");
}
