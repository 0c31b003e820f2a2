#include "history/report_json.hpp"

#include <algorithm>
#include <utility>

#include "core/json_text.hpp"

namespace gridtap::history {
namespace {

// Writes arrays and objects; a comma goes before each but the first of them.
class Json {
 public:
  Json& open(char bracket) {
    separate();
    out_ += bracket;
    return *this;
  }
  Json& close(char bracket) {
    out_ += bracket;
    return *this;
  }
  Json& name(std::string_view name) {
    text(name);
    out_ += ':';
    return *this;
  }
  Json& text(std::string_view text) {
    separate();
    append_json(out_, text);
    return *this;
  }
  Json& number(std::int64_t number) { return raw(std::to_string(number)); }
  Json& raw(std::string_view text) {
    separate();
    out_ += text;
    return *this;
  }
  template <class... Numbers>
  Json& numbers(Numbers... each) {
    open('[');
    (number(static_cast<std::int64_t>(each)), ...);
    return close(']');
  }
  std::string take() { return std::move(out_); }

 private:
  void separate() {
    constexpr std::string_view first = "[{:";
    if (!out_.empty() && first.find(out_.back()) == std::string_view::npos) out_ += ',';
  }
  std::string out_;
};

template <class Values, class Write>
void write_all(Json& json, const Values& values, const Write& write) {
  json.open('[');
  for (const auto& value : values) write(value);
  json.close(']');
}

template <class Values>
void write_known(Json& json, const Values& values) {
  write_all(json, values, [&](const std::optional<std::int64_t>& value) {
    value ? json.number(*value) : json.raw("null");
  });
}

void write(Json& json, const Amounts& row) {
  write_all(json, row, [&](const std::optional<Amount>& amount) {
    amount ? json.number(amount->value) : json.raw("null");
  });
}

// The hours from the first to the last of which anything is known: before and behind there is
// nothing to miss.
struct Known {
  std::size_t begin = 0, end = 0;
};

Known known_of(const std::vector<Report::Group>& groups, std::size_t hours) {
  Known known{hours, 0};
  for (const Report::Group& group : groups) {
    for (std::size_t hour = 0; hour < group.bought.size(); ++hour) {
      if (!group.bought[hour]) continue;
      known.begin = std::min(known.begin, hour);
      known.end = std::max(known.end, hour + 1);
    }
  }
  return {std::min(known.begin, known.end), known.end};
}

std::vector<std::int64_t> lengths_of(const Calendar& calendar, const Known& known) {
  std::vector<std::int64_t> lengths;
  for (const Calendar::Span& day : calendar.days()) {
    const std::size_t begin = std::max(day.first, known.begin);
    const std::size_t end = std::min(day.first + day.count, known.end);
    lengths.push_back(end > begin ? static_cast<std::int64_t>(end - begin) * 3600 : 0);
  }
  return lengths;
}

std::vector<std::int64_t> summed(const std::vector<std::int64_t>& days, const Calendar& calendar) {
  std::vector<std::int64_t> sums;
  for (const Calendar::Span& month : calendar.months()) {
    sums.push_back(0);
    for (std::size_t day = 0; day < month.count; ++day) sums.back() += days[month.first + day];
  }
  return sums;
}

// Percent of it that is known; 100 where at least 95 are.
std::int64_t percent(const std::optional<Amount>& amount, std::int64_t length) {
  if (length == 0) return 100;
  const std::int64_t known = amount ? amount->covered * 100 / length : 0;
  return known >= 95 ? 100 : known;
}

// Runs of equal shares.
void write_patchy(Json& json, const Amounts& row, const std::vector<std::int64_t>& lengths) {
  json.open('[');
  for (std::size_t n = 0; n < row.size();) {
    const std::int64_t share = percent(row[n], lengths[n]);
    const std::size_t first = n;
    while (n < row.size() && percent(row[n], lengths[n]) == share) ++n;
    if (share < 100) json.numbers(first, n - first, share);
  }
  json.close(']');
}

void write_row(Json& json, std::string_view id, const Amounts& hours, const Calendar& calendar) {
  if (hours.empty()) return;
  const Amounts days = by_day(hours, calendar);
  json.open('{').name("id").text(id).name("sum").number(sum(hours));
  write(json.name("hours"), hours);
  write(json.name("days"), days);
  write(json.name("months"), by_month(days, calendar));
  json.close('}');
}

void write(Json& json, const Report::Group& group, const Calendar& calendar, const Known& known) {
  json.open('{').name("name").text(group.name).name("unit").text(group.unit);
  json.name("exponent").number(group.exponent).name("rows").open('[');
  write_row(json, "bought", group.bought, calendar);
  write_row(json, "own", group.own, calendar);
  write_row(json, "sold", group.sold, calendar);
  json.close(']').name("patchy").open('{');
  const Amounts days = by_day(group.bought, calendar);
  std::vector<std::int64_t> hours(calendar.hours(), 0);
  std::fill(hours.begin() + static_cast<std::ptrdiff_t>(known.begin),
            hours.begin() + static_cast<std::ptrdiff_t>(known.end), 3600);
  const std::vector<std::int64_t> lengths = lengths_of(calendar, known);
  write_patchy(json.name("hours"), group.bought, hours);
  write_patchy(json.name("days"), days, lengths);
  write_patchy(json.name("months"), by_month(days, calendar), summed(lengths, calendar));
  json.close('}').close('}');
}

void write(Json& json, const Calendar& calendar) {
  const std::vector<Calendar::Span>& days = calendar.days();
  json.name("first").number(days.empty() ? 0 : days.front().number);
  json.name("days").number(static_cast<std::int64_t>(days.size())).name("clock").open('[');
  for (std::size_t day = 0; day < days.size(); ++day) {
    std::vector<int> clock;
    for (std::size_t n = 0; n < days[day].count; ++n) {
      clock.push_back(calendar.clock_at(days[day].first + n));
    }
    if (clock.size() == 24 && clock.front() == 0 && clock.back() == 23 * 60) continue;
    json.open('[').number(static_cast<std::int64_t>(day));
    write_all(json, clock, [&](int minutes) { json.number(minutes); });
    json.close(']');
  }
  json.close(']').name("months");
  write_all(json, calendar.months(), [&](const Calendar::Span& month) {
    json.numbers(month.number, month.first, month.count);
  });
}

void write(Json& json, const Duration& duration, std::string_view id) {
  if (duration.hours == 0) return;
  json.open('{').name("id").text(id);
  json.name("hours").number(static_cast<std::int64_t>(duration.hours)).name("curve");
  write_all(json, duration.curve, [&](std::int64_t value) { json.number(value); });
  json.close('}');
}

void write(Json& json, const MonthPeaks& peaks, const Calendar& calendar) {
  json.open('{').name("month").number(peaks.month.number).name("peaks");
  write_all(json, peaks.month.peaks, [&](const Peaks::Peak& peak) {
    json.numbers(peak.day, calendar.clock_at(peak.start), peak.watts);
  });
  if (peaks.mean) json.name("mean").raw(to_text(*peaks.mean));
  if (peaks.step) json.name("step").text(peaks.step->text());
  json.close('}');
}

void write(Json& json, const HouseFigures& house, const ReportData& data) {
  json.name("base").open('{').name("nights").number(static_cast<std::int64_t>(house.base.nights));
  if (house.base.all) json.name("all").number(*house.base.all);
  write_known(json.name("months"), house.base.months);
  json.close('}').name("typical").open('{');
  write_known(json.name("workdays"), house.typical.workdays);
  write_known(json.name("weekends"), house.typical.weekends);
  json.close('}').name("duration").open('[');
  write(json, house.bought, "bought");
  write(json, house.sold, "sold");
  json.close(']').name("highest");
  write_all(json, house.highest, [&](const Highest& each) {
    json.numbers(data.calendar.day_of(each.hour), data.calendar.clock_at(each.hour), each.value);
  });
  const Peaks::Options options = data.options.tariff.value_or(Peaks::Options{});
  json.name("peaks").open('{').name("days").number(static_cast<std::int64_t>(options.days));
  json.name("minutes").number(60 / options.periods_an_hour);
  json.name("has_steps").raw(data.options.tariff ? "true" : "false").name("months");
  write_all(json, house.peaks, [&](const MonthPeaks& each) { write(json, each, data.calendar); });
  json.close('}');
}

void replace_all(std::string& text, char what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    text.replace(at, 1, by);
  }
}

}  // namespace

