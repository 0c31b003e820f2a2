#pragma once
// Where the history of the house is kept: quarter-hours of series, in a file that a card may take
// seconds to write. They begin at xx:00, :15, :30 and :45 UTC: the hours and days of every zone of
// Europe are whole numbers of them.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "core/ports.hpp"
#include "core/value.hpp"

namespace gridtap {

using Quarters = std::chrono::duration<std::int64_t, std::ratio<900>>;
using SlotTime = std::chrono::sys_time<Quarters>;

// The one that the time is in.
constexpr SlotTime slot_of(Instant time) { return std::chrono::floor<Quarters>(time); }

// Values are whole numbers of 10^exponent of a unit; both belong to the series.
//
//                value                    low, high
// measurement    mean, weighted by time   the smallest and the greatest value
// total          increase                 the register at the begin and the end; none: replaced
// switch         seconds ON               none
struct Slot {
  SlotTime start;
  std::int64_t value = 0;
  std::optional<std::int64_t> low = {}, high = {};
  std::int32_t covered = 0;  // seconds of it that are known, 0 to 900
  friend bool operator==(const Slot&, const Slot&) = default;
};

// What the quarter-hours of a series hold, and how a file spells it.
enum class SeriesKind : std::uint8_t { mean, growth, time_on };
inline constexpr std::array<std::string_view, 3> series_kind_names = {"measurement", "total",
                                                                      "switch"};
constexpr std::string_view name(SeriesKind kind) {
  return series_kind_names[static_cast<std::size_t>(kind)];
}

struct SeriesHead {
  std::string name;  // "meter/energy_import": the device as in topics, and the key
  std::string unit;
  SeriesKind kind = SeriesKind::mean;
  int exponent = 0;
  friend bool operator==(const SeriesHead&, const SeriesHead&) = default;
};

struct SeriesSlots {
  SeriesHead head;
  std::vector<Slot> slots;
};

struct KeptSeries {
  SeriesHead head;
  std::optional<Slot> newest = {};  // nothing: it has none yet
};

// Why the history cannot be kept or read now. full, read_only: until there is room, or the file may
// be written. newer_form: it was made by a newer version, and is left as it is.
enum class JournalFault : std::uint8_t { full, read_only, damaged, newer_form, other };

struct JournalError {
  JournalFault fault = JournalFault::other;
  std::string detail;  // for a person: which file, what is wrong, what helps
};

template <class T>
using JournalResult = tl::expected<T, JournalError>;

// What is in it when it is opened.
struct JournalContents {
  std::vector<KeptSeries> series;
  std::optional<Instant> copied =
      {};  // when the newest whole copy was made; nothing: there is none
};

struct JournalFigures {
  std::uint64_t bytes = 0;             // that the history takes on the disk
  std::optional<Instant> copied = {};  // after back_up(), as above
};

// Each call is answered once, from the loop and never from inside the call, in the order of the
// calls. The file may stall for seconds, the loop never does. There is no limit here: a caller
// waits for an answer before it asks for more.
struct Journal : Port {
  using OnOpened = std::function<void(JournalResult<JournalContents>)>;
  using OnDone = std::function<void(JournalResult<JournalFigures>)>;
  using OnSlots = std::function<void(JournalResult<std::vector<Slot>>)>;

  static constexpr std::size_t max_slots = 2048;  // of an answer to read()

  // Called when damage was met and mended, with what was done about it: before the answer to the
  // call that met it. The log has it already. There is one such call; nothing: none.
  virtual void on_mended(std::function<void(const std::string&)> call) = 0;

  // Opens the file, and makes it where there is none. One that is damaged is set aside and a new
  // one begun with what can be read of it, which the log says. May be called again after an error.
  virtual void open(OnOpened on_opened) = 0;
  // All or nothing. A quarter-hour that is there already is replaced. A series that is new begins.
  virtual void write(std::vector<SeriesSlots> slots, OnDone on_done) = 0;
  // Quarter-hours before `ended` go to their lasting place, in the order in which they are asked
  // for; those before `forgotten` are deleted.
  virtual void tidy(SlotTime ended, SlotTime forgotten, OnDone on_done) = 0;
  // The first max_slots of a series from `begin` on and before `end`, in the order of time. A
  // series that is unknown has none.
  virtual void read(std::string series, SlotTime begin, SlotTime end, OnSlots on_slots) = 0;
  // A whole copy by that day, "2026-11-30", where copies are configured.
  virtual void back_up(std::string day, OnDone on_done) = 0;
  // The end: what was asked for is still done, for as long as patience lasts; nothing is answered.
  virtual void close() = 0;
};

}  // namespace gridtap
