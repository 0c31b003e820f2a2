// What of an hour meter survives a restart.

#include "rules/hour_meter.hpp"

#include <cstdint>

namespace gridtap {

void HourMeter::keep(RecordWriter& record, const std::string& name) const {
  if (!time_) return;
  const auto count = [](Instant time) { return time.time_since_epoch().count(); };
  record.add(name + ".time", count(*time_), period_.count());
  if (register_)
    record.add(name + ".register", register_->mwh, count(register_->at), register_->least_uws,
               int{is_frequent_});
  if (border_) {
    record.add(name + ".border", count(border_->start), border_->mwh, int{border_->estimated},
               border_->doubt.count(), int{border_->is_arrival});
  }
  for (const Piece& each : pieces_) {
    record.add(name + ".piece", count(each.start), each.uws, each.time.count(),
               each.covered.count());
  }
}

namespace {

// No number of a house is larger: 100 TWh in mWh, 100 MW for an hour in microwatt-seconds, a time.
constexpr std::int64_t most_mwh = 100'000'000'000'000'000;
constexpr std::int64_t most_of_any = 360'000'000'000'000'000;

// The numbers of a row, each from 0 to `most`; empty where one is missing or beyond.
std::vector<std::int64_t> numbers(const RecordRow& row, std::size_t count, std::int64_t most) {
  std::vector<std::int64_t> out;
  for (std::size_t n = 0; n < count; ++n) {
    const auto number = row.number<std::int64_t>(n);
    if (!number || *number < 0 || *number > most) return {};
    out.push_back(*number);
  }
  return out;
}

}  // namespace

void HourMeter::restore(const Record& record, std::string_view name) {
  HourMeter made(period_);
  for (const RecordRow& row : record.rows()) {
    const std::string_view row_name = row.name;
    const bool is_ours =
        row_name.starts_with(name) && row_name.substr(name.size()).starts_with('.');
    if (is_ours && !made.take_row(row_name.substr(name.size() + 1), row)) return;
  }
  if (made.is_sound()) *this = std::move(made);
}

bool HourMeter::take_row(std::string_view what, const RecordRow& row) {
  const auto at = [](std::int64_t count) { return Instant(Milliseconds(count)); };
  const std::size_t width = what == "border" ? 5 : what == "time" ? 2 : 4;
  const std::vector<std::int64_t> found = numbers(row, width, most_of_any);
  if (found.empty()) return false;
  if (what == "time") {
    time_ = at(found[0]);
    return found[1] == period_.count();
  }
  if (what == "register") {
    register_ = Register{found[0], at(found[1]), found[2]};
    is_frequent_ = found[3] != 0;
  }
  if (what == "border") {
    border_ = Border{at(found[0]), found[1], found[2] != 0, Milliseconds(found[3]), found[4] != 0};
  }
  if (what == "piece") {
    pieces_.push_back(
        Piece{at(found[0]), found[1], Milliseconds(found[2]), Milliseconds(found[3])});
  }
  return true;
}

// The pieces follow each other up to the running period, and nothing is later than now.
bool HourMeter::is_sound() const {
  if (!time_ || pieces_.empty() || pieces_.size() > most_periods + 1) return false;
  Instant expected = start() - period_ * static_cast<std::int64_t>(pieces_.size() - 1);
  for (const Piece& each : pieces_) {
    if (each.start != expected || each.time > period_ || each.covered > period_) return false;
    expected += period_;
  }
  if (register_ && (register_->at > *time_ || register_->mwh > most_mwh)) return false;
  if (!register_ && (border_ || pieces_.size() > 1)) return false;
  return !border_ || (border_->start == pieces_.front().start && border_->mwh <= register_->mwh);
}

}  // namespace gridtap
