#include "adapters/p1/simulator.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "adapters/p1/telegram_writer.hpp"
#include "core/bytes.hpp"
#include "core/section.hpp"
#include "parts/paced_line.hpp"

namespace gridtap::p1 {
namespace {

constexpr std::size_t chunk_bytes = 64;
constexpr std::size_t longest_serial = 32;
constexpr std::string_view system_title = "GTP\x01\x02\x03\x04\x05";
constexpr Second without_wall_clock =
    std::chrono::sys_days{std::chrono::November / 20 / 2026} + std::chrono::hours{7};
constexpr Second frame_counters_begin = std::chrono::sys_days{std::chrono::January / 1 / 2020};

struct Settings {
  const PlayedMeter* meter;
  std::string serial;
  EnvelopeKeys keys;
  bool paced;
  std::int64_t noise;
};

// Ten bits a byte in both line settings: 8N1 and 7E1.
Pace pace_of(const Settings& settings) {
  return {settings.meter->seven_bits ? 9600 : 115200, 10, settings.paced ? chunk_bytes : 0};
}

class Simulator final : public Adapter {
 public:
  Simulator(Settings settings, std::uint32_t seed)
      : settings_(std::move(settings)),
        seed_(seed),
        line_(pace_of(settings_)),
        damage_(settings_.noise, seed) {}

  void on_open(Now now, Effects&) override {
    line_.clear();
    due_ = now.mono;
  }

  void on_bytes(ByteView, Now, Effects&) override {}

  void on_close(Now, Effects&) override {
    line_.clear();
    due_ = Mono::max();
  }

  Mono next_wake() const override { return line_.busy() ? line_.next() : due_; }

  void on_wake(Now now, Effects& effects) override {
    line_.send(now.mono, effects);
    if (line_.busy() || now.mono < due_) return;
    line_.begin(telegram(now), now.mono);
    // A clock that jumps does not cause telegrams that could not have been sent.
    due_ += settings_.meter->period;
    if (due_ <= now.mono) due_ = now.mono + settings_.meter->period;
    line_.send(now.mono, effects);
  }

 private:
  std::string telegram(Now now) {
    const Second time = wall(now);
    if (!house_) house_.emplace(settings_.meter->house, time, seed_);
    house_->advance(time);
    std::string bytes = write_telegram({*settings_.meter, house_->state(), settings_.serial});
    if (settings_.meter->encrypted) bytes = sealed(bytes, time);
    if (settings_.meter->seven_bits) add_even_parity(bytes);
    damage_.suffer(bytes);
    return bytes;
  }

  Second wall(Now now) {
    using std::chrono::floor;
    using std::chrono::seconds;
    if (now.wall) return floor<seconds>(*now.wall);
    if (!first_) first_ = now.mono;
    return without_wall_clock + floor<seconds>(now.mono - *first_);
  }

  // A counter made of the time rises over restarts, too.
  std::string sealed(std::string_view bytes, Second time) {
    const auto since = static_cast<std::uint32_t>((time - frame_counters_begin).count());
    frame_counter_ = std::max(frame_counter_ + 1, since);
    return write_envelope(bytes, settings_.keys, frame_counter_);
  }

  Settings settings_;
  std::uint32_t seed_;
  PacedLine line_;
  Damage damage_;
  std::optional<House> house_;
  std::optional<Mono> first_;
  std::uint32_t frame_counter_ = 0;
  Mono due_ = Mono::max();
};

Words words_of(std::string_view names) {
  Words words;
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    words.push_back(names.substr(0, comma));
    names.remove_prefix(std::min(comma + 1, names.size()));
  }
  return words;
}

bool is_serial(std::string_view text) {
  return text.size() <= longest_serial && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
         });
}

std::string read_serial(Section& section, const PlayedMeter& meter) {
  std::string serial = section.text("serial", meter.serial);
  if (meter.serial.empty() && !serial.empty()) {
    section.problem("serial", "this meter sends no serial number; leave the setting out");
  }
  if (!is_serial(serial)) {
    section.problem("serial", "up to 32 letters and digits, not '" + serial + "'");
  }
  return serial;
}

EnvelopeKeys read_keys(Section& section) {
  EnvelopeKeys keys;
  keys.key = section.key_bytes("key_file").value_or(*from_hex(demo_key));
  keys.authentication_key =
      section.key_bytes("authentication_key_file").value_or(*from_hex(demo_authentication_key));
  keys.system_title = system_title;
  return keys;
}

}  // namespace

Ends simulate(Section& section, std::uint32_t seed) {
  const Words names = words_of(simulated_meters);
  const PlayedMeter* meter = find_played_meter(section.choice("meter", names, names.front()));
  return one_end(std::make_unique<Simulator>(Settings{.meter = meter,
                                                      .serial = read_serial(section, *meter),
                                                      .keys = read_keys(section),
                                                      .paced = section.flag("paced", true),
                                                      .noise = section.integer("noise", 0, 0, 100)},
                                             seed));
}

}  // namespace gridtap::p1
