// Objects with many groups: the power failure log, the highest quarter-hours (p1.md 4.4, 5.7).

#include <optional>

#include "adapters/p1/readings.hpp"

namespace gridtap::p1 {
namespace {

constexpr std::size_t max_rows = 64;
constexpr std::string_view quarter_hour_peak = "1-0:1.6.0";

void append_member(std::string& json, std::string_view name, const Timestamp& time) {
  ((json += '"') += name) += "\":\"";
  append(json, time);
  json += '"';
}

}  // namespace

// (z)(0-0:96.7.19) and z times (end)(duration); the newest end is the state, the list its
// attribute.
void Readings::power_failures(const Object& object, const Field& field) {
  if (!first_of(field)) return unknown(object);
  if (object.groups != log_groups_) read_log(object);
  if (!log_newest_) return say(field.key, object.code, {});
  say(field.key, object.code, *log_newest_, log_json_);
}

void Readings::read_log(const Object& object) {
  std::string_view groups = object.groups;
  log_groups_ = groups;
  log_newest_.reset();
  log_json_ = "{\"power_failure_log\":[";
  take_group(groups);
  take_group(groups);
  for (std::size_t row = 0; row < max_rows; ++row) {
    const auto end = take_group(groups);
    const auto length = take_group(groups);
    if (!end || !length) break;
    const auto time = parse_time(*end);
    if (!time) continue;
    const Timestamp moment = clock_.resolve(*time, now_.wall);
    if (!MeterClock::is_sane(moment.instant, facts_->time)) {
      log_groups_.clear();  // it may become sane as time goes on
      continue;
    }
    if (!log_newest_ || moment.instant > log_newest_->instant) log_newest_ = moment;
    log_json_ += log_json_.back() == '[' ? "{" : ",{";
    append_member(log_json_, "end", moment);
    const auto seconds = parse_number(*length);
    log_json_ += ",\"seconds\":" + (seconds ? to_text(seconds->value) : "null") + '}';
  }
  log_json_ += "]}";
}

// (time)(value) in either order: each group is known by its form.
void Readings::peak(const Object& object, const Field& field) {
  std::string_view groups = object.groups;
  std::optional<Number> value;
  std::optional<MeterTime> time;
  while (const auto group = take_group(groups)) {
    const auto found = parse_time(*group);
    if (found && !time) time = found;
    if (!found && !value) value = parse_number(*group);
  }
  if (!value || value->quantity != Quantity::power || !first_of(field)) return unknown(object);
  say(field.key, object.code, multiplied(value->value));
  const std::string time_key = std::string(field.key) + "_time";
  const auto moment = time ? std::optional(clock_.resolve(*time, now_.wall)) : std::nullopt;
  const bool sane = moment && MeterClock::is_sane(moment->instant, facts_->time);
  say(time_key, object.code, sane ? Value{*moment} : Value{});
}

// (n)(1-0:1.6.0)(1-0:1.6.0) and n times (end of month)(moment)(value). Elsewhere the same code is a
// record of the month, which the references tell.
void Readings::peaks(const Object& object, const Field& field) {
  std::string_view groups = object.groups;
  take_group(groups);
  const bool ours = trim(take_group(groups).value_or("")) == quarter_hour_peak &&
                    trim(take_group(groups).value_or("")) == quarter_hour_peak;
  if (!ours || !first_of(field)) return unknown(object);
  std::optional<Decimal> sum = Decimal{0, 0};
  std::int64_t months = 0;
  scratch_ = "{\"peaks\":[";
  for (std::size_t row = 0; row < max_rows; ++row) {
    const auto month = take_group(groups), moment = take_group(groups), power = take_group(groups);
    if (!month || !moment || !power) break;
    const auto closed = parse_time(*month), at = parse_time(*moment);
    const auto value = parse_number(*power);
    if (!closed || !at || !value || value->quantity != Quantity::power) continue;
    const Decimal watts = multiplied(value->value);
    sum = sum ? add(*sum, watts) : sum;
    ++months;
    scratch_ += scratch_.back() == '[' ? "{" : ",{";
    append_member(scratch_, "month", clock_.resolve(*closed, now_.wall));
    scratch_ += ',';
    append_member(scratch_, "time", clock_.resolve(*at, now_.wall));
    scratch_ += ",\"w\":" + to_text(watts) + '}';
  }
  scratch_ += "]}";
  if (months == 0 || !sum) return say(field.key, object.code, {});
  // The mean in whole watts, halves away from zero.
  const Decimal total = rounded(*sum, 0);
  const std::int64_t digits = shifted(total, 0).digits;
  say(field.key, object.code, Decimal{(2 * digits + months) / (2 * months), 0}, scratch_);
}

}  // namespace gridtap::p1
