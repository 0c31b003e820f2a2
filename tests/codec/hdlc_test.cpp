// HDLC frames: the length leads, check sequences judge, nothing is stuffed.

#include <string>

#include <doctest/doctest.h>

#include "codec/hdlc.hpp"

using namespace gridtap;
using namespace std::chrono_literals;
using Verdict = HdlcCheck::Verdict;
using Kind = HdlcSegments::Outcome::Kind;

namespace {

const std::string addresses = *from_hex("410313");
const std::string llc = *from_hex("E6E700");

std::string frame(std::string_view information, bool segmented = false) {
  return hdlc_frame(as_bytes(addresses), as_bytes(information), segmented);
}

HdlcCheck check(std::string_view bytes) { return check_hdlc(as_bytes(bytes)); }

HdlcFrame part(std::string_view information, bool more) {
  return {as_bytes(information), more, information.size() + 10};
}

}  // namespace

TEST_CASE("hdlc: a frame cut anywhere is not taken, and is not an error yet") {
  const std::string whole = frame("payload");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(check(whole.substr(0, size)).verdict == Verdict::more);
  }
  CHECK(check(whole).verdict == Verdict::complete);
}

TEST_CASE("hdlc: any bit flipped between the flags is seen") {
  const std::string whole = frame("payload");
  for (std::size_t bit = 8; bit < 8 * (whole.size() - 1); ++bit) {
    std::string broken = whole;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
    broken += std::string(longest_hdlc, '\0');
    CAPTURE(bit);
    CHECK(check(broken).verdict != Verdict::complete);
    CHECK(check(broken).verdict != Verdict::more);
  }
}

TEST_CASE(
    "hdlc: a frame whose end is right and whose sum is wrong is damaged, and its size known") {
  std::string broken = frame("payload");
  broken[10] ^= 1;
  const HdlcCheck found = check(broken);
  CHECK(found.verdict == Verdict::damaged);
  CHECK(found.frame.bytes == broken.size());
}

TEST_CASE("hdlc: a sound head without the flag where it ends is a frame that was cut") {
  std::string broken = frame("payload");
  broken.back() = 'x';
  CHECK(check(broken).verdict == Verdict::cut);
}

TEST_CASE("hdlc: flags and escapes are ordinary bytes inside a frame") {
  const std::string information = *from_hex("7E7D7E7D5E7E");
  const std::string whole = frame(information);
  const HdlcCheck found = check(whole);
  REQUIRE(found.verdict == Verdict::complete);
  CHECK(as_text(found.frame.information) == information);
}

TEST_CASE("hdlc: what follows a frame does not belong to it, also where one flag serves two") {
  const std::string one = frame("one"), two = frame("two");
  const std::string glued = one + two.substr(1);
  const HdlcCheck first = check(glued);
  REQUIRE(first.verdict == Verdict::complete);
  CHECK(first.frame.bytes == one.size());
  const std::string rest = glued.substr(first.frame.bytes - 1);
  const HdlcCheck second = check(rest);
  REQUIRE(second.verdict == Verdict::complete);
  CHECK(as_text(second.frame.information) == "two");
}

TEST_CASE("hdlc: without information there is no head check") {
  const HdlcCheck empty = check(frame(""));
  REQUIRE(empty.verdict == Verdict::complete);
  CHECK(empty.frame.information.empty());
  CHECK(empty.frame.bytes == 9);
}

TEST_CASE("hdlc: the longest frame is read, and its segment bit") {
  const std::string information(2047 - 9, 'x');
  const HdlcCheck found = check(frame(information, true));
  REQUIRE(found.verdict == Verdict::complete);
  CHECK(found.frame.bytes == longest_hdlc);
  CHECK(found.frame.segmented);
  CHECK(found.frame.information.size() == information.size());
  CHECK_FALSE(check(frame("x")).frame.segmented);
}

TEST_CASE("hdlc: two flags, noise and other formats begin no frame") {
  for (const char* hex : {"7E7E", "7E00000000000000000000", "7EB00A410313", "7EA000410313"}) {
    CAPTURE(hex);
    CHECK(check(*from_hex(hex)).verdict == Verdict::none);
  }
}

TEST_CASE("hdlc segments: one frame with an LLC header is a message at once") {
  HdlcSegments segments;
  const std::string information = llc + "apdu";
  const auto outcome = segments.take(part(information, false), false, {});
  CHECK(outcome.kind == Kind::apdu);
  CHECK(as_text(outcome.apdu) == "apdu");
  CHECK(outcome.had_llc);
  CHECK(outcome.bytes == information.size() + 10);
}

TEST_CASE("hdlc segments: those that follow on one another are joined") {
  HdlcSegments segments;
  const std::string first = llc + "one ";
  CHECK(segments.take(part(first, true), false, {}).kind == Kind::nothing);
  CHECK(segments.take(part("two ", true), true, {}).kind == Kind::nothing);
  const auto outcome = segments.take(part("three", false), true, {});
  REQUIRE(outcome.kind == Kind::apdu);
  CHECK(as_text(outcome.apdu) == "one two three");
  CHECK(outcome.bytes == first.size() + 4 + 5 + 30);
  CHECK(segments.abandon() == 0);
}

TEST_CASE("hdlc segments: a hole between two costs the message, and is accounted for") {
  HdlcSegments segments;
  const std::string first = llc + "one ";
  segments.take(part(first, true), false, {});
  const auto outcome = segments.take(part("three", false), false, {});
  CHECK(outcome.kind != Kind::apdu);
  CHECK(outcome.abandoned == first.size() + 10);
}

TEST_CASE("hdlc segments: a new message drops the incomplete one before it") {
  HdlcSegments segments;
  const std::string first = llc + "one ", fresh = llc + "fresh";
  segments.take(part(first, true), false, {});
  const auto outcome = segments.take(part(fresh, false), true, {});
  REQUIRE(outcome.kind == Kind::apdu);
  CHECK(as_text(outcome.apdu) == "fresh");
  CHECK(outcome.abandoned == first.size() + 10);
}

TEST_CASE("hdlc segments: an incomplete message reports its start time and its bytes") {
  HdlcSegments segments;
  CHECK(segments.due() == Mono::max());
  const std::string first = llc + "one ";
  const Mono now{10s};
  segments.take(part(first, true), false, now);
  CHECK(segments.due() == now + HdlcSegments::patience);
  CHECK(segments.abandon() == first.size() + 10);
  CHECK(segments.due() == Mono::max());
}

TEST_CASE("hdlc segments: a message without end is given up at its limit") {
  HdlcSegments segments;
  const std::string first = llc + std::string(1000, 'x'), more(1000, 'y');
  std::size_t given = 0, abandoned = 0;
  segments.take(part(first, true), false, {});
  given += first.size() + 10;
  for (int n = 0; n < 20; ++n) {
    const auto outcome = segments.take(part(more, true), true, {});
    CHECK(outcome.kind != Kind::apdu);
    abandoned += outcome.abandoned;
  }
  CHECK(abandoned >= given);
  CHECK(segments.abandon() <= HdlcSegments::longest + 40);
}

// The sums of these were computed by hand-written code of another language.
TEST_CASE("hdlc: the examples of the header and of the standard's check value") {
  CHECK(frame("\x0F") == *from_hex("7EA00A410313C5AD0F3B3E7E"));
  const std::string head = *from_hex("010201") + '\x10';
  const std::string list = hdlc_frame(as_bytes(head), as_bytes(std::string(29, 'x')));
  CHECK(list.substr(1, 8) == *from_hex("A02701020110"
                                       "5A87"));
}
