#include "adapters/p1/adapter.hpp"

#include <algorithm>

#include "adapters/p1/header.hpp"
#include "adapters/p1/mbus.hpp"
#include "adapters/p1/readings.hpp"
#include "adapters/p1/wire.hpp"
#include "core/record.hpp"
#include "core/vocabulary.hpp"
#include "parts/factor.hpp"
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
  std::string state() const override {
    RecordWriter record;
    mbus_.save(record);
    wire_.save(record);
    return record.text();
  }
  void restore(std::string_view text) override {
    mbus_.restore(text);
    wire_.restore(Record(text));
  }

 private:
  void on_telegram(const Telegram& telegram, Now now, Effects& effects) override {
    const std::string_view header = header_of(telegram.text);
    Scratch scratch;
    Lines lines(scratch.memory());
    objects_.split(telegram.text.substr(header.size()), lines);
    const TelegramFacts facts = facts_of(lines, now);
    identify(header, lines, facts.firmware, effects);
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
    for (const Object& object : lines.objects) note(object, now, facts);
    return facts;
  }

  void note(const Object& object, Now now, TelegramFacts& facts) {
    const bool own = object.f == 255 && (object.b == 0 || (object.a == 1 && object.b == 1));
    switch (own ? packed(object) : 0) {
      case packed(0, 1, 0, 0):
        if (!facts.time) facts.time = time_of(object, now);
        break;
      case packed(0, 96, 1, 4):
        facts.belgian = true;
        break;
      case packed(1, 0, 8, 2):
      case packed(1, 1, 5, 0):
        facts.lithuanian = true;
        break;
      case packed(1, 1, 8, 0):
        facts.has_total = true;
        break;
      case packed(1, 1, 8, 1):
        facts.has_tariff_1 = true;
        break;
      case packed(1, 0, 2, 0):
        facts.firmware = trim(object.first);
        break;
      default:
        break;
    }
  }

  std::optional<Instant> time_of(const Object& object, Now now) {
    const auto time = parse_time(object.first);
    if (!time) return {};
    const Instant instant = clock_.resolve(*time, now.wall).instant;
    return MeterClock::is_sane(instant, now.wall) ? std::optional(instant) : std::nullopt;
  }

  // The first that the telegram holds: 96.1.1, else 96.1.0, else 42.0.0 (p1.md 5.1).
  static std::string_view serial_as_sent(const Lines& lines) {
    for (const std::uint32_t code :
         {packed(0, 96, 1, 1), packed(0, 96, 1, 0), packed(0, 42, 0, 0)}) {
      for (const Object& object : lines.objects) {
        const bool ours = object.a == 0 && object.b == 0 && object.f == 255;
        if (!ours || packed(object) != code) continue;
        const std::string_view id = trim(object.first);
        if (!id.empty()) return id;
      }
    }
    return {};
  }

  // Another serial number, or without one another header, is another meter.
  void identify(std::string_view header, const Lines& lines, std::string_view firmware,
                Effects& effects) {
    const std::string_view serial = serial_as_sent(lines);
    const std::string_view who = serial.empty() ? header : serial;
    if (who == who_ && header == header_ && firmware == firmware_) return;
    if (!who_.empty() && who != who_) readings_.forget_totals();
    who_ = who;
    header_ = header;
    firmware_ = firmware;
    const Maker maker = maker_of(header);
    const std::string shown_serial(trim(shown(decode_text(serial, HexText::id))));
    const std::string identity = serial.empty() ? std::string{} : identity_of(serial);
    effects(Identified{
        "", {"", shown_serial, identity, maker.manufacturer, shown(maker.model), shown(firmware)}});
  }

  MeterClock clock_;
  Wire wire_;
  Readings readings_;
  MBus mbus_;
  Objects objects_;
  std::string who_, header_, firmware_;
  Lease lease_{lease_limits};
};

std::string read_zone(Section& section) {
  std::string zone = section.text("time_zone");
  if (!zone.empty() && !Zone::named(zone)) {
    section.problem("time_zone", "unknown time zone: write one such as Europe/Oslo");
  }
  return zone;
}

}  // namespace

std::unique_ptr<Adapter> make(Section& section, std::uint32_t) {
  Settings settings;
  settings.wire.keys.encryption = section.key_bytes("key_file");
  settings.wire.keys.authentication = section.key_bytes("authentication_key_file");
  settings.wire.keys.require_tag = section.flag("require_tag", false);
  settings.wire.accept_missing_crc = section.flag("accept_missing_crc", false);
  settings.time_zone = read_zone(section);
  settings.standard_offset =
      std::chrono::duration_cast<std::chrono::minutes>(section.offset("utc_offset", 1h, 14h));
  settings.readings.country = section.choice(
      "country",
      {"nl", "be", "lu", "at", "se", "dk", "fi", "no", "lt", "hu", "il", "pl", "si", "ch"}, "");
  settings.readings.factor = read_factor(section);
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
  return keys;
}

}  // namespace gridtap::p1
