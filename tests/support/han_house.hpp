#pragma once
// A house behind a meter whose lists have neither units nor scalers: what it takes is counted as
// the meter is built to, whatever is documented of it.

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "support/han_line.hpp"

namespace gridtap::han {

class CountingHouse {
 public:
  enum class Form : std::uint8_t { kamstrup, kaifa };
  struct Meter {
    Form form = Form::kamstrup;
    std::string_view type = "6841131BN243101040", serial = "5706567300000017";
    int energy_exponent = 1;  // a count is 10^that Wh
    int power_exponent = 0;
    double current_unit = 0.01;  // A
    double watt_hours = 1'451'234'560;
  };

  explicit CountingHouse(Meter meter, const LineRig::Settings& settings = LineRig::Settings())
      : rig(settings), meter_(meter), watt_hours_(meter.watt_hours) {
    rig.pass(std::chrono::seconds{5});
  }
  CountingHouse() : CountingHouse(Meter()) {}

  // Takes (or feeds in, below 0) that power for so long, in lists of 10 s; `registers_each`: so
  // often they hold the registers. Returns all that was said.
  std::string take(double watts, std::chrono::seconds time,
                   std::chrono::seconds registers_each = std::chrono::hours{1}) {
    std::string said;
    for (std::chrono::seconds passed{0}; passed < time; passed += pace) {
      rig.pass(pace - std::chrono::milliseconds{300});
      clock_ += pace;
      (watts >= 0 ? watt_hours_ : exported_) += std::abs(watts) * 10 / 3600;
      said += rig.hear(list(watts, clock_ % registers_each == std::chrono::seconds{0}));
    }
    return said;
  }
  // Nothing arrives.
  void silence(double watts, std::chrono::seconds time) {
    rig.pass(time);
    clock_ += time;
    watt_hours_ += watts * static_cast<double>(time.count()) / 3600;
  }
  std::string list(double watts, bool registers) const {
    return meter_.form == Form::kaifa ? kaifa(watts, registers) : kamstrup(watts, registers);
  }
  double watt_hours() const { return watt_hours_; }
  Meter& meter() { return meter_; }

  double volts = 230, reactive = 0;
  LineRig rig;

 private:
  static constexpr std::chrono::seconds pace{10};

  static std::int64_t counts(double value, double unit) {
    return static_cast<std::int64_t>(std::floor(value / unit + 1e-6));
  }
  std::int64_t energy(double watt_hours) const {
    return counts(watt_hours, std::pow(10.0, meter_.energy_exponent));
  }
  std::int64_t power(double watts) const {
    return counts(std::max(watts, 0.0), std::pow(10.0, meter_.power_exponent));
  }
  std::int64_t current(double watts) const {
    return counts(std::hypot(watts, reactive) / volts, meter_.current_unit);
  }

  std::string kamstrup(double watts, bool registers) const {
    ValueWriter body;
    body.structure(registers ? 19 : 15).text("Kamstrup_V0001");
    body.obis("1-1:0.0.5").text(meter_.serial).obis("1-1:96.1.1").text(meter_.type);
    body.obis("1-1:1.7.0").u32(power(watts)).obis("1-1:2.7.0").u32(power(-watts));
    body.obis("1-1:3.7.0").u32(power(reactive));
    body.obis("1-1:31.7.0").u32(current(watts)).obis("1-1:32.7.0").u16(counts(volts, 1));
    if (registers) {
      body.obis("1-1:1.8.0").u32(energy(watt_hours_)).obis("1-1:2.8.0").u32(energy(exported_));
    }
    return pushed(body);
  }
  std::string kaifa(double watts, bool registers) const {
    ValueWriter body;
    body.structure(registers ? 14 : 9);
    body.octets("KFM_001").octets(meter_.serial).octets(meter_.type);
    body.u32(power(watts)).u32(power(-watts)).u32(power(reactive)).u32(0);
    body.u32(current(watts)).u32(counts(volts, 0.1));
    if (registers) {
      body.octets(std::string(12, '\xFF')).u32(energy(watt_hours_)).u32(energy(exported_));
      body.u32(0).u32(0);
    }
    return pushed(body);
  }

  Meter meter_;
  double watt_hours_, exported_ = 2'000'000;
  std::chrono::seconds clock_{0};
};

}  // namespace gridtap::han
