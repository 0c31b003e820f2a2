#include "codec/block_transfer.hpp"

#include <utility>

#include "codec/axdr.hpp"

namespace gridtap {
namespace {

constexpr std::uint8_t last_block = 0x80;

struct Block {
  bool last;
  unsigned number;
  ByteView data;
  bool used_up;
};

std::optional<Block> parse_block(ByteView bytes) {
  Cursor cursor(bytes);
  const auto tag = cursor.u8();
  const auto control = cursor.u8();
  const auto number = cursor.u16();
  const auto acknowledged = cursor.u16();
  if (!tag || !control || !number || !acknowledged) return {};
  const auto length = take_axdr_count(cursor);
  const auto data = length ? cursor.take(*length) : std::nullopt;
  if (!data) return {};
  return Block{(*control & last_block) != 0, *number, *data, cursor.empty()};
}

}  // namespace

BlockTransfer::Outcome BlockTransfer::take(ByteView bytes, bool strict, std::size_t frame_bytes,
                                           Mono now, ByteView raw) {
  Outcome outcome;
  const auto block = parse_block(bytes);
  const bool late = next_ > 1 && now - last_ >= patience;
  const bool sound = block && (block->used_up || !strict);
  const bool goes_on = sound && block->number == next_ && !late;
  if (!goes_on) outcome.abandoned = abandon();
  if (!sound || block->number != next_) {
    outcome.kind = Outcome::Kind::stray;
    outcome.bytes = frame_bytes;
    return outcome;
  }
  if (next_ == 1) {
    joined_.clear();
    frames_.clear();
    bytes_ = 0;
    strict_ = strict;
  }
  joined_ += as_text(block->data);
  frames_.add(raw);
  bytes_ += frame_bytes;
  last_ = now;
  ++next_;
  if (joined_.size() > longest) {
    outcome.abandoned += abandon();
  } else if (block->last) {
    outcome = {Outcome::Kind::apdu, as_bytes(joined_), strict_, bytes_,
               outcome.abandoned,   frames_.all()};
    next_ = 1;
  }
  return outcome;
}

std::size_t BlockTransfer::abandon() { return std::exchange(next_, 1u) > 1 ? bytes_ : 0; }

}  // namespace gridtap
