#pragma once
// From the objects of one telegram to readings of the meter itself: the rows of fields.cpp, what is
// computed from them, and totals that are held back (p1.md 4.4, 5, 8.3). M-Bus meters: mbus.hpp.

#include <array>
#include <bitset>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "adapters/p1/fields.hpp"
#include "adapters/p1/objects.hpp"
#include "adapters/p1/times.hpp"
#include "core/effect.hpp"
#include "parts/held_readings.hpp"
#include "parts/meter_totals.hpp"
#include "parts/power_doubt.hpp"

namespace gridtap::p1 {

// Where tariff 1 is the low one, or the normal one.
enum class TariffNames : std::uint8_t { from_telegram, dutch, belgian, none };

struct ReadingSettings {
  TariffNames tariffs = TariffNames::from_telegram;
  Decimal factor{1, 0};
  std::optional<Decimal> max_power;  // W of the connection, before the factor
};

// What is known of the telegram as a whole before its objects are read.
struct TelegramFacts {
  static constexpr std::size_t most_ids = 8;  // the first of more
  std::span<const Object* const> ids() const { return {id_objects.data(), id_count}; }

  std::optional<Instant> time;  // its own, where it can be trusted
  bool lithuanian = false;      // demand and averages have another meaning
  bool belgian = false, has_tariff_1 = false, has_total = false;
  bool has_export_power = false;
  std::string_view firmware;
  std::string_view power_in_kilowatt;                // the digits of 1.7.0
  std::array<const Object*, most_ids> id_objects{};  // what may be a serial number
  std::size_t id_count = 0;
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
  // Another meter may send its powers otherwise.
  void forget_powers() {
    doubt_ = {};
    signed_powers_ = false;
  }
  // What is held back is right, a person says. False: nothing is.
  bool accept();
  MeterTotals& totals() { return totals_; }
  const MeterTotals& totals() const { return totals_; }

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

    std::array<bool, max_fields> seen{}, withheld{}, valued{};
    // Of those that are valued; the others are not cleared, that would cost more than it gives.
    std::array<std::int64_t, max_fields> digits;
    std::array<std::int8_t, max_fields> exponents;
    std::pmr::vector<const Object*> empty;
    std::bitset<10> relays;  // by channel
    std::string tariff;
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
  static void give_unit(const Context& in, const Object& object, const Field& field,
                        Number& number);
  static bool is_import_power(const Field& field);
  bool signed_power(const Context& in, const Object& object, const Field& field, Decimal value);
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
  // False where 64 bits do not hold the product.
  bool apply_factor(Decimal& value) const;
  // Whether the number is one that the meter cannot mean; it is reported as held then.
  bool hold(const Context& in, const Object& object, const Field& field, Decimal measured,
            Decimal value);

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
  MeterTotals totals_;
  PowerDoubt doubt_;  // where the user has set none
  HeldReadings held_;
  std::int32_t implausible_ = 0;  // W: the largest power that is held back, at least
  std::string text_;              // of the reading in hand
  // The failure log changes once in months: what it says is kept beside its text.
  struct FailureLog {
    std::string groups, json;
    std::optional<Timestamp> newest;
  };
  std::unique_ptr<FailureLog> failures_;
  Mono phases_silent_since_ = Mono::max();
  bool phases_unmeasured_ = false;
  bool signed_powers_ = false;  // an import was negative
};

// The keys beside those of fields(): of rows that give a second one, and computed ones.
std::vector<std::string_view> further_keys();
std::vector<std::string_view> computed_keys();

}  // namespace gridtap::p1
