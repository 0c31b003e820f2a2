#include "rules/hours.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/json_text.hpp"

namespace gridtap {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view source = "rule";
constexpr std::string_view limit_key = "hour_limit";
constexpr std::array<std::string_view, 3> peak_keys = {"month_max_1", "month_max_2", "month_max_3"};
constexpr std::int64_t most_milliwatts = 100'000'000'000;

// Of the vocabulary, with the range that is taken.
const EntitySpec& limit_spec() {
  static const EntitySpec spec = [] {
    EntitySpec made = *find_spec(limit_key);
    made.min = Decimal{HoursRule::least_limit_wh, 0};
    made.max = Decimal{HoursRule::most_limit_wh, 0};
    return made;
  }();
  return spec;
}

bool is_limit(std::int64_t wh) {
  return wh >= HoursRule::least_limit_wh && wh <= HoursRule::most_limit_wh;
}

std::optional<std::int64_t> milliwatts_of(const std::optional<Decimal>& watts) {
  if (!watts) return {};
  const Decimal moved = rounded(shifted(*watts, 3), 0);
  const bool fits = moved.exponent == 0 && moved.digits >= 0 && moved.digits <= most_milliwatts;
  return fits ? std::optional(moved.digits) : std::nullopt;
}

// Watts that are used; what is put in counts as none.
Decimal used(const Decimal& watts, bool is_below_zero) {
  return {std::max<std::int64_t>(is_below_zero ? -watts.digits : watts.digits, 0), watts.exponent};
}

Value whole(const std::optional<std::int64_t>& number) {
  return number ? Value{Decimal{*number, 0}} : Value{};
}

std::string utc_text(Instant instant) {
  std::string out;
  append_utc(out, instant);
  return out;
}

std::string flag_text(bool flag) { return flag ? "true" : "false"; }

std::string average_attributes(const Peaks& peaks) {
  const Peaks::Month& month = *peaks.month();
  std::string out = "{\"month\":" + json_quoted(month_text(month.number)) +
                    ",\"days\":" + std::to_string(month.peaks.size()) +
                    ",\"provisional\":" + flag_text(peaks.is_provisional());
  const auto& last = peaks.last_month();
  const auto mean = last ? Peaks::mean(*last) : std::nullopt;
  if (mean) {
    out += ",\"last_month\":{\"month\":" + json_quoted(month_text(last->number)) +
           ",\"average\":" + to_text(*mean) + '}';
  }
  return out + '}';
}

std::string step_attributes(const Peaks::Step& step) {
  const auto or_null = [](const std::optional<std::int64_t>& number) {
    return number ? std::to_string(*number) : std::string("null");
  };
  return "{\"number\":" + std::to_string(step.number) +
         ",\"from_kw\":" + std::to_string(step.from_kw) + ",\"to_kw\":" + or_null(step.to_kw) +
         ",\"left_w\":" + or_null(step.left_w) + '}';
}

}  // namespace

std::vector<std::string_view> HoursRule::hour_keys() {
  return {"hour_energy",          "hour_projected",      "last_hour_energy",
          "hour_available_power", "hour_limit_exceeded", limit_key};
}

std::vector<std::string_view> HoursRule::month_keys() {
  return {"month_max_average", "month_max_1", "month_max_2", "month_max_3", "tariff_step"};
}

HoursRule::HoursRule(const HoursOptions& options)
    : source_(options.source), channel_(options.source == house_import) {
  if (options.limit_wh) {
    configured_limit_wh_ = *options.limit_wh;
    alarm_.emplace(*options.limit_wh);
  }
  if (!options.peaks || !options.zone) return;
  peaks_.emplace(*options.peaks, *options.zone);
  if (options.peaks->periods_an_hour > 1)
    quarters_.emplace(HourMeter::Milliseconds(1h) / options.peaks->periods_an_hour);
}

void HoursRule::on_start(Now, Effects& effects) {
  if (!alarm_) return;
  effects(Entity{"", &limit_spec()});
  say(limit_key, Decimal{alarm_->limit_wh(), 0}, effects);
}

