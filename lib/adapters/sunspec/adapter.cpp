#include "adapters/sunspec/adapter.hpp"

#include <algorithm>
#include <utility>

#include "adapters/sunspec/unit.hpp"
#include "parts/addresses.hpp"
#include "parts/factor.hpp"
#include "parts/held_readings.hpp"

namespace gridtap::sunspec {
namespace {

using namespace std::chrono_literals;
using Time = std::chrono::milliseconds;

constexpr Time discovery_timeout = 5s;
constexpr int tries = 2;                  // of one request, then it has failed
constexpr int silences_to_reconnect = 3;  // requests in a row without any answer
constexpr AddressRule unit_ids{
    "unit", 0, 255, 32, "a unit is listed twice", "at most 32 units on a connection"};
constexpr Time shortest_release = 2s;  // before the next poll

struct Settings {
  std::vector<UnitSettings> units;
  Time timeout{1000}, after_connect{0}, between{0};
  bool release = false;  // the connection, between polls
};

// One connection: one request at a time, for one unit after another.
class SunSpecAdapter final : public Adapter {
 public:
  explicit SunSpecAdapter(const Settings& settings) : settings_(settings) {
    for (const UnitSettings& unit : settings.units) units_.emplace_back(unit);
  }

  void on_start(Now, Effects& effects) override {
    for (const UnitSettings& unit : settings_.units) {
      if (!unit.channel.empty())
        effects(Identified{unit.channel, {unit.channel, "", "", "", "", ""}});
    }
  }
  void on_open(Now now, Effects& effects) override;
  void on_bytes(ByteView bytes, Now now, Effects& effects) override;
  void on_close(Now, Effects& effects) override;
  void on_wake(Now now, Effects& effects) override;
  Mono next_wake() const override;
  void on_command(const Command& command, Now now, Effects& effects) override;
  std::string state() const override {
    RecordWriter record;
    for (const Unit& unit : units_) unit.save(record);
    return record.text();
  }
  void restore(std::string_view text) override {
    const Record record(text);
    for (Unit& unit : units_) unit.restore(record);
  }

 private:
  void send_next(Now now, Effects& effects);
  void send(Now now, Effects& effects);
  void answer(const modbus::Answer& answer, Now now, Effects& effects);
  void give_up(Now now, Effects& effects);
  void release(Now now, Effects& effects);
  Time patience() const;

