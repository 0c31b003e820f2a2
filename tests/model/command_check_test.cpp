#include "model/command_check.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace gridtap::model;

namespace {

model::Entity entity(Platform platform, std::string_view options = {}) {
  EntitySpec spec{.key = "it"};
  spec.platform = platform;
  spec.options = options;
  return model::Entity(spec, "it", 0, Life::declared);
}

model::Entity number(Decimal min, Decimal max, Decimal step) {
  EntitySpec spec{.key = "it", .unit = "Wh"};
  spec.platform = Platform::number;
  spec.min = min;
  spec.max = max;
  spec.step = step;
  return model::Entity(spec, "it", 0, Life::declared);
}

std::string obeyed(const model::Entity& entity, std::string_view payload) {
  const auto value = check_command(entity, payload);
  return value ? to_text(*value) : "refused: " + value.error().detail;
}

bool refused(const model::Entity& entity, std::string_view payload) {
  return !check_command(entity, payload);
}

// Payloads that nothing may take for a command.
const std::string_view rubbish[] = {
    "",    " ",  "On ",  "on",       "TRUE", "1e309", "0x10",   "1,5", "--1",       "NaN",
    "inf", "{}", "[[[[", "\xff\xfe", "ON\n", "ON ON", "PRESS ", "1 ",  {"ON\0", 3}, {"\0", 1}};

}  // namespace

TEST_CASE("command check: a switch takes ON and OFF, and nothing that looks like them") {
  const model::Entity it = entity(Platform::toggle);
  CHECK(obeyed(it, "ON") == "ON");
  CHECK(obeyed(it, "OFF") == "OFF");
  for (const std::string_view bad : rubbish) {
    CAPTURE(bad);
    CHECK(refused(it, bad));
  }
}

TEST_CASE("command check: a button takes PRESS alone") {
  const model::Entity it = entity(Platform::button);
  CHECK(obeyed(it, "PRESS") == "ON");
  for (const std::string_view bad : rubbish) {
    CAPTURE(bad);
    CHECK(refused(it, bad));
  }
}

TEST_CASE("command check: a number takes a decimal within its limits") {
  const model::Entity limit = number({100, 0}, {99999, 0}, {1, 0});
  CHECK(obeyed(limit, "5000") == "5000");
  CHECK(obeyed(limit, "100") == "100");
  CHECK(obeyed(limit, "99999") == "99999");
  CHECK(obeyed(limit, "5000.0") == "5000.0");
  CHECK(obeyed(limit, "99") == "refused: outside 100 to 99999 Wh");
  CHECK(obeyed(limit, "100000") == "refused: outside 100 to 99999 Wh");
  CHECK(obeyed(limit, "5000.5") == "5000.5");
  CHECK(refused(limit, "-5000"));
  CHECK(refused(limit, std::string(40, '9')));
  for (const std::string_view bad : rubbish) {
    CAPTURE(bad);
    CHECK(refused(limit, bad));
  }
}

TEST_CASE(
    "command check: what lies between two steps is left to whoever obeys, exactly as it came") {
  const model::Entity volts = number({101, -1}, {600, -1}, {5, -1});
  CHECK(obeyed(volts, "10.1") == "10.1");
  CHECK(obeyed(volts, "10.5") == "10.5");
  CHECK(obeyed(volts, "60.05") == "refused: outside 10.1 to 60.0 Wh");
  const model::Entity free = number({}, {}, {});
  CHECK(obeyed(free, "-123456.789") == "-123456.789");
}

TEST_CASE("command check: a select takes one of its options") {
  const model::Entity it = entity(Platform::select, "none,charge,discharge");
  CHECK(obeyed(it, "charge") == "charge");
  CHECK(obeyed(it, "Charge") == "refused: not one of none,charge,discharge");
  CHECK(refused(it, "none,charge"));
  for (const std::string_view bad : rubbish) {
    CAPTURE(bad);
    CHECK(refused(it, bad));
  }
}

TEST_CASE("command check: a text takes what can be printed, up to 255 bytes") {
  const model::Entity it = entity(Platform::text);
  CHECK(obeyed(it, "set lamp 1") == "set lamp 1");
  CHECK(obeyed(it, std::string(255, 'x')) == std::string(255, 'x'));
  for (const std::string_view bad : {std::string_view(""), std::string_view("a\nb"),
                                     std::string_view("\xff"), std::string_view("a\0b", 3)}) {
    CAPTURE(bad);
    CHECK(refused(it, bad));
  }
}

TEST_CASE("command check: no kind takes a long payload, whatever it holds") {
  const std::string long_one(max_command + 1, '1');
  for (const Platform platform :
       {Platform::toggle, Platform::number, Platform::button, Platform::select, Platform::text}) {
    CHECK(obeyed(entity(platform, long_one), long_one) == "refused: longer than 255 bytes");
  }
}

TEST_CASE("command check: what only reports takes no commands") {
  CHECK(obeyed(entity(Platform::sensor), "1") == "refused: takes no commands");
  CHECK(obeyed(entity(Platform::binary_sensor), "ON") == "refused: takes no commands");
}
