#include "parts/total_evidence.hpp"

#include <algorithm>
#include <cmath>

namespace gridtap {
namespace {

constexpr double fifth = 0.2;
constexpr double counts_of_doubt = 2;  // a register shows whole counts

double watt_hours(Decimal kilowatt_hours) {
  return static_cast<double>(kilowatt_hours.digits) * std::pow(10.0, kilowatt_hours.exponent + 3);
}

double growth(Decimal from, Decimal to) { return watt_hours(to) - watt_hours(from); }

double count_of(Decimal value) { return std::pow(10.0, value.exponent + 3); }

}  // namespace

std::optional<Flow> flow_of_energy(std::string_view key) {
  const auto is = [&](std::string_view whole) {
    if (!key.starts_with(whole)) return false;
    const std::string_view rest = key.substr(whole.size());
    return rest.empty() || rest.starts_with("_t");
  };
  if (is("energy_import")) return Flow::import;
  if (is("energy_export")) return Flow::exported;
  return key == "energy_produced" ? std::optional(Flow::produced) : std::nullopt;
}

void TotalEvidence::counted(std::size_t counter, Flow flow, Mono now) {
  if (counter >= counted_.size()) counted_.resize(counter + 1);
  counted_[counter] = flows_[place(flow)].mark(now);
}

bool TotalEvidence::explains(std::size_t counter, Flow flow, Decimal rise, Mono now) const {
  if (counter >= counted_.size() || !counted_[counter]) return false;
  const PowerSpan span = flows_[place(flow)].since(*counted_[counter], now);
  return span.is_covered() &&
         std::abs(watt_hours(rise) - span.watt_hours) <= fifth * span.watt_hours;
}

TotalEvidence::Held* TotalEvidence::find(std::size_t counter) {
  const auto found = std::find_if(held_.begin(), held_.end(),
                                  [&](const Held& held) { return held.counter == counter; });
  return found == held_.end() ? nullptr : &*found;
}

void TotalEvidence::held(std::size_t counter, Flow flow, bool tariff, Decimal value, Mono since,
                         Mono now) {
  Held* held = find(counter);
  if (held != nullptr && held->since == since) {
    held->newest = value;
    return;
  }
  if (held == nullptr) held = &held_.emplace_back();
  *held = {counter, flow, tariff, since, value, value, flows_[place(flow)].mark(now)};
}

void TotalEvidence::released(std::size_t counter) {
  std::erase_if(held_, [&](const Held& held) { return held.counter == counter; });
}

std::vector<std::size_t> TotalEvidence::another_meter(std::size_t counter, Mono now) const {
  const auto it = std::find_if(held_.begin(), held_.end(),
                               [&](const Held& held) { return held.counter == counter; });
  if (it == held_.end() || now - it->since < proof) return {};
  const PowerSpan span = flows_[place(it->flow)].since(it->mark, now);
  double grown = 0, doubt = fifth * span.watt_hours;
  std::vector<std::size_t> all;
  for (const Held& held : held_) {
    if (held.flow != it->flow || held.tariff != it->tariff) continue;
    grown += growth(held.first, held.newest);
    doubt += counts_of_doubt * count_of(held.newest);
    all.push_back(held.counter);
  }
  const bool fits = span.is_covered() && span.watt_hours >= least_watt_hours &&
                    std::abs(grown - span.watt_hours) <= doubt;
  return fits ? all : std::vector<std::size_t>{};
}

void TotalEvidence::forget() {
  counted_.clear();
  held_.clear();
}

}  // namespace gridtap
