#pragma once
// A house whose day files are in memory: a clock that can be set, and a store that fails and
// answers when the test wants.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "history/day_lines.hpp"
#include "history/history_rig.hpp"

namespace gridtap::history {

class PlayedDays final : public DayStore {
 public:
  void append(std::vector<DayPiece> pieces, std::string first_kept, OnAnswer on_answer) override {
    CHECK_FALSE(static_cast<bool>(answer_));
    CHECK_FALSE(pieces.empty());
    ++appends;
    kept.push_back(std::move(first_kept));
    pieces_ = std::move(pieces);
    answer_ = std::move(on_answer);
  }
  void close(std::vector<DayPiece> pieces) override {
    ++closes;
    take(pieces);
  }
  // To the last append(); nothing without one.
  void answer(std::optional<JournalError> error = {}) {
    if (!answer_) return;
    DayAnswer answer;
    if (error) {
      answer = {std::exchange(pieces_, {}), std::move(error)};
    } else {
      take(std::exchange(pieces_, {}));
    }
    std::exchange(answer_, nullptr)(std::move(answer));
  }
  bool is_asked() const { return static_cast<bool>(answer_); }

  // As files would have it: "meter 2026-11-28|time,power[W]", then the lines.
  std::string text;
  int appends = 0, closes = 0;
  std::vector<std::string> kept;

 private:
  void take(const std::vector<DayPiece>& pieces) {
    for (const DayPiece& each : pieces) {
      const std::string place = each.device + ' ' + each.day + '|' + each.head + '\n';
      if (place != place_) text += place;
      place_ = place;
      text += each.lines;
      CHECK(std::count(each.lines.begin(), each.lines.end(), '\n') == each.count);
    }
  }

  std::vector<DayPiece> pieces_;
  OnAnswer answer_;
  std::string place_;
};

struct DayHouse {
  explicit DayHouse(std::optional<Instant> wall = noon, DayLinesOptions options = {})
      : clock(wall) {
    model::Options model_options;
    model_options.devices = {{"meter", "", 60s}, {"solar", "", 60s}};
    model = std::make_unique<model::Model>(model_options, clock, earlier, log);
    lines = std::make_unique<DayLines>(options, days, clock, log, zone);
    model->add(*lines);
    lines->start();
  }
  ~DayHouse() { model->remove(*lines); }
  DayHouse(const DayHouse&) = delete;
  DayHouse& operator=(const DayHouse&) = delete;

  void say(std::string_view device, const Effect& effect) {
    model->on_effect(device, effect, clock.now());
  }
  void alive(std::string_view device = "meter", Milliseconds lease = 30s) {
    say(device, Alive{"", lease});
  }
  void read(std::string_view key, Value value, std::string_view device = "meter") {
    alive(device);
    say(device, Reading{"", key, "wire", value});
  }
  void power(std::int64_t watts) { read("power_import", Decimal{watts, 0}); }
  // So often ten seconds, the power with each.
  void live(int times, std::int64_t watts = 100) {
    for (int n = 0; n < times; ++n) {
      power(watts);
      clock.advance(10s);
    }
  }
  std::string end() {
    days.answer();
    lines->end();
    return days.text;
  }
  int logged(std::string_view words) const {
    return static_cast<int>(
        std::count_if(log.lines.begin(), log.lines.end(),
                      [&](const std::string& line) { return line.find(words) != line.npos; }));
  }

  SetClock clock;
  Zone zone = *Zone::named("Europe/Oslo");
  model::PlayedMemory earlier;
  MemoryLog log;
  PlayedDays days;
  std::unique_ptr<model::Model> model;
  std::unique_ptr<DayLines> lines;
};

}  // namespace gridtap::history
