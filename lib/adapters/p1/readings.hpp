#pragma once
// From the objects of one telegram to readings of the meter itself: the rows of fields.cpp, what is
// computed from them, and totals that are held back (p1.md 4.4, 5, 8.3). M-Bus meters: mbus.hpp.

#include <bitset>
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
  std::string country;  // "nl" or "be" names the tariffs; empty: told from the telegram
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
  // So long no phase carries what the whole connection carries: the phases are not measured.
  static constexpr std::chrono::minutes phases_silent{1};

  Readings(ReadingSettings settings, MeterClock& clock);

  // The objects that are the meter's own; those without a key are said as Unknown.
  void publish(const std::vector<Object>& objects, const TelegramFacts& facts, Now now,
               Effects& effects);
  // Another meter: what its totals were says nothing.
  void forget_totals();

 private:
  // Of the telegram in hand.
  struct Context {
    const TelegramFacts& facts;
    const Now& now;
    Effects& effects;
  };

  void object(const Context& in, const Object& object, std::size_t place);
  const Field* field_of(const Object& object, std::size_t place);
  bool seen(std::size_t entity) const { return entities_[entity].seen == telegram_; }
  bool withheld(std::size_t entity) const { return entities_[entity].withheld == telegram_; }
  const Decimal* value_of(std::size_t entity) const {
    return entities_[entity].valued == telegram_ ? &entities_[entity].value : nullptr;
  }
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
  void read_log(const Context& in, const Object& object);
  void peaks(const Context& in, const Object& object, const Field& field);
  void meter_relay(const Context& in, const Object& object);
  // As a moment; nothing where it is none, or one that cannot be trusted.
  std::optional<Timestamp> known_time(const Context& in, std::string_view group);

  static void say(const Context& in, std::string_view key, std::string_view source,
                  const Value& value, std::string_view attributes = {});
  static void say_at(const Context& in, std::optional<Instant> at, std::string_view key,
                     std::string_view source, const Value& value, std::string_view attributes = {});
  static void unknown(const Context& in, const Object& object);
  bool first_of(const Field& field);
  // False where 64 bits do not hold the product.
  bool apply_factor(Decimal& value) const;

  void make_room();

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
  std::vector<Total> totals_;
  std::string scratch_;
  // The row of each place of the telegram before: nearly all stay where they are.
  struct KnownRow {
    std::uint64_t code = ~std::uint64_t{0};  // all six numbers
    const Field* field = nullptr;
  };
  std::vector<KnownRow> known_rows_;
  // The failure log changes once in months: what it says is kept beside its text.
  std::string log_groups_, log_json_;
  std::optional<Timestamp> log_newest_;

  static constexpr std::uint8_t no_total = 255;
  // What the telegram said of an entity: true of this telegram where the number is its own.
  struct Said {
    std::uint32_t seen = 0, withheld = 0, valued = 0;
    std::uint8_t total = no_total;  // place in totals_
    Decimal value;
  };
  std::vector<Said> entities_;
  std::uint32_t telegram_ = 0;
  std::vector<std::pair<const Object*, const Field*>> empty_;
  std::bitset<10> relays_;  // seen, by channel
  std::string tariff_;
  std::optional<Mono> phases_silent_since_;
  bool phases_unmeasured_ = false;
};

// The keys beside those of fields(): of rows that give a second one, and computed ones.
std::vector<std::string_view> further_keys();
std::vector<std::string_view> computed_keys();

}  // namespace gridtap::p1
