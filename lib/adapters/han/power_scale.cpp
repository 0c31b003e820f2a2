#include "adapters/han/power_scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace gridtap::han {
namespace {

constexpr double least_tenfold = 8, most_tenfold = 12;
constexpr double root_3 = 1.7321;  // between the voltages of lines and of phases
constexpr std::size_t phases = 3;

double positive(const ListNumbers& numbers, Sent which, std::size_t phase = 0) {
  return std::max(0.0, numbers.of(which, phase));
}

// U x I of all phases, and whether there are three wires: L2 has no voltage or no current of its
// own then, and a current without voltage is taken with the one of another phase.
struct Apparent {
  double volt_amperes = 0;
  bool three_wires = false;
};

Apparent apparent_of(const ListNumbers& numbers) {
  std::array<double, phases> volts{}, amperes{};
  for (std::size_t n = 0; n < phases; ++n) {
    volts[n] = positive(numbers, Sent::voltage_l1, n);
    amperes[n] = std::abs(numbers.of(Sent::current_l1, n));
  }
  const double most = *std::max_element(volts.begin(), volts.end());
  double sum = 0;
  for (std::size_t n = 0; n < phases; ++n) sum += (volts[n] > 0 ? volts[n] : most) * amperes[n];
  const bool half = volts[1] == 0 || amperes[1] == 0;
  return {sum, half && volts[0] > 0 && volts[2] > 0};
}

// Most lists: U x I of the phases is near the power, and nothing has to be looked at closely.
bool fits(const ListNumbers& numbers) {
  double apparent = 0;
  for (std::size_t n = 0; n < phases; ++n) {
    apparent += numbers.of(Sent::voltage_l1, n) * numbers.of(Sent::current_l1, n);
  }
  const double power = std::max(numbers.of(Sent::power_import), numbers.of(Sent::power_export));
  return root_3 * power < least_tenfold * apparent && apparent < least_tenfold * power;
}

}  // namespace

void PowerScale::is_of(std::string_view serial) {
  if (serial.empty() || serial == serial_) return;
  if (!serial_.empty()) exponent_ = 0, step_ = agreeing_ = 0;
  serial_ = serial;
}

// What the list says: one place less, one more, or nothing. Reactive powers have the same unit.
int PowerScale::step(const ListNumbers& numbers, Currents currents) const {
  const double exported = positive(numbers, Sent::power_export);
  const double power = std::max(positive(numbers, Sent::power_import), exported);
  const double reactive =
      std::max(positive(numbers, Sent::reactive_import), positive(numbers, Sent::reactive_export));
  const double va = std::hypot(power, reactive);
  const bool whole = numbers.has(Sent::reactive_import) && exported == 0 && va > least_va;
  const bool may_rise = whole && (exponent_ < 0 || currents == Currents::certain);
  if (power < least_watts && !may_rise) return 0;
  const Apparent apparent = apparent_of(numbers);
  if (apparent.volt_amperes <= 0) return 0;
  const double ratio = power / apparent.volt_amperes;
  const double least = apparent.three_wires ? least_tenfold / root_3 : least_tenfold;
  if (power >= least_watts && ratio >= least && ratio <= most_tenfold) return -1;
  const double other = apparent.volt_amperes / va;
  return may_rise && other >= least_tenfold && other <= most_tenfold ? 1 : 0;
}

bool PowerScale::judge(const ListNumbers& numbers, Currents currents, Effects& effects) {
  const bool measured = numbers.has(Sent::power_import) && numbers.has(Sent::current_l1);
  if (!measured || currents == Currents::guessed) return false;
  const int step = fits(numbers) ? 0 : this->step(numbers, currents);
  agreeing_ = step == step_ ? agreeing_ + 1 : 1;
  step_ = step;
  if (step == 0 || agreeing_ < agreement || std::abs(exponent_ + step) > 1) return false;
  exponent_ = static_cast<std::int8_t>(exponent_ + step);
  agreeing_ = 0;
  effects(Keep{});
  std::string text = step < 0 ? "powers are ten times what voltages and currents carry"
                              : "powers are a tenth of what voltages and currents carry";
  text += ": they are taken in units of " + to_text(shifted({1, 0}, exponent_)) +
          " W from now on; if it is the currents that are wrong, set current_exponent";
  effects(Notice{text});
  return true;
}

void PowerScale::save(RecordWriter& record) const {
  if (exponent_ != 0) record.add("power_exponent", serial_, std::int64_t{exponent_});
}

void PowerScale::restore(const Record& record) {
  for (const RecordRow& row : record.rows()) {
    const auto serial = row.text(0);
    const auto exponent = row.number<int>(1);
    if (row.name != "power_exponent" || !serial || !exponent || std::abs(*exponent) > 1) continue;
    serial_ = *serial;
    exponent_ = static_cast<std::int8_t>(*exponent);
  }
}

}  // namespace gridtap::han
