#include "adapters/han/energy_scale.hpp"

#include <cmath>
#include <cstdlib>
#include <utility>

namespace gridtap::han {
namespace {

constexpr int most_places = 3;                         // 1 Wh taken for 1 kWh
constexpr double least_exact = 0.8, most_exact = 1.2;  // of ten, a hundred, a thousand times
constexpr int unmistakable = 2;                        // places: few counts are proof enough
constexpr double least_even = 0.8, most_even = 1.25;   // the exponent is right
constexpr std::size_t suffix_size = 3;
constexpr int most_exponent = 9;

struct Suffix {
  std::string_view text;
  std::int8_t exponent;
};
// The last digits of Kamstrup's types, which name the country's configuration (han.md 6.5).
constexpr Suffix suffixes[] = {{"040", 1}, {"090", 0}, {"092", 0}, {"063", 1}};

UsualEnergy kamstrup_energy(std::string_view model) {
  constexpr std::int8_t most_types = 1;
  for (const Suffix& suffix : suffixes) {
    if (model.ends_with(suffix.text)) return {suffix.exponent};
  }
  // Danish lists have no type, and count 10 Wh.
  return {most_types, model.size() < suffix_size};
}

// How many places the point has to move, so that a register rises by what the powers add up to; 0:
// none, or no number of places fits. `ratio`: of what it rises by to that.
int places_off(double ratio) {
  for (int places = -most_places; places <= most_places; ++places) {
    const double moved = ratio * std::pow(10.0, places);
    if (moved >= least_exact && moved <= most_exact) return places;
  }
  return 0;
}

std::string counted(int exponent) { return to_text(shifted({1, 0}, exponent)) + " Wh"; }

std::string times_in_words(int places) {
  constexpr std::string_view more[] = {"ten times", "a hundred times", "a thousand times"};
  constexpr std::string_view less[] = {"a tenth of", "a hundredth of", "a thousandth of"};
  return std::string((places > 0 ? more : less)[std::abs(places) - 1]);
}

double number_of(Decimal value) {
  return static_cast<double>(value.digits) * std::pow(10.0, value.exponent);
}

}  // namespace

std::optional<UsualEnergy> usual_energy(Maker maker, bool landis, std::string_view model) {
  if (maker == Maker::kamstrup) return kamstrup_energy(model);
  if (maker == Maker::kaifa || maker == Maker::cosem || landis) return UsualEnergy{};
  return {};
}

EnergyScale::EnergyScale(std::optional<std::int8_t> set, Decimal factor)
    : set_(set),
      factor_(number_of(factor)),
      directions_{{{field_index("energy_import"), PowerIntegral{}, {}, {}},
                   {field_index("energy_export"), PowerIntegral{}, {}, {}}}} {}

void EnergyScale::begin_anew() {
  for (Direction& direction : directions_) direction.from.reset();
  step_ = agreeing_ = 0;
}

void EnergyScale::forget() {
  begin_anew();
  decided_.reset();
  said_ = warned_ = false;
  waiting_since_.reset();
  waiting_since_wall_.reset();
}

void EnergyScale::is_of(std::string_view serial) {
  if (serial.empty() || serial == serial_) return;
  if (!serial_.empty()) forget();
  serial_ = serial;
}

bool EnergyScale::waits(Now now, bool timeless, Effects& effects) {
  if (timeless || !may_wait()) return false;
  if (!waiting_since_) {
    waiting_since_ = now.mono;
    if (!waiting_since_wall_) waiting_since_wall_ = now.wall;
    effects(Keep{});
  }
  if (is_too_long(now)) {
    decided_ = usual_->exponent;
    effects(Keep{});
    const std::string text = "no power has shown what registers count: they are taken as " +
                             counted(*decided_) + ", as of most types; energy_exponent decides";
    effects(Notice{text});
    return false;
  }
  if (std::exchange(said_, true)) return true;
  effects(
      Notice{"this type of meter is not known, and sends registers without unit: they are held "
             "back until the power shows what they count, for a day at most; energy_exponent "
             "decides at once"});
  return true;
}

bool EnergyScale::is_too_long(Now now) const {
  const bool known = waiting_since_wall_ && now.wall;
  return now.mono - *waiting_since_ >= longest_wait ||
         (known && *now.wall - *waiting_since_wall_ >= longest_wait);
}

std::optional<std::int8_t> EnergyScale::exponent() const {
  if (!usual_) return {};
  if (set_) return set_;
  return decided_ ? *decided_ : usual_->exponent;
}

void EnergyScale::powers(const ListNumbers& numbers, Now now) {
  if (!usual_) return;
  for (std::size_t n = 0; n < directions_.size(); ++n) {
    if (numbers.has(n)) directions_[n].power.power(numbers.value(n), now.mono);
  }
}

void EnergyScale::rise(const Field& field, std::int64_t counts, Now now, Effects& effects) {
  if (!usual_) return;
  for (Direction& direction : directions_) {
    if (direction.field == field.index) span(direction, counts, now, effects);
  }
}

// A span that is too short goes on; one with a hole in its powers begins anew.
void EnergyScale::span(Direction& direction, std::int64_t counts, Now now, Effects& effects) {
  const auto renew = [&] {
    direction.from = counts;
    direction.mark = direction.power.mark(now.mono);
  };
  if (!direction.from || counts < *direction.from) return renew();
  const PowerSpan span = direction.power.since(direction.mark, now.mono);
  if (!span.is_covered()) return renew();
  const std::int64_t rise = counts - *direction.from;
  if (rise < few_counts || span.watt_hours < least_watt_hours) return;
  const double ratio =
      static_cast<double>(rise) * std::pow(10.0, *exponent()) * factor_ / span.watt_hours;
  if (rise < least_counts && std::abs(places_off(ratio)) < unmistakable) return;
  renew();
  fits(ratio, effects);
}

// `ratio`: of what a register rose by to what the powers add up to.
void EnergyScale::fits(double ratio, Effects& effects) {
  const int step = places_off(ratio);
  agreeing_ = step == step_ ? agreeing_ + 1 : 1;
  step_ = step;
  const bool even = ratio >= least_even && ratio <= most_even;
  if (may_wait() && (even || step != 0)) {
    return decide(static_cast<std::int8_t>(*exponent() + step), effects);
  }
  if (step == 0 || agreeing_ < agreement || std::abs(*exponent() + step) > most_exponent) return;
  if (set_) return warn(step, effects);
  decide(static_cast<std::int8_t>(*exponent() + step), effects);
}

void EnergyScale::decide(std::int8_t exponent, Effects& effects) {
  const std::int8_t before = *this->exponent();
  const bool published = !may_wait();
  decided_ = exponent;
  step_ = agreeing_ = 0;
  effects(Keep{});
  std::string text = "registers count " + counted(exponent) + ", as the power shows";
  if (exponent != before) {
    text += ", and not " + counted(before) + ": they are taken so from now on";
    if (published) text += "; what Home Assistant has counted before has to be corrected there";
  }
  text += "; energy_exponent: " + std::to_string(exponent) + " would say the same";
  effects(Notice{text});
}

void EnergyScale::warn(int step, Effects& effects) {
  if (std::exchange(warned_, true)) return;
  const std::string text =
      "energy_exponent: " + std::to_string(*set_) + " makes registers rise by " +
      times_in_words(-step) +
      " what the power adds up to: energy_exponent: " + std::to_string(*set_ + step) + " would fit";
  effects(Notice{text});
}

void EnergyScale::save(RecordWriter& record) const {
  if (decided_) record.add("energy_exponent", serial_, std::int64_t{*decided_});
  if (!decided_ && waiting_since_wall_) {
    record.add("energy_waits", serial_, waiting_since_wall_->time_since_epoch().count());
  }
}

void EnergyScale::restore(const Record& record) {
  for (const RecordRow& row : record.rows()) {
    const auto serial = row.text(0);
    if (row.name == "energy_exponent") {
      const auto exponent = row.number<int>(1);
      if (!serial || !exponent || std::abs(*exponent) > most_exponent) continue;
      serial_ = *serial;
      decided_ = static_cast<std::int8_t>(*exponent);
    } else if (row.name == "energy_waits") {
      const auto time = row.number<std::int64_t>(1);
      if (!serial || !time) continue;
      serial_ = *serial;
      waiting_since_wall_ = Instant(std::chrono::milliseconds(*time));
    }
  }
}

}  // namespace gridtap::han
