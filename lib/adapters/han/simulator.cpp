#include "adapters/han/simulator.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "adapters/han/played_meters.hpp"
#include "core/bytes.hpp"
#include "core/section.hpp"
#include "parts/paced_line.hpp"

namespace gridtap::han {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t chunk_bytes = 16;
constexpr std::size_t longest_serial = 16;
constexpr std::int64_t baud = 2400;
constexpr Instant without_wall_clock =
    std::chrono::sys_days{std::chrono::November / 20 / 2026} + std::chrono::hours{7};
constexpr Instant counters_begin = std::chrono::sys_days{std::chrono::January / 1 / 2020};

struct Settings {
  const PlayedMeter* meter;
  std::string serial;
  CipherKeys keys;
  bool paced;
  std::int64_t noise;
};

class Simulator final : public Adapter {
 public:
  Simulator(Settings settings, std::uint32_t seed)
      : settings_(std::move(settings)),
        seed_(seed),
        line_({baud, settings_.meter->even_parity ? 11 : 10, settings_.paced ? chunk_bytes : 0}),
        damage_(settings_.noise, seed) {}

  void on_open(Now now, Effects&) override {
    line_.clear();
    plan(now);
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
    line_.begin(push(), now.mono);
    plan(now);
    line_.send(now.mono, effects);
  }

 private:
  // The next moment of the schedule; those that were missed do not come later.
  void plan(Now now) {
    const Instant wall = wall_of(now);
    const auto since = wall.time_since_epoch() - settings_.meter->phase;
    due_wall_ = Instant((since / settings_.meter->period + 1) * settings_.meter->period +
                        settings_.meter->phase);
    due_ = now.mono + (due_wall_ - wall);
  }

  Instant wall_of(Now now) {
    if (now.wall) return *now.wall;
    if (!first_) first_ = now.mono;
    return without_wall_clock +
           std::chrono::duration_cast<std::chrono::milliseconds>(now.mono - *first_);
  }

  std::string push() {
    const auto time = std::chrono::floor<std::chrono::seconds>(due_wall_);
    if (!house_) house_.emplace(settings_.meter->house, time, seed_);
    house_->advance(time);
    // A counter made of the time rises over restarts, too.
    const auto since = static_cast<std::uint32_t>((due_wall_ - counters_begin) / 1s);
    counter_ = std::max(counter_ + 1, since);
    std::string bytes = write_push(*settings_.meter, list_at(*settings_.meter, due_wall_),
                                   house_->state(), settings_.serial, settings_.keys, counter_);
    damage_.suffer(bytes);
    return bytes;
  }

  Settings settings_;
  std::uint32_t seed_;
  PacedLine line_;
  Damage damage_;
  std::optional<Household> house_;
  std::optional<Mono> first_;
  std::uint32_t counter_ = 0;
  Mono due_ = Mono::max();
  Instant due_wall_{};
};

std::string read_serial(Section& section, const PlayedMeter& meter) {
  const std::string serial = section.text("serial", meter.serial);
  const bool digits =
      std::all_of(serial.begin(), serial.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || serial.empty() || serial.size() > longest_serial) {
    section.problem("serial", "1 to 16 digits, not '" + serial + "'");
  }
  return serial;
}

Words names() {
  Words words;
  for (const PlayedMeter& meter : played_meters()) words.push_back(meter.name);
  return words;
}

}  // namespace

Ends simulate(Section& section, std::uint32_t seed) {
  const PlayedMeter& meter =
      *find_played_meter(section.choice("meter", names(), played_meters().front().name));
  CipherKeys keys;
  keys.encryption = section.key_bytes("key_file").value_or(*from_hex(demo_key));
  keys.authentication =
      section.key_bytes("authentication_key_file").value_or(*from_hex(demo_authentication_key));
  return one_end(std::make_unique<Simulator>(Settings{.meter = &meter,
                                                      .serial = read_serial(section, meter),
                                                      .keys = std::move(keys),
                                                      .paced = section.flag("paced", true),
                                                      .noise = section.integer("noise", 0, 0, 100)},
                                             seed));
}

}  // namespace gridtap::han
