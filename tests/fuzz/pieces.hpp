#pragma once
// A stream that is cut in other places has to give the same words. The first bytes of the input say
// where.

#include <memory>
#include <string>

#include "fuzz/must.hpp"
#include "support/adapter_rig.hpp"

namespace gridtap {

template <class MakeRig>
std::string said_of(std::string_view stream, ByteView lengths, MakeRig make_rig) {
  const auto rig = make_rig();
  for (std::size_t n = 0; !stream.empty(); ++n) {
    const std::size_t size =
        lengths.empty() ? stream.size() : std::size_t{lengths[n % lengths.size()]} + 1;
    const std::string_view piece = stream.substr(0, size);
    rig->feed(piece);
    stream.remove_prefix(piece.size());
  }
  rig->close();
  must(rig->adapter->next_wake() == Mono::max());
  return rig->said();
}

// `make_rig`: a fresh adapter on its line.
template <class MakeRig>
void check_cuts(ByteView input, MakeRig make_rig) {
  constexpr std::size_t cuts = 8;
  if (input.size() < cuts) return;
  const std::string_view stream = as_text(input.subspan(cuts));
  const std::string whole = said_of(stream, {}, make_rig);
  must(said_of(stream, input.first(cuts), make_rig) == whole);
  must(whole.find('\x7F') == whole.npos);
}

}  // namespace gridtap
