// Any bytes behind a flag: what is said of a frame does not change when more bytes come, a good
// frame is one that our encoder writes, and segments never give out more than went in.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "codec/hdlc.hpp"
#include "fuzz/segments.hpp"

using namespace gridtap;

namespace {

using Verdict = HdlcCheck::Verdict;

void stays_the_same(ByteView bytes, const HdlcCheck& whole) {
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    const HdlcCheck part = check_hdlc(bytes.first(size));
    if (part.verdict == Verdict::more) continue;
    must(part.verdict == whole.verdict && part.frame.bytes == whole.frame.bytes);
    return;
  }
}

void is_what_we_write(ByteView bytes, const HdlcFrame& frame) {
  must(frame.bytes <= bytes.size() && frame.bytes <= longest_hdlc);
  const std::size_t checks = frame.information.empty() ? 2 : 4;
  const std::size_t addresses = frame.bytes - 4 - checks - frame.information.size();
  const std::string written =
      hdlc_frame(bytes.subspan(3, addresses), frame.information, frame.segmented);
  must(written == as_text(bytes.first(frame.bytes)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  join_segments<HdlcSegments>(input, [](std::uint8_t head, ByteView part) {
    return HdlcFrame{part, (head & 0x40u) != 0, part.size() + 10};
  });
  if (input.empty()) return 0;
  std::string flagged(as_text(input));
  flagged[0] = static_cast<char>(hdlc_flag);
  const HdlcCheck found = check_hdlc(as_bytes(flagged));
  stays_the_same(as_bytes(flagged), found);
  if (found.verdict == Verdict::complete) is_what_we_write(as_bytes(flagged), found.frame);
  const std::string made =
      hdlc_frame(as_bytes("\x41\x03\x13"), input.first(std::min<std::size_t>(size, 2000)));
  must(check_hdlc(as_bytes(made)).verdict == Verdict::complete);
  return 0;
}
