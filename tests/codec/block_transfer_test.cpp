// general-block-transfer: blocks 1, 2, ... joined are one APDU.

#include <string>

#include <doctest/doctest.h>

#include "codec/block_transfer.hpp"

using namespace gridtap;
using namespace std::chrono_literals;
using Kind = BlockTransfer::Outcome::Kind;

namespace {

constexpr std::uint8_t last = 0x80, streaming = 0x40;

std::string block(std::uint8_t control, unsigned number, std::string_view data) {
  std::string out = {'\xE0',
                     static_cast<char>(control),
                     static_cast<char>(number >> 8),
                     static_cast<char>(number & 0xFF),
                     0,
                     0,
                     static_cast<char>(data.size())};
  return out.append(data);
}

}  // namespace

TEST_CASE("block transfer: the only block is an APDU") {
  BlockTransfer blocks;
  const std::string only = block(last | streaming, 1, "apdu");
  const auto outcome = blocks.take(as_bytes(only), false, 20, {});
  REQUIRE(outcome.kind == Kind::apdu);
  CHECK(as_text(outcome.apdu) == "apdu");
  CHECK(outcome.bytes == 20);
}

TEST_CASE("block transfer: blocks in their order are joined, their frames counted") {
  BlockTransfer blocks;
  const std::string one = block(streaming, 1, "one "), two = block(streaming, 2, "two "),
                    three = block(last | streaming, 3, "three");
  CHECK(blocks.take(as_bytes(one), true, 10, {}).kind == Kind::nothing);
  CHECK(blocks.take(as_bytes(two), false, 11, {}).kind == Kind::nothing);
  const auto outcome = blocks.take(as_bytes(three), false, 12, {});
  REQUIRE(outcome.kind == Kind::apdu);
  CHECK(as_text(outcome.apdu) == "one two three");
  CHECK(outcome.bytes == 33);
  CHECK(outcome.strict);
}

TEST_CASE("block transfer: a block that is missing costs the APDU, and the next one is read") {
  BlockTransfer blocks;
  const std::string one = block(streaming, 1, "one "), three = block(last | streaming, 3, "three"),
                    fresh = block(last, 1, "fresh");
  blocks.take(as_bytes(one), false, 10, {});
  const auto hole = blocks.take(as_bytes(three), false, 12, {});
  CHECK(hole.kind == Kind::stray);
  CHECK(hole.abandoned == 10);
  CHECK(as_text(blocks.take(as_bytes(fresh), false, 9, {}).apdu) == "fresh");
}

TEST_CASE("block transfer: block 1 again begins anew") {
  BlockTransfer blocks;
  const std::string one = block(streaming, 1, "one "), again = block(last, 1, "again");
  blocks.take(as_bytes(one), false, 10, {});
  const auto outcome = blocks.take(as_bytes(again), false, 9, {});
  REQUIRE(outcome.kind == Kind::apdu);
  CHECK(as_text(outcome.apdu) == "again");
  CHECK(outcome.abandoned == 10);
}

TEST_CASE("block transfer: a block cut anywhere gives nothing") {
  const std::string whole = block(last, 1, "apdu");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    BlockTransfer blocks;
    CHECK(blocks.take(as_bytes(std::string_view(whole).substr(0, size)), false, size, {}).kind !=
          Kind::apdu);
  }
}

TEST_CASE("block transfer: an incomplete message reports its start time and its bytes") {
  BlockTransfer blocks;
  CHECK(blocks.due() == Mono::max());
  const std::string one = block(streaming, 1, "one ");
  const Mono now{10s};
  blocks.take(as_bytes(one), false, 10, now);
  CHECK(blocks.due() == now + BlockTransfer::patience);
  CHECK(blocks.abandon() == 10);
  CHECK(blocks.due() == Mono::max());
}

TEST_CASE("block transfer: an APDU without end is given up at its limit") {
  BlockTransfer blocks;
  std::size_t abandoned = 0;
  for (unsigned n = 1; n < 100; ++n) {
    const std::string each = block(streaming, n, std::string(100, 'x'));
    const auto outcome = blocks.take(as_bytes(each), false, 110, {});
    CHECK(outcome.kind != Kind::apdu);
    abandoned += outcome.abandoned;
  }
  CHECK(abandoned >= BlockTransfer::longest);
  CHECK(blocks.abandon() == 0);
}
