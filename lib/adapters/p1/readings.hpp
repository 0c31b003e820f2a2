#pragma once
// From the objects of one telegram to readings of the meter itself: the rows of fields.cpp, what is
// computed from them, and totals that are held back (p1.md 4.4, 5, 8.3). M-Bus meters: mbus.hpp.

#include <bitset>
#include <optional>
#include <string>
#include <vector>

#include "adapters/p1/fields.hpp"
#include "adapters/p1/objects.hpp"
#include "adapters/p1/times.hpp"
#include "codec/totals.hpp"
#include "core/effect.hpp"

namespace gridtap::p1 {

struct ReadingSettings {
  std::string country;  // "nl" or "be" names the tariffs; empty: told from the telegram
  Decimal factor{1, 0};
};

// What is known of the telegram as a whole before its objects are read.
struct TelegramFacts {
  std::optional<Instant> time;  // its own, where it can be trusted
  bool lithuanian = false;      // demand and averages have another meaning
  bool belgian = false, has_tariff_1 = false, has_total = false;
};

class Readings {
 public:
  // So long no phase carries what the whole connection carries: the phases are not measured.
  static constexpr std::chrono::minutes phases_silent{1};

  Readings(ReadingSettings settings, MeterClock& clock);

  // The objects that are the meter's own; those without a key are said as Unknown.
  void publish(const std::vector<Object>& objects, const TelegramFacts& facts, Now now,
               Effects& effects);
  // Another meter: what its totals were says nothing.
  void forget_totals();

 private:
  void object(const Object& object);
  void number(const Object& object, const Field& field);
  void count(const Object& object, const Field& field);
  void power_factor(const Object& object, const Field& field);
  void text(const Object& object, const Field& field);
  void message(const Object& object, const Field& field);
  void version(const Object& object, const Field& field);
  void tariff(const Object& object, const Field& field);
  void breaker(const Object& object, const Field& field);
  void meter_time(const Object& object);
  void limiter(const Object& object);
  void fuse(const Object& object);
  void two_fuses(const Object& object);
  void peak(const Object& object, const Field& field);
  void power_failures(const Object& object, const Field& field);
  void peaks(const Object& object, const Field& field);
  void meter_relay(const Object& object);

  void say(std::string_view key, std::string_view source, const Value& value,
           std::string_view attributes = {});
  void unknown(const Object& object);
  bool first_of(const Field& field);
  Decimal multiplied(Decimal value) const;

  // Computed, of the same telegram.
  void computed();
  void energy_sum(std::size_t direction);
  void net_power(std::size_t place);
  void signed_current(std::size_t place);
  void tariff_name();
  void watch_phases();

  ReadingSettings settings_;
  MeterClock& clock_;
  std::vector<Total> totals_;
  std::string scratch_;

  // Of the telegram in hand.
  const TelegramFacts* facts_ = nullptr;
  Effects* effects_ = nullptr;
  Now now_{};
  std::vector<std::optional<Decimal>> values_;  // by entity, multiplied
  std::vector<bool> seen_;                      // by entity
  std::vector<bool> withheld_;                  // seen, but not to be computed with
  std::string tariff_, tariff_source_;
  std::optional<Mono> phases_silent_since_;
  bool phases_unmeasured_ = false;
};

}  // namespace gridtap::p1
