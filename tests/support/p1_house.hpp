#pragma once
// A P1 adapter with its settings and its clock, fed with object lines: they are wrapped into a
// telegram with its checksum. What it says is written down, one line each, sorted by kind:
//
//   readings  "power_import 520", "1/gas 246.138"; unknown: "None"; behind it the attributes
//   held      "energy_import_t1 0 zero"
//   raw       "1-0:1.7.0(00.520)", objects that are no reading
//   devices   "manufacturer|model|serial|firmware", of a channel "1/name|model|serial|identity"
//   leases    "35000", "1/0"
//   dropped   "a telegram was cut off 20", the reason and the bytes

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/p1/adapter.hpp"
#include "core/bytes.hpp"
#include "support/p1_telegram.hpp"
#include "support/settings.hpp"

namespace gridtap::p1 {

struct Heard {
  std::string readings, held, raw, devices, leases, times, dropped;
};

class HouseRig final : Effects {
 public:
  using Settings = std::vector<std::pair<std::string, std::string>>;

  explicit HouseRig(const Settings& settings = {}, std::string header = "/TST5house")
      : header_(std::move(header)) {
    std::vector<Member> members = {{"time_zone", plain("Europe/Amsterdam")}};
    for (const auto& [key, value] : settings) {
      std::erase_if(members, [&](const Member& member) { return member.key == key; });
      members.push_back({key, plain(value)});
    }
    SectionRig rig(std::move(members));
    Section section = rig.section();
    adapter_ = make(section, 1);
    section.finish();
    problems = rig.problems();
    adapter_->on_start(now, *this);
    adapter_->on_open(now, *this);
  }
  HouseRig(const HouseRig&) = delete;
  HouseRig& operator=(const HouseRig&) = delete;

  // One telegram with these object lines (LF stands for CR LF), and all that follows from it.
  Heard hear(std::string_view lines) {
    std::string text = header_ + "\r\n\r\n";
    for (const char c : lines) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
    if (!lines.empty() && lines.back() != '\n') text += "\r\n";
    return take(with_crc(text + '!'));
  }
  Heard take(std::string_view bytes) {
    heard_ = {};
    adapter_->on_bytes(as_bytes(bytes), now, *this);
    return std::exchange(heard_, {});
  }
  void pass(std::chrono::milliseconds time) {
    now.mono += time;
    if (now.wall) *now.wall += time;
  }
  Heard hear_after(std::chrono::milliseconds time, std::string_view lines) {
    pass(time);
    return hear(lines);
  }
  void from_header(std::string header) { header_ = std::move(header); }
  void reopen() {
    adapter_->on_close(now, *this);
    adapter_->on_open(now, *this);
  }
  Adapter& adapter() { return *adapter_; }

  // A Friday morning: 2026-11-20T08:30:00Z, 9:30 in Amsterdam.
  Now now{Mono{} + std::chrono::hours(1000),
          Instant(std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} +
                  std::chrono::minutes(510))};
  std::string problems;  // of the settings

 private:
  static std::string place(std::string_view channel, std::string_view rest) {
    return (channel.empty() ? std::string{} : std::string(channel) + '/') + std::string(rest);
  }
  static std::string said(const Reading& reading) {
    std::string text = place(reading.channel, reading.key) + ' ' + to_text(reading.value);
    if (!reading.attributes.empty()) (text += ' ') += reading.attributes;
    return text;
  }
  void note_time(const Reading& reading) {
    heard_.times += place(reading.channel, reading.key) + ' ';
    if (reading.at) append_utc(heard_.times, *reading.at);
    heard_.times += '\n';
  }
  void operator()(const Effect& effect) override {
    std::visit(overloaded{[&](const Reading& reading) {
                            heard_.readings += said(reading) + '\n';
                            note_time(reading);
                          },
                          [&](const Held& held) {
                            heard_.held += said(held.reading) + ' ' + std::string(held.reason);
                            heard_.held += '\n';
                          },
                          [&](const Unknown& unknown) {
                            ((heard_.raw += unknown.source) += unknown.raw) += '\n';
                          },
                          [&](const Identified& found) { note_device(found); },
                          [&](const Dropped& e) {
                            heard_.dropped += e.error.detail + ' ' + std::to_string(e.bytes) + '\n';
                          },
                          [&](const Alive& alive) {
                            heard_.leases += place(alive.channel, "") +
                                             std::to_string(alive.lease.count()) + '\n';
                          },
                          [](const auto&) {}},
               effect);
  }
  void note_device(const Identified& found) {
    const DeviceInfo& device = found.device;
    const auto list = [](auto... parts) {
      std::string text;
      ((text += std::string(parts) + '|'), ...);
      text.back() = '\n';
      return text;
    };
    heard_.devices += found.channel.empty()
                          ? list(device.manufacturer, device.model, device.serial, device.firmware)
                          : place(found.channel, list(device.suffix, device.model, device.serial,
                                                      device.identity));
  }

  std::string header_;
  std::unique_ptr<Adapter> adapter_;
  Heard heard_;
};

}  // namespace gridtap::p1
