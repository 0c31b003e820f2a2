#pragma once
// The rule that watches what one meter counts by the clock hour: what the hour has used and will
// come to, the alarm against a limit, the peaks of the month. For any meter that reports an energy,
// a power or both: the import of a house, or what is drawn from a battery. The keys are those of
// the vocabulary.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/part.hpp"
#include "core/zone.hpp"
#include "rules/hour_alarm.hpp"
#include "rules/hour_meter.hpp"
#include "rules/meter_channel.hpp"
#include "rules/peaks.hpp"

namespace gridtap {

// What an hour is made of: an energy in kWh that only grows, and a power in W; where that is not
// reported, what is above zero of the net power.
struct HoursSource {
  std::string_view energy = "energy_import", power = "power_import", net = "power_net";
  bool is_below_zero = false;  // of the power, what is used: a battery that is discharged

  friend bool operator==(const HoursSource&, const HoursSource&) = default;
};
inline constexpr HoursSource house_import{};
inline constexpr HoursSource battery_discharge{"energy_discharged", "power", "", true};

struct HoursOptions {
  std::optional<std::int64_t> limit_wh;  // of an hour; nothing: there is no alarm
  std::optional<Peaks::Options> peaks;   // nothing: no peaks are kept
  std::optional<Zone> zone;              // REQUIRES: there is one where there are peaks
  HoursSource source = house_import;
};

class HoursRule final : public Rule {
 public:
  static constexpr std::int64_t least_limit_wh = 100, most_limit_wh = 99'999;

  // What it may publish with a limit, and with peaks.
  static std::vector<std::string_view> hour_keys();
  static std::vector<std::string_view> month_keys();

  explicit HoursRule(const HoursOptions& options);

  std::string_view name() const override { return "hours"; }
  void on_start(Now now, Effects& effects) override;
  void on_effect(std::string_view device, const Effect& effect, Now now, Effects& effects) override;
  void on_command(const Command& command, Now now, Effects& effects) override;

  // The limit and the one of the settings, of which meter, the running hour, the peaks. The peaks
  // outlive the meter: a tariff is of the house.
  std::string state() const override;
  void restore(std::string_view text) override;

 private:
  void identified(std::string_view identity);
  void reading(const Reading& reading);
  void frame(Now now, Effects& effects);
  void silent(Effects& effects);
  void closed(const HourMeter::Hour& hour, Effects& effects);
  void running(Now now, Effects& effects);
  void figures(const HourAlarm::Figures& figures, bool is_known, Effects& effects);
  void count_peak(const HourMeter::Hour& period);
  void peaks(Effects& effects);
  void say(std::string_view key, const Value& value, Effects& effects,
           std::string_view attributes = {});

  HoursSource source_;
  MeterChannel channel_;
  std::optional<HourAlarm> alarm_;
  std::int64_t configured_limit_wh_ = 0;
  std::optional<Peaks> peaks_;
  bool peaks_changed_ = true;
  HourMeter hours_;
  std::optional<HourMeter> quarters_;  // where the tariff counts those
  MeanPower mean_;
  HourMeter::Sample sample_;  // of the frame in hand
  std::string serial_;
  std::optional<Instant> shown_hour_;
  std::int64_t shown_wh_ = 0;                             // within an hour it never falls
  std::map<std::string, std::string, std::less<>> said_;  // by key: the newest value and attributes
};

}  // namespace gridtap
