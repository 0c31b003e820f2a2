#include "app/history_port.hpp"

#include <utility>

namespace gridtap::app {

using history::HistoryState;

struct HistoryPort::Days {
  Days(const DayFilesConfig& config, const Zone& zone, io::Loop& loop, Clock& clock, Log& log)
      : files(loop, log, io::DayShelf(config.directory)),
        lines({config.interval, config.keep}, files, clock, log, zone) {}

  io::DayThread files;
  history::DayLines lines;
};

HistoryPort::HistoryPort(const HistoryConfig& config, const Zone& zone, model::Model& model,
                         io::Loop& loop, Clock& clock, Log& log)
    : journal_(loop, log, config.file(), config.copies),
      keeper_({config.series, config.keep, config.copies.has_value()}, journal_, clock, log, zone) {
  model.add(keeper_.observer());
  if (!config.day_files) return;
  days_ = std::make_unique<Days>(*config.day_files, zone, loop, clock, log);
  model.add(days_->lines);
}

HistoryPort::~HistoryPort() = default;

void HistoryPort::start() {
  keeper_.start();
  if (days_ != nullptr) days_->lines.start();
}

void HistoryPort::end() {
  if (days_ != nullptr) days_->lines.end();
  keeper_.end();
}

// Day files that cannot be written are told where the history itself is well.
HistoryHealth HistoryPort::health() const {
  HistoryState state = keeper_.state();
  std::string trouble = keeper_.trouble();
  const bool is_kept = state == HistoryState::ok || state == HistoryState::backup_failed;
  if (days_ != nullptr && days_->lines.trouble() && is_kept) {
    const JournalError& why = *days_->lines.trouble();
    state = why.fault == JournalFault::full ? HistoryState::full : HistoryState::read_only;
    trouble = "day files: " + why.detail;
  }
  const auto word = static_cast<std::size_t>(state);
  return {std::string(history::history_state_names[word]), std::move(trouble), keeper_.bytes(),
          keeper_.copied()};
}

history::Kept HistoryPort::kept() {
  return {[this] { return keeper_.series(); },
          [this](std::string_view series, SlotTime begin, SlotTime end) {
            return keeper_.pending(series, begin, end);
          }};
}

}  // namespace gridtap::app
