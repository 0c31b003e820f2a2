#include "adapters/han/adapter.hpp"

#include <algorithm>

#include "adapters/han/current_check.hpp"
#include "adapters/han/identity.hpp"
#include "adapters/han/readings.hpp"
#include "adapters/han/wire.hpp"
#include "codec/ciphered_apdu.hpp"
#include "parts/factor.hpp"
#include "parts/invocation_counters.hpp"
#include "parts/lease.hpp"

namespace gridtap::han {
namespace {

using namespace std::chrono_literals;

constexpr Lease::Limits lease_limits{30s, 30s, 5min};  // three lists of 10 s at least
constexpr int least_exponent = -9, most_exponent = 9;

struct Settings {
  CipherKeys keys;
  ReadingSettings readings;
};

class HanAdapter final : public Adapter, Apdus {
 public:
  explicit HanAdapter(const Settings& settings)
      : keys_(settings.keys),
        current_is_set_(settings.readings.current_exponent.has_value()),
        wire_(*this),
        readings_(settings.readings) {}

  void on_open(Now now, Effects&) override { wire_.open(now); }
  void on_bytes(ByteView bytes, Now now, Effects& effects) override {
    wire_.bytes(bytes, now, effects);
  }
  void on_close(Now now, Effects& effects) override {
    wire_.close(now, effects);
    lease_.interrupt();
    said_.encrypted = said_.wrong_key = false;
  }
  void on_wake(Now now, Effects& effects) override { wire_.wake(now, effects); }
  Mono next_wake() const override { return wire_.next_wake(); }
  std::string state() const override {
    RecordWriter record;
    counters_.save(record);
    return record.text();
  }
  void restore(std::string_view text) override { counters_.restore(Record(text)); }

 private:
  bool on_apdu(const Apdu& apdu, Now now, Effects& effects) override {
    const std::uint8_t tag = apdu.bytes.empty() ? 0 : apdu.bytes[0];
    if (tag == static_cast<std::uint8_t>(ApduTag::general_glo_ciphering)) {
      return ciphered(apdu, now, effects);
    }
    if (tag != static_cast<std::uint8_t>(ApduTag::data_notification)) {
      return refuse({Fault::unsupported, "an APDU of unknown kind " + to_hex(ByteView(&tag, 1))},
                    apdu, effects);
    }
    return notification(apdu, {}, nullptr, now, effects);
  }

  bool ciphered(const Apdu& apdu, Now now, Effects& effects) {
    const auto envelope = parse_ciphered(apdu.bytes);
    if (!envelope) return refuse(envelope.error(), apdu, effects);
    if (apdu.strict && envelope->bytes != apdu.bytes.size()) {
      return refuse({Fault::bad_syntax, "bytes after a ciphered APDU"}, apdu, effects);
    }
    const auto plain = decipher(*envelope, keys_);
    if (!plain) return refuse_key(plain.error(), apdu, effects);
    const ByteView whole = apdu.bytes.first(envelope->bytes);
    const std::string_view title = as_text(envelope->title);
    if (auto replay = counters_.judge(title, envelope->counter, as_text(whole))) {
      return refuse(*replay, apdu, effects);
    }
    if (!notification({as_bytes(*plain), apdu.strict, apdu.frame_bytes}, envelope->title,
                      &*envelope, now, effects)) {
      return false;
    }
    counters_.accept(title, envelope->counter, as_text(whole));
    return true;
  }

  // `envelope`: of a ciphered one.
  bool notification(const Apdu& apdu, ByteView title, const CipheredApdu* envelope, Now now,
                    Effects& effects) {
    const auto parsed = parse_data_notification(apdu.bytes);
    if (!parsed) return refuse(parsed.error(), apdu, effects);
    const auto used = tree_.parse(parsed->body);
    if (!used) return refuse(used.error(), apdu, effects);
    if (apdu.strict && *used != parsed->body.size()) {
      return refuse({Fault::bad_syntax, "bytes after the list"}, apdu, effects);
    }
    if (!read_list(tree_, list_)) {
      return refuse({Fault::unsupported, "a list of unknown form"}, apdu, effects);
    }
    if (identity_.learn(list_, title, effects)) readings_.forget_totals();
    if (envelope != nullptr) check_proof(*envelope, effects);
    const bool landis = envelope != nullptr && as_text(title).starts_with("LGZ");
    readings_.publish(list_, {list_.maker, landis, identity_.model(), parsed->clock}, now, effects);
    if (list_.maker == Maker::kamstrup) check_currents(effects);
    effects(Alive{"", lease_.renew(now.mono)});
    effects(Frame{apdu.frame_bytes});
    return true;
  }

  void check_proof(const CipheredApdu& envelope, Effects& effects) {
    if (!envelope.authenticated() || keys_.authentication || std::exchange(said_.unproved, true)) {
      return;
    }
    effects(
        Notice{"lists are read, but not authenticated: set authentication_key_file, in "
               "Denmark to GPK61"});
  }

  void check_currents(Effects& effects) {
    if (said_.tenfold || current_is_set_) return;
    said_.tenfold = currents_look_tenfold(list_, readings_.current_exponent());
    if (!said_.tenfold) return;
    effects(
        Notice{"currents are ten times what the power implies, as with a meter behind a current "
               "transformer: set current_exponent: -3"});
  }

  static bool refuse(const Error& error, const Apdu& apdu, Effects& effects) {
    effects(Dropped{error, apdu.frame_bytes});
    return false;
  }

  // What no later frame can fix is reported once a connection, with the remedy.
  bool refuse_key(const Error& error, const Apdu& apdu, Effects& effects) {
    const bool missing = error.fault == Fault::no_key;
    bool& said = missing ? said_.encrypted : said_.wrong_key;
    if (!std::exchange(said, true)) {
      const std::string remedy =
          missing ? ": ask your grid company for the key of the customer port, in Denmark GPK60"
                  : ": is it this meter's key, or are the two keys swapped?";
      effects(Diagnosis{missing ? Cause::encrypted : Cause::wrong_key, error.detail + remedy});
    }
    return refuse(error, apdu, effects);
  }

  CipherKeys keys_;
  bool current_is_set_;
  Wire wire_;
  Readings readings_;
  Identity identity_;
  InvocationCounters counters_;
  AxdrTree tree_;
  List list_;
  Lease lease_{lease_limits};
  struct {
    bool encrypted = false, wrong_key = false, unproved = false, tenfold = false;
  } said_;
};

std::optional<std::int8_t> read_exponent(Section& section, std::string_view key) {
  const auto exponent = section.integer(key, 0, least_exponent, most_exponent);
  return section.has(key) ? std::optional(static_cast<std::int8_t>(exponent)) : std::nullopt;
}

}  // namespace

std::unique_ptr<Adapter> make(Section& section, std::uint32_t) {
  Settings settings;
  settings.keys.encryption = section.key_bytes("key_file");
  settings.keys.authentication = section.key_bytes("authentication_key_file");
  settings.readings.energy_exponent = read_exponent(section, "energy_exponent");
  settings.readings.current_exponent = read_exponent(section, "current_exponent");
  settings.readings.factor = read_factor(section);
  return std::make_unique<HanAdapter>(settings);
}

std::vector<std::string_view> keys() {
  std::vector<std::string_view> keys = computed_keys();
  for (const Field& field : fields()) {
    if (!field.key.empty()) keys.push_back(field.key);
  }
  return keys;
}

}  // namespace gridtap::han
