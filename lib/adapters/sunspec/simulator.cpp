#include "adapters/sunspec/simulator.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <string>

#include "adapters/sunspec/simulated_map.hpp"
#include "core/section.hpp"
#include "parts/modbus_server.hpp"

namespace gridtap::sunspec {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t none = 0xFFFF;
constexpr std::uint16_t inverter_ids[] = {103, 701}, tracker_ids[] = {160, 714};
constexpr double pi = 3.14159265358979;
constexpr double day_seconds = 86'400, sunrise = 6 * 3600, sunset = 20 * 3600;
constexpr double house_watts = 900;
constexpr Instant without_wall_clock =
    std::chrono::sys_days{std::chrono::June / 21 / 2026} + std::chrono::hours{11};

// What the limit registers of a model let through, in per cent, while they are in force.
struct LimitPlace {
  std::uint16_t model;
  std::string_view enable, percent, revert, left;
  int revert_size;
};
constexpr LimitPlace limit_places[] = {
    {704, "WMaxLimPctEna", "WMaxLimPct", "WMaxLimPctRvrtTms", "WMaxLimPctRvrtRem", 2},
    {123, "WMaxLim_Ena", "WMaxLimPct", "WMaxLimPct_RvrtTms", "", 1},
};

class House final : public ModbusServer {
 public:
  House(SimulatedMap map, std::uint8_t unit, bool noon)
      : ModbusServer(map.image()), map_(std::move(map)), unit_(unit), noon_(noon) {}

 protected:
  bool serves(std::uint8_t unit) const override { return unit == unit_; }
  void refresh(Now now) override;
  std::uint8_t written(std::uint16_t address, std::uint16_t value, Now now) override;

 private:
  double sun(Now now);
  void revert(Mono now);
  double limit() const;
  void show_inverter(double watts);
  void show_trackers(double watts);
  void show_house(double watts);
  void put(int address, std::int64_t value, int registers = 1);
  std::int64_t get(int address, int registers = 1) const;
  void put_if(std::uint16_t model, std::string_view name, double value, int registers = 1) {
    if (map_.has(model)) put(map_.at(model, name), std::llround(value), registers);
  }

