#include "mqtt/attempts.hpp"

#include <doctest/doctest.h>

#include "mqtt/reason_codes.hpp"

using namespace gridtap;
using namespace gridtap::mqtt;
using namespace std::chrono_literals;

namespace {

Mono at(std::chrono::milliseconds time) { return Mono{} + 1h + time; }

constexpr Verdict absent{Verdict::Next::same, false, {}};
constexpr Verdict wrong_password{Verdict::Next::same, true, {}};
using Change = Attempts::IdChange;
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
  CHECK(attempts.down(at(1h), no_reason) == Change::none);
  CHECK(attempts.take_delay() <= 1200ms);
}

TEST_CASE("attempts: the waits go on growing while no connection lasts") {
  Attempts attempts("gridtap", 1);
  for (int n = 0; n < 4; ++n) {
    static_cast<void>(attempts.take_delay());
    attempts.up(at(0s));
    CHECK(attempts.down(at(1s), 0x97) == Change::none);
  }
  CHECK(attempts.take_delay() >= 5s);
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
  const Change change = attempts.down(at(1h), reason_taken_over);
  CHECK(change == Change::taken_over);
  CHECK(attempts.client_id().starts_with("gridtap_"));
  CHECK(attempts.client_id().size() == 12);
  CHECK(attempts.words(change).starts_with("another client uses the client id `gridtap`"));
}

TEST_CASE("attempts: three losses right after connecting try another client id, and back") {
  Attempts attempts("gridtap", 1);
  const auto connect_and_lose = [&](std::chrono::milliseconds lasting, int reason = no_reason) {
    attempts.up(at(0s));
    return attempts.down(at(lasting), reason);
  };
  CHECK(connect_and_lose(1s) == Change::none);
  CHECK(connect_and_lose(1s) == Change::none);
  CHECK(connect_and_lose(11s) == Change::none);  // it held: it was something else
  CHECK(connect_and_lose(1s) == Change::none);
  CHECK(connect_and_lose(1s) == Change::none);
  CHECK(connect_and_lose(1s, 0x97) == Change::none);  // the broker has given another reason
  CHECK(connect_and_lose(1s) == Change::none);
  CHECK(connect_and_lose(1s) == Change::none);
  const Change change = connect_and_lose(9s);
  CHECK(change == Change::tried);
  CHECK(attempts.client_id() != "gridtap");
  CHECK(attempts.words(change).find("another client uses") == std::string::npos);
  for (int n = 0; n < 2; ++n) CHECK(connect_and_lose(1s) == Change::none);
  CHECK(connect_and_lose(1s) == Change::back);
  CHECK(attempts.client_id() == "gridtap");
}

TEST_CASE("attempts: a broker that refuses the last will gets a lesser one") {
  Attempts attempts("gridtap", 1);
  CHECK(attempts.will().retain);
  CHECK(attempts.will().qos == 1);
  attempts.refused({Verdict::Next::will_without_retain, false, {}});
  CHECK_FALSE(attempts.will().retain);
  attempts.refused({Verdict::Next::will_without_qos, false, {}});
  CHECK(attempts.will().qos == 0);
}
