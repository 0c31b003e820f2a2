// Whatever a meter does, what Home Assistant books is what was used. Random houses are played
// through each adapter: every house has one damaged value, one scale that goes wrong for good, one
// exchange of its meter and one reset. Booked is as Home Assistant does it for total_increasing:
// rises add, a fall of a tenth or more starts from 0. The error is at most what was used while the
// register was held back, and one step.

#include <doctest/doctest.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string>

#include "support/han_line.hpp"
#include "support/p1_house.hpp"
#include "support/sunspec_unit.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds pace{10};

struct Sample {
  std::int64_t watt_hours;  // as the register shows them
  std::int64_t watts;
  char meter;  // 'A', and 'B' after the exchange
};

// The number behind a key, of the last line that has it.
std::optional<double> value_of(std::string_view said, std::string_view key) {
  const std::string begin = '\n' + std::string(key) + ' ';
  const std::string lines = '\n' + std::string(said);
  const std::size_t at = lines.rfind(begin);
  if (at == lines.npos) return {};
  return std::strtod(lines.c_str() + at + begin.size(), nullptr);
}

// A meter at its line: sends a sample each ten seconds, and gives back what was published, kWh.
struct Player {
  virtual ~Player() = default;
  virtual std::optional<double> play(const Sample& sample) = 0;
};

class P1Player final : public Player {
 public:
  std::optional<double> play(const Sample& sample) override {
    const Decimal energy{sample.watt_hours, -3}, power{sample.watts, -3};
    const std::string id = to_hex(as_bytes(std::string("E00420000") + sample.meter));
    return value_of(house_
                        .hear_after(pace, "0-0:96.1.1(" + id + ")\n1-0:1.8.0(" + to_text(energy) +
                                              "*kWh)\n1-0:1.7.0(" + to_text(power) + "*kW)\n")
                        .readings,
                    "energy_import");
  }

 private:
  p1::HouseRig house_;
};

class HanPlayer final : public Player {
 public:
  std::optional<double> play(const Sample& sample) override {
    han::ValueWriter body;
    body.array(3);
    body.structure(2).obis("0-0:96.1.0").text(std::string("700000") + sample.meter);
    body.structure(3).obis("1-0:1.7.0").u32(sample.watts).scaler(0, 27);
    body.structure(3).obis("1-0:1.8.0").u32(sample.watt_hours).scaler(0, 30);
    line_.pass(pace - 300ms);
    return value_of(line_.hear(han::pushed(body)), "energy_import");
  }

 private:
  han::LineRig line_;
};

// An inverter is exchanged while gridtap is off.
class SunSpecPlayer final : public Player {
 public:
  std::optional<double> play(const Sample& sample) override {
    if (!rig_ || sample.meter != meter_) exchange(sample.meter);
    const auto bits = static_cast<std::uint32_t>(sample.watt_hours);
    rig_->image[power_at] = static_cast<std::uint16_t>(sample.watts);
    rig_->image[energy_at] = static_cast<std::uint16_t>(bits >> 16);
    rig_->image[energy_at + 1] = static_cast<std::uint16_t>(bits & 0xFFFF);
    return value_of(rig_->pass(pace), "energy_produced");
  }

 private:
  static constexpr std::uint16_t power_at = 40069 + 14, energy_at = 40069 + 24;

  void exchange(char meter) {
    RecordWriter record;
    if (rig_) rig_->unit.save(record);
    sunspec::TestMap map;
    map.common("Maker", std::string("S") + meter);
    map.inverter();
    sunspec::UnitSettings settings;
    settings.poll.period = pace;
    rig_ = std::make_unique<sunspec::UnitRig>(map.end(), settings);
    rig_->unit.restore(Record(record.text()));
    meter_ = meter;
  }

  std::unique_ptr<sunspec::UnitRig> rig_;
  char meter_ = 0;
};

