// Objects with many groups: the power failure log, the highest quarter-hours (p1.md 4.4, 5.7).

#include <optional>

#include "adapters/p1/readings.hpp"

namespace gridtap::p1 {
namespace {

constexpr std::string_view quarter_hour_peak = "1-0:1.6.0";

void append_member(std::string& json, std::string_view name, const Timestamp& time) {
  ((json += '"') += name) += "\":\"";
  append(json, time);
  json += '"';
}

// In whole watts, halves away from zero.
std::int64_t mean(Decimal sum, std::int64_t count) {
  constexpr int microwatts = 6;  // no meter, and no factor, is finer
  const Decimal exact = shifted(rounded(sum, microwatts), 0);
  std::int64_t divisor = count;
  for (int e = exact.exponent; e < 0; ++e) divisor *= 10;
  const std::int64_t half = exact.digits < 0 ? -divisor : divisor;
  return (2 * exact.digits + half) / (2 * divisor);
}

}  // namespace

// (z)(0-0:96.7.19) and z times (end)(duration); the newest end is the state, the list its
// attribute.
void Readings::power_failures(const Context& in, const Object& object, const Field& field) {
  if (!in.said.first(field.entity)) return unknown(in, object);
  if (failures_ == nullptr) failures_ = std::make_unique<FailureLog>();
  FailureLog& log = *failures_;
  if (object.groups != log.groups) read_log(in, object, log);
  if (!log.newest) return say(in, field.key, object.code, {});
  say(in, field.key, object.code, *log.newest, log.json);
}

void Readings::read_log(const Context& in, const Object& object, FailureLog& log) {
  std::string_view groups = object.groups;
  log.groups = groups;
  log.newest.reset();
  log.json = "{\"power_failure_log\":[";
  take_group(groups);
  take_group(groups);
  for (;;) {
    const auto end = take_group(groups);
    const auto length = take_group(groups);
    if (!end || !length) break;
    const auto time = parse_time(*end);
    if (!time) continue;
    const Timestamp moment = clock_.resolve(*time, in.now.wall);
    if (!MeterClock::is_sane(moment.instant, in.facts.time)) {
      log.groups.clear();  // it may become sane as time goes on
      continue;
    }
    if (!log.newest || moment.instant > log.newest->instant) log.newest = moment;
    log.json += log.json.back() == '[' ? "{" : ",{";
    append_member(log.json, "end", moment);
    const auto seconds = parse_number(*length);
    log.json += ",\"seconds\":";
    if (seconds) {
      append(log.json, seconds->value);
    } else {
      log.json += "null";
    }
    log.json += '}';
  }
  log.json += "]}";
}

// (time)(value) in either order: each group is known by its form. Both are of the peak's time.
void Readings::peak(const Context& in, const Object& object, const Field& field) {
  std::string_view groups = object.groups;
  std::optional<Number> value;
  std::optional<Timestamp> moment;
  bool empty = true;
  while (const auto group = take_group(groups)) {
    const bool is_time = parse_time(*group).has_value();
    if (is_time && !moment) moment = known_time(in, *group);
    if (!is_time && !value) value = parse_number(*group);
    empty = empty && trim(*group).empty();
  }
  const bool fits = value && value->quantity == Quantity::power && apply_factor(value->value);
  if ((!fits && !empty) || !in.said.first(field.entity)) return unknown(in, object);
  const auto at = moment ? std::optional(moment->instant) : std::nullopt;
  say_at(in, at, field.key, object.code, fits ? Value{value->value} : Value{});
  text_ = field.key;
  text_ += "_time";
  say_at(in, at, text_, object.code, moment ? Value{*moment} : Value{});
}

// (n)(1-0:1.6.0)(1-0:1.6.0) and n times (end of month)(moment)(value). Elsewhere the same code is a
// record of the month, which the references decide.
void Readings::peaks(const Context& in, const Object& object, const Field& field) {
  std::string_view groups = object.groups;
  take_group(groups);
  const bool ours = trim(take_group(groups).value_or("")) == quarter_hour_peak &&
                    trim(take_group(groups).value_or("")) == quarter_hour_peak;
  if (!ours || !in.said.first(field.entity)) return unknown(in, object);
  std::optional<Decimal> sum = Decimal{0, 0};
  std::int64_t months = 0;
  text_ = "{\"peaks\":[";
  for (;;) {
    const auto month = take_group(groups), moment = take_group(groups), power = take_group(groups);
    if (!month || !moment || !power) break;
    const auto closed = known_time(in, *month), at = known_time(in, *moment);
    auto value = parse_number(*power);
    if (!closed || !at || !value || value->quantity != Quantity::power) continue;
    Decimal& watts = value->value;
    if (!apply_factor(watts)) continue;
    sum = sum ? add(*sum, watts) : sum;
    ++months;
    text_ += text_.back() == '[' ? "{" : ",{";
    append_member(text_, "month", *closed);
    text_ += ',';
    append_member(text_, "time", *at);
    text_ += ",\"w\":";
    append(text_, watts);
    text_ += '}';
  }
  text_ += "]}";
  if (months == 0 || !sum) return say(in, field.key, object.code, {});
  say(in, field.key, object.code, Decimal{mean(*sum, months), 0}, text_);
}

std::optional<Timestamp> Readings::known_time(const Context& in, std::string_view group) {
  const auto time = parse_time(group);
  if (!time) return {};
  const Timestamp moment = clock_.resolve(*time, in.now.wall);
  return MeterClock::is_sane(moment.instant, in.facts.time) ? std::optional(moment) : std::nullopt;
}

}  // namespace gridtap::p1
