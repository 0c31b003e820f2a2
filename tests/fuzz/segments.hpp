#pragma once
// The input as segments of a message: a byte of head, up to 63 bytes of data. Joined, they never
// give out more than went in.

#include <algorithm>
#include <chrono>

#include "core/bytes.hpp"
#include "core/value.hpp"
#include "fuzz/must.hpp"

namespace gridtap {

// `frame_of`: a frame of that head and data.
template <class Segments, class FrameOf>
void join_segments(ByteView bytes, FrameOf frame_of) {
  Segments joined;
  std::size_t given = 0, taken = 0;
  Mono now{};
  while (bytes.size() > 1) {
    const std::uint8_t head = bytes[0];
    const std::size_t size = std::min<std::size_t>(head & 0x3Fu, bytes.size() - 1);
    const auto frame = frame_of(head, bytes.subspan(1, size));
    now += std::chrono::seconds{head & 3u};
    const auto outcome = joined.take(frame, (head & 0x80u) != 0, now);
    given += frame.bytes;
    taken += outcome.bytes + outcome.abandoned;
    must(taken <= given && outcome.apdu.size() <= Segments::longest);
    bytes = bytes.subspan(1 + size);
  }
  must(taken + joined.abandon() <= given && joined.due() == Mono::max());
}

}  // namespace gridtap
