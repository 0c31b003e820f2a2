#pragma once
// From the objects of one telegram to readings of the meter itself: the rows of fields.cpp, what is
// computed from them, and totals that are held back (p1.md 4.4, 5, 8.3). M-Bus meters: mbus.hpp.

#include <array>
#include <bitset>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/p1/fields.hpp"
#include "adapters/p1/objects.hpp"
#include "adapters/p1/times.hpp"
#include "core/effect.hpp"
#include "parts/totals.hpp"

namespace gridtap::p1 {

struct ReadingSettings {
  std::string country;  // "nl" or "be" names the tariffs; empty: from the telegram
  Decimal factor{1, 0};
};

// What is known of the telegram as a whole before its objects are read.
struct TelegramFacts {
  std::optional<Instant> time;  // its own, where it can be trusted
  bool lithuanian = false;      // demand and averages have another meaning
  bool belgian = false, has_tariff_1 = false, has_total = false;
  std::string_view firmware;
};

class Readings {
 public:
  // For this long no phase carries what the whole connection carries: the phases are not measured.
  static constexpr std::chrono::minutes phases_silent{1};

  Readings(ReadingSettings settings, MeterClock& clock);

  // The objects that are the meter's own; those without a key are said as Unknown.
  // `scratch`: memory for the length of the call.
  void publish(const Lines& lines, const TelegramFacts& facts, Now now,
               std::pmr::memory_resource* scratch, Effects& effects);
  // Another meter: what its totals were says nothing.
  void forget_totals() { totals_.clear(); }

 private:
  // What the telegram has said so far, by entity (Field::entity).
  struct Said {
    explicit Said(std::pmr::memory_resource* scratch) : empty(scratch) {}

    // Whether the entity is said for the first time.
    bool first(std::size_t entity) {
      const bool again = seen[entity];
      seen[entity] = true;
      return !again;
    }
    void keep(std::size_t entity, Decimal value) {
      digits[entity] = value.digits;
      exponents[entity] = value.exponent;
      valued[entity] = true;
    }
    std::optional<Decimal> value(std::size_t entity) const {
      if (!valued[entity]) return {};
      return Decimal{digits[entity], exponents[entity]};
    }

    std::bitset<max_fields> seen, withheld, valued;
    // Of those that are valued; the others are not cleared, that would cost more than it gives.
    std::array<std::int64_t, max_fields> digits;
    std::array<std::int8_t, max_fields> exponents;
    std::pmr::vector<const Object*> empty;
    std::bitset<10> relays;  // by channel
    std::string_view tariff;
  };
  // Of the telegram in hand.
  struct Context {
    const TelegramFacts& facts;
    const Now& now;
    Said& said;
    Effects& effects;
  };

  void object(const Context& in, const Object& object);
  void empty(const Context& in, const Object& object, const Field& field);
  void say_empty(const Context& in, const Object& object, const Field& field);
  void number(const Context& in, const Object& object, const Field& field);
  void count(const Context& in, const Object& object, const Field& field);
  void power_factor(const Context& in, const Object& object, const Field& field);
  void text(const Context& in, const Object& object, const Field& field);
  void message(const Context& in, const Object& object, const Field& field);
  void version(const Context& in, const Object& object, const Field& field);
  void tariff(const Context& in, const Object& object, const Field& field);
  void breaker(const Context& in, const Object& object, const Field& field);
  void meter_time(const Context& in, const Object& object, const Field& field);
  void limiter(const Context& in, const Object& object, const Field& field);
  void fuse(const Context& in, const Object& object, const Field& field);
  void fuse_threshold(const Context& in, const Object& object, Decimal amperes);
  void two_fuses(const Context& in, const Object& object, const Field& field);
  void peak(const Context& in, const Object& object, const Field& field);
  void power_failures(const Context& in, const Object& object, const Field& field);
  struct FailureLog;
  void read_log(const Context& in, const Object& object, FailureLog& log);
  void peaks(const Context& in, const Object& object, const Field& field);
  void meter_relay(const Context& in, const Object& object);
  // As a moment; nothing if it is not one, or cannot be trusted.
  std::optional<Timestamp> known_time(const Context& in, std::string_view group);

  static void say(const Context& in, std::string_view key, std::string_view source,
                  const Value& value, std::string_view attributes = {});
  static void say_at(const Context& in, std::optional<Instant> at, std::string_view key,
                     std::string_view source, const Value& value, std::string_view attributes = {});
  static void unknown(const Context& in, const Object& object);
  Total& total_of(const Field& field);
  // False where 64 bits do not hold the product.
  bool apply_factor(Decimal& value) const;

  // Computed, of the same telegram.
  void computed(const Context& in);
  void energy_sum(const Context& in, std::size_t direction);
  void net_power(const Context& in, std::size_t place);
  void signed_current(const Context& in, std::size_t place);
  void tariff_name(const Context& in);
  void watch_phases(const Context& in);

  ReadingSettings settings_;
  bool has_factor_;
  MeterClock& clock_;
  // Those that the meter has: a handful of the table's.
  struct KnownTotal {
    std::uint16_t entity;
    Total total;
  };
  std::vector<KnownTotal> totals_;
  std::string text_;  // of the reading in hand
  // The failure log changes once in months: what it says is kept beside its text.
  struct FailureLog {
    std::string groups, json;
    std::optional<Timestamp> newest;
  };
  std::unique_ptr<FailureLog> failures_;
  std::optional<Mono> phases_silent_since_;
  bool phases_unmeasured_ = false;
};

// The keys beside those of fields(): of rows that give a second one, and computed ones.
std::vector<std::string_view> further_keys();
std::vector<std::string_view> computed_keys();

}  // namespace gridtap::p1
