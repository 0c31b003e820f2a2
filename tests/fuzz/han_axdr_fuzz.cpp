// Any bytes as one A-XDR value, and as a body wherever an LLC header stands: the tree is sound,
// does not depend on what follows it, and lists read from it point into it.

#include <cstddef>
#include <cstdint>
#include <string>

#include "adapters/han/lists.hpp"
#include "codec/axdr.hpp"
#include "codec/dlms.hpp"
#include "fuzz/must.hpp"

using namespace gridtap;

namespace {

// Checks a node with all inside it; the index behind it.
std::size_t walk(const AxdrTree& tree, std::size_t at, ByteView bytes, int depth) {
  must(at < tree.size() && depth <= max_axdr_depth + 1);
  const AxdrNode& node = tree[at];
  if (!node.holds_others()) {
    const ByteView content = node.content();
    must(node.end == at + 1);
    must(content.empty() || (content.data() >= bytes.data() &&
                             content.data() + content.size() <= bytes.data() + bytes.size()));
    return node.end;
  }
  std::size_t next = at + 1;
  for (std::uint32_t n = 0; n < node.size; ++n) next = walk(tree, next, bytes, depth + 1);
  must(next == node.end);
  return next;
}

void value(ByteView bytes) {
  static AxdrTree tree, again;
  static han::List list;
  const auto used = tree.parse(bytes);
  if (!used) return must(tree.empty());
  must(*used <= bytes.size());
  must(walk(tree, 0, bytes.first(*used), 0) == tree.size());
  must(again.parse(bytes.first(*used)).value_or(0) == *used);
  must(!again.parse(bytes.first(*used - 1)));
  if (!han::read_list(tree, {}, list)) return;
  list.for_each_row([&](const han::Row& row) {
    must(row.value >= tree.data() && row.value < tree.data() + tree.size());
    (void)axdr_integer(*row.value);
  });
}

void notification(ByteView bytes) {
  const auto parsed = parse_data_notification(bytes);
  if (!parsed) return;
  if (const auto clock = DlmsClock::read(parsed->clock)) must(clock->text().size() == 19);
  value(parsed->body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  value(input);
  notification(input);
  for (std::size_t at = 0; at + 4 < size; ++at) {
    if (data[at] == 0xE6 && data[at + 1] == 0xE7) notification(input.subspan(at + 3));
  }
  return 0;
}
