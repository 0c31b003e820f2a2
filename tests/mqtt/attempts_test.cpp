#include "mqtt/attempts.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace gridtap::mqtt;
using namespace std::chrono_literals;

namespace {

Mono at(std::chrono::milliseconds time) { return Mono{} + 1h + time; }

constexpr Verdict absent{Verdict::Next::same, false, {}};
constexpr Verdict wrong_password{Verdict::Next::same, true, {}};
constexpr Verdict old_broker{Verdict::Next::other_version, false, {}};

}  // namespace

TEST_CASE("attempts: the wait doubles from one second to five, with up to a fifth of jitter") {
  Attempts attempts("gridtap", 1);
  for (const auto base : {1000ms, 2000ms, 4000ms, 5000ms, 5000ms, 5000ms}) {
    attempts.refused(absent);
    const auto delay = attempts.take_delay();
    CHECK(delay >= base);
    CHECK(delay <= base + base / 5);
  }
}

TEST_CASE("attempts: two gateways do not come back in one instant") {
  Attempts one("a", 1), other("b", 2);
  bool differs = false;
  for (int n = 0; n < 4; ++n) differs |= one.take_delay() != other.take_delay();
  CHECK(differs);
}

TEST_CASE("attempts: a refused login is asked less and less often, up to five minutes") {
  Attempts attempts("gridtap", 1);
  std::chrono::milliseconds delay{};
  for (int n = 0; n < 12; ++n) {
    attempts.refused(wrong_password);
    delay = attempts.take_delay();
  }
  CHECK(delay >= 5min);
  CHECK(delay <= 6min);
  attempts.refused(absent);  // the broker is stopped while its passwords are put right
  CHECK(attempts.take_delay() <= 6s);
}

TEST_CASE("attempts: a connection starts the waits anew") {
  Attempts attempts("gridtap", 1);
  for (int n = 0; n < 9; ++n) static_cast<void>(attempts.take_delay());
  attempts.up(at(0s));
  CHECK_FALSE(attempts.down(at(1h), false));
  CHECK(attempts.take_delay() <= 1200ms);
}

TEST_CASE("attempts: MQTT 5 first, and the other version after each refusal of one") {
  Attempts attempts("gridtap", 1);
  CHECK(attempts.version_5());
  attempts.refused(old_broker);
  CHECK_FALSE(attempts.version_5());
  attempts.refused(absent);
  CHECK_FALSE(attempts.version_5());
  attempts.refused(old_broker);
  CHECK(attempts.version_5());
}

TEST_CASE("attempts: a client that took our id over gets it") {
  Attempts attempts("gridtap", 1);
  attempts.up(at(0s));
  CHECK(attempts.down(at(1h), true));
  CHECK(attempts.client_id().starts_with("gridtap_"));
  CHECK(attempts.client_id().size() == 12);
}

TEST_CASE("attempts: three losses right after connecting mean the same on MQTT 3.1.1") {
  Attempts attempts("gridtap", 1);
  const auto connect_and_lose = [&](std::chrono::milliseconds lasting) {
    attempts.up(at(0s));
    return attempts.down(at(lasting), false);
  };
  CHECK_FALSE(connect_and_lose(1s));
  CHECK_FALSE(connect_and_lose(1s));
  CHECK_FALSE(connect_and_lose(11s));  // held: it was something else
  CHECK_FALSE(connect_and_lose(1s));
  CHECK_FALSE(connect_and_lose(1s));
  CHECK(connect_and_lose(9s));
  CHECK(attempts.client_id() != "gridtap");
  const std::string second = attempts.client_id();
  CHECK_FALSE(connect_and_lose(1s));
  CHECK(attempts.client_id() == second);
}
