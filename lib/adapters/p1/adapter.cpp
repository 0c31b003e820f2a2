#include "adapters/p1/adapter.hpp"

#include <algorithm>

#include "adapters/p1/header.hpp"
#include "adapters/p1/mbus.hpp"
#include "adapters/p1/readings.hpp"
#include "adapters/p1/wire.hpp"
#include "core/ids.hpp"
#include "core/record.hpp"
#include "core/vocabulary.hpp"
#include "parts/factor.hpp"
#include "parts/held_readings.hpp"
#include "parts/lease.hpp"
#include "parts/scratch.hpp"

namespace gridtap::p1 {
namespace {

using namespace std::chrono_literals;

constexpr Lease::Limits lease_limits{35s, 10s, 60s};

struct Settings {
  WireSettings wire;
  ReadingSettings readings;
  std::string time_zone;
  std::chrono::minutes standard_offset = 1h;
};

class P1Adapter final : public Adapter, Telegrams {
 public:
  explicit P1Adapter(const Settings& settings)
      : clock_(settings.time_zone, settings.standard_offset),
        wire_(settings.wire, *this),
        readings_(settings.readings, clock_),
        mbus_(clock_) {}

  void on_open(Now now, Effects&) override { wire_.open(now); }
  void on_bytes(ByteView bytes, Now now, Effects& effects) override {
    wire_.bytes(bytes, now, effects);
  }
  void on_close(Now now, Effects& effects) override {
    wire_.close(now, effects);
    lease_.interrupt();
  }
  void on_wake(Now now, Effects& effects) override { wire_.wake(now, effects); }
  Mono next_wake() const override { return wire_.next_wake(); }
  void on_command(const Command& command, Now, Effects& effects) override {
    const bool own = readings_.accept(), others = mbus_.accept();
    if (!own && !others) effects(nothing_held(command));
  }
  std::string state() const override {
    RecordWriter record;
    mbus_.save(record);
    wire_.save(record);
    readings_.totals().save(record, "");
    return record.text();
  }
  void restore(std::string_view text) override {
    const Record record(text);
    mbus_.restore(text);
    wire_.restore(record);
    readings_.totals().restore(record, "");
  }

 private:
  void on_telegram(const Telegram& telegram, Now now, Effects& effects) override {
    const std::string_view header = header_of(telegram.text);
    Scratch scratch;
    Lines lines(scratch.memory());
    objects_.split(telegram.text.substr(header.size()), lines);
    const TelegramFacts facts = facts_of(lines, now);
    identify(header, facts, effects);
    const std::chrono::milliseconds lease = lease_.renew(now.mono);
    readings_.publish(lines, facts, now, scratch.memory(), effects);
    mbus_.publish(lines, facts.time, lease, now, scratch.memory(), effects);
    for (const std::string_view line : lines.odd) effects(Unknown{"", "", line});
    if (lines.left_bytes > 0) {
      const std::string most = std::to_string(Lines::max);
      effects(Dropped{{Fault::overlong, "a telegram of more than " + most + " lines"},
                      lines.left_bytes});
    }
    effects(Alive{"", lease});
    effects(Frame{telegram.bytes, false, telegram.raw});
  }

  TelegramFacts facts_of(const Lines& lines, Now now) {
    TelegramFacts facts;
    for (const Object& object : lines.objects) {
      if (object.fact != Fact::none) note(object, now, facts);
    }
    return facts;
  }

  void note(const Object& object, Now now, TelegramFacts& facts) {
    switch (object.fact) {
      case Fact::time:
        if (!facts.time) facts.time = time_of(object, now);
        break;
      case Fact::id:
        note_id(object, facts);
        break;
      case Fact::firmware:
        facts.firmware = trim(object.first);
        break;
      case Fact::belgian:
        facts.belgian = true;
        break;
      case Fact::lithuanian:
        facts.lithuanian = true;
        break;
      case Fact::total:
        facts.has_total = true;
        break;
      case Fact::tariff_1:
        facts.has_tariff_1 = true;
        break;
      case Fact::power:
        if (object.first.ends_with("*kW")) {
          facts.power_in_kilowatt = object.first.substr(0, object.first.size() - 3);
        }
        break;
      case Fact::export_power:
        facts.has_export_power = true;
        break;
      case Fact::none:
        break;
    }
  }

  std::optional<Instant> time_of(const Object& object, Now now) {
    const auto time = parse_time(object.first);
    if (!time) return {};
    const Instant instant = clock_.resolve(*time, now.wall).instant;
    return MeterClock::is_sane(instant, now.wall) ? std::optional(instant) : std::nullopt;
  }

  static void note_id(const Object& object, TelegramFacts& facts) {
    if (facts.id_count == TelegramFacts::most_ids) return;
    facts.id_objects[facts.id_count++] = &object;
  }