HouseFigures figures_of(const Report::Group& house, const Calendar& calendar, PeakMonths& peaks) {
  const Amounts used = added(house.bought, house.own);
  return {base_load(used, calendar),
          typical_day(used, calendar),
          duration(house.bought, most_curve_points),
          duration(house.sold, most_curve_points),
          highest(house.bought, most_highest),
          peaks.take()};
}

std::string report_json(const ReportData& data) {
  Json json;
  const int clock = data.calendar.clock_at(data.made_at);
  const Known known = known_of(data.groups, data.calendar.hours());
  json.open('{').name("title").text(data.options.title).name("language");
  json.text(data.options.language).name("version").text(data.options.version);
  json.name("zone").text(data.zone);
  json.name("made").numbers(data.calendar.date_of(data.made_at), clock);
  write(json, data.calendar);
  json.name("begin").number(static_cast<std::int64_t>(known.begin));
  json.name("end").number(static_cast<std::int64_t>(known.end)).name("groups");
  write_all(json, data.groups,
            [&](const Report::Group& group) { write(json, group, data.calendar, known); });
  json.name("swaps");
  write_all(json, data.swaps, [&](const Report::Swap& swap) {
    const auto hour = data.calendar.hour_of(swap.at);
    if (!hour) return;
    json.open('[').text(swap.name).number(static_cast<std::int64_t>(swap.group));
    json.number(static_cast<std::int64_t>(data.calendar.day_of(*hour)));
    json.number(data.calendar.clock_at(swap.at)).close(']');
  });
  if (data.house != nullptr) write(json, *data.house, data);
  std::string text = json.close('}').take();
  replace_all(text, '<', "\\u003c");
  return text;
}

}  // namespace gridtap::history
