#include "core/part.hpp"

#include <doctest/doctest.h>

#include "core/line_cause.hpp"

using namespace gridtap;

TEST_CASE("part: a serial setting reads as people write it") {
  CHECK(to_text(SerialSettings{115200, 8, 'N', 1}) == "115200 8N1");
  CHECK(to_text(SerialSettings{9600, 7, 'E', 1}) == "9600 7E1");
  CHECK(to_text(SerialSettings{300, 7, 'O', 2}) == "300 7O2");
}

TEST_CASE("line cause: the first words of a line's error name its cause") {
  const auto cause = [](std::string detail) { return line_cause({Fault::io, std::move(detail)}); };
  CHECK(cause("permission denied: add the user to `dialout`") == "permission");
  CHECK(cause("busy: another program has the port") == "busy");
  CHECK(cause("asleep: the inverter rests at night") == "asleep");
  CHECK(cause("silent for 30s") == "no_bytes");
  CHECK(cause("no such device: is the adapter plugged in?") == "unreachable");
  CHECK(cause("") == "unreachable");
}

TEST_CASE("result: every fault has the name that counters and JSON lines use") {
  CHECK(name(Fault::truncated) == "truncated");
  CHECK(name(Fault::bad_checksum) == "bad_checksum");
  CHECK(name(Fault::config) == "config");
  for (const std::string_view fault : fault_names) CHECK_FALSE(fault.empty());
}