void HoursRule::on_command(const Command& command, Now now, Effects& effects) {
  const auto* number = std::get_if<Decimal>(&command.value);
  const Decimal wh = number != nullptr ? rounded(*number, 0) : Decimal{};
  if (!alarm_ || number == nullptr || wh != *number || !is_limit(wh.digits)) {
    return effects(Rejected{"",
                            command.key,
                            command.text,
                            {Fault::out_of_range, "expected whole Wh from 100 to 99999"}});
  }
  alarm_->set_limit(wh.digits);
  effects(Keep{});
  say(limit_key, wh, effects);
  if (hours_.is_counting()) running(now, effects);
}

void HoursRule::on_effect(std::string_view, const Effect& effect, Now now, Effects& effects) {
  std::visit(overloaded{
                 [&](const Identified& e) { channel_.identified(e.channel, e.device.identity); },
                 [&](const Reading& e) { reading(e); },
                 [&](const Frame&) { frame(now, effects); },
                 [&](const Alive& e) {
                   if (e.lease == 0ms && channel_.is_chosen(e.channel)) silent(effects);
                 },
                 [](const auto&) {},
             },
             effect);
}

// Another meter begins anew; one that only now identifies itself goes on.
void HoursRule::identified(std::string_view identity) {
  if (identity.empty() || identity == serial_) return;
  if (!serial_.empty()) {
    hours_.forget();
    if (quarters_) quarters_->forget();
    mean_.forget();
  }
  serial_ = identity;
}

void HoursRule::reading(const Reading& reading) {
  const auto* number = std::get_if<Decimal>(&reading.value);
  const std::string_view key = without_meter_part(reading.key);
  const bool power = key == source_.power, energy = key == source_.energy, net = key == source_.net;
  if (number == nullptr || !(power || energy || net) || !channel_.counts(reading.channel)) return;
  if (power) sample_.watts = used(*number, source_.is_below_zero);
  if (net && !sample_.watts) sample_.watts = used(*number, false);
  if (energy) sample_.kilowatt_hours = *number;
}

void HoursRule::frame(Now now, Effects& effects) {
  const HourMeter::Sample sample = std::exchange(sample_, {});
  identified(channel_.identity());
  if (!now.wall || (!sample.watts && !sample.kilowatt_hours)) return;
  const auto milliwatts = milliwatts_of(sample.watts);
  if (milliwatts) mean_.add(*milliwatts, now.mono);
  hours_.sample(sample, now);
  bool has_closed = false;
  while (const auto hour = hours_.take()) {
    closed(*hour, effects);
    has_closed = true;
  }
  if (quarters_) {
    quarters_->sample(sample, now);
    while (const auto quarter = quarters_->take()) count_peak(*quarter);
  }
  if (has_closed) effects(Keep{});
  running(now, effects);
  if (peaks_ && std::exchange(peaks_changed_, false)) peaks(effects);
}

// The device may be there still: a meter behind an inverter, of which nothing is known now.
void HoursRule::silent(Effects& effects) {
  if (!hours_.is_counting()) return;
  say("hour_energy", {}, effects);
  if (alarm_) figures(alarm_->unknown(hours_.start()), false, effects);
}

void HoursRule::closed(const HourMeter::Hour& hour, Effects& effects) {
  if (!quarters_) count_peak(hour);
  const std::string start = utc_text(hour.start);
  const std::string attributes =
      "{\"start\":" + json_quoted(start) + ",\"estimated\":" + flag_text(hour.estimated) + '}';
  effects(Reading{"", "last_hour_energy", source, whole(hour.wh), hour.start, attributes});
  if (!alarm_ || !hour.wh || *hour.wh <= alarm_->limit_wh()) return;
  const std::string text = "the hour from " + start + " used " + std::to_string(*hour.wh) +
                           " Wh, more than the limit of " + std::to_string(alarm_->limit_wh()) +
                           " Wh";
  effects(Notice{text});
}

void HoursRule::count_peak(const HourMeter::Hour& period) {
  if (!peaks_ || !period.whole || !period.wh) return;
  peaks_->period(period.start, *period.wh);
  peaks_changed_ = true;
}