  SimulatedMap map_;
  std::uint8_t unit_;
  bool noon_;
  std::optional<Mono> first_, last_;
  Mono revert_at_ = Mono::max();
  double produced_wh_ = 12'345'678, imported_wh_ = 4'321'000, exported_wh_ = 7'654'000;
  double battery_level_ = 0.5;
};

void House::put(int address, std::int64_t value, int registers) {
  for (int n = 0; n < registers; ++n) {
    image()[static_cast<std::uint16_t>(address + n)] =
        static_cast<std::uint16_t>(value >> 16 * (registers - 1 - n));
  }
}

std::int64_t House::get(int address, int registers) const {
  std::int64_t value = 0;
  for (int n = 0; n < registers; ++n) {
    value = value << 16 | image().at(static_cast<std::uint16_t>(address + n));
  }
  return value;
}

// 0 at night, 1 at noon.
double House::sun(Now now) {
  if (noon_) return 1;
  if (!first_) first_ = now.mono;
  const Instant wall =
      now.wall.value_or(without_wall_clock +
                        std::chrono::duration_cast<std::chrono::milliseconds>(now.mono - *first_));
  const double second =
      std::fmod(static_cast<double>(wall.time_since_epoch().count()) / 1000, day_seconds);
  if (second < sunrise || second > sunset) return 0;
  return std::sin(pi * (second - sunrise) / (sunset - sunrise));
}

void House::refresh(Now now) {
  revert(now.mono);
  const double seconds = last_ ? std::chrono::duration<double>(now.mono - *last_).count() : 0;
  last_ = now.mono;
  const double watts = std::min(sun(now) * peak_watts, limit() / 100 * peak_watts);
  produced_wh_ += watts * seconds / 3600;
  (watts > house_watts ? exported_wh_ : imported_wh_) +=
      std::abs(watts - house_watts) * seconds / 3600;
  battery_level_ =
      std::clamp(battery_level_ + (watts > house_watts ? 1 : -1) * seconds / 36'000, 0.1, 1.0);
  show_inverter(watts);
  show_trackers(watts);
  show_house(watts);
}

double House::limit() const {
  for (const LimitPlace& place : limit_places) {
    if (!map_.has(place.model)) continue;
    if (get(map_.at(place.model, place.enable)) == 0) return 100;
    return static_cast<double>(get(map_.at(place.model, place.percent))) / 100;
  }
  return 100;
}

// After its time a limit lets go.
void House::revert(Mono now) {
  for (const LimitPlace& place : limit_places) {
    if (!map_.has(place.model)) continue;
    const auto left = revert_at_ == Mono::max() ? 0 : (revert_at_ - now) / 1s;
    if (!place.left.empty())
      put(map_.at(place.model, place.left), std::max<std::int64_t>(left, 0), 2);
    if (now < revert_at_) continue;
    put(map_.at(place.model, place.enable), 0);
    put(map_.at(place.model, place.percent), 10'000);
    revert_at_ = Mono::max();
  }
}

std::uint8_t House::written(std::uint16_t address, std::uint16_t value, Now now) {
  const std::uint8_t refused = ModbusServer::written(address, value, now);
  for (const LimitPlace& place : limit_places) {
    if (!map_.has(place.model) || address != map_.at(place.model, place.enable)) continue;
    const auto seconds = get(map_.at(place.model, place.revert), place.revert_size);
    const bool lapses = value != 0 && seconds > 0;
    revert_at_ = lapses ? now.mono + std::chrono::seconds{seconds} : Mono::max();
  }
  return refused;
}

void House::show_inverter(double watts) {
  const bool on = watts > 0;
  const double amperes = watts / 3 / 230;
  for (const auto model : inverter_ids) {
    if (!map_.has(model)) continue;
    put_if(model, "A", on ? amperes * 300 : none);
    put_if(model, "W", on ? watts : -32'768);
    put_if(model, "VA", on ? watts : -32'768);
    put_if(model, "Hz", on ? 5001 : -1, model == 701 ? 2 : 1);
    put_if(model, "PF", on ? 1000 : -32'768);
    put_if(model, "TmpCab", on ? 250 + watts / 40 : -32'768);
  }
  for (const std::string_view phase : {"A", "B", "C"}) {
    put_if(103, "Aph" + std::string(phase), on ? amperes * 100 : none);
    put_if(103, "PhVph" + std::string(phase), on ? 23'050 : none);
  }
  for (const std::string_view phase : {"1", "2", "3"}) {
    put_if(701, "WL" + std::string(phase), on ? watts / 3 : -32'768);
    put_if(701, "AL" + std::string(phase), on ? amperes * 100 : none);
    put_if(701, "VL" + std::string(phase), on ? 23'050 : none);
  }
  put_if(103, "WH", produced_wh_, 2);
  put_if(701, "TotWhInj", produced_wh_, 4);
  put_if(103, "St", on ? 4 : 2);
  put_if(701, "InvSt", on ? 3 : 1);
  put_if(103, "Evt1", 0, 2);
  put_if(103, "Evt2", 0, 2);
  put_if(103, "DCW", on ? watts * 1.02 : -32'768);
}

void House::show_trackers(double watts) {
  const bool on = watts > 0;
  for (const auto model : tracker_ids) {
    for (int n = 0; map_.has(model) && n < 2; ++n) {
      const double share = watts * (n == 0 ? 0.6 : 0.42);
      const auto show = [&](std::string_view name, double value) {
        put(map_.at_part(model, name, n), std::llround(value));
      };
      show("DCV", on ? 38'000 : none);
      show("DCA", on ? share / 3.8 : none);
      show("DCW", on ? share : none);
      map_.has(160) ? show("DCSt", on ? 4 : 2) : show("DCSta", on ? 1 : 0);
      put(map_.at_part(model, map_.has(160) ? "DCWH" : "DCWhInj", n),
          std::llround(produced_wh_ / 2), map_.has(160) ? 2 : 4);
    }
  }
  put_if(714, "DCW", watts * 1.02);
}

// The meter at the connection, and the battery.
void House::show_house(double watts) {
  const double net = house_watts - watts;
  put_if(203, "W", net);
  put_if(203, "A", net / 230 * 100);
  put_if(203, "Hz", 5001);
  for (const std::string_view phase : {"A", "B", "C"}) {
    put_if(203, "Wph" + std::string(phase), net / 3);
    put_if(203, "Aph" + std::string(phase), net / 3 / 230 * 100);
    put_if(203, "PhVph" + std::string(phase), 23'050);
  }
  put_if(203, "TotWhImp", imported_wh_, 2);
  put_if(203, "TotWhExp", exported_wh_, 2);
  const double charging = watts > house_watts ? 1000 : -house_watts;
  put_if(124, "ChaSt", charging > 0 ? 4 : 3);
  put_if(802, "ChaSt", charging > 0 ? 4 : 3);
  put_if(802, "SoC", battery_level_ * 1000);
  put_if(802, "V", 5120);
  put_if(802, "W", charging);
  put_if(802, "A", charging / 512 * 100);
  put_if(713, "SoC", battery_level_ * 1000);
  put_if(713, "SoH", 990);
  put_if(713, "WHAvail", battery_level_ * battery_wh);
}

}  // namespace

Ends simulate(Section& section, std::uint32_t) {
  const std::string meter = section.choice("meter", {"house", "der"}, "house");
  const auto unit = static_cast<std::uint8_t>(section.integer("unit", 1, 1, 247));
  const bool noon = section.flag("noon", false);
  return one_end(std::make_unique<House>(meter == "der" ? der_map() : house_map(), unit, noon));
}

}  // namespace gridtap::sunspec
