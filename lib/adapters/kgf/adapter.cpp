#include "adapters/kgf/adapter.hpp"

#include <algorithm>

#include "adapters/kgf/battery.hpp"
#include "adapters/kgf/bus_master.hpp"
#include "adapters/kgf/line_watch.hpp"
#include "parts/addresses.hpp"
#include "parts/noise.hpp"

namespace gridtap::kgf {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds lease = 30s;      // a display asks every second, or every ten
constexpr std::chrono::milliseconds noise_ends = 1s;  // a stretch of it, when nothing follows
constexpr AddressRule addresses{
    "address", 1, 99, 16, "an address is listed twice", "at most 16 meters on a line"};

struct Settings {
  std::vector<std::int64_t> addresses;
  BusMaster::Mode mode = BusMaster::Mode::automatic;
  bool writes = false;
  BatterySettings battery;
};

class KgfAdapter final : public Adapter, BusMasterEvents {
 public:
  explicit KgfAdapter(const Settings& settings)
      : writes_(settings.writes),
        bus_(settings.mode, settings.addresses, *this),
        line_(settings.addresses) {
    const bool alone = settings.addresses.size() == 1;
    for (const std::int64_t address : settings.addresses) {
      batteries_.emplace_back(static_cast<int>(address), alone ? "" : std::to_string(address),
                              settings.battery);
    }
  }

  void on_start(Now, Effects& effects) override {
    for (const Battery& battery : batteries_) declare(battery.channel(), effects);
    if (batteries_.size() > 1) effects(Identified{"", {"", "", "", "Juntek", "", ""}});
    keep(effects);
  }
  void on_stop(Now, Effects&) override {
    for (Battery& battery : batteries_) battery.stop();
  }
  void on_open(Now now, Effects&) override {
    bus_.open(now.mono);
    line_.open(now.mono);
  }
  void on_close(Now now, Effects& effects) override {
    if (const auto piece = reader_.end()) take(*piece, now, effects);
    end_noise(effects);
    line_.close(effects);
    bus_.close(effects);
  }
  void on_wake(Now now, Effects& effects) override {
    if (now.mono >= noise_until_) end_noise(effects);
    line_.wake(now.mono, effects);
    bus_.wake(now.mono, effects);
  }
  Mono next_wake() const override {
    return std::min({bus_.next_wake(), line_.next_wake(), noise_until_});
  }

  // Pieces end where the doctor looks, wherever the input was cut.
  void on_bytes(ByteView bytes, Now now, Effects& effects) override {
    bus_.on_bytes(now.mono);
    while (!bytes.empty()) {
      ByteView part = bytes.first(std::min(bytes.size(), line_.until_look()));
      bytes = bytes.subspan(part.size());
      line_.note(part);
      while (const auto piece = reader_.next(part)) take(*piece, now, effects);
      line_.look(effects);
    }
    keep(effects);
  }

  void on_command(const Command& command, Now now, Effects& effects) override;

  std::string state() const override {
    RecordWriter record;
    for (const Battery& battery : batteries_) battery.add_sums(record);
    return record.text();
  }
  void restore(std::string_view state) override {
    if (!Record::is_one(state)) return restore_version_1(state);
    for (const RecordRow& row : Record(state).rows()) {
      if (row.name != "sums") continue;
      for (Battery& battery : batteries_) battery.restore_sums(row);
    }
  }

 private:
  void keep(Effects& effects) {
    bool unkept = false;
    for (Battery& battery : batteries_) unkept = battery.take_unkept() || unkept;
    if (unkept) effects(Keep{});
  }
  // A line a battery.
  void restore_version_1(std::string_view state) {
    for (; !state.empty(); state.remove_prefix(std::min(state.find('\n'), state.size() - 1) + 1)) {
      for (Battery& battery : batteries_) {
        battery.restore_version_1(state.substr(0, state.find('\n')));
      }
    }
  }

  void declare(std::string_view channel, Effects& effects) const {
    if (!channel.empty()) effects(Identified{channel, {channel, "", "", "Juntek", "", ""}});
    if (!writes_) return;
    for (const Write& write : writes()) {
      const EntitySpec spec = write.spec();
      effects(Entity{channel, &spec});
    }
  }

  void take(const LineReader::Piece& piece, Now now, Effects& effects) {
    using Kind = LineReader::Kind;
    if (piece.kind == Kind::noise) return add_noise(piece.bytes, now, effects);
    if (piece.kind == Kind::overlong) {
      end_noise(effects);
      return effects(Dropped{{Fault::overlong, "a line that does not end"}, piece.bytes});
    }
    const auto answer = parse_line(piece.text);
    if (!answer && answer.error().fault == Fault::noise) {
      return add_noise(piece.bytes, now, effects);
    }
    end_noise(effects);
    if (answer) line_.prove();
    if (answer && !*answer) {
      if (piece.kind == Kind::line && !bus_.is_own(piece.text)) bus_.hear_another(now.mono);
      return;
    }
    if (!answer) {
      const Error cut{Fault::truncated, "a line that was cut"};
      return effects(Dropped{piece.kind == Kind::cut ? cut : answer.error(), piece.bytes});
    }
    Battery* const battery = find((*answer)->address);
    if (battery == nullptr) {
      line_.answers((*answer)->address);
      return bus_.hear_another(now.mono);
    }
    line_.answers();
    const bool good =
        (*answer)->write || battery->hear(**answer, piece.bytes, as_bytes(piece.raw), effects);
    bus_.hear(**answer, now.mono, effects);
    if (!good) return;
    effects(Alive{battery->channel(), lease});
    if (!battery->channel().empty()) effects(Alive{"", lease});
  }

