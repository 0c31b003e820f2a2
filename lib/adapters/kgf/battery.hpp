#pragma once
// The state of the meter at one address: its identity, its settings, its totals. Turns its answers
// into readings, and checks whether a write shows in what was read back.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/kgf/fields.hpp"
#include "adapters/kgf/lines.hpp"
#include "core/effect.hpp"
#include "core/record.hpp"
#include "parts/kept_sum.hpp"

namespace gridtap::kgf {

struct BatterySettings {
  bool invert_current = false;   // the shunt is wired backwards
  bool hide_open_probe = false;  // -21 degrees and below: no probe is connected
  bool level_is_set = false;     // the level takes commands, and says what it is
  VoltageRange voltage;
};

class Battery {
 public:
  // `channel`: empty where this meter is alone on its line.
  Battery(int address, std::string channel, const BatterySettings& settings)
      : address_(address), channel_(std::move(channel)), settings_(settings) {}

  // Readings and the Frame that ends them; false: the values are impossible and were Dropped.
  bool hear(const Answer& answer, std::size_t bytes, ByteView raw, Effects& effects);

  // Why this answer does not show what was written; empty where it does.
  std::string disagreement(const Write& write, std::int64_t raw, const Answer& answer) const;

  // Why this command must not be sent now; empty where it may. The present current is zeroed only
  // where next to none flows.
  std::string refusal(const Write& write) const;

  // Own sums, for the store: a row `sums` of the address, what was charged and discharged, and the
  // meter's own total when that was summed up; then the bounds of both (kept_sum.hpp), which a
  // version before did not write.
  void add_sums(RecordWriter& record) const;
  void restore_sums(const RecordRow& row);
  void restore_version_1(std::string_view line);
  // Once for each time that the state should be on the disk.
  bool take_unkept();
  void stop();

  int address() const { return address_; }
  const std::string& channel() const { return channel_; }

 private:
  struct Sums {
    std::int64_t charged, discharged_energy, last_discharged, charged_bound, energy_bound;
  };
  void restore(const Sums& sums);
  void identify(const Answer& answer, Effects& effects);
  void identify(const DeviceInfo& device, Effects& effects);
  void measure(const Answer& answer, Effects& effects);
  void sum_up(const Answer& answer, Effects& effects);
  void set_up(const Answer& answer, Effects& effects);
  void level(std::int64_t remaining, Effects& effects);
  void say(std::string_view key, int number, std::size_t field, const Value& value,
           Effects& effects) const;
  void compute(std::string_view key, const Value& value, Effects& effects) const;

  int address_;
  std::string channel_;
  BatterySettings settings_;
  std::string identified_;                // the identity reported last
  std::optional<std::int64_t> range_;     // of the shunt, in amperes
  std::optional<std::int64_t> capacity_;  // tenths of an ampere-hour
  std::optional<Answer> last_;            // measurements
  // Milliampere-hours, 10 Ah reserved; 10^-8 kWh, 1 kWh reserved.
  KeptSum charged_{10'000}, discharged_energy_{100'000'000};
  std::int64_t last_discharged_ = -1;  // the meter's own total when the second was summed up
};

// The keys beside those of the tables of fields: what takes more than a factor, and sums.
std::vector<std::string_view> derived_keys();

}  // namespace gridtap::kgf
