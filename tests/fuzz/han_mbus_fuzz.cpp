// Any bytes behind a 68: what is said of a frame does not change when more bytes come, a good one
// is sound, ours are read, and segments never give out more than went in.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "codec/mbus_frame.hpp"
#include "fuzz/must.hpp"

using namespace gridtap;

namespace {

using Verdict = MbusCheck::Verdict;

void stays_the_same(ByteView bytes, const MbusCheck& whole) {
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    const MbusCheck part = check_mbus(bytes.first(size));
    if (part.verdict == Verdict::more) continue;
    must(part.verdict == whole.verdict && part.frame.bytes == whole.frame.bytes);
    return;
  }
}

// The input as segments: a byte of head, up to 63 bytes of data.
void segments(ByteView bytes) {
  MbusSegments joined;
  std::size_t given = 0, taken = 0;
  Mono now{};
  while (bytes.size() > 1) {
    const std::uint8_t head = bytes[0];
    const std::size_t size = std::min<std::size_t>(head & 0x3Fu, bytes.size() - 1);
    const MbusFrame frame{head & 3u, (head & 0x40u) != 0, bytes.subspan(1, size), size + 11};
    now += std::chrono::seconds{head & 3u};
    const auto outcome = joined.take(frame, (head & 0x80u) != 0, now);
    given += frame.bytes;
    taken += outcome.bytes + outcome.abandoned;
    must(taken <= given && outcome.apdu.size() <= MbusSegments::longest);
    bytes = bytes.subspan(1 + size);
  }
  must(taken + joined.abandon() <= given && joined.due() == Mono::max());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  segments(input);
  if (input.empty()) return 0;
  std::string started(as_text(input));
  started[0] = static_cast<char>(mbus_start);
  const MbusCheck found = check_mbus(as_bytes(started));
  stays_the_same(as_bytes(started), found);
  if (found.verdict == Verdict::complete) {
    must(found.frame.bytes <= size && found.frame.bytes == found.frame.data.size() + 11);
  }
  const std::string made = mbus_frame(data[0], true, input.first(std::min<std::size_t>(size, 506)));
  const MbusCheck own = check_mbus(as_bytes(made + std::string(longest_mbus, '\0')));
  must(own.verdict == Verdict::complete && own.frame.number == (data[0] & 0x0Fu));
  return 0;
}
