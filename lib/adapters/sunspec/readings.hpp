#pragma once
// From the registers of a unit to readings: the identity of each device, which model supplies a
// key, signs, totals that may not fall, whether there is a problem, and whether it is night.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sunspec/layout.hpp"
#include "adapters/sunspec/points.hpp"
#include "adapters/sunspec/power_check.hpp"
#include "adapters/sunspec/profiles.hpp"
#include "core/effect.hpp"
#include "core/record.hpp"
#include "parts/held_readings.hpp"
#include "parts/meter_totals.hpp"

namespace gridtap::sunspec {

// Of an inverter, and in no model: it has a fault or an alarm.
inline constexpr std::string_view problem_key = "problem";

struct ReadingSettings {
  bool invert_power = false, invert_battery = false;
  bool signed_accumulators = false;
  bool night_zero = false;                // 0 for power and current while it sleeps, not unknown
  std::optional<Decimal> max_power = {};  // W; in place of what an inverter says that it can
};

class Readings {
 public:
  explicit Readings(const ReadingSettings& settings) : settings_(settings) {}
  Readings(Readings&&) = default;
  Readings& operator=(Readings&&) = default;

  // Everything was read once: their identities, and which supplies which key. Before publish().
  void begin(Layout& layout, Effects& effects);
  // The readings of one model, and its Frame.
  void publish(const Layout& layout, PlacedModel& placed, Now now, Effects& effects);

  // Of a device: as it was read last.
  const Profile& profile(std::size_t device) const { return *devices_[device].profile; }
  // What the devices counted, by channel: that of the unit, and those behind it.
  void save(RecordWriter& record) const;
  void restore(const Record& record, std::string_view channel);
  // What is held back is right, a person says. False: nothing is.
  bool accept();
  // The last thing that was heard of any inverter was night, or hardly any power.
  bool asleep() const;

 private:
  struct Device {
    const Profile* profile = nullptr;
    MeterTotals* totals = nullptr;
    bool is_plain = true;  // its maker has no peculiarities
    bool has_inverter = false, fault = false, night = false, dark = false;
    std::optional<std::uint16_t> problem_from;  // the model whose frame it is reported with
    Decimal most_power{};
    PowerCheck check;
    bool has_power = false;  // what it carries is known
    int alarms = 0;          // that are set
  };

  void identify(const Layout& layout, std::size_t device, Effects& effects);
  void choose(Layout& layout, std::size_t device);
  void read(const PlacedDevice& device, Device& state, Slot& slot, const PlacedModel& placed,
            Now now, Effects& effects);
  bool judge(const PlacedDevice& device, Device& state, Slot& slot, const PlacedModel& placed,
             const Value& found, Now now, Effects& effects);
  Value value(const Device& state, const Slot& slot, Words words);
  void rate(Layout& layout, std::size_t device);
  bool is_implausible(Device& state, const PlacedModel& placed, const Slot& slot,
                      const Value& power, Now now, Effects& effects);
  static void note(Device& state, Slot& slot, const Value& value, Words words, Now now);

  std::string_view why_held(Device& state, const Slot& slot, const PlacedModel& placed,
                            const Value& value, Now now, Effects& effects);

  ReadingSettings settings_;
  HeldReadings held_;
  std::vector<Device> devices_;
  std::map<std::string, MeterTotals, std::less<>> totals_;  // by channel; outlives a discovery
  std::string scratch_;
  Effect reading_ = Reading{};  // an effect of its own, used again: it costs half
};

}  // namespace gridtap::sunspec
