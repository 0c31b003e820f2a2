// Any bytes as blocks of a general-block-transfer: nothing breaks, no more is given out than went
// in, and what we cut into blocks comes out as it was.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "codec/block_transfer.hpp"
#include "fuzz/must.hpp"

using namespace gridtap;

namespace {

using Kind = BlockTransfer::Outcome::Kind;
constexpr char last = static_cast<char>(0x80);

std::string block(bool is_last, unsigned number, std::string_view data) {
  std::string out = {static_cast<char>(0xE0),
                     is_last ? last : '\0',
                     static_cast<char>(number >> 8),
                     static_cast<char>(number),
                     '\0',
                     '\0',
                     static_cast<char>(data.size())};
  return out.append(data);
}

// A byte of head, then a block of up to 127 bytes; its number is made to fit half of the time.
void any_blocks(ByteView bytes) {
  BlockTransfer blocks;
  std::size_t given = 0, taken = 0;
  unsigned number = 1;
  Mono now{};
  while (bytes.size() > 1) {
    const std::uint8_t head = bytes[0];
    const std::size_t size = std::min<std::size_t>(head & 0x7Fu, bytes.size() - 1);
    const bool made = (head & 0x80u) != 0;
    const std::string text = made ? block(size % 5 == 0, number++, as_text(bytes.subspan(1, size)))
                                  : std::string(as_text(bytes.subspan(1, size)));
    now += std::chrono::milliseconds{100 * (head & 0x3Fu)};
    const auto outcome = blocks.take(as_bytes(text), head % 2 != 0, text.size(), now);
    if (outcome.kind != Kind::nothing) number = 1;
    given += text.size();
    taken += outcome.bytes + outcome.abandoned;
    must(taken <= given && outcome.apdu.size() <= BlockTransfer::longest);
    bytes = bytes.subspan(1 + size);
  }
  must(taken + blocks.abandon() <= given && blocks.due() == Mono::max());
}

void round_trip(std::string_view text) {
  constexpr std::size_t piece = 100;
  BlockTransfer blocks;
  for (unsigned n = 1; !text.empty(); ++n) {
    const bool is_last = text.size() <= piece;
    const std::string each = block(is_last, n, text.substr(0, piece));
    const auto outcome = blocks.take(as_bytes(each), true, each.size(), {});
    must(outcome.kind == (is_last ? Kind::apdu : Kind::nothing));
    text.remove_prefix(std::min(piece, text.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  any_blocks(input);
  round_trip(as_text(input.first(std::min<std::size_t>(size, BlockTransfer::longest))));
  return 0;
}