void HoursRule::running(Now now, Effects& effects) {
  const Instant start = hours_.start();
  if (shown_hour_ != start) shown_wh_ = 0;
  shown_hour_ = start;
  const auto mwh = hours_.running_mwh();
  std::optional<std::int64_t> wh;
  if (mwh) wh = shown_wh_ = std::max(shown_wh_, *mwh / 1000);
  say("hour_energy", whole(wh), effects);
  if (!alarm_) return;
  if (!mwh || !now.wall) return figures(alarm_->unknown(start), false, effects);
  figures(alarm_->update({start, *mwh, mean_.milliwatts()}, *now.wall, now.mono), true, effects);
}

void HoursRule::figures(const HourAlarm::Figures& figures, bool is_known, Effects& effects) {
  const bool is_on = figures.state != HourAlarm::State::off;
  say("hour_projected", whole(figures.projected_wh), effects);
  say("hour_available_power", whole(figures.available_w), effects);
  say("hour_limit_exceeded", is_known || is_on ? Value{is_on} : Value{}, effects);
  if (!figures.is_event) return;
  const std::string limit = std::to_string(alarm_->limit_wh()) + " Wh";
  const std::string text = figures.state == HourAlarm::State::passed
                               ? "this hour has used more than the limit of " + limit
                               : "this hour will come to " + to_text(whole(figures.projected_wh)) +
                                     " Wh if things go on as in the last minutes: the limit is " +
                                     limit;
  effects(Notice{text});
}

void HoursRule::peaks(Effects& effects) {
  if (!peaks_->month()) return;
  const Peaks::Month& month = *peaks_->month();
  for (std::size_t n = 0; n < peak_keys.size(); ++n) {
    if (n >= month.peaks.size()) {
      say(peak_keys[n], {}, effects);
      continue;
    }
    const Peaks::Peak& peak = month.peaks[n];
    say(peak_keys[n], Decimal{peak.watts, 0}, effects,
        "{\"date\":" + json_quoted(date_text(peak.day)) +
            ",\"start\":" + json_quoted(utc_text(peak.start)) + '}');
  }
  const auto mean = Peaks::mean(month);
  say("month_max_average", mean ? Value{*mean} : Value{}, effects, average_attributes(*peaks_));
  const auto step = peaks_->step();
  if (step)
    say("tariff_step", Value{std::string_view(step->text())}, effects, step_attributes(*step));
}

// Publishes changes only, and never "unknown" as the first value.
void HoursRule::say(std::string_view key, const Value& value, Effects& effects,
                    std::string_view attributes) {
  const bool is_unknown = std::holds_alternative<std::monostate>(value);
  const auto before = said_.find(key);
  if (is_unknown && before == said_.end()) return;
  std::string now = to_text(value) + ' ' + std::string(attributes);
  if (before != said_.end() && before->second == now) return;
  said_.insert_or_assign(std::string(key), std::move(now));
  effects(Reading{"", key, source, value, {}, attributes});
}

std::string HoursRule::state() const {
  RecordWriter record;
  record.add("serial", serial_);
  if (alarm_) record.add("limit_wh", alarm_->limit_wh(), configured_limit_wh_);
  hours_.keep(record, "hours");
  if (quarters_) quarters_->keep(record, "quarters");
  if (peaks_) peaks_->keep(record);
  return record.text();
}

// A limit that was set by command holds until the one of the settings is another.
void HoursRule::restore(std::string_view text) {
  const Record record(text);
  serial_ = record.text("serial").value_or("");
  for (const RecordRow& row : record.rows()) {
    if (row.name != "limit_wh" || !alarm_) continue;
    const auto limit = row.number<std::int64_t>(0), configured = row.number<std::int64_t>(1);
    if (limit && is_limit(*limit) && configured == configured_limit_wh_) alarm_->set_limit(*limit);
  }
  hours_.restore(record, "hours");
  if (quarters_) quarters_->restore(record, "quarters");
  if (peaks_) peaks_->restore(record);
}

}  // namespace gridtap
