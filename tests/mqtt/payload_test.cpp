#include "mqtt/payload.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "core/json_text.hpp"
#include "model/entity.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;

namespace {

std::string payload(const Value& value) {
  std::string out;
  append_payload(out, value);
  return out;
}

}  // namespace

TEST_CASE("payload: values are plain text in Home Assistant's words") {
  CHECK(payload(Value{}) == "None");
  CHECK(payload(true) == "ON");
  CHECK(payload(false) == "OFF");
  CHECK(payload(Decimal{12784325, -3}) == "12784.325");
  CHECK(payload(Decimal{5, 3}) == "5000");
  CHECK(payload(std::string_view("charge")) == "charge");
}

TEST_CASE("payload: an empty text would erase the topic, so it is unknown") {
  CHECK(payload(std::string_view("")) == "None");
}

TEST_CASE("payload: what a wire sends cannot break a reader") {
  CHECK(payload(std::string_view("a\nb\x1b[31mc")) == "a b [31mc");
  CHECK(payload(std::string_view("\xff")) == "\xef\xbf\xbd");
}

TEST_CASE(
    "payload: a long text is cut where Home Assistant would refuse it, at a character's end") {
  CHECK(payload(std::string_view(std::string(300, 'x'))) == std::string(model::max_text, 'x'));
  std::string euros;
  for (int n = 0; n < 100; ++n) euros += "\xe2\x82\xac";
  CHECK(payload(std::string_view(euros)) == euros.substr(0, 255));
  CHECK(payload(std::string_view("a" + euros)) == ("a" + euros).substr(0, 253));
}

TEST_CASE("payload: a refusal is JSON with the command as text and the reason") {
  const auto json = nlohmann::json::parse(rejected_payload("on", "a switch takes ON or OFF"));
  CHECK(json.size() == 2);
  CHECK(json["command"] == "on");
  CHECK(json["reason"] == "a switch takes ON or OFF");
}

TEST_CASE("payload: a refusal shows 80 characters of the command, and bad bytes as signs") {
  const auto json = nlohmann::json::parse(rejected_payload("\xff\x00\"{", "no"));
  CHECK(json["command"] == "\xef\xbf\xbd");
  std::string umlauts;
  for (int n = 0; n < 5000; ++n) umlauts += "\xc3\xbc";
  const auto cut = nlohmann::json::parse(rejected_payload(umlauts, "no"));
  CHECK(cut["command"] == umlauts.substr(0, 160));
}

TEST_CASE("payload: whatever a wire sends is printable, short enough, and never empty") {
  Dice dice(41);
  for (int n = 0; n < 5'000; ++n) {
    std::string text;
    for (std::uint32_t length = dice(400); length > 0; --length) {
      text += static_cast<char>(dice(4) == 0 ? dice(256) : 0x80 + dice(0x60));
    }
    const std::string shown = payload(std::string_view(text));
    CHECK_FALSE(shown.empty());
    CHECK(shown.size() <= model::max_text);
    CHECK(printable(shown) == shown);
  }
}

TEST_CASE("payload: a refusal is JSON whatever was commanded, and whatever the reason") {
  Dice dice(43);
  for (int n = 0; n < 5'000; ++n) {
    std::string command, reason;
    for (std::uint32_t length = dice(200); length > 0; --length) {
      command += static_cast<char>(dice(256));
      reason += static_cast<char>(dice(256));
    }
    const auto json = nlohmann::json::parse(rejected_payload(command, reason), nullptr, false);
    REQUIRE_FALSE(json.is_discarded());
    CHECK(printable(reason) == json["reason"].get<std::string>());
    CHECK(printable(command).starts_with(json["command"].get<std::string>()));
  }
}
