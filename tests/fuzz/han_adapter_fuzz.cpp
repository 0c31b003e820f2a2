// Any bytes on a HAN line, with a key at hand: however they are cut into pieces, the adapter says
// the same, to the last word. The first bytes of the input say where it is cut.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/must.hpp"
#include "support/han_line.hpp"

using namespace gridtap;

namespace {

constexpr std::size_t cuts = 8;

std::string said(std::string_view stream, ByteView lengths) {
  han::LineRig rig({{"key_file", "key"}, {"factor", "1.5"}});
  for (std::size_t n = 0; !stream.empty(); ++n) {
    const std::size_t size =
        lengths.empty() ? stream.size() : std::size_t{lengths[n % lengths.size()]} + 1;
    const std::string_view piece = stream.substr(0, size);
    rig.feed(piece);
    stream.remove_prefix(piece.size());
  }
  rig.close();
  must(rig.adapter->next_wake() == Mono::max());
  return rig.said();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < cuts) return 0;
  const ByteView input(data, size);
  const std::string_view stream = as_text(input.subspan(cuts));
  const std::string whole = said(stream, {});
  must(said(stream, input.first(cuts)) == whole);
  must(whole.find('\x7F') == whole.npos);
  return 0;
}