  // Random bytes hold colons and line ends: all of a stretch is one report.
  void add_noise(std::size_t bytes, Now now, Effects& effects) {
    noise_.add(bytes, effects);
    noise_until_ = now.mono + noise_ends;
  }
  void end_noise(Effects& effects) {
    noise_.report(effects);
    noise_until_ = Mono::max();
  }

  void on_missed(int address, int number, int times, Effects& effects) override {
    if (times > BusMaster::absent_after) return;
    effects(Dropped{{Fault::timeout, "no answer to R" + std::to_string(number) + " of address " +
                                         std::to_string(address)},
                    0});
    if (times == BusMaster::absent_after) effects(Alive{find(address)->channel(), 0ms});
  }
  std::string judge(const WriteOrder& order, const Answer& answer) override {
    return find(order.address)->disagreement(*order.write, order.raw, answer);
  }
  void on_failed(const WriteOrder& order, Error why, Effects& effects) override {
    const std::string& channel = find(order.address)->channel();
    effects(Rejected{channel, order.write->key, order.wanted, std::move(why)});
  }

  Battery* find(int address) {
    const auto found = std::find_if(batteries_.begin(), batteries_.end(),
                                    [&](const Battery& b) { return b.address() == address; });
    return found == batteries_.end() ? nullptr : &*found;
  }

  bool writes_;
  std::vector<Battery> batteries_;
  LineReader reader_;
  Noise noise_{"bytes that are no line"};
  Mono noise_until_ = Mono::max();
  BusMaster bus_;
  LineWatch line_;
};

void KgfAdapter::on_command(const Command& command, Now, Effects& effects) {
  const auto refuse = [&](Fault fault, std::string why) {
    effects(Rejected{command.channel, command.key, command.text, {fault, std::move(why)}});
  };
  const Write* const write = find_write(command.key);
  const auto battery = std::find_if(batteries_.begin(), batteries_.end(), [&](const Battery& b) {
    return b.channel() == command.channel;
  });
  if (write == nullptr || battery == batteries_.end() || !writes_) {
    return refuse(Fault::unsupported, "takes no commands");
  }
  const auto* const number = std::get_if<Decimal>(&command.value);
  const auto* const on = std::get_if<bool>(&command.value);
  const bool press = write->least == write->most;
  const auto raw = number != nullptr ? write->raw(*number)
                   : press           ? std::optional(write->least)
                   : on != nullptr   ? std::optional<std::int64_t>(*on ? 1 : 0)
                                     : std::nullopt;
  if (!raw) return refuse(Fault::out_of_range, "outside what the meter takes");
  if (std::string why = battery->refusal(*write); !why.empty()) {
    return refuse(Fault::refused, std::move(why));
  }
  if (!bus_.order({battery->address(), write, *raw, std::string(command.text)})) {
    refuse(Fault::refused, "too many commands wait for the meter");
  }
}

// "40-60"
void read_voltage_range(Section& section, BatterySettings& battery) {
  const std::string text = section.text("voltage_range");
  if (!section.has("voltage_range")) return;
  const std::size_t dash = text.find('-');
  const auto least = parse_decimal(text.substr(0, dash));
  const auto most = dash == text.npos ? std::nullopt : parse_decimal(text.substr(dash + 1));
  if (!least || !most || !(*least < *most) || *most > Decimal{battery.voltage.most, -2}) {
    return section.problem("voltage_range",
                           "expected volts from least to most, at most 150: 40-60");
  }
  battery.voltage.least = rounded(shifted(*least, 2), 0).digits;
  battery.voltage.most = rounded(shifted(*most, 2), 0).digits;
}

}  // namespace

std::unique_ptr<Adapter> make(Section& section, std::uint32_t) {
  Settings settings;
  settings.addresses = read_addresses(section, addresses);
  const std::string mode = section.choice("mode", {"auto", "passive", "poll"}, "auto");
  settings.mode = mode == "poll"      ? BusMaster::Mode::poll
                  : mode == "passive" ? BusMaster::Mode::passive
                                      : BusMaster::Mode::automatic;
  settings.writes = section.flag("writes", false);
  settings.battery.level_is_set = settings.writes;
  settings.battery.invert_current = section.flag("invert_current", false);
  settings.battery.hide_open_probe = section.flag("hide_open_probe", false);
  read_voltage_range(section, settings.battery);
  return std::make_unique<KgfAdapter>(settings);
}

std::vector<std::string_view> keys() {
  std::vector<std::string_view> keys = derived_keys();
  for (const auto fields : {measured(fields_of_kg), measured(fields_of_kh), setting_fields()}) {
    for (const Field& field : fields) keys.push_back(field.key);
  }
  for (const Write& write : writes()) keys.push_back(write.key);
  return keys;
}

}  // namespace gridtap::kgf
