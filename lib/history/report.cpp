#include "history/report.hpp"

#include <algorithm>
#include <utility>

#include "core/json_text.hpp"
#include "history/report_json.hpp"
#include "history/report_page.hpp"

namespace gridtap::history {
namespace {

constexpr int wh = -3;  // of a kWh

// Of several inverters what each is known to have made.
void add_made(Amounts& made, const Amounts& row) {
  if (made.empty()) made = Amounts(row.size());
  for (std::size_t n = 0; n < row.size(); ++n) {
    if (!row[n]) continue;
    if (!made[n]) made[n] = Amount{0, row[n]->covered};
    made[n]->value += row[n]->value;
  }
}

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

}  // namespace

Report::Report(ReportOptions options, const Period& time, const Zone& zone)
    : options_(std::move(options)),
      zone_(zone),
      calendar_(time, zone),
      peaks_(options_.tariff.value_or(Peaks::Options{}), zone) {}

void Report::begin(const ReportSeries& series) {
  end_series();
  series_ = series;
  hours_.emplace(calendar_, zone_);
}

// A tariff of quarters takes them before they are put together.
void Report::add(const Slot& slot) {
  if (!hours_) return;
  hours_->add(slot);
  const bool is_quarters = options_.tariff && options_.tariff->periods_an_hour == 4;
  if (!is_quarters || series_->role != ReportRole::bought) return;
  const auto value = whole_of({slot.value, static_cast<std::int8_t>(series_->head.exponent)}, wh);
  const bool is_of_range = calendar_.hour_of(slot.start).has_value();
  if (value && is_of_range && slot.covered * 100 >= 95 * 900) peaks_.period(slot.start, *value);
}

void Report::end_series() {
  if (!hours_) return;
  hours_->end();
  take(*series_, hours_->row());
  // The house goes before the others, where there is one.
  const std::size_t group = series_->role == ReportRole::other ? groups_.size() : 0;
  for (const Instant at : hours_->swaps()) swaps_.push_back({series_->name, group, at});
  hours_.reset();
}

void Report::take(const ReportSeries& series, const Amounts& row) {
  const int exponent = series.head.exponent;
  if (series.role == ReportRole::other) {
    groups_.push_back({series.name, series.head.unit, exponent, row, {}, {}});
  } else if (series.role == ReportRole::bought) {
    bought_ = rescaled(row, exponent, wh);
  } else if (series.role == ReportRole::sold) {
    sold_ = rescaled(row, exponent, wh);
  } else {
    add_made(made_, rescaled(row, exponent, wh));
  }
}

Report::Group Report::house() const {
  Group house{"", "kWh", wh, bought_, {}, sold_};
  if (!made_.empty()) house.own = own_use(bought_, made_, sold_);
  return house;
}

std::string Report::data(Instant made_at) {
  end_series();
  std::optional<HouseFigures> figures;
  if (!bought_.empty()) {
    const bool is_hours = !options_.tariff || options_.tariff->periods_an_hour == 1;
    if (is_hours) peaks_.hours(bought_, calendar_);
    groups_.insert(groups_.begin(), house());
    figures = figures_of(groups_.front(), calendar_, peaks_);
  } else {
    for (Swap& swap : swaps_) --swap.group;
  }
  return report_json(
      {options_, zone_.name(), made_at, calendar_, groups_, swaps_, figures ? &*figures : nullptr});
}

std::string Report::html(Instant made_at) {
  const std::string json = data(made_at);
  std::string out;
  for (const ReportPiece& piece : report_pieces()) {
    out += piece.text;
    if (piece.then == ReportPiece::Then::title) out += html_text(options_.title);
    if (piece.then == ReportPiece::Then::data) out += json;
  }
  return out;
}

}  // namespace gridtap::history
