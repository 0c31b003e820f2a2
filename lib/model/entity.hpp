#pragma once
// What is known of one entity: its spec, its newest value and attributes, and where it is in its
// life. Faces read it; only the model writes it. Small on purpose: a house of a thousand meters has
// fifty thousand of these, most of them a number whose spec is a row of the vocabulary.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/effect.hpp"
#include "model/life.hpp"

namespace gridtap::model {

inline constexpr std::size_t max_text = 255;  // bytes of a value: Home Assistant's longest state
inline constexpr std::size_t max_attributes = 16'384;  // bytes of JSON; longer ones are left out
inline constexpr std::size_t max_options = 64;         // of an enum or select

// What of an entity a reading has changed.
struct Change {
  bool first = false;       // the first value of this run
  bool value = false;       // another value than before, or other decimals
  bool attributes = false;  // other attributes than before
  bool described = false;   // it has attributes now, and had none; or more decimals than ever
  bool option = false;      // one more option
  bool option_lost = false, attributes_lost = false;  // there was no room: the limits above
  bool known = false;                                 // it was unknown, or had no value
  bool regular = false;                               // its period is known from now on
  std::optional<Instant> at = {};  // when the device measured it, where it can be trusted

  bool any() const { return first || value || attributes; }
};

class Entity {
 public:
  // `level`: what the entity is called in topics and addresses (core's topic_level of its key).
  // `slot`: its place among the entities of the device, the same until it is gone.
  Entity(const EntitySpec& spec, std::string_view level, std::uint16_t slot, Life life);

  const EntitySpec& spec() const { return *spec_; }
  std::string_view key() const { return spec_->key; }
  std::string_view level() const;
  std::uint16_t slot() const { return slot_; }

  Life life() const { return life_; }
  bool has_value() const { return at_ != Mono{}; }
  // Of this run; unknown (monostate) where the device does not know it. Texts are printable UTF-8
  // of at most max_text bytes, and are valid until the next reading.
  const Value& value() const { return value_; }
  Mono at() const { return at_; }  // of the newest reading
  // How long its value holds without another reading, on a device that is offline after `stale` of
  // silence; duration::max() for good: totals, identities and ratings, what comes about once an
  // hour or more seldom, and what is no measurement of the device at all.
  Mono::duration validity(Mono::duration stale) const;
  std::string_view attributes() const;
  std::string_view options() const;  // those of the spec, and what came besides: "off,on"

  bool declared() const { return declared_; }  // by an Entity effect, or so in an earlier run
  bool by_rule() const { return by_rule_; }    // its values are made by a rule
  bool has_attributes() const { return has_attributes_; }  // now, or earlier
  std::int8_t decimals() const { return decimals_; }       // the most of its numbers; -1: none yet

  bool takes_commands() const;
  bool has_option(std::string_view option) const;

  // ---- for the model --------------------------------------------------------------------------

  // What an earlier run knew of it.
  struct Remembered {
    bool declared = false, by_rule = false, has_attributes = false;
    std::int8_t decimals = -1;
    std::string_view options = {};
  };
  void remember(const Remembered& remembered);
  void step(LifeEvent event) { life_ = next_life(life_, event); }
  void respecify(const EntitySpec& spec);
  void declare();
  // Takes value, attributes and time. Allocates nothing where nothing has changed. `since`: the
  // device has been online from then on; a pause before that says nothing about the period.
  Change take(const Reading& reading, Mono now, Mono since = {});
  // It is no longer sent: its value is unknown until it comes again.
  Change lapse();
  void forget_value();

 private:
  // A spec that is no row of the vocabulary, and a level that is not the key: few have them.
  struct Named {
    std::string texts;  // of the spec
    EntitySpec spec;
    std::string level;
  };
  // Texts that belong to this entity alone; most have none.
  struct Own {
    std::unique_ptr<Named> named;
    std::string text, attributes;
    std::unique_ptr<std::string> options;
  };
  Own& own();
  void use(const EntitySpec& spec, std::string level);
  bool take_value(const Value& value);
  void take_option(Change& change);
  void take_gap(Mono::duration gap, Change& change);
  void take_decimals(Change& change);
  void take_attributes(std::string_view attributes, Change& change);

  const EntitySpec* spec_;
  std::unique_ptr<Own> own_;
  Value value_;
  Mono at_{};
  std::uint16_t slot_;
  std::uint16_t period_ = 0;  // tenths of a second: the longest of late between two readings
  std::int8_t decimals_ = -1;
  Life life_;
  bool has_attributes_ = false;
  bool declared_ : 1 = false, by_rule_ : 1 = false;
  std::uint8_t gaps_ : 2 = 0;  // that the period was made of, up to those it takes
};

// Whether the values are numbers, by unit, statistics or decimals.
bool is_numeric(const EntitySpec& spec);

// Text of a wire as a value keeps it: printable UTF-8, at most max_text bytes. A view of the text
// itself where it is that already, else of `scratch`.
std::string_view plain_text(std::string_view text, std::string& scratch);

// The longest front of the text of at most `bytes` bytes that cuts no character in two.
std::string_view front_of(std::string_view text, std::size_t bytes);

}  // namespace gridtap::model
