#include "adapters/han/adapter.hpp"

#include <algorithm>

#include "adapters/han/current_check.hpp"
#include "adapters/han/energy_scale.hpp"
#include "adapters/han/identity.hpp"
#include "adapters/han/list_form.hpp"
#include "adapters/han/position_lists.hpp"
#include "adapters/han/power_scale.hpp"
#include "adapters/han/readings.hpp"
#include "adapters/han/scales.hpp"
#include "adapters/han/wire.hpp"
#include "codec/ciphered_apdu.hpp"
#include "parts/factor.hpp"
#include "parts/held_readings.hpp"
#include "parts/invocation_counters.hpp"
#include "parts/lease.hpp"

namespace gridtap::han {
namespace {

using namespace std::chrono_literals;

constexpr Lease::Limits lease_limits{30s, 30s, 5min};  // three lists of 10 s at least
constexpr int least_exponent = -9, most_exponent = 9;

constexpr int lasting = 3;  // lists in a row that cannot be read

struct Settings {
  CipherKeys keys;
  ReadingSettings readings;
  std::optional<std::int8_t> voltage_exponent, energy_exponent;
  std::vector<ListItem> list;
};

// What is behind a message in the same frame, where that is another one: some meters push three at
// once, each with its LLC header.
ByteView message_behind(ByteView rest) {
  constexpr std::uint8_t llc[] = {0xE6, 0xE7, 0x00};
  constexpr std::size_t shortest = 6;
  if (rest.size() > std::size(llc) && std::equal(std::begin(llc), std::end(llc), rest.begin())) {
    rest = rest.subspan(std::size(llc));
  }
  if (rest.size() < shortest) return {};
  const auto tag = static_cast<ApduTag>(rest[0]);
  const bool begins = tag == ApduTag::data_notification || tag == ApduTag::general_glo_ciphering;
  return begins ? rest : ByteView{};
}

// The exponent of voltages that the maker documents.
std::optional<std::int8_t> usual_voltage(Maker maker) {
  if (maker == Maker::kaifa) return std::int8_t{-1};
  return maker == Maker::kamstrup ? std::optional(std::int8_t{0}) : std::nullopt;
}

class HanAdapter final : public Adapter, Apdus {
 public:
  explicit HanAdapter(const Settings& settings)
      : keys_(settings.keys),
        current_is_set_(settings.readings.current_exponent.has_value()),
        positions_(settings.list),
        wire_(*this),
        energy_(settings.energy_exponent, settings.readings.factor),
        readings_(settings.readings, energy_),
        scales_(settings.voltage_exponent, settings.readings.current_exponent) {}

  void on_open(Now now, Effects&) override {
    wire_.open(now);
    opened_ = now.mono;
  }
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
  void on_command(const Command& command, Now, Effects& effects) override {
    if (!readings_.accept(effects)) effects(nothing_held(command));
  }
  std::string state() const override {
    RecordWriter record;
    counters_.save(record);
    scales_.save(record);
    energy_.save(record);
    power_.save(record);
    readings_.totals().save(record, "");
    return record.text();
  }
  void restore(std::string_view text) override {
    const Record record(text);
    counters_.restore(record);
    scales_.restore(record);
    energy_.restore(record);
    power_.restore(record);
    readings_.totals().restore(record, "");
  }

 private:
  bool on_apdu(const Apdu& first, Now now, Effects& effects) override {
    bool good = false;
    for (Apdu apdu = first;;) {
      behind_ = {};
      good = message(apdu, now, effects) || good;
      if (behind_.empty()) return good;
      apdu = {behind_, apdu.strict, behind_.size()};
    }
  }

  bool message(const Apdu& apdu, Now now, Effects& effects) {
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
    const ByteView behind = message_behind(apdu.bytes.subspan(envelope->bytes));
    if (apdu.strict && behind.empty() && envelope->bytes != apdu.bytes.size()) {
      return refuse({Fault::bad_syntax, "bytes after a ciphered APDU"}, apdu, effects);
    }
    const bool good = envelope_of(*envelope, apdu, behind.size(), now, effects);
    behind_ = behind;
    return good;
  }

