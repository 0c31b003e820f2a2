#include "adapters/kgf/battery.hpp"

#include <cstdio>
#include <utility>

namespace gridtap::kgf {
namespace {

constexpr std::int64_t charging_threshold = 5;        // hundredths of an ampere
constexpr std::int64_t open_probe = -21;              // degrees
constexpr std::int64_t coldest = -40, hottest = 125;  // degrees
constexpr std::int64_t longest_charge_step = 2000;    // mAh between two answers; more: it was set
constexpr std::int64_t longest_discharge_step = 1'000'000;
constexpr std::int64_t level_tolerance = 10;                  // tenths of a per cent
constexpr std::int64_t cleared_below = 1000;                  // mAh, 10 Wh
constexpr std::int64_t most_sum = 1'000'000'000'000'000'000;  // beyond, it would not fit
constexpr std::int64_t zero_below = 10;                       // hundredths of an ampere
constexpr std::int64_t smallest_range = 50;                   // amperes; where it is not known

// Tenths of a per cent, halves away from zero, 0 to 1000.
std::int64_t level_of(std::int64_t remaining_mah, std::int64_t capacity_tenth_ah) {
  const std::int64_t tenths = (20 * remaining_mah + capacity_tenth_ah) / (2 * capacity_tenth_ah);
  return std::min<std::int64_t>(tenths, 1000);
}

// Keys beside those of the tables of fields.
constexpr std::string_view current_key = "current", direction_key = "direction",
                           output_state_key = "output_state", output_key = "output_on",
                           power_key = "power", charging_key = "charging",
                           level_key = "battery_level", charged_key = "capacity_charged",
                           discharged_key = "energy_discharged", relay_key = "relay_type",
                           set_level_key = "battery_level_set";

// 2140: 40 x 10 A.
std::optional<std::int64_t> range_of(std::string_view type) {
  constexpr std::size_t in_front = 2;  // sensor and voltage
  if (type.size() <= in_front) return {};
  std::int64_t tens = 0;
  for (const char digit : type.substr(in_front)) tens = 10 * tens + (digit - '0');
  return tens > 0 ? std::optional(10 * tens) : std::nullopt;
}

std::string_view sensor_of(char digit) { return digit == '4' ? "KH" : "KG"; }

}  // namespace

bool Battery::hear(const Answer& answer, std::size_t bytes, ByteView raw, Effects& effects) {
  if (const auto error = implausible(answer, settings_.voltage)) {
    effects(Dropped{*error, bytes});
    return false;
  }
  if (answer.number == r_identity) {
    identify(answer, effects);
  } else {
    if (identified_.empty()) identify(DeviceInfo{channel_, "", "", "Juntek", "", ""}, effects);
    if (answer.number == r_settings) {
      set_up(answer, effects);
    } else {
      measure(answer, effects);
    }
  }
  effects(Frame{bytes, answer.number == r_identity, raw});
  return true;
}

// 2140: a shunt, 1 x 100 V, 40 x 10 A, sold as KG140F.
void Battery::identify(const Answer& answer, Effects& effects) {
  const std::string type = std::to_string(answer.values[0]);
  const std::string serial = std::to_string(answer.values[2]);
  const std::string model = std::string(sensor_of(type[0])) + type.substr(1) + 'F';
  const std::string unique = "kgf_" + model + '_' + serial + '_' + std::to_string(address_);
  range_ = range_of(type);
  const std::string firmware = to_text(Decimal{answer.values[1], -2});
  identify(DeviceInfo{channel_, serial, unique, "Juntek", model, firmware}, effects);
}

void Battery::identify(const DeviceInfo& device, Effects& effects) {
  const std::string who = std::string(device.identity) + ' ' + std::string(device.firmware);
  if (std::exchange(identified_, who) != who) effects(Identified{channel_, device});
}

void Battery::say(std::string_view key, int number, std::size_t field, const Value& value,
                  Effects& effects) const {
  std::array<char, 16> source{};
  std::snprintf(source.data(), source.size(), "r%02d.%zu", number, field);
  effects(Reading{channel_, key, source.data(), value});
}

void Battery::compute(std::string_view key, const Value& value, Effects& effects) const {
  effects(Reading{channel_, key, "computed", value});
}

void Battery::measure(const Answer& answer, Effects& effects) {
  const auto& raw = answer.values;
  const bool charge = (raw[direction_field] == 1) != settings_.invert_current;
  const std::int64_t current = charge ? raw[current_field] : -raw[current_field];
  const std::int64_t degrees = raw[temperature_field] - 100;
  const bool probe = degrees >= coldest && degrees <= hottest &&
                     !(settings_.hide_open_probe && degrees <= open_probe);
  for (const Field& field : measured(answer.count)) {
    const bool known = field.index != temperature_field || probe;
    const Value value = known ? Value{field.value(raw[field.index])} : Value{};
    say(field.key, r_measurements, field.index, value, effects);
  }
  say(current_key, r_measurements, current_field, Decimal{current, -2}, effects);
  say(direction_key, r_measurements, direction_field,
      std::string_view(charge ? "charge" : "discharge"), effects);
  const std::string state = state_text(raw[state_field]);
  say(output_state_key, r_measurements, state_field, std::string_view(state), effects);
  say(output_key, r_measurements, state_field, raw[state_field] == 0, effects);
  compute(power_key, Decimal{raw[voltage_field] * current, -4}, effects);
  compute(charging_key, charge && raw[current_field] > charging_threshold, effects);
  level(raw[remaining_field], effects);
  if (answer.count == fields_of_kg) sum_up(answer, effects);
  last_ = answer;
}

void Battery::level(std::int64_t remaining, Effects& effects) {
  if (!capacity_) return;
  const bool known = *capacity_ > 0;
  const Decimal tenths{known ? level_of(remaining, *capacity_) : 0, -1};
  compute(level_key, known ? Value{tenths} : Value{}, effects);
  if (!settings_.level_is_set) return;
  compute(set_level_key, known ? Value{rounded(tenths, 0)} : Value{}, effects);
}

// What a KG-F does not count: ampere-hours in, and kWh out. A total that fell was cleared: it is a
// new start. A step of what remains that no current explains was set by the user.
void Battery::sum_up(const Answer& answer, Effects& effects) {
  const auto& raw = answer.values;
  const std::int64_t taken = last_discharged_ < 0 ? 0 : raw[discharged_field] - last_discharged_;
  if (taken > 0 && taken <= longest_discharge_step) {
    discharged_energy_.add(taken * raw[voltage_field]);
  }
  last_discharged_ = raw[discharged_field];
  if (last_ && last_->count == fields_of_kg) {
    const std::int64_t put = raw[remaining_field] - last_->values[remaining_field] +
                             raw[discharged_field] - last_->values[discharged_field];
    if (put > 0 && put <= longest_charge_step) charged_.add(put);
  }
  if (const auto sum = charged_.shown()) compute(charged_key, Decimal{*sum, -3}, effects);
  if (const auto sum = discharged_energy_.shown()) {
    compute(discharged_key, rounded(Decimal{*sum, -8}, 5), effects);
  }
}

void Battery::set_up(const Answer& answer, Effects& effects) {
  const std::size_t known = answer.count > settings_of_kg ? settings_shared : answer.count;
  for (const Field& field : setting_fields()) {
    if (field.index >= known) break;
    say(field.key, r_settings, field.index, field.value(answer.values[field.index]), effects);
  }
  const std::int64_t relay = answer.values[relay_type_field];
  const Value type = relay > 1 ? Value{} : Value{std::string_view(relay == 1 ? "nc" : "no")};
  say(relay_key, r_settings, relay_type_field, type, effects);
  capacity_ = answer.values[capacity_field];
}

std::string Battery::disagreement(const Write& write, std::int64_t raw,
                                  const Answer& answer) const {
  const auto& values = answer.values;
  switch (write.proof) {
    case Proof::setting: {
      const std::int64_t found = values[write.field()];
      if (found == raw) return {};
      return "the meter keeps " + to_text(Decimal{found - write.offset, write.exponent});
    }
    case Proof::output:
      if ((values[state_field] == 0) == (raw == 1)) return {};
      return "the meter says that its output is " + state_text(values[state_field]);
    case Proof::level: {
      if (capacity_.value_or(0) == 0) return {};  // nothing to compare with
      const std::int64_t found = level_of(values[remaining_field], *capacity_);
      if (std::abs(found - 10 * raw) <= level_tolerance) return {};
      return "the meter says " + to_text(Decimal{found, -1}) + " %";
    }
    case Proof::cleared:
      if (values[discharged_field] < cleared_below && values[charged_field] < cleared_below) {
        return {};
      }
      return "the meter keeps its totals";
    case Proof::zeroed:
      if (values[current_field] <= zero_below) return {};
      return "the meter says " + to_text(Decimal{values[current_field], -2}) + " A";
  }
  return {};
}

// Two per cent of the measuring range: more is no error of a shunt but a load, and all that is
// measured from then on would be wrong by it.
std::string Battery::refusal(const Write& write) const {
  if (write.proof != Proof::zeroed) return {};
  if (!last_) return "the present current is not known yet";
  const std::int64_t current = last_->values[current_field];
  const std::int64_t most = 2 * range_.value_or(smallest_range);  // hundredths of an ampere
  if (current <= most) return {};
  return to_text(Decimal{current, -2}) + " A flow, and zero is taken up to " +
         to_text(Decimal{most, -2}) + " A: switch off what charges and discharges first";
}

void Battery::add_sums(RecordWriter& record) const {
  record.add("sums", address_, charged_.sum(), discharged_energy_.sum(), last_discharged_,
             charged_.bound(), discharged_energy_.bound());
}

bool Battery::take_unkept() {
  const bool charged = charged_.take_unkept(), discharged = discharged_energy_.take_unkept();
  return charged || discharged;
}

void Battery::stop() {
  charged_.stop();
  discharged_energy_.stop();
}

void Battery::restore_sums(const RecordRow& row) {
  const auto charged = row.number<std::int64_t>(1), energy = row.number<std::int64_t>(2),
             last = row.number<std::int64_t>(3);
  if (row.number<int>(0) != address_ || !charged || !energy || !last) return;
  restore({*charged, *energy, *last, row.number<std::int64_t>(4).value_or(*charged),
           row.number<std::int64_t>(5).value_or(*energy)});
}

// "ADDRESS CHARGED DISCHARGED LAST".
void Battery::restore_version_1(std::string_view line) {
  long long address = 0, charged = 0, energy = 0, last = 0;
  const std::string text(line);
  if (std::sscanf(text.c_str(), "%lld %lld %lld %lld", &address, &charged, &energy, &last) != 4) {
    return;
  }
  if (address == address_) restore({charged, energy, last, charged, energy});
}

void Battery::restore(const Sums& sums) {
  const auto is_sound = [](std::int64_t sum, std::int64_t bound) {
    return 0 <= sum && sum <= bound && bound <= most_sum;
  };
  if (!is_sound(sums.charged, sums.charged_bound) ||
      !is_sound(sums.discharged_energy, sums.energy_bound)) {
    return;
  }
  charged_.restore(sums.charged, sums.charged_bound);
  discharged_energy_.restore(sums.discharged_energy, sums.energy_bound);
  last_discharged_ = sums.last_discharged;
}

std::vector<std::string_view> derived_keys() {
  return {current_key,  direction_key, output_state_key, output_key,     power_key,
          charging_key, level_key,     charged_key,      discharged_key, relay_key};
}

}  // namespace gridtap::kgf
