// Why a device is not heard.
#include "core/cause.hpp"

#include <doctest/doctest.h>

#include <set>

#include "core/vocabulary.hpp"

using namespace gridtap;

TEST_CASE("cause: every one has a name of its own, in the order of the enumeration") {
  CHECK(name(Cause::none) == "none");
  CHECK(name(Cause::wrong_key) == "wrong_key");
  CHECK(name(Cause::login) == "login");
  CHECK(name(Cause::unreachable) == "unreachable");
  CHECK(name(Cause::pattern) == "pattern");
  CHECK(static_cast<std::size_t>(Cause::pattern) + 1 == cause_names.size());
  CHECK(std::set(cause_names.begin(), cause_names.end()).size() == cause_names.size());
}

TEST_CASE("cause: the entity has exactly these options") {
  std::string joined;
  for (const std::string_view each : cause_names) (joined += joined.empty() ? "" : ",") += each;
  CHECK(find_spec("cause")->options == joined);
}

TEST_CASE("cause: only a wrong speed or parity is helped by another setting") {
  for (std::size_t n = 0; n < cause_names.size(); ++n) {
    const auto cause = static_cast<Cause>(n);
    CAPTURE(cause_names[n]);
    const bool other = cause_names[n] == "wrong_baud" || cause_names[n] == "wrong_parity";
    CHECK(is_wrong_setting(cause) == other);
  }
}

TEST_CASE("cause: a sleeping device and a seven-bit line are not faults") {
  CHECK(is_harmless(Cause::none));
  CHECK(is_harmless(Cause::asleep));
  CHECK(is_harmless(Cause::seven_bit));
  CHECK_FALSE(is_harmless(Cause::no_bytes));
  CHECK_FALSE(is_harmless(Cause::unreachable));
}