  // `behind`: bytes of the frame that belong to the next message.
  bool envelope_of(const CipheredApdu& sealed, const Apdu& apdu, std::size_t behind, Now now,
                   Effects& effects) {
    const CipheredApdu* const envelope = &sealed;
    const auto plain = decipher(*envelope, keys_);
    if (!plain) return refuse_key(plain.error(), apdu, effects);
    const ByteView whole = apdu.bytes.first(envelope->bytes);
    const std::string_view title = as_text(envelope->title);
    if (auto replay = counters_.judge(title, envelope->counter, as_text(whole))) {
      return refuse(*replay, apdu, effects);
    }
    if (!notification({as_bytes(*plain), apdu.strict, apdu.frame_bytes - behind}, envelope->title,
                      envelope, now, effects)) {
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
    if (envelope == nullptr) behind_ = message_behind(parsed->body.subspan(*used));
    if (apdu.strict && behind_.empty() && *used != parsed->body.size()) {
      return refuse({Fault::bad_syntax, "bytes after the list"}, apdu, effects);
    }
    const std::size_t bytes = apdu.frame_bytes - behind_.size();
    if (!read_list(tree_, {as_text(title), positions_}, list_)) {
      return unknown_form(as_text(title), bytes, effects);
    }
    unread_ = 0;
    const Identity::News news = identity_.learn(list_, title, effects);
    if (news == Identity::News::another) readings_.forget_powers();
    if (news != Identity::News::none) tell_meter();
    if (envelope != nullptr) check_proof(*envelope, effects);
    publish(*parsed, envelope != nullptr && as_text(title).starts_with("LGZ"), now, effects);
    effects(Alive{"", lease_.renew(now.mono)});
    effects(Frame{bytes, false, wire_.take_raw()});
    return true;
  }

  void publish(const DataNotification& parsed, bool landis, Now now, Effects& effects) {
    const bool timeless = now.mono == opened_;
    scales_.judge(list_, usual_voltage(list_.maker), timeless, effects);
    readings_.publish(list_,
                      {list_.maker, landis, parsed.clock, scales_.voltage(), scales_.current(),
                       power_.exponent(), timeless},
                      now, effects);
    if (list_.maker == Maker::kamstrup) check_currents(effects);
    judge_power(effects);
  }

  void tell_meter() {
    const std::string_view serial = identity_.serial();
    readings_.is_of(serial, identity_.model());
    scales_.is_of(serial);
    energy_.is_of(serial);
    power_.is_of(serial);
  }

  // What comes with its unit, and currents that were decided by the power, say nothing about it.
  void judge_power(Effects& effects) {
    const bool documented = list_.maker == Maker::kaifa || list_.maker == Maker::kamstrup;
    if (!documented || !power_.judge(readings_.numbers(), how_sure_currents(), effects)) return;
    energy_.begin_anew();
  }

  PowerScale::Currents how_sure_currents() const {
    using enum PowerScale::Currents;
    if (list_.maker == Maker::kaifa) return certain;
    return identity_.model().starts_with("685") && !current_is_set_ ? guessed : usual;
  }

  // One list of several may be of no use; if nothing else comes, the user has to know.
  bool unknown_form(std::string_view title, std::size_t bytes, Effects& effects) {
    const std::string form = form_of(tree_, title);
    effects(Dropped{{Fault::unsupported, "a list of unknown form: " + form}, bytes});
    if (++unread_ == lasting) {
      effects(Diagnosis{Cause::unsupported,
                        "lists arrive whole, and their form is not known: name their items with "
                        "`list`, or report the form: " +
                            form});
    }
    return false;
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
  std::vector<ListItem> positions_;
  Wire wire_;
  EnergyScale energy_;
  Readings readings_;
  Scales scales_;
  PowerScale power_;
  Identity identity_;
  InvocationCounters counters_;
  AxdrTree tree_;
  List list_;
  Lease lease_{lease_limits};
  Mono opened_{};
  ByteView behind_;  // the next message of the frame in hand
  int unread_ = 0;   // lists of unknown form since the last good one
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
  settings.energy_exponent = read_exponent(section, "energy_exponent");
  settings.readings.current_exponent = read_exponent(section, "current_exponent");
  settings.voltage_exponent = read_exponent(section, "voltage_exponent");
  settings.list = read_list_setting(section);
  settings.readings.factor = read_factor(section);
  settings.readings.max_power = read_max_power(section, settings.readings.factor);
  return std::make_unique<HanAdapter>(settings);
}

std::vector<std::string_view> keys() {
  std::vector<std::string_view> keys = computed_keys();
  for (const Field& field : fields()) {
    if (!field.key.empty()) keys.push_back(field.key);
  }
  keys.insert(keys.end(), held_keys.begin(), held_keys.end());
  return keys;
}

}  // namespace gridtap::han
