#pragma once
// What tests of our own day files have in common: files of lines, and the quarter-hours of them.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/zone.hpp"
#include "history/day_table.hpp"
#include "history/slot_rig.hpp"

namespace gridtap::history {

inline const Zone oslo = *Zone::named("Europe/Oslo");

inline std::string line_at(Instant time, const std::string& fields) {
  std::string text;
  append(text, Timestamp{time, oslo.offset_at(time)});
  return text + ',' + fields;
}

inline std::string kwh(std::int64_t its_wh) { return to_text(wh(its_wh)); }

struct Files {
  explicit Files(const std::vector<std::string>& choice = {"*"}, std::vector<SeriesHead> known = {})
      : days("meter", SeriesChoice(choice), std::move(known)) {}

  std::string head(const std::string& text) {
    lines = 1;
    return days.head(text, {file++, 1});
  }
  void add(const std::string& text) { days.line(text, {file - 1, ++lines}); }
  void add(Instant time, const std::string& fields) { add(line_at(time, fields)); }
  std::string notes() const {
    std::string text;
    for (const ImportNote& each : days.notes().all()) {
      text += std::to_string(each.place.line) + ": " + each.text + '\n';
    }
    return text;
  }
  std::vector<Slot> slots(const std::string& key) {
    if (!all) all = days.finish();
    for (const SeriesSlots& each : all->series) {
      if (each.head.name == "meter/" + key) return each.slots;
    }
    return {};
  }

  DayTable days;
  std::uint32_t file = 0, lines = 0;
  std::optional<Imported> all;
};

inline Slot slot_in(const std::vector<Slot>& slots, Instant time) {
  for (const Slot& each : slots) {
    if (each.start == slot_of(time)) return each;
  }
  return {slot_of(time), -1};
}

inline bool are_whole(const std::vector<Slot>& slots) {
  return std::all_of(slots.begin(), slots.end(),
                     [](const Slot& each) { return each.covered == 900; });
}

}  // namespace gridtap::history