  Settings settings_;
  std::vector<Unit> units_;
  std::size_t turn_ = 0;  // the unit whose turn it is
  modbus::FrameReader reader_;
  std::optional<modbus::Request> request_;  // under way
  std::size_t asked_ = 0;                   // the unit it is for
  int sent_ = 0, silences_ = 0;
  std::uint16_t transaction_ = 0;
  bool open_ = false, released_ = false;
  Mono deadline_{}, ready_at_{};
};

void SunSpecAdapter::on_open(Now now, Effects& effects) {
  open_ = true;
  request_.reset();
  reader_.clear();
  silences_ = 0;
  ready_at_ = now.mono + settings_.after_connect;
  if (!std::exchange(released_, false)) {
    for (Unit& unit : units_) unit.open(now.mono);
  }
  if (ready_at_ <= now.mono) send_next(now, effects);
}

void SunSpecAdapter::on_close(Now, Effects& effects) {
  open_ = released_ = false;
  request_.reset();
  for (Unit& unit : units_) unit.close(effects);
}

Mono SunSpecAdapter::next_wake() const {
  if (!open_) return Mono::max();
  if (request_) return deadline_;
  Mono due = Mono::max();
  for (const Unit& unit : units_) due = std::min(due, unit.due());
  return std::max(due, ready_at_);
}

void SunSpecAdapter::on_wake(Now now, Effects& effects) {
  if (request_ && now.mono >= deadline_) return give_up(now, effects);
  if (!request_ && now.mono >= ready_at_) send_next(now, effects);
}

// The units take turns; one that has nothing to ask now lets the next one.
void SunSpecAdapter::send_next(Now now, Effects& effects) {
  for (std::size_t n = 0; n < 2 * units_.size(); ++n) {
    asked_ = turn_++ % units_.size();
    request_ = units_[asked_].turn(now, effects);
    if (!request_) continue;
    sent_ = 0;
    return send(now, effects);
  }
  if (settings_.release) release(now, effects);
}

// A box that serves one client only is left to others, where the next poll is not at once.
void SunSpecAdapter::release(Now now, Effects& effects) {
  Mono due = Mono::max();
  for (const Unit& unit : units_) due = std::min(due, unit.due());
  if (due < now.mono + shortest_release) return;
  open_ = false;
  released_ = true;
  effects(Release{std::chrono::duration_cast<Time>(due - now.mono)});
}

// What is searched may take long, but not while others wait for the line.
Time SunSpecAdapter::patience() const {
  const bool long_wait = units_.size() == 1 && units_[asked_].searching();
  return long_wait ? std::max(settings_.timeout, discovery_timeout) : settings_.timeout;
}

// Each try has a number of its own: a late answer to the first does not answer the second.
void SunSpecAdapter::send(Now now, Effects& effects) {
  request_->transaction = ++transaction_;
  ++sent_;
  deadline_ = now.mono + patience();
  const std::string bytes = modbus::encode(*request_);
  effects(Send{as_bytes(bytes)});
}

void SunSpecAdapter::on_bytes(ByteView bytes, Now now, Effects& effects) {
  reader_.add(bytes);
  while (const auto frame = reader_.next()) {
    if (!*frame) {
      effects(Dropped{frame->error(), bytes.size()});
      return effects(Reconnect{frame->error()});
    }
    if (request_) answer(modbus::judge(**frame, *request_), now, effects);
  }
}

void SunSpecAdapter::answer(const modbus::Answer& answer, Now now, Effects& effects) {
  using Kind = modbus::Answer::Kind;
  if (answer.kind == Kind::late) return;
  if (answer.kind == Kind::error) {
    const Error error{Fault::bad_syntax, answer.why};
    request_.reset();
    effects(Dropped{error, 0});
    return effects(Reconnect{error});
  }
  request_.reset();
  silences_ = 0;
  Unit& unit = units_[asked_];
  if (answer.kind == Kind::registers) unit.registers(answer.registers, now, effects);
  if (answer.kind == Kind::done) unit.done(now, effects);
  if (answer.kind == Kind::exception) unit.exception(answer.exception, now, effects);
  if (answer.kind == Kind::shorter) unit.shorter(now, effects);
  const bool good = answer.kind == Kind::registers || answer.kind == Kind::done;
  if (good && unit.introduced()) effects(Alive{"", unit.lease()});
  ready_at_ = now.mono + settings_.between;
  if (ready_at_ <= now.mono) send_next(now, effects);
}

void SunSpecAdapter::give_up(Now now, Effects& effects) {
  if (sent_ < tries && !units_[asked_].offline()) return send(now, effects);
  request_.reset();
  units_[asked_].timeout(now, effects);
  if (++silences_ >= silences_to_reconnect) {
    effects(Reconnect{{Fault::timeout, "the device does not answer"}});
  } else {
    send_next(now, effects);
  }
}

void SunSpecAdapter::on_command(const Command& command, Now now, Effects& effects) {
  if (command.key == accept_key) {
    bool any = false;
    for (Unit& unit : units_) any = unit.accept() || any;
    if (!any) effects(nothing_held(command));
    return;
  }
  for (Unit& unit : units_) {
    if (!unit.owns(command.channel)) continue;
    unit.command(command, effects);
    if (open_ && !request_ && now.mono >= ready_at_) send_next(now, effects);
    return;
  }
  effects(Rejected{command.channel,
                   command.key,
                   command.text,
                   {Fault::io, "the device has not been found yet"}});
}

}  // namespace

std::unique_ptr<Adapter> make(Section& section, std::uint32_t) {
  UnitSettings unit;
  if (section.has("base")) {
    unit.base = static_cast<std::uint16_t>(section.integer("base", 40000, 0, 65533));
  }
  unit.poll.limits.max_count =
      static_cast<std::uint16_t>(section.integer("max_count", 125, 2, 125));
  unit.poll.period = section.duration("period", 1s, 100ms, 1h);
  unit.poll.limits.one_value_per_request = section.flag("one_point_per_request", false);
  unit.writes = section.flag("writes", false);
  unit.experts = section.texts("points");
  unit.readings.invert_power = section.flag("invert_power", false);
  unit.readings.invert_battery = section.flag("invert_battery", false);
  unit.readings.signed_accumulators = section.flag("signed_accumulators", false);
  unit.readings.night_zero = section.flag("night_zero", false);
  unit.readings.max_power = read_max_power(section, {1, 0});
  Settings settings;
  settings.timeout = section.duration("timeout", 1s, 50ms, 60s);
  settings.after_connect = section.duration("delay_after_connect", 0s, 0s, 10s);
  settings.between = section.duration("delay_between_requests", 0s, 0s, 10s);
  settings.release = section.flag("release_connection", false);
  const auto units = read_addresses(section, unit_ids);
  for (const std::int64_t id : units) {
    unit.id = static_cast<std::uint8_t>(id);
    unit.channel = units.size() == 1 ? "" : std::to_string(id);
    settings.units.push_back(unit);
  }
  return std::make_unique<SunSpecAdapter>(settings);
}

std::vector<std::string_view> keys() {
  std::vector<std::string_view> keys = model_keys();
  for (const std::string_view key : control_keys()) keys.push_back(key);
  keys.push_back(problem_key);
  keys.insert(keys.end(), held_keys.begin(), held_keys.end());
  return keys;
}

}  // namespace gridtap::sunspec
