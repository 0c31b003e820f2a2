#pragma once
// The history with its file and its day files: what is recorded, the threads that write it, and
// what others may ask. `run` has it where there is `history:`.

#include <memory>
#include <optional>

#include "app/history_setting.hpp"
#include "core/ports.hpp"
#include "core/zone.hpp"
#include "gateway/gateway_device.hpp"
#include "history/day_lines.hpp"
#include "history/keeper.hpp"
#include "history/kept.hpp"
#include "io/day_thread.hpp"
#include "io/journal_thread.hpp"
#include "model/model.hpp"

namespace gridtap::app {

class HistoryPort {
 public:
  // Everything named outlives the port. The model is not started yet.
  HistoryPort(const HistoryConfig& config, const Zone& zone, model::Model& model, io::Loop& loop,
              Clock& clock, Log& log);
  ~HistoryPort();

  void start();
  void end();  // what has not ended is written too, for as long as patience lasts
  HistoryHealth health() const;
  history::Kept kept();
  Journal& journal() { return journal_; }

 private:
  struct Days;

  io::JournalThread journal_;
  history::Keeper keeper_;
  std::unique_ptr<Days> days_;  // null: there are none
};

}  // namespace gridtap::app
