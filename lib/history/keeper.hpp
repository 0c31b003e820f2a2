#pragma once
// Keeps the history: opens the journal, has it written once an hour, tidied and copied once a day,
// and goes on in memory while it cannot be written. Says a failure once, and once that it is over.
//
// A copy is made at the start, too, and one that cannot be made is tried again every hour: its disk
// may be plugged in at noon.
//
// A file of a newer form is left as it is, and nothing is recorded in this run.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/zone.hpp"
#include "history/condition.hpp"
#include "history/recorder.hpp"

namespace gridtap::history {

struct KeeperOptions {
  std::vector<std::string> series = {"default"};  // as SeriesChoice takes them
  std::optional<std::chrono::days> keep = {};     // nothing: for good
  bool copies = false;                            // a whole copy each day
};

class Keeper {
 public:
  // After the full hour, so that registers of the hour have come.
  static constexpr std::chrono::seconds commit_delay{30};
  // How often it is looked whether an hour is over: clocks are set, and values hold for so long.
  static constexpr std::chrono::minutes look_period{15};
  static constexpr std::chrono::seconds swap_delay{60};  // after another meter has begun
  static constexpr std::chrono::minutes first_retry{1}, longest_retry{60};

  // What is named outlives it.
  Keeper(KeeperOptions options, Journal& journal, Clock& clock, Log& log, Zone zone);
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  ~Keeper();  // as end(), if that was not called

  // To be told of the model; before start().
  model::Observer& observer() { return recorder_; }
  void start();
  // What has not ended is written too, and the journal is closed. Nothing is recorded after it.
  void end();

  HistoryState state() const { return condition_.state(); }
  const std::string& trouble() const { return condition_.text(); }  // why it is not ok
  std::optional<Instant> copied() const { return copied_; }  // when the newest whole copy was made
  std::uint64_t bytes() const { return bytes_; }  // that the file takes; 0 before it is known
  // Called when the state, the copy or the size has changed.
  void on_change(std::function<void()> call) { on_change_ = std::move(call); }

  std::vector<SeriesHead> series() const { return recorder_.series(); }
  // What of a series the file has not yet, in the order of time, each time once. It counts instead
  // of what the file has of the same time.
  std::vector<Slot> pending(std::string_view series, SlotTime begin, SlotTime end);

 private:
  // closed: it is opened at the next attempt, or never where the file is of a newer form.
  enum class Phase : std::uint8_t { closed, opening, idle, busy, ended };

  void open();
  void opened(JournalResult<JournalContents> kept);
  void on_timer();
  void commit(Now now);
  void tend(Now now);
  Instant day_of(Now now) const;
  void tidy(Instant day);
  void answered(const JournalResult<JournalFigures>& figures, bool is_tidy);
  void copy(Instant day);
  void was_copied(const JournalResult<JournalFigures>& figures);
  void failed(const JournalError& error);
  void worked();
  void was_mended(const std::string& what);
  void tell();
  bool is_due(Now now);
  void schedule();

  const KeeperOptions options_;
  Journal& journal_;
  Clock& clock_;
  Log& log_;
  const Zone zone_;
  Recorder recorder_;
  std::unique_ptr<Timer> timer_;
  Phase phase_ = Phase::closed;
  bool is_resumed_ = false, is_failing_ = false;
  Mono retry_ = Mono::max(), swap_ = Mono::max();  // due; max(): not
  std::chrono::minutes pause_ = first_retry;
  std::optional<Instant> committed_hour_, tidied_day_, copied_day_;
  Condition condition_;
  std::uint64_t bytes_ = 0;
  bool copy_failed_ = false;
  std::optional<Instant> copied_;
  struct Told {
    HistoryState state = HistoryState::ok;
    std::uint64_t bytes = 0;
    std::optional<Instant> copied = {};
    friend bool operator==(const Told&, const Told&) = default;
  };
  Told told_;
  std::function<void()> on_change_;
};

}  // namespace gridtap::history
