#pragma once
// From the registers of a unit to readings: the identity of each device, which model supplies a
// key, signs, totals that may not fall, whether there is a problem, and whether it is night.

#include <string>
#include <vector>

#include "adapters/sunspec/layout.hpp"
#include "adapters/sunspec/points.hpp"
#include "adapters/sunspec/profiles.hpp"
#include "core/effect.hpp"

namespace gridtap::sunspec {

// Of an inverter, and in no model: it has a fault or an alarm.
inline constexpr std::string_view problem_key = "problem";

struct ReadingSettings {
  bool invert_power = false, invert_battery = false;
  bool signed_accumulators = false;
  bool night_zero = false;  // 0 for power and current while it sleeps, not unknown
};

class Readings {
 public:
  explicit Readings(const ReadingSettings& settings) : settings_(settings) {}

  // Everything was read once: their identities, and which supplies which key. Before publish().
  void begin(Layout& layout, Effects& effects);
  // The readings of one model, and its Frame.
  void publish(const Layout& layout, PlacedModel& placed, Now now, Effects& effects);

  // Of a device: as it was read last.
  const Profile& profile(std::size_t device) const { return *devices_[device].profile; }
  // The last thing that was heard of any inverter was night, or hardly any power.
  bool asleep() const;

 private:
  struct Device {
    const Profile* profile = nullptr;
    bool fault = false, night = false, dark = false;
    Decimal most_power{};
    int alarms = 0;  // that are set
  };

  void identify(const Layout& layout, std::size_t device, Effects& effects);
  void choose(Layout& layout, std::size_t device);
  void read(const PlacedDevice& device, Device& state, Slot& slot, Words words, Now now,
            Effects& effects);
  Value value(const Device& state, const Slot& slot, Words words);
  static void note(Device& state, Slot& slot, const Value& value, Words words);

  ReadingSettings settings_;
  std::vector<Device> devices_;
  std::string scratch_;
};

}  // namespace gridtap::sunspec
