#include "mqtt/reason_codes.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace gridtap::mqtt;

TEST_CASE("reason codes: each error of the standard has words of its own, with its number") {
  std::set<std::string> seen;
  for (int code = 0x80; code <= 0xA2; ++code) {
    CAPTURE(code);
    const std::string words = reason_words(code);
    CHECK(words.find("(0x") != std::string::npos);
    CHECK(seen.insert(words).second);
  }
  CHECK(reason_words(0x8B) == "the server is shutting down (0x8B)");
}

TEST_CASE("reason codes: an unassigned one is shown as its number") {
  CHECK(reason_words(0xE1) == "reason 0xE1");
  CHECK(reason_remedy(0xE1).empty());
}

TEST_CASE("reason codes: a lost connection is reported with all that is known of it") {
  CHECK(loss_text("the broker at h:1", no_reason, "", "") ==
        "the connection to the broker at h:1 was lost");
  CHECK(loss_text("the broker at h:1", no_reason, "", "it is silent") ==
        "the connection to the broker at h:1 was lost: it is silent");
  CHECK(loss_text("the broker at h:1", 0x8B, "back at noon", "") ==
        "the broker at h:1 has ended the connection: the server is shutting down (0x8B), `back at "
        "noon`");
  CHECK(loss_text("the broker at h:1", 0x95, "", "") ==
        "the broker at h:1 has ended the connection: the packet is too large (0x95): raise the "
        "broker's limit (mosquitto: max_packet_size)");
}
