// Any bytes behind a 68: what is said of a frame does not change when more bytes come, a good one
// is sound, ours are read, and segments never give out more than went in.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "codec/mbus_frame.hpp"
#include "fuzz/segments.hpp"

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  join_segments<MbusSegments>(input, [](std::uint8_t head, ByteView part) {
    return MbusFrame{head & 3u, (head & 0x40u) != 0, part, part.size() + 11};
  });
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
