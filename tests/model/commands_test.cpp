// The way of a command from any face to its device, and of a refusal back to all faces.
#include "model/commands.hpp"

#include <doctest/doctest.h>

#include "model_rig.hpp"

using namespace gridtap;
using namespace gridtap::model;

namespace {

struct Desk : ModelRig {
  Desk() {
    identify("meter", "E1");
    identify_child("meter", "7", "pump", "P1");
    EntitySpec relay = *find_spec("relay_<name>");
    relay.key = "relay_Pump";
    say("meter", gridtap::Entity{"7", &relay});
    diary.take();
  }
  void order(std::string_view payload, std::optional<Mono> expires = {},
             std::string_view channel = "7", std::string_view key = "relay_Pump") {
    const Device& device = *model->find("meter", channel);
    command(
        *model, device, *device.find(key), payload, expires,
        [&](std::string_view id, const Command& command) {
          handed.push_back(std::string(id) + '/' + std::string(command.channel) + '/' +
                           std::string(command.key) + ' ' + to_text(command.value) + ' ' +
                           std::string(command.text));
        },
        clock.now());
  }
  std::string refusal() const {
    const model::Entity* const last = model->find("meter", "7")->find("last_refusal");
    return last == nullptr ? "" : to_text(last->value());
  }
  Lines handed;
};

}  // namespace

TEST_CASE("commands: what an entity takes goes to the session, by the names of its wire") {
  Desk desk;
  desk.order("ON");
  desk.order("OFF", desk.clock.now().mono + 1s);
  CHECK(desk.handed == Lines{"meter/7/relay_Pump ON ON", "meter/7/relay_Pump OFF OFF"});
  CHECK(desk.refusal() == "None");
}

TEST_CASE("commands: what it does not take goes nowhere, and every face hears why") {
  Desk desk;
  for (const std::string_view bad : {"on", "", "1", "ON "}) {
    CAPTURE(bad);
    desk.order(bad);
    CHECK(desk.handed.empty());
    CHECK(desk.diary.take().at(0) == "rejected meter_pump relay_pump");
    CHECK(desk.refusal() == "a switch takes ON or OFF");
  }
}

TEST_CASE("commands: one that came too late is refused") {
  Desk desk;
  desk.order("ON", desk.clock.now().mono);
  CHECK(desk.handed.empty());
  CHECK(desk.refusal() == "it expired on its way (message expiry interval)");
}

TEST_CASE("commands: a face may refuse for a reason of its own") {
  Desk desk;
  const Device& device = *desk.model->find("meter", "7");
  refuse(*desk.model, device, *device.find("relay_Pump"), "ON", "not today", desk.clock.now());
  CHECK(desk.refusal() == "not today");
}

TEST_CASE("commands: refusals are in the log, whichever face they came by, and do not flood it") {
  Desk desk;
  desk.log.lines.clear();
  for (int n = 0; n < 1000; ++n) desk.order("\x1b[31m");
  CHECK(desk.log.lines == Lines{"warning meter_pump: a command of relay_pump was refused: a switch "
                                "takes ON or OFF"});
}
