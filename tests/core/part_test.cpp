#include "core/part.hpp"

#include <doctest/doctest.h>

using namespace gridtap;

TEST_CASE("part: a serial setting reads as people write it") {
  CHECK(to_text(SerialSettings{115200, 8, 'N', 1}) == "115200 8N1");
  CHECK(to_text(SerialSettings{9600, 7, 'E', 1}) == "9600 7E1");
  CHECK(to_text(SerialSettings{300, 7, 'O', 2}) == "300 7O2");
}

TEST_CASE("result: every fault has the name that counters and JSON lines use") {
  CHECK(name(Fault::truncated) == "truncated");
  CHECK(name(Fault::bad_checksum) == "bad_checksum");
  CHECK(name(Fault::config) == "config");
  for (const std::string_view fault : fault_names) CHECK_FALSE(fault.empty());
}
