#include "app/history_port.hpp"

namespace gridtap::app {

HistoryPort::HistoryPort(const HistoryConfig& config, const Zone& zone, model::Model& model,
                         io::Loop& loop, Clock& clock, Log& log)
    : journal_(loop, log, config.file(), config.copies),
      keeper_({config.series, config.keep, config.copies.has_value()}, journal_, clock, log, zone) {
  model.add(keeper_.observer());
}

HistoryHealth HistoryPort::health() const {
  const auto state = static_cast<std::size_t>(keeper_.state());
  return {std::string(history::history_state_names[state]), keeper_.trouble(), keeper_.bytes(),
          keeper_.copied()};
}

history::Kept HistoryPort::kept() {
  return {[this] { return keeper_.series(); },
          [this](std::string_view series, SlotTime begin, SlotTime end) {
            return keeper_.pending(series, begin, end);
          }};
}

}  // namespace gridtap::app