  // Whether the telegram holds the same ids as the one before, which all but the first do.
  bool same_ids(const TelegramFacts& facts) const {
    std::string_view rest = sent_ids_;
    for (const Object* const object : facts.ids()) {
      for (const std::string_view part : {object->code, object->groups}) {
        if (!rest.starts_with(part)) return false;
        rest.remove_prefix(part.size());
      }
    }
    return rest.empty();
  }
  void keep_ids(const TelegramFacts& facts) {
    sent_ids_.clear();
    for (const Object* const id : facts.ids()) sent_ids_.append(id->code).append(id->groups);
  }

  struct Ids {
    std::string_view serial, type;  // as sent
  };
  // The first serial number that the telegram holds: 96.1.0, else 96.1.1 (a Polish Kaifa has its
  // type there), else 42.0.0, of a German meter 96.1.255 or 0.0.0.
  static Ids ids_as_sent(const TelegramFacts& facts) {
    Ids found;
    for (const std::uint32_t code : id_codes) {
      for (const Object* const object : facts.ids()) {
        const std::string_view id = trim(object->first);
        if (packed(*object) != code || !is_set_id(id)) continue;
        const bool type = is_type_id(decode_text(id, HexText::id));
        std::string_view& place = type ? found.type : found.serial;
        if (place.empty()) place = id;
      }
    }
    return found;
  }

  // Another serial number, or without one another header, is another meter.
  void identify(std::string_view header, const TelegramFacts& facts, Effects& effects) {
    const std::string_view firmware = facts.firmware;
    if (same_ids(facts) && header == header_ && firmware == firmware_) return;
    keep_ids(facts);
    const auto [serial, type] = ids_as_sent(facts);
    const std::string_view who = serial.empty() ? header : serial;
    const std::string_view before = readings_.totals().meter();
    if (who == before && header == header_ && firmware == firmware_) return;
    if (who != before) readings_.forget_powers();
    readings_.totals().is_of(who, !serial.empty());
    header_ = header;
    firmware_ = firmware;
    const Maker maker = maker_of(header);
    const std::string shown_serial(trim(shown(decode_text(serial, HexText::id))));
    const std::string identity = serial.empty() ? std::string{} : identity_of(serial);
    const std::string model = shown(type.empty() ? maker.model : decode_text(type, HexText::id));
    const std::string software = shown(firmware.empty() ? maker.software : firmware);
    effects(Identified{"", {"", shown_serial, identity, maker.manufacturer, model, software}});
  }

  MeterClock clock_;
  Wire wire_;
  Readings readings_;
  MBus mbus_;
  Objects objects_;
  std::string sent_ids_;  // lines of the telegram before
  std::string header_, firmware_;
  Lease lease_{lease_limits};
};

std::string read_zone(Section& section) {
  std::string zone = section.text("time_zone");
  if (!zone.empty() && !Zone::named(zone)) {
    section.problem("time_zone", "unknown time zone: write one such as Europe/Oslo");
  }
  return zone;
}

Checksum read_checksum(Section& section) {
  const std::string word = section.choice("checksum", {"auto", "arc", "x25", "none"}, "auto");
  return word == "arc"    ? Checksum::arc
         : word == "x25"  ? Checksum::x25
         : word == "none" ? Checksum::none
                          : Checksum::automatic;
}

}  // namespace

std::unique_ptr<Adapter> make(Section& section, std::uint32_t) {
  Settings settings;
  settings.wire.keys.encryption = section.key_bytes("key_file");
  settings.wire.keys.authentication = section.key_bytes("authentication_key_file");
  settings.wire.keys.require_tag = section.flag("require_tag", false);
  settings.wire.accept_missing_crc = section.flag("accept_missing_crc", false);
  settings.wire.checksum = read_checksum(section);
  settings.time_zone = read_zone(section);
  settings.standard_offset =
      std::chrono::duration_cast<std::chrono::minutes>(section.offset("utc_offset", 1h, 14h));
  const std::string country = section.choice(
      "country",
      {"nl", "be", "lu", "at", "se", "dk", "fi", "no", "lt", "hu", "il", "pl", "si", "ch"}, "");
  settings.readings.tariffs = country.empty()   ? TariffNames::from_telegram
                              : country == "nl" ? TariffNames::dutch
                              : country == "be" ? TariffNames::belgian
                                                : TariffNames::none;
  settings.readings.factor = read_factor(section);
  settings.readings.max_power = read_max_power(section, settings.readings.factor);
  return std::make_unique<P1Adapter>(settings);
}

std::vector<std::string_view> keys() {
  std::vector<std::string_view> keys;
  for (const Field& field : fields()) {
    if (field.key.empty()) continue;
    keys.push_back(field.key);
    if (field.form != Form::peak) continue;
    const EntitySpec* time = find_spec(std::string(field.key) + "_time");  // a row of its own
    if (time != nullptr) keys.push_back(time->key);
  }
  for (const auto& more : {further_keys(), computed_keys(), mbus_keys()}) {
    keys.insert(keys.end(), more.begin(), more.end());
  }
  keys.insert(keys.end(), held_keys.begin(), held_keys.end());
  return keys;
}

}  // namespace gridtap::p1
