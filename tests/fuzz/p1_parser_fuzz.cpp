// Any text as the body of a telegram: its lines keep their limits and point into it, and the whole
// adapter reads it, with a right checksum before it and raw. What comes out keeps its promises.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "adapters/p1/adapter.hpp"
#include "adapters/p1/objects.hpp"
#include "fuzz/must.hpp"
#include "support/p1_telegram.hpp"
#include "support/settings.hpp"

using namespace gridtap;
using namespace gridtap::p1;

namespace {

void split(std::string_view body) {
  Objects objects;
  Lines lines;
  objects.split(body, lines);
  must(lines.objects.size() <= Lines::max);
  must(lines.odd.size() <= Lines::max);
  for (const Object& object : lines.objects) {
    must(object.groups.starts_with('(') && object.groups.ends_with(')'));
    must(object.code.find('(') == std::string_view::npos);
    std::string_view groups = object.groups;
    while (take_group(groups)) {
    }
    must(groups.empty());
  }
}

// Readings have a key, totals that are held a reason, and effects are written down as text.
struct Promises final : Effects {
  void operator()(const Effect& effect) override {
    if (const auto* reading = std::get_if<Reading>(&effect)) note(*reading);
    if (const auto* held = std::get_if<Held>(&effect)) {
      must(!held->reason.empty());
      note(held->reading);
    }
    if (std::get_if<Frame>(&effect) != nullptr) text += "frame\n";
  }
  void note(const Reading& reading) {
    must(!reading.key.empty());
    must(reading.attributes.empty() ||
         (reading.attributes.front() == '{' && reading.attributes.back() == '}'));
    text.append(reading.channel).append(" ").append(reading.key).append(" ");
    append(text, reading.value);
    text.append(reading.attributes).append("\n");
  }
  std::string text;
};

std::string read(std::string_view stream, std::size_t piece) {
  SectionRig rig(std::vector<Member>{});
  Section section = rig.section();
  const std::unique_ptr<Adapter> adapter = make(section, 1);
  Promises promises;
  const Now now{};
  adapter->on_start(now, promises);
  adapter->on_open(now, promises);
  for (; !stream.empty(); stream.remove_prefix(std::min(piece, stream.size()))) {
    adapter->on_bytes(as_bytes(stream.substr(0, piece)), now, promises);
  }
  adapter->on_close(now, promises);
  const std::string state = adapter->state();
  adapter->restore(state);
  must(adapter->state() == state);
  return promises.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(as_text({data, size}));
  split(body);
  const std::string telegram = with_crc("/TST5demo\r\n\r\n" + body + "\r\n!");
  const std::string stream = telegram + body + telegram;
  must(read(stream, stream.size()) == read(stream, 7));
  return 0;
}
