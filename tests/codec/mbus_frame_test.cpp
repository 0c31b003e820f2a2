// M-Bus long frames: a length that wraps, a sum, a stop byte, and segments that follow on one
// another.

#include <string>

#include <doctest/doctest.h>

#include "codec/mbus_frame.hpp"

using namespace gridtap;
using namespace std::chrono_literals;
using Verdict = MbusCheck::Verdict;
using Kind = MbusSegments::Outcome::Kind;

namespace {

std::string frame(unsigned number, bool last, std::string_view data) {
  return mbus_frame(number, last, as_bytes(data));
}

MbusCheck check(std::string_view bytes) { return check_mbus(as_bytes(bytes)); }

MbusFrame part(unsigned number, bool last, std::string_view data) {
  return {number, last, as_bytes(data), data.size() + 11};
}

}  // namespace

TEST_CASE("mbus: a frame cut anywhere is waited for") {
  const std::string whole = frame(0, true, "payload");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(check(whole.substr(0, size)).verdict == Verdict::more);
  }
  CHECK(check(whole).verdict == Verdict::complete);
}

TEST_CASE("mbus: any bit flipped is seen") {
  const std::string whole = frame(0, true, "payload");
  for (std::size_t bit = 8; bit < 8 * whole.size(); ++bit) {
    std::string broken = whole;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
    broken += std::string(longest_mbus, '\0');
    CAPTURE(bit);
    CHECK(check(broken).verdict != Verdict::complete);
  }
}

TEST_CASE("mbus: the frame of the document, and its segment number") {
  const std::string bytes = *from_hex("6806066853FF1001670FD916");
  const MbusCheck found = check(bytes);
  REQUIRE(found.verdict == Verdict::complete);
  CHECK(found.frame.bytes == bytes.size());
  CHECK(found.frame.number == 0);
  CHECK(found.frame.last);
  CHECK(to_hex(found.frame.data) == "0F");
  CHECK(frame(0, true, "\x0F") == bytes);
}

TEST_CASE("mbus: a length above 255 wraps, and the sum decides which it was") {
  for (const std::size_t size : {1u, 249u, 250u, 251u, 252u, 300u, 500u}) {
    CAPTURE(size);
    const std::string data(size, 'x');
    const std::string whole = frame(3, false, data);
    const std::string stream = whole + "noise";
    const MbusCheck found = check(stream);
    REQUIRE(found.verdict == Verdict::complete);
    CHECK(found.frame.bytes == whole.size());
    CHECK(as_text(found.frame.data) == data);
    CHECK(found.frame.number == 3);
    CHECK_FALSE(found.frame.last);
  }
}

TEST_CASE("mbus: bytes that do not begin like a frame are not one") {
  for (const char* hex : {"68060768", "68060667"}) {
    CAPTURE(hex);
    CHECK(check(*from_hex(hex)).verdict == Verdict::none);
  }
}

TEST_CASE("mbus: a length too small for a header can only be one that wrapped") {
  CHECK(check(*from_hex("68020268")).verdict == Verdict::more);
  CHECK(check(*from_hex("68020268") + std::string(longest_mbus, '\0')).verdict == Verdict::none);
}

TEST_CASE("mbus segments: one alone is a message, several are joined") {
  MbusSegments segments;
  const auto alone = segments.take(part(0, true, "alone"), false, {});
  REQUIRE(alone.kind == Kind::apdu);
  CHECK(as_text(alone.apdu) == "alone");
  CHECK(segments.take(part(0, false, "one "), false, {}).kind == Kind::nothing);
  CHECK(segments.take(part(1, false, "two "), true, {}).kind == Kind::nothing);
  const auto joined = segments.take(part(2, true, "three"), true, {});
  REQUIRE(joined.kind == Kind::apdu);
  CHECK(as_text(joined.apdu) == "one two three");
  CHECK(joined.bytes == 4 + 4 + 5 + 3 * 11);
}

TEST_CASE("mbus segments: one that is missing, or noise between two, costs the message") {
  struct Row {
    unsigned number;
    bool adjacent;
  };
  for (const Row row : {Row{2, true}, Row{1, false}, Row{0, true}}) {
    CAPTURE(row.number);
    MbusSegments segments;
    segments.take(part(0, false, "one "), false, {});
    const auto outcome = segments.take(part(row.number, false, "more"), row.adjacent, {});
    CHECK(outcome.kind != Kind::apdu);
    CHECK(outcome.abandoned == 4 + 11);
  }
}

TEST_CASE("mbus segments: a later one without its beginning is a stray") {
  MbusSegments segments;
  CHECK(segments.take(part(1, true, "end"), true, {}).kind == Kind::stray);
}

TEST_CASE("mbus segments: an incomplete message reports its start time and its bytes") {
  MbusSegments segments;
  CHECK(segments.due() == Mono::max());
  const Mono now{10s};
  segments.take(part(0, false, "one "), false, now);
  CHECK(segments.due() == now + MbusSegments::patience);
  CHECK(segments.abandon() == 4 + 11);
  CHECK(segments.due() == Mono::max());
}
