#pragma once
// Meters behind the meter: gas, water, heat and others on M-Bus channels 1 to 4 (p1.md 6). Known by
// their equipment id, not by their channel: after an exchange the old one stays in the telegram
// with its old reading, and its counter is never spliced to the new one.

#include <array>
#include <bitset>
#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

#include "adapters/p1/objects.hpp"
#include "adapters/p1/times.hpp"
#include "adapters/p1/values.hpp"
#include "core/effect.hpp"
#include "core/record.hpp"
#include "parts/held_readings.hpp"
#include "parts/totals.hpp"

namespace gridtap::p1 {

class MBus {
 public:
  static constexpr std::size_t channels = 4;
  static constexpr std::size_t max_meters = 16;  // names and totals kept, over years of exchanges
  static constexpr std::chrono::hours old_reading{30 *
                                                  24};    // beside a newer one: an exchanged meter
  static constexpr std::chrono::hours stale_reading{26};  // a meter that has lost its radio link

  explicit MBus(MeterClock& clock) : clock_(clock) {}

  // `time`: of the telegram, where it can be trusted. `lease`: how long a meter heard now is
  // online. `scratch`: memory for the length of the call.
  void publish(const Lines& lines, std::optional<Instant> time, std::chrono::milliseconds lease,
               Now now, std::pmr::memory_resource* scratch, Effects& effects);

  // What is held back is right, a person says. False: nothing is.
  bool accept();
  // Which meter has which name, and what it had counted at which second: rows `meter NAME ID` and
  // `counted NAME VALUE TIME`.
  void save(RecordWriter& record) const;
  void restore(std::string_view text);

 private:
  struct Candidate {
    const Object* object = nullptr;
    std::optional<Timestamp> time;
    std::optional<Number> number;
    bool available = false, fits = false;
    int rank = 0;
  };
  struct Slot {
    explicit Slot(std::pmr::memory_resource* scratch) : candidates(scratch) {}

    int type = -1;
    std::string_view id;
    const Object* valve = nullptr;
    const Object* ean = nullptr;
    std::pmr::vector<Candidate> candidates;
    const Candidate* chosen = nullptr;
    bool live = false;
  };
  using Slots = std::array<Slot, channels>;
  // Of the telegram in hand.
  struct Context {
    std::optional<Instant> time;
    std::chrono::milliseconds lease;
    Now now;
    Slots& slots;
    Effects& effects;
  };
  struct Meter {
    std::string id, name;
    Total total{Total::Jumps::agree};
    std::optional<Instant> reading = {};
    Mono changed{};
    std::bitset<channels> identified = {};  // it was said last there
  };

  void restore_version_1(std::string_view text);
  void restore_meter(std::string_view name, std::string_view id);
  void restore_total(std::string_view name, const RecordRow& row);
  void collect(const Context& in, const Object& object);
  void collect_day_list(const Context& in, const Object& object, Slot& list);
  void place_day_list(const Context& in, Slot& list);
  void choose(const Context& in, Slot& slot);
  static void drop_exchanged(const Context& in);
  static void drop_repeated(Slots& slots);
  void publish_slot(const Context& in, std::size_t channel, const Slot& slot);
  void publish_valve(const Context& in, std::string_view channel, const Object& object);
  void identify(const Context& in, std::size_t channel, const Slot& slot, Meter& meter);
  void publish_reading(const Context& in, std::string_view channel, const Slot& slot, Meter& meter);
  void say_unknown(const Context& in, const Object& object, std::string_view channel);
  Meter& meter_of(const Context& in, const Slot& slot, std::size_t channel);
  std::string free_name(const Slots& slots, std::string_view medium) const;
  static bool is_live(const Slots& slots, const Meter& meter);
  static bool is_of(const Meter& meter, const Slot& slot, std::size_t channel);

  MeterClock& clock_;
  std::vector<Meter> meters_;
  HeldReadings held_;
};

// Whether the object is of the gas meter's list of hours in telegrams before DSMR 2 (day_list.cpp).
bool is_of_day_list(const Object& object);

// The keys of the meters behind the meter.
std::vector<std::string_view> mbus_keys();

}  // namespace gridtap::p1