// Home Assistant's statistics of one entity, kWh.
class Booked {
 public:
  void state(double value) {
    if (last_ && value < 0.9 * *last_) last_ = 0;
    if (last_) sum_ += value - *last_;
    last_ = value;
  }
  void another_entity() { last_.reset(); }
  double sum() const { return sum_; }

 private:
  std::optional<double> last_;
  double sum_ = 0;
};

// A house: what it used, and what its register shows. Watt-seconds, so that nothing is rounded.
class House {
 public:
  explicit House(std::uint32_t seed) : dice_{seed} {
    register_ = (1'000'000 + std::int64_t{dice_(9'000'000)}) * hour;
  }
  void step() {
    const std::int64_t change = std::int64_t{dice_(401)} - 200;
    watts_ = std::clamp<std::int64_t>(watts_ + change, 50, 9000);
    if (dice_(200) == 0) watts_ = 50 + dice_(8000);
    register_ += watts_ * pace.count();
    used_ += watts_ * pace.count();
  }
  Sample sample(char meter) const { return {register_ / hour * scale_, watts_, meter}; }
  void reset() { register_ = 0; }
  void break_scale() { scale_ = dice_(2) == 0 ? 10 : 100; }
  void exchange() {
    scale_ = 1;
    register_ = std::int64_t{dice_(5'000'000)} * hour;
  }
  // One value with something else in it.
  Sample damaged(Sample sample) {
    const std::int64_t was = sample.watt_hours;
    const std::int64_t forms[] = {0, was * 10, was / 10, was + 8'000'000, was - was % 100'000};
    sample.watt_hours = forms[dice_(5)];
    return sample;
  }
  double used() const { return static_cast<double>(used_) / hour / 1000; }  // kWh
  std::uint32_t moment(std::uint32_t from, std::uint32_t until) {
    return from + dice_(until - from);
  }

 private:
  static constexpr std::int64_t hour = 3600;
  Dice dice_;
  std::int64_t register_ = 0, used_ = 0, watts_ = 500, scale_ = 1;
};

// How far what was booked may be off, and is, kWh.
struct Outcome {
  double error = 0, allowed = 0, used = 0;
};

Outcome outcome_of(Player& player, std::uint32_t seed) {
  House house(seed);
  const std::uint32_t damage = house.moment(20, 300), scale = house.moment(340, 440),
                      swap = house.moment(560, 640), reset = house.moment(800, 900);
  constexpr std::uint32_t end = 1200;  // 200 minutes
  Booked booked;
  char meter = 'A';
  double held = 0, longest = 0, begin = -1, before = 0;
  for (std::uint32_t n = 0; n < end; ++n) {
    house.step();
    if (n == reset) house.reset();
    if (n == scale) house.break_scale();
    if (n == swap) house.exchange();
    if (n == swap) meter = 'B';
    const Sample sample = house.sample(meter);
    const auto shown = player.play(n == damage ? house.damaged(sample) : sample);
    const double step = house.used() - before;
    before = house.used();
    longest = std::max(longest, step);
    if (n == swap) booked.another_entity();
    if (!shown) held += step;
    if (shown) booked.state(*shown);
    if (begin < 0) begin = house.used();
  }
  const double used = house.used() - begin;
  // One step is lost with the register that was reset, one with the meter that was exchanged.
  return {std::abs(used - booked.sum()), held + 2 * longest + 0.003, used};
}

template <class Kind>
void check_houses() {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    Kind player;
    const Outcome outcome = outcome_of(player, seed);
    CHECK(outcome.error <= outcome.allowed);
    CHECK(outcome.used > 0.5);
    CHECK(outcome.allowed < 0.8 * outcome.used);  // most of the time nothing is held
  }
}

}  // namespace

TEST_CASE("booked energy: of random P1 houses") { check_houses<P1Player>(); }
TEST_CASE("booked energy: of random HAN houses") { check_houses<HanPlayer>(); }
TEST_CASE("booked energy: of random SunSpec inverters") { check_houses<SunSpecPlayer>(); }
