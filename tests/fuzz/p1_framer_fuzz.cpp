// Any bytes on a P1 line: however they are cut into pieces, the wire says the same, to the last
// word, and what it drops is never larger than the longest telegram. The first bytes of the input
// say where it is cut.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/must.hpp"
#include "support/p1_telegram.hpp"

using namespace gridtap;
using namespace gridtap::p1;

namespace {

constexpr std::size_t cuts = 8;

// Pieces as long as the bytes of `lengths` say, in turn.
std::string said_in_pieces(std::string_view stream, ByteView lengths) {
  WireRig rig;
  for (std::size_t n = 0; !stream.empty(); ++n) {
    const std::size_t size =
        std::min<std::size_t>(std::size_t{lengths[n % lengths.size()]} + 1, stream.size());
    rig.feed(stream.substr(0, size));
    stream.remove_prefix(size);
  }
  rig.close();
  return rig.whole;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < cuts) return 0;
  const ByteView input(data, size);
  const std::string_view stream = as_text(input.subspan(cuts));
  WireRig rig;
  rig.feed(stream);
  rig.close();
  for (const std::size_t dropped : rig.dropped) must(dropped <= Framer::cap + 1);
  for (const std::string& text : rig.texts) must(text.starts_with('/'));
  must(rig.wire.next_wake() == Mono::max());
  must(said_in_pieces(stream, input.first(cuts)) == rig.whole);
  return 0;
}
