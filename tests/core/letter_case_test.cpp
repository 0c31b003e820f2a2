// ASCII letters without their case.
#include "core/letter_case.hpp"

#include <doctest/doctest.h>

using namespace gridtap;

TEST_CASE("letter case: only the 26 letters have one, whatever the locale and the bytes") {
  CHECK(lower("KAIFA MA304H3E") == "kaifa ma304h3e");
  CHECK(lower("@[`{09-_ \xC3\x86").size() == 11);
  CHECK(lower("@[`{09-_ \xC3\x86") == "@[`{09-_ \xC3\x86");  // neighbours of A and Z, and UTF-8
  CHECK(lower('Z') == 'z');
  CHECK(lower("") == "");
}

TEST_CASE("letter case: texts are the same by their letters, and only whole") {
  CHECK(same_letters("Host", "hOST"));
  CHECK(same_letters("", ""));
  CHECK_FALSE(same_letters("Host", "Hosts"));
  CHECK_FALSE(same_letters("Hosts", "Host"));
  CHECK_FALSE(same_letters("@", "`"));  // they differ by the bit that parts the cases
}
