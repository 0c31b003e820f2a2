// Any bytes on the line of an encrypted meter, raw and as the text inside a good envelope, with a
// key at hand: nothing breaks, and how the bytes are cut never matters.

#include <cstddef>
#include <cstdint>
#include <string>

#include "adapters/p1/envelope.hpp"
#include "fuzz/must.hpp"
#include "support/p1_telegram.hpp"

using namespace gridtap;
using namespace gridtap::p1;

namespace {

std::string said(std::string_view stream, std::size_t piece) {
  WireRig rig({demo_keys(), false});
  for (; !stream.empty(); stream.remove_prefix(std::min(piece, stream.size()))) {
    rig.feed(stream.substr(0, piece));
  }
  rig.close();
  return rig.whole;
}

void cut_anyhow(std::string_view stream) {
  const std::string whole = said(stream, stream.size() + 1);
  must(said(stream, 1) == whole);
  must(said(stream, 13) == whole);
}

// A size that is known does not change when more bytes come.
void sizes(ByteView bytes) {
  std::optional<std::size_t> known;
  for (std::size_t n = 1; n <= std::min<std::size_t>(bytes.size(), 32); ++n) {
    const auto size = envelope_size(bytes.first(n));
    if (known) must(size == known);
    known = size;
  }
}

void open_if_whole(ByteView bytes) {
  const auto size = envelope_size(bytes);
  if (!size || *size == 0 || *size > bytes.size()) return;
  Envelopes envelopes(demo_keys()), keyless({});
  const Opened opened = envelopes.open(bytes.first(*size));
  must(opened.error || opened.text.starts_with('/'));
  const Opened unread = keyless.open(bytes.first(*size));
  must(unread.error && unread.error->fault == Fault::no_key && unread.sound);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  sizes(input);
  open_if_whole(input);
  cut_anyhow(as_text(input));
  Sealed sealed;
  sealed.text = as_text(input.first(std::min<std::size_t>(size, 4000)));
  const std::string envelope = sealed();
  if (sealed.text.size() + 17 >= Envelopes::shortest) {
    must(envelope_size(as_bytes(envelope)) == envelope.size());
    open_if_whole(as_bytes(envelope));
  }
  sealed.counter = 2;
  cut_anyhow(envelope + std::string(as_text(input)) + sealed());
  return 0;
}
