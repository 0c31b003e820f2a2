// How long a unit is left alone.
#include "parts/modbus_backoff.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

struct Rig {
  // Milliseconds from now until it is asked again.
  std::string rest() const {
    return std::to_string(
        std::chrono::duration_cast<std::chrono::milliseconds>(backoff.until() - now).count());
  }

  Mono now{1h};
  ModbusBackoff backoff{1s};
};

}  // namespace

TEST_CASE("modbus backoff: a busy unit gets three moments, each longer, then it has failed") {
  Rig rig;
  for (const char* rest : {"200", "500", "1000"}) {
    CHECK(rig.backoff.wait_while_busy(rig.now));
    CHECK(rig.rest() == rest);
  }
  CHECK_FALSE(rig.backoff.wait_while_busy(rig.now));
  rig.backoff.answered();
  CHECK(rig.backoff.wait_while_busy(rig.now));
  CHECK(rig.rest() == "200");
}

TEST_CASE("modbus backoff: while it is searched a busy unit is waited for up to a minute each") {
  Rig rig;
  std::string rests;
  for (int n = 1; n <= 8; ++n) {
    CHECK(rig.backoff.wait_while_searched(rig.now) == n);
    rests += rig.rest() + ' ';
  }
  CHECK(rests == "2000 4000 8000 16000 32000 60000 60000 60000 ");
  CHECK_FALSE(rig.backoff.offline());
  for (int n = 0; n < 100; ++n) {
    (void)rig.backoff.wait_while_searched(rig.now);
    CHECK(rig.rest() == "60000");
  }
  rig.backoff.answered();
  CHECK(rig.backoff.wait_while_searched(rig.now) == 1);
}

TEST_CASE("modbus backoff: two failures cost nothing, the third one makes it offline") {
  Rig rig;
  rig.backoff.fail(1, rig.now);
  CHECK(rig.rest() == "0");
  rig.backoff.fail(1, rig.now);
  CHECK(rig.rest() == "0");
  CHECK_FALSE(rig.backoff.offline());
  rig.backoff.fail(1, rig.now);
  CHECK(rig.backoff.offline());
  CHECK(rig.rest() == "2000");
}

TEST_CASE("modbus backoff: an offline unit rests twice as long each time, at most a minute") {
  Rig rig;
  rig.backoff.fail(ModbusBackoff::failures_to_offline, rig.now);
  std::string rests = rig.rest();
  for (int n = 0; n < 30; ++n) {
    rig.backoff.fail(1, rig.now);
    if (n < 6) rests += ' ' + rig.rest();
    CHECK(rig.backoff.until() <= rig.now + ModbusBackoff::longest_rest);
  }
  CHECK(rests == "2000 4000 8000 16000 32000 60000 60000");
  ModbusBackoff slow{1h};
  slow.fail(3, rig.now);
  CHECK(slow.until() == rig.now + ModbusBackoff::longest_rest);
}

TEST_CASE("modbus backoff: a new connection is tried at once, and is as offline as before") {
  Rig rig;
  rig.backoff.fail(5, rig.now);
  rig.backoff.open(rig.now);
  CHECK(rig.rest() == "0");
  CHECK(rig.backoff.offline());
  rig.backoff.recovered();
  CHECK_FALSE(rig.backoff.offline());
  rig.backoff.fail(1, rig.now);
  CHECK_FALSE(rig.backoff.offline());
}
