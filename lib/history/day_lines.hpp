#pragma once
// The day files: each few seconds a line of each device with what is known of it then, as it is
// published. All that a device measures, counts or switches has a column, whatever the history
// keeps; texts, settings and the health of lines have none. Registers stand as they were read.
//
// Lines are of the full multiples of the interval, by the clock of the house. A device of which
// nothing is known then (it is offline) has none, and before the time of day is known none has one.
// A clock that is set back writes its times again.
//
// They are handed on each five minutes. While they cannot be written a bounded amount waits; a
// failure is logged once, and that it is over. Does no I/O.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/day_store.hpp"
#include "core/zone.hpp"
#include "model/observer.hpp"

namespace gridtap::history {

struct DayLinesOptions {
  std::chrono::seconds interval{10};
  std::optional<std::chrono::days> keep = {};  // nothing: for good
};

class DayLines final : public model::Observer {
 public:
  static constexpr std::chrono::minutes write_period{5};
  static constexpr std::size_t max_waiting = 1024 * 1024;           // bytes of lines in memory
  static constexpr std::size_t written_early = 256 * 1024;          // not waiting for the period
  static constexpr std::size_t max_columns = 256;                   // of one device
  static constexpr std::chrono::milliseconds longest_delay{5'000};  // a line that late is left out

  // What is named outlives it.
  DayLines(DayLinesOptions options, DayStore& store, Clock& clock, Log& log, Zone zone);
  DayLines(const DayLines&) = delete;
  DayLines& operator=(const DayLines&) = delete;
  ~DayLines();  // as end(), if that was not called

  void start();
  // What was gathered is written. No more comes after it.
  void end();

  // Why they are not written now; nothing: they are.
  const std::optional<JournalError>& trouble() const { return trouble_; }
  std::uint64_t dropped() const { return dropped_; }  // lines

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct Note {
    const model::Device* device = nullptr;
    std::optional<std::string> head = {};     // nothing: to be made
    std::vector<std::uint16_t> columns = {};  // slots of entities
    std::size_t piece = none;                 // that its lines go to, of those that wait
  };

  void on_device(const model::Device& device) override { forget_head(device); }
  void on_entity(const model::Device& device, const model::Entity&) override {
    forget_head(device);
  }
  void on_value(const model::Device& device, const model::Entity&, const model::Change&,
                Now) override;
  void on_removed(const model::Device& device, const model::Entity&) override {
    forget_head(device);
  }

  Note& note_of(const model::Device& device);
  void forget_head(const model::Device& device) { note_of(device).head.reset(); }
  void make_head(Note& note);
  void on_timer();
  bool is_due(Now now, Instant tick) const;
  void add_lines(Now now, Instant tick);
  void add(Note& note, const std::string& time, const std::string& line);
  void write(Now now);
  void answered(DayAnswer answer);
  void trim();
  std::string first_kept(Instant now);
  void schedule(Now now);

  const DayLinesOptions options_;
  DayStore& store_;
  Clock& clock_;
  Log& log_;
  const Zone zone_;
  std::unique_ptr<Timer> timer_;  // null: it has ended
  std::vector<Note> notes_;       // by Device::index
  std::vector<DayPiece> waiting_;
  std::size_t bytes_ = 0;  // of those
  std::optional<Instant> last_;
  std::string tidied_day_;
  Mono write_due_{};
  bool is_busy_ = false, columns_told_ = false, drop_told_ = false;
  std::optional<JournalError> trouble_;
  std::uint64_t dropped_ = 0;
};

}  // namespace gridtap::history
