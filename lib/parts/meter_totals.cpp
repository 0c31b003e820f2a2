#include "parts/meter_totals.hpp"

#include <algorithm>
#include <cmath>

#include "core/vocabulary.hpp"

namespace gridtap {
namespace {

constexpr std::size_t max_key = 64;         // longer than any key of the vocabulary
constexpr std::int64_t latest = 1LL << 40;  // s: a time that milliseconds hold

double number_of(Decimal value) {
  return static_cast<double>(value.digits) * std::pow(10.0, value.exponent);
}

// Whether the value, moved by so many places, is about the other one: days may lie between them.
bool is_about(Decimal value, int places, Decimal other) {
  constexpr double tenth = 0.1;
  const double moved = number_of(value) * std::pow(10.0, places), size = number_of(other);
  return std::abs(moved - size) <= tenth * size;
}

// 10, 100 or 1000 times the value before, or as much less, within half a per cent and two counts. A
// register of few counts is no proof.
bool is_in_other_unit(Decimal before, Decimal value, int exponent) {
  constexpr double least_counts = 100, exact = 0.005, doubt = 2;
  constexpr int most_places = 3;
  const double count = std::pow(10.0, exponent - 3);  // kWh
  const double was = number_of(before), is = number_of(value);
  if (was < least_counts * count) return false;
  for (int places = -most_places; places <= most_places; ++places) {
    const double expected = was * std::pow(10.0, places);
    const double off = std::abs(is - expected);
    if (places != 0 && off <= std::max(exact * expected, doubt * count)) return true;
  }
  return false;
}

// Powers that explain what is too much for any house.
constexpr Decimal much_power{55'000, 0};

void say_began(std::string_view key, Decimal before, Decimal now, Effects& effects) {
  const std::string text = std::string(key) + " begins anew: " + to_text(before) + " before, " +
                           to_text(now) + " now; taken as another meter, or a reset";
  effects(Notice{text});
}

}  // namespace

void MeterTotals::is_of(std::string_view meter, bool has_serial) {
  if (meter.empty() || meter == meter_) {
    if (!meter.empty()) has_serial_ = has_serial;
    return;
  }
  if (!meter_.empty()) {
    counters_.clear();
    next_ = 0;
    limit_.forget();
    evidence_.reset();
    measured_.reset();
  }
  meter_ = meter;
  has_serial_ = has_serial;
}

void MeterTotals::see(std::optional<Flow> flow, Decimal watts, Now now) {
  limit_.see(watts);
  if (flow) measured_.set(static_cast<std::size_t>(*flow));
  if (!flow || (!evidence_ && watts <= much_power)) return;
  evidence(now.mono).power(*flow, watts, now.mono);
}

// Its counters are those of now: what they rise from here on can be explained.
TotalEvidence& MeterTotals::evidence(Mono now) {
  if (evidence_) return *evidence_;
  evidence_ = std::make_unique<TotalEvidence>();
  for (std::size_t n = 0; n < counters_.size(); ++n) {
    const auto flow = flow_of_energy(counters_[n].key);
    if (flow) evidence_->counted(n, *flow, now);
  }
  return *evidence_;
}

std::size_t MeterTotals::counter_of(std::string_view key) {
  if (next_ >= counters_.size()) next_ = 0;
  if (next_ >= counters_.size() || counters_[next_].key != key) {
    const auto found = std::find_if(counters_.begin(), counters_.end(),
                                    [&](const Counter& counter) { return counter.key == key; });
    next_ = static_cast<std::uint16_t>(found - counters_.begin());
    if (found == counters_.end()) counters_.push_back({lasting(key), {}});
  }
  return next_++;
}

// Most are rows of the vocabulary, and not written down again for each meter.
std::string_view MeterTotals::lasting(std::string_view key) {
  const EntitySpec* const row = find_spec(key);
  return row != nullptr && row->key == key ? row->key : own_keys_.emplace_front(key);
}

std::string_view MeterTotals::judge(std::string_view key, Decimal value, Now now, Effects& effects,
                                    Limit limit) {
  const std::size_t n = counter_of(key);
  Total& total = counters_[n].total;
  if (!evidence_ && total.repeats(value)) return {};
  const std::optional<Decimal> before = total.value();
  const bool limited =
      limit == Limit::by_power || (limit == Limit::by_power_later && total.is_timed());
  if (changes_unit(total, value, now)) return "unit";
  const auto allowed = limited ? std::optional(limit_.per_second()) : std::nullopt;
  const std::string_view why = total.judge(value, now, allowed, falls_of(counters_[n], value));
  const auto flow = why.empty() && !evidence_ ? std::nullopt : flow_of_energy(key);
  if (!why.empty()) {
    if (flow)
      evidence(now.mono).held(n, *flow, counters_[n].is_tariff(), value, *total.held_since(),
                              now.mono);
    return flow && explained(n, why, value, now, effects) ? std::string_view{} : why;
  }
  if (flow && before != value) evidence_->counted(n, *flow, now.mono);
  if (flow) evidence_->released(n);
  if (before && value < *before && !Total::begins_anew(*before, value)) {
    say_began(key, *before, value, effects);
  }
  return why;
}

// Another meter may be there, and power alone can tell, not a serial number: this register is low,
// or one that counts the same energy is, and this one is needed to add up with it.
Total::Falls MeterTotals::falls_of(const Counter& counter, Decimal value) const {
  const auto before = counter.total.value();
  if (has_serial_ || !before || *before <= value) return Total::Falls::agree;
  const auto flow = flow_of_energy(counter.key);
  if (!flow || !measured_[static_cast<std::size_t>(*flow)]) return Total::Falls::agree;
  const bool another = std::any_of(counters_.begin(), counters_.end(), [&](const Counter& each) {
    const auto held = &each == &counter ? std::optional(value) : each.total.held();
    return held && Total::is_low(*each.total.value(), *held) &&
           each.is_tariff() == counter.is_tariff() && flow_of_energy(each.key) == flow;
  });
  return another ? Total::Falls::need_proof : Total::Falls::agree;
}

// What was held back and is right all the same.
bool MeterTotals::explained(std::size_t n, std::string_view why, Decimal value, Now now,
                            Effects& effects) {
  Total& total = counters_[n].total;
  const Decimal before = *total.value();
  if (why == "jumped") {
    const auto rise = subtract(value, before);
    const auto flow = *flow_of_energy(counters_[n].key);
    if (!rise || !evidence_->explains(n, flow, *rise, now.mono)) return false;
    evidence_->released(n);
    evidence_->counted(n, flow, now.mono);
    return total.accept();
  }
  if (has_serial_) return false;
  const std::vector<std::size_t> all = evidence_->another_meter(n, now.mono);
  for (const std::size_t each : all) {
    Counter& counter = counters_[each];
    const Decimal last = *counter.total.value();
    if (!counter.total.accept()) continue;
    evidence_->released(each);
    say_began(counter.key, last, *counter.total.value(), effects);
  }
  return !all.empty();
}

bool MeterTotals::accept(const Say& say) {
  bool any = false;
  for (Counter& counter : counters_) {
    if (!counter.total.accept()) continue;
    any = true;
    if (evidence_) evidence_->forget();
    if (say) say(counter.key, *counter.total.value());
  }
  return any;
}

void MeterTotals::scale(std::int8_t exponent, bool is_set) {
  exponent_is_set_ = is_set;
  const int places = exponent - exponent_.value_or(exponent);
  exponent_ = exponent;
  if (places == 0) return;
  const bool other_unit =
      std::any_of(counters_.begin(), counters_.end(), [&](const Counter& counter) {
        const auto held = counter.total.held(), value = counter.total.value();
        return held && value && is_about(*held, places, *value);
      });
  for (Counter& counter : counters_) {
    if (other_unit) counter.total.release();
    if (!other_unit) counter.total.rescale(places);
  }
}

bool MeterTotals::changes_unit(Total& total, Decimal value, Now now) const {
  const auto before = total.value();
  const bool judged = exponent_ && !exponent_is_set_ && before && total.is_of_before(now.mono);
  if (!judged || *before == value || !is_in_other_unit(*before, value, *exponent_)) return false;
  total.withhold(value, now);
  return now.mono - *total.held_since() < longest_unit_doubt;
}

void MeterTotals::save(RecordWriter& record, std::string_view channel) const {
  if (counters_.empty()) return;
  const std::string_view meter = meter_;
  if (exponent_) record.add("totals", channel, meter, int{*exponent_});
  if (!exponent_) record.add("totals", channel, meter);
  for (const Counter& counter : counters_) {
    const auto kept = counter.total.kept();
    if (!kept) continue;
    const std::string value = to_text(kept->value);
    const std::string_view shown = value;
    if (!kept->time) {
      record.add("total", counter.key, shown);
      continue;
    }
    const auto time = std::chrono::floor<std::chrono::seconds>(*kept->time);
    record.add("total", counter.key, shown, time.time_since_epoch().count());
  }
}

void MeterTotals::restore(const Record& record, std::string_view channel) {
  bool ours = false;
  for (const RecordRow& row : record.rows()) {
    if (row.name == "totals") {
      ours = row.text(0) == channel;
      if (!ours) continue;
      meter_ = row.text(1).value_or("");
      exponent_ = row.number<std::int8_t>(2);
    } else if (row.name == "total" && ours && counters_.size() < most) {
      restore(row);
    }
  }
}

void MeterTotals::restore(const RecordRow& row) {
  const auto key = row.text(0).value_or("");
  const auto value = parse_decimal(row.text(1).value_or(""));
  if (key.empty() || key.size() > max_key || !value || value->digits < 0) return;
  std::optional<Instant> changed;
  if (const auto time = row.number<std::int64_t>(2); time && *time < latest) {
    changed = Instant(std::chrono::seconds(*time));
  }
  counters_[counter_of(key)].total.restore({*value, changed});
}

}  // namespace gridtap
