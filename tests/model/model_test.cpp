// What the house knows, and what its observers hear of it.
#include "model/model.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "model_rig.hpp"

using namespace gridtap;
using namespace gridtap::model;

TEST_CASE("model: an observer hears of a device, its identity, its values and its absence") {
  ModelRig rig;
  rig.model->start();
  rig.identify("meter", "E1");
  rig.read("meter", "power_import", Decimal{244, 0});
  rig.say("meter", Frame{100});
  rig.say("meter", Alive{"", 30s});
  rig.say("meter", Alive{"", 0ms});
  CHECK(rig.diary.take() == Lines{"identity meter ", "identity meter E1",
                                  "entity meter power_import", "value meter power_import 244",
                                  "online meter", "offline meter"});
}

TEST_CASE("model: a face added later sees the newest of everything, and touches no other") {
  ModelRig rig;
  rig.model->start();
  rig.identify("meter", "E1");
  rig.read("meter", "power_import", Decimal{1, 0});
  rig.read("meter", "tariff", std::string_view("1"), R"({"a":1})");
  rig.read("meter", "power_import", Decimal{2, 0});
  Lines all;
  for (const auto& device : rig.model->all()) {
    device->each([&](const model::Entity& entity) {
      all.push_back(device->handle + ' ' + std::string(entity.key()) + ' ' +
                    to_text(entity.value()) + std::string(entity.attributes()));
    });
  }
  CHECK(all == Lines{"meter power_import 2", R"(meter tariff 1{"a":1})"});
  Diary late;
  rig.model->add(late);
  rig.diary.take();
  rig.read("meter", "power_import", Decimal{3, 0});
  CHECK(late.take() == Lines{"value meter power_import 3"});
  CHECK(rig.diary.take() == Lines{"value meter power_import 3"});
  rig.model->remove(late);
  rig.read("meter", "power_import", Decimal{4, 0});
  CHECK(late.lines.empty());
}

TEST_CASE("model: a reading with the same value is passed on, marked as no change") {
  ModelRig rig;
  rig.read("meter", "power_import", Decimal{5, 0});
  rig.diary.take();
  rig.read("meter", "power_import", Decimal{5, 0});
  CHECK(rig.diary.lines.empty());
  CHECK(rig.diary.readings == 2);
  rig.read("meter", "power_import", Decimal{50, -1});  // the same number with other decimals
  CHECK(rig.diary.take() == Lines{"value meter power_import 5.0"});
}

TEST_CASE("model: what is not known is no reason to show an entity, but changes one") {
  ModelRig rig;
  rig.read("meter", "power_import", Value{});
  CHECK(rig.diary.lines.empty());
  rig.read("meter", "power_import", Decimal{5, 0});
  rig.diary.take();
  rig.read("meter", "power_import", Value{});
  CHECK(rig.diary.take() == Lines{"value meter power_import None"});
}

TEST_CASE("model: texts are kept printable, and no longer than a state may be") {
  ModelRig rig;
  rig.read("meter", "message", std::string_view("a\x01\xff"));
  CHECK(to_text(rig.entity("meter", "message").value()) == "a \xef\xbf\xbd");
  rig.read("meter", "message", std::string_view(std::string(300, 'x')));
  CHECK(to_text(rig.entity("meter", "message").value()) == std::string(max_text, 'x'));
  rig.read("meter", "message", std::string_view(""));
  CHECK(to_text(rig.entity("meter", "message").value()) == "None");
}

TEST_CASE("model: a row of the vocabulary is pointed to, any other spec is kept with its texts") {
  ModelRig rig;
  rig.read("meter", "power_import", Decimal{5, 0});
  CHECK(&rig.entity("meter", "power_import").spec() == find_spec("power_import"));
  std::string key = "soil", unit = "bar";
  EntitySpec own{.key = key, .unit = unit};
  rig.say("meter", gridtap::Entity{"", &own});
  key = unit = "overwritten, and longer than before";
  CHECK(rig.entity("meter", "soil").spec().unit == "bar");
  CHECK(rig.entity("meter", "soil").level() == "soil");
}

