#pragma once
// What of the house has a history, as quarter-hours: hears each reading from the model and keeps
// what has ended until it is written. A series is called after the device and the key, as in
// topics: a device that gets another name in the configuration begins new ones, and what was kept
// under the old name stays and can be asked for by it.
//
// What is measured holds until the next reading, for as long as the model says, and not while the
// device is offline. A register goes on counting meanwhile: what it grew by in a silence of the
// device, or while this program did not run, counts and is not covered. A register that stands
// still, or comes once an hour, is covered; with a live total beside it that shapes the hour.
//
// Nothing is recorded before the time of day is known. Another meter in the place of one begins a
// register anew. Does no I/O.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "history/series_choice.hpp"
#include "model/observer.hpp"

namespace gridtap::history {

struct Series;

class Recorder final : public model::Observer {
 public:
  static constexpr std::size_t max_series = 256;
  // A device that is offline for longer, or a program that did not run, leaves registers uncovered.
  static constexpr std::chrono::milliseconds longest_silence = std::chrono::minutes{10};
  // A clock that goes by more than this beside the time that runs on was set.
  static constexpr std::chrono::milliseconds longest_clock_step = std::chrono::seconds{60};

  // Registers wait so long for what the file has of them: the first reading of a run may be an old
  // one that is told again, which only the file can tell.
  static constexpr std::chrono::minutes longest_wait{2};
  static constexpr std::size_t max_early = 1024;  // readings that wait
  // The most that is made at a time of long gaps of registers, for all series together.
  static constexpr std::size_t max_gap_quarters = 2048;

  // The clock and the log outlive it. `on_swap`: another meter has come, which should be in the
  // file soon; called from within what tells it.
  Recorder(std::vector<std::string> patterns, Clock& clock, Log& log,
           std::function<void()> on_swap = {});
  ~Recorder();

  // What the file has, when it is known; once. Readings may have come before.
  void resume(std::vector<KeptSeries> kept);
  // Nothing is recorded from now on, and nothing waits.
  void stop();

  // Up to now all is known. `with_running`: also what has not ended waits to be written.
  void collect(Now now, bool with_running = false);
  // More of a long gap is to come as soon as what waits is written.
  bool has_more() const;
  // All that waits, to be written; until one of the two answers it stays.
  std::vector<SeriesSlots> hand_out();
  void written();
  void not_written();
  // Drops slots older than two days while nothing can be written. Logged once.
  void trim();

  // All series: those of the file, and those of this run.
  std::vector<SeriesHead> series() const;
  // What of that series is not in the file, in the order of time, each time once. The running
  // quarter-hour is one of them.
  std::vector<Slot> pending(std::string_view name, SlotTime begin, SlotTime end) const;
  std::uint64_t dropped() const { return dropped_; }

 private:
  static constexpr std::int16_t none = -1, undecided = -2;
  // What the readings of an entity are for: places among the series.
  struct Use {
    std::int16_t own = undecided;
    std::int16_t shaped = none;  // whose live total it is
  };
  // A reading of a register.
  struct Early {
    std::int16_t place;
    Decimal total;
    std::optional<Instant> measured;
    bool is_first;  // of this run
    Now now;
  };
  struct DeviceNote {
    std::vector<Use> entities = {};           // by slot
    std::optional<Instant> begun = {};        // the first reading of it or of those behind it
    std::optional<Mono> offline_since = {};   // that it is now
    std::optional<Mono> long_silence = {};    // when the last one began
    const model::Device* replaced = nullptr;  // it, where another one has taken its place
  };

  void on_entity(const model::Device& device, const model::Entity& entity) override;
  void on_value(const model::Device& device, const model::Entity& entity,
                const model::Change& change, Now now) override;
  void on_online(const model::Device& device) override;
  void on_replaced(const model::Device& device, std::string_view serial) override;
  void on_removed(const model::Device& device, const model::Entity& entity) override;

  DeviceNote& note_of(const model::Device& device);
  DeviceNote& root_note_of(const model::Device& device);
  Use& use_of(const model::Device& device, const model::Entity& entity);
  Use decided(const model::Device& device, const model::Entity& entity);
  std::int16_t place_of(const model::Device& device, std::string_view key, const EntitySpec& spec);
  std::int16_t add(const model::Device& device, SeriesHead head);
  bool has_room(const SeriesHead& head);
  bool fits(const SeriesHead& head, const SeriesHead& kept);
  void take_kept(Series& series);
  void forget_registers(const model::Device& device);
  void begin_anew(Series& series, const SeriesHead& head);
  void follow_clock(Now now);
  Series& at(std::int16_t place);
  static void shape(Series& series, const model::Entity& entity, Now now);
  static void hold(Series& series, const model::Entity& entity, Now now);
  void count(std::int16_t place, const model::Entity& entity, const model::Change& change, Now now);
  void count(Series& series, const Early& reading);
  bool is_waiting(Now now) const;
  void count_early();
  bool is_watched(const Series& series, Now now);
  bool is_silent(const Series& series, Now now);
  bool goes_on(const model::Device& device);

  SeriesChoice choice_;
  Clock& clock_;
  Log& log_;
  std::function<void()> on_swap_;
  std::vector<std::unique_ptr<Series>> series_;
  std::vector<DeviceNote> notes_;  // by Device::index
  std::vector<Early> early_;
  std::map<std::string, KeptSeries, std::less<>> kept_;
  std::map<std::string, Instant, std::less<>> known_until_;  // by device, in the runs before
  std::optional<Now> last_;                                  // with a time of day
  std::uint64_t dropped_ = 0;
  bool stopped_ = false, waits_ = true, limit_told_ = false, drop_told_ = false;
};

}  // namespace gridtap::history
