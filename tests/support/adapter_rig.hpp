#pragma once
// An adapter on a line of its own, its clock, and what it says.

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/part.hpp"
#include "support/settings.hpp"
#include "support/wire_bytes.hpp"

namespace gridtap {

// What the adapter said, one line each:
//   identified Kaifa|MA304H4|6970631400000017|6970631400000017   maker, model, serial, identity
//   power_import 1234 1-0:1.7.0                                  key, value, source
//   held energy_import 5 fell | unknown 1-0:99.7.0 7B | frame 123 | alive 30000
//   dropped noise 12 | diagnosis wrong_parity | rejected output_on OFF refused: why
// Of a channel each begins with its name: "g1: temperature 21.5 t".
class AdapterRig : public Effects {
 public:
  using Settings = std::vector<std::pair<std::string, std::string>>;

  explicit AdapterRig(Make make, const Settings& settings = {})
      : AdapterRig(make, members_of(settings)) {}
  AdapterRig(Make make, std::vector<Member> settings) {
    build(std::move(settings), [&](Section& section) { adapter = make(section, 1); });
  }
  // The first end of a play; `other_end` where it has two.
  explicit AdapterRig(Simulate simulate, const Settings& settings = {})
      : AdapterRig(simulate, members_of(settings)) {}
  AdapterRig(Simulate simulate, std::vector<Member> settings) {
    build(std::move(settings), [&](Section& section) {
      Ends ends = simulate(section, 1);
      adapter = std::move(ends[0]);
      if (ends.size() > 1) other_end = std::move(ends[1]);
    });
  }
  explicit AdapterRig(std::unique_ptr<Adapter> made) : adapter(std::move(made)) {
    adapter->on_start(now, *this);
    adapter->on_open(now, *this);
  }
  virtual ~AdapterRig() = default;
  AdapterRig(const AdapterRig&) = delete;
  AdapterRig& operator=(const AdapterRig&) = delete;

  static std::vector<Member> members_of(const Settings& settings) {
    std::vector<Member> members;
    for (const auto& [key, value] : settings) members.push_back({key, plain(value)});
    return members;
  }

  void feed(std::string_view bytes) {
    adapter->on_bytes(as_bytes(bytes), now, *this);
    follow();
  }
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
      follow();
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

  void command(std::string_view key, const Value& value, std::string_view text,
               std::string_view channel = "") {
    adapter->on_command({channel, key, value, text}, now, *this);
  }

  // What was said since the last call. Leases only where they are asked for.
  std::string said() { return std::exchange(said_, {}); }
  std::string leases() { return std::exchange(leases_, {}); }
  // What went out on the line, and how many writes it took.
  std::string sent() { return std::exchange(sent_, {}); }
  std::size_t writes = 0;
  // How often it asked to have its state on the disk.
  int keeps = 0;
  std::string details;            // of what was dropped or diagnosed, one line each
  std::vector<std::string> raws;  // frames that were handed on as they came
  // What takes commands or was described by the settings: "output_on", "g1/relay".
  std::vector<std::string> entities;
  std::vector<std::string> disabled;  // of these, what Home Assistant does not show at first

  Now now{Mono{std::chrono::hours{1}}, {}};
  std::unique_ptr<Adapter> adapter, other_end;
  std::string problems;

 private:
  template <class Maker>
  void build(std::vector<Member> settings, Maker maker) {
    SectionRig rig(std::move(settings));
    rig.files = {{"key", "000102030405060708090A0B0C0D0E0F\n"},
                 {"authentication_key", "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF\n"},
                 {"other_key", "FFFF02030405060708090A0B0C0D0E0F\n"}};
    Section section = rig.section();
    maker(section);
    section.finish();
    problems = rig.problems();
    adapter->on_start(now, *this);
    adapter->on_open(now, *this);
  }

  void operator()(const Effect& effect) override {
    std::string_view channel;
    const auto line = [&](auto... words) {
      if (!channel.empty()) (said_ += channel) += ": ";
      ((said_ += words, said_ += ' '), ...);
      said_.back() = '\n';
    };
    const auto text = [](std::string_view view) { return std::string(view); };
    std::visit(overloaded{
                   [&](const Identified& e) {
                     channel = e.channel;
                     const DeviceInfo& d = e.device;
                     line("identified", text(d.manufacturer) + '|' + text(d.model) + '|' +
                                            text(d.serial) + '|' + text(d.identity));
                   },
                   [&](const Reading& e) {
                     channel = e.channel;
                     line(text(e.key), to_text(e.value), text(e.source));
                   },
                   [&](const Held& e) {
                     channel = e.reading.channel;
                     line("held", text(e.reading.key), to_text(e.reading.value), text(e.reason));
                   },
                   [&](const Unknown& e) { line("unknown", text(e.source), text(e.raw)); },
                   [&](const Frame& e) {
                     line("frame", std::to_string(e.bytes));
                     if (!e.raw.empty()) raws.emplace_back(as_text(e.raw));
                   },
                   [&](const Dropped& e) {
                     line("dropped", text(name(e.error.fault)), std::to_string(e.bytes));
                     details += e.error.detail + '\n';
                   },
                   [&](const Notice& e) { line("notice", text(e.text)); },
                   [&](const Diagnosis& e) {
                     line("diagnosis", text(name(e.cause)));
                     details += text(e.detail) + '\n';
                   },
                   [&](const Alive& e) {
                     if (!e.channel.empty()) leases_ += text(e.channel) + ": ";
                     leases_ += std::to_string(e.lease.count()) + '\n';
                   },
                   [&](const Rejected& e) {
                     channel = e.channel;
                     line("rejected", text(e.key), text(e.command),
                          text(name(e.error.fault)) + ": " + e.error.detail);
                   },
                   [&](const Reconnect&) { reconnect_ = true; },
                   [&](const Release& e) { line("release", std::to_string(e.time.count())); },
                   [&](const Keep&) { ++keeps; },
                   [&](const Send& e) {
                     ++writes;
                     sent_ += as_text(e.bytes);
                   },
                   [&](const Entity& e) {
                     entities.push_back((e.channel.empty() ? "" : text(e.channel) + '/') +
                                        text(e.spec->key));
                     if (!e.spec->enabled) disabled.push_back(entities.back());
                   },
                   [](const auto&) {},
               },
               effect);
  }

  // A line that is opened again at once.
  void follow() {
    if (std::exchange(reconnect_, false)) reopen();
  }

  std::string said_, leases_, sent_;
  bool reconnect_ = false;
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

}  // namespace gridtap
