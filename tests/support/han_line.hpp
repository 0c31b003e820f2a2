#pragma once
// A HAN adapter on a line of its own, its clock, and what it says; and lists packed as meters pack
// them.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/han/adapter.hpp"
#include "adapters/han/list_writer.hpp"
#include "codec/hdlc.hpp"
#include "support/settings.hpp"
#include "support/wire_bytes.hpp"

namespace gridtap::han {

// The APDU in a frame with LLC header, as most meters push it.
inline std::string framed(std::string_view apdu) {
  return hdlc_frame(as_bytes(hex("010201") + hex("10")), as_bytes(hex("E6E700").append(apdu)));
}
// A list without a clock in its APDU.
inline std::string pushed(const ValueWriter& body) {
  return framed(notification(std::string_view("\0", 1), body.bytes()));
}

inline ValueWriter kaifa_list_1(std::int64_t watts) {
  return ValueWriter().structure(1).u32(watts);
}

// What the adapter said, one line each:
//   identified Kaifa|MA304H4|6970631400000017|6970631400000017   maker, model, serial, identity
//   power_import 1234 1-0:1.7.0                                  key, value, source
//   held energy_import 5 fell | unknown 1-0:99.7.0 7B | frame 123 | alive 30000
//   dropped noise 12 | diagnosis wrong_parity
class LineRig final : Effects {
 public:
  using Settings = std::vector<std::pair<std::string, std::string>>;

  explicit LineRig(const Settings& settings = {}) {
    std::vector<Member> members;
    for (const auto& [key, value] : settings) members.push_back({key, plain(value)});
    SectionRig rig(std::move(members));
    rig.files = {{"key", "000102030405060708090A0B0C0D0E0F\n"},
                 {"authentication_key", "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF\n"},
                 {"other_key", "FFFF02030405060708090A0B0C0D0E0F\n"}};
    Section section = rig.section();
    adapter = make(section, 1);
    section.finish();
    problems = rig.problems();
    adapter->on_open(now, *this);
  }
  LineRig(const LineRig&) = delete;
  LineRig& operator=(const LineRig&) = delete;

  void feed(std::string_view bytes) { adapter->on_bytes(as_bytes(bytes), now, *this); }
  void feed_each(std::string_view bytes) {
    for (std::size_t n = 0; n < bytes.size(); ++n) feed(bytes.substr(n, 1));
  }
  void feed_cut(std::string_view bytes, Dice& dice, std::uint32_t longest) {
    while (!bytes.empty()) {
      const std::size_t size = std::min<std::size_t>(1 + dice(longest), bytes.size());
      feed(bytes.substr(0, size));
      bytes.remove_prefix(size);
    }
  }
  void close() { adapter->on_close(now, *this); }
  void reopen() {
    close();
    adapter->on_open(now, *this);
  }
  void pass(std::chrono::milliseconds time) {
    const Mono until = now.mono + time;
    while (adapter->next_wake() <= until) {
      now.mono = std::max(now.mono, adapter->next_wake());
      adapter->on_wake(now, *this);
    }
    now.mono = until;
  }
  // What is said of these bytes, the silence behind them included.
  std::string hear(std::string_view bytes) {
    (void)said();
    feed(bytes);
    pass(std::chrono::milliseconds{300});
    return said();
  }

  // What was said since the last call. Leases only where they are asked for.
  std::string said() { return std::exchange(said_, {}); }
  std::string leases() { return std::exchange(leases_, {}); }

  Now now{Mono{std::chrono::hours{1}}, {}};
  std::unique_ptr<Adapter> adapter;
  std::string problems;

 private:
  void operator()(const Effect& effect) override {
    const auto line = [&](auto... words) {
      ((said_ += words, said_ += ' '), ...);
      said_.back() = '\n';
    };
    const auto text = [](std::string_view view) { return std::string(view); };
    std::visit(overloaded{
                   [&](const Identified& e) {
                     const DeviceInfo& d = e.device;
                     line("identified", text(d.manufacturer) + '|' + text(d.model) + '|' +
                                            text(d.serial) + '|' + text(d.identity));
                   },
                   [&](const Reading& e) { line(text(e.key), to_text(e.value), text(e.source)); },
                   [&](const Held& e) {
                     line("held", text(e.reading.key), to_text(e.reading.value), text(e.reason));
                   },
                   [&](const Unknown& e) { line("unknown", text(e.source), text(e.raw)); },
                   [&](const Frame& e) { line("frame", std::to_string(e.bytes)); },
                   [&](const Dropped& e) {
                     line("dropped", text(name(e.error.fault)), std::to_string(e.bytes));
                   },
                   [&](const Notice& e) { line("notice", text(e.text)); },
                   [&](const Diagnosis& e) { line("diagnosis", text(e.cause)); },
                   [&](const Alive& e) { leases_ += std::to_string(e.lease.count()) + '\n'; },
                   [](const auto&) {},
               },
               effect);
  }

  std::string said_, leases_;
};

// The lines of one kind: of readings the keys begin so.
inline std::string lines_with(std::string_view text, std::string_view begin) {
  std::string found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    if (text.starts_with(begin)) found += text.substr(0, end);
    text.remove_prefix(end);
  }
  return found;
}

}  // namespace gridtap::han