TEST_CASE("model: an entity that takes commands and then only reports becomes one that reports") {
  ModelRig rig;
  rig.earlier.devices["meter"] = {
      "meter", "meter", "E1",
      "E1",    "",      "",
      "",      "",      {{"power_limit", Platform::number, true, false, false, -1}}};
  rig.model->start();
  CHECK(rig.entity("meter", "power_limit").takes_commands());
  rig.read("meter", "power_limit", Decimal{80, 0});
  CHECK_FALSE(rig.entity("meter", "power_limit").takes_commands());
  CHECK_FALSE(rig.entity("meter", "power_limit").declared());
}

TEST_CASE("model: a repeated declaration with another spec is passed on as one") {
  ModelRig rig;
  EntitySpec own{.key = "soil", .unit = "bar"};
  rig.say("meter", gridtap::Entity{"", &own});
  own.unit = "%";
  rig.say("meter", gridtap::Entity{"", &own});
  CHECK(rig.diary.take() == Lines{"entity meter soil", "entity meter soil"});
  CHECK(rig.entity("meter", "soil").spec().unit == "%");
}

TEST_CASE("model: those behind a device go offline with it, and come back with it") {
  ModelRig rig;
  rig.identify("meter", "E1");
  rig.identify_child("meter", "1", "gas", "G1");
  rig.say("meter", Alive{"", 30s});
  rig.say("meter", Alive{"1", 4h});
  rig.diary.take();
  rig.say("meter", Alive{"", 0ms});
  CHECK(rig.diary.take() == Lines{"offline meter", "offline meter_gas"});
  rig.say("meter", Alive{"", 30s});
  CHECK(rig.diary.take() == Lines{"online meter", "online meter_gas"});
}

TEST_CASE("model: a refused command of a known entity is passed on") {
  ModelRig rig;
  rig.read("meter", "power_import", Decimal{5, 0});
  rig.diary.take();
  rig.say("meter", Rejected{"", "power_import", "1", {Fault::refused, "no"}});
  rig.say("meter", Rejected{"", "nothing", "1", {Fault::refused, "no"}});
  rig.say("nobody", Rejected{"", "power_import", "1", {Fault::refused, "no"}});
  CHECK(rig.diary.take() == Lines{"rejected meter power_import"});
  CHECK(rig.model->counters().rejected_commands == 1);
}

TEST_CASE("model: effects of an unknown device are ignored") {
  ModelRig rig;
  rig.read("nobody", "power_import", Decimal{5, 0});
  rig.identify("nobody", "E1");
  rig.identify_child("nobody", "1", "gas", "G1");
  rig.read("meter", "gas", Decimal{5, 0}, {}, "1");
  CHECK(rig.diary.lines.empty());
}

// ---- limits -------------------------------------------------------------------------------------

TEST_CASE("model: a device has channels up to a limit, which is logged once and counted") {
  ModelRig rig({"meter", "other"});
  for (std::size_t n = 0; n < max_channels + 10; ++n) {
    const std::string name = std::to_string(n);
    rig.identify_child("meter", name, name, "");
  }
  CHECK(rig.model->find("meter", "")->children.size() == max_channels);
  CHECK(rig.model->counters().name_collisions == 1);
  REQUIRE(rig.log.lines.size() == 1);
  CHECK(rig.log.lines[0].find("meter: more than 64 devices behind it: `64`") != std::string::npos);
  rig.identify_child("other", "1", "gas", "");  // the limit is that of one device
  CHECK(rig.model->find("other", "1") != nullptr);
}

TEST_CASE("model: a channel that changes its name for ever makes no devices for ever") {
  ModelRig rig;
  for (int n = 0; n < 5000; ++n) rig.identify_child("meter", "1", std::to_string(n), "");
  CHECK(rig.model->find("meter", "")->children.size() <= 2 * max_channels);
  CHECK(rig.log.lines.size() == 1);
}

TEST_CASE("model: too many keys, options or bytes are left out, logged once each, and counted") {
  ModelRig rig;
  for (std::size_t n = 0; n < max_entities + 5; ++n) {
    rig.read("meter", "k" + std::to_string(n), Decimal{1, 0});
  }
  CHECK(rig.model->find("meter", "")->entity_count() == max_entities);
  CHECK(rig.model->counters().name_collisions == 5);
  ModelRig words;
  for (std::size_t n = 0; n < 2 * max_options; ++n) {
    const std::string word = "code" + std::to_string(n);
    words.read("meter", "breaker", std::string_view(word));
  }
  CHECK(to_text(words.entity("meter", "breaker").value()) == "None");
  CHECK(words.log.lines.size() == 1);
  words.read("meter", "message", std::string_view("x"), std::string(max_attributes + 1, 'x'));
  words.read("meter", "message", std::string_view("x"), std::string(max_attributes + 1, 'x'));
  CHECK(words.entity("meter", "message").attributes().empty());
  CHECK(words.log.lines.size() == 2);
  CHECK(words.model->counters().unfit_readings == max_options + 3 + 2);  // three are in the spec
}

TEST_CASE("model: a number that comes as text is not taken, and makes no entity") {
  ModelRig rig;
  rig.read("meter", "power_import", std::string_view("abc"));
  CHECK(rig.model->find("meter", "")->find("power_import") == nullptr);
  CHECK(rig.model->counters().unfit_readings == 1);
  CHECK(rig.diary.lines.empty());
}

// ---- refused commands ---------------------------------------------------------------------------

namespace {

void declare_limit(ModelRig& rig) {
  rig.identify("meter", "E1");
  rig.say("meter", gridtap::Entity{"", find_spec("power_limit")});
}

void refuse(ModelRig& rig, std::string_view command, std::string why) {
  rig.say("meter", Rejected{"", "power_limit", command, {Fault::refused, std::move(why)}});
}

}  // namespace

TEST_CASE("model: a device that takes commands has its last refusal, unknown at first") {
  ModelRig rig;
  rig.identify("meter", "E1");
  rig.read("meter", "power_import", Decimal{1, 0});
  CHECK(rig.life("meter", "last_refusal") == Life::gone);
  declare_limit(rig);
  const model::Entity& refusal = rig.entity("meter", "last_refusal");
  CHECK(refusal.has_value());
  CHECK(refusal.value() == Value{});
  CHECK(rig.model->find("meter", "")->speaks_offline(refusal));
  refuse(rig, "5000 \"W\"", "out of range");
  CHECK(refusal.value() == Value{std::string_view("out of range")});
  CHECK(refusal.attributes() == R"({"entity":"power_limit","command":"5000 \"W\"",)"
                                R"("at":"2026-11-20T00:00:00+00:00"})");
}

TEST_CASE("model: the same refusal is noted once a second, another one at once") {
  ModelRig rig;
  declare_limit(rig);
  refuse(rig, "1", "why");
  rig.diary.take();
  const auto noted = [&] {
    const Lines lines = rig.diary.take();
    return std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
      return line.find("value meter last_refusal") == 0;
    });
  };
  refuse(rig, "2", "why");
  CHECK_FALSE(noted());
  refuse(rig, "3", "another");
  CHECK(noted());
  rig.clock.advance(Model::refusal_gap);
  refuse(rig, "4", "another");
  CHECK(noted());
}

TEST_CASE("model: a device that takes no commands any more has no last refusal either") {
  ModelRig rig;
  rig.earlier.devices["meter"] = {
      "meter", "meter", "E1", "E1", "", "", "", "", {{"last_refusal", Platform::sensor, true}}};
  rig.model->start();
  rig.identify("meter", "E1");
  rig.say("meter", Frame{100});
  rig.clock.advance(Model::declared_grace);
  CHECK(rig.life("meter", "last_refusal") == Life::gone);
}
