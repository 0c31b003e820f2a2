#pragma once
// A house whose history is recorded, run after run: a clock that can be set, a journal that is no
// file and answers when the test wants, devices that the test plays.

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "history/keeper.hpp"
#include "history/slot_rig.hpp"
#include "io/manual_clock.hpp"
#include "model/model_rig.hpp"

namespace gridtap::history {

using namespace std::chrono_literals;

// Its time of day can be unknown, and set, while time runs on.
class SetClock final : public Clock {
 public:
  explicit SetClock(std::optional<Instant> wall) { set(wall); }
  Now now() const override {
    Now now = running_.now();
    if (wall_) now.wall = *wall_ + std::chrono::floor<Milliseconds>(now.mono - set_at_);
    return now;
  }
  std::unique_ptr<Timer> timer(std::function<void()> due) override {
    return running_.timer(std::move(due));
  }
  void set(std::optional<Instant> wall) {
    wall_ = wall;
    set_at_ = running_.now().mono;
  }
  void advance(Milliseconds by) { running_.advance(by); }
  void advance_to(Instant wall) { advance(wall - *now().wall); }
  Instant wall() const { return *now().wall; }

 private:
  io::ManualClock running_;
  std::optional<Instant> wall_;
  Mono set_at_{};
};

// Answers after `delay`. What it holds is what a file would, in memory.
class PlayedJournal final : public Journal {
 public:
  struct File {
    SeriesHead head;
    std::map<SlotTime, Slot> slots = {};
  };

  explicit PlayedJournal(Clock& clock) : clock_(clock), timer_(clock.timer([this] { answer(); })) {}

  void on_mended(std::function<void(const std::string&)> call) override {
    mended = std::move(call);
  }
  void open(OnOpened on_opened) override {
    ++opens;
    later([this, on_opened] {
      if (is_closed_) return;
      if (fault) return on_opened(tl::unexpected(*fault));
      JournalContents all{{}, copied};
      for (const auto& [name, file] : files) {
        all.series.push_back({file.head});
        if (!file.slots.empty()) all.series.back().newest = file.slots.rbegin()->second;
      }
      on_opened(std::move(all));
    });
  }
  void write(std::vector<SeriesSlots> slots, OnDone on_done) override {
    CHECK_FALSE(slots.empty());
    ++writes;
    later([this, slots = std::move(slots), on_done] {
      if (!fault) take(slots);
      done(on_done);
    });
  }
  void tidy(SlotTime ended, SlotTime forgotten, OnDone on_done) override {
    tidied.emplace_back(ended, forgotten);
    later([this, on_done] { done(on_done); });
  }
  void back_up(std::string day, OnDone on_done) override {
    const bool is_new = std::find(copies.begin(), copies.end(), day) == copies.end();
    copies.push_back(std::move(day));
    later([this, is_new, on_done] {
      const auto kept = std::exchange(fault, copy_fault);
      if (!fault && is_new) copied = clock_.now().wall;
      done(on_done);
      fault = kept;
    });
  }
  void read(std::string, SlotTime, SlotTime, OnSlots) override {}
  // What was asked for is still done.
  void close() override {
    ++closes;
    is_closed_ = true;
    while (!asked_.empty()) answer();
    is_closed_ = false;
  }
  // The power fails: nothing more is done.
  void kill() { asked_.clear(); }

  const std::map<SlotTime, Slot>& slots(const std::string& name) { return files[name].slots; }
  std::vector<Slot> all(const std::string& name) {
    std::vector<Slot> all;
    for (const auto& [start, slot] : files[name].slots) all.push_back(slot);
    return all;
  }
  void keep(SeriesHead head, const std::vector<Slot>& slots) { take({{std::move(head), slots}}); }

  std::map<std::string, File> files;
  std::optional<JournalError> fault, copy_fault;
  std::function<void(const std::string&)> mended;
  std::optional<Instant> copied;
  std::vector<std::string> copies;
  Milliseconds delay{5};
  int opens = 0, writes = 0, closes = 0;
  std::uint64_t rows = 0;
  std::vector<std::pair<SlotTime, SlotTime>> tidied;

 private:
  void later(std::function<void()> call) {
    asked_.push_back(std::move(call));
    timer_->set(clock_.now().mono + delay);
  }
  void answer() {
    while (!asked_.empty()) {
      const auto call = std::move(asked_.front());
      asked_.pop_front();
      call();
    }
  }
  void done(const OnDone& on_done) {
    if (is_closed_) return;
    if (fault) return on_done(tl::unexpected(*fault));
    on_done(JournalFigures{rows * 27, copied});
  }
  void take(const std::vector<SeriesSlots>& slots) {
    for (const SeriesSlots& each : slots) {
      File& file = files.try_emplace(each.head.name, File{each.head}).first->second;
      CHECK(file.head == each.head);
      for (const Slot& slot : each.slots) {
        CHECK(slot.covered >= 0);
        CHECK(slot.covered <= 900);
        file.slots.insert_or_assign(slot.start, slot);
        ++rows;
      }
    }
  }

  Clock& clock_;
  std::unique_ptr<Timer> timer_;
  std::deque<std::function<void()>> asked_;
  bool is_closed_ = false;
};

// A meter with a gas meter behind it, and a relay of the gateway. start() and end() are a run.
struct HistoryHouse {
  explicit HistoryHouse(std::optional<Instant> wall = noon) : clock(wall), journal(clock) {}
  ~HistoryHouse() { kill(); }
  HistoryHouse(const HistoryHouse&) = delete;
  HistoryHouse& operator=(const HistoryHouse&) = delete;

  void start() {
    model::Options model_options;
    model_options.devices = {{"meter", "", 60s}, {"solar", "", 60s}};
    model = std::make_unique<model::Model>(model_options, clock, earlier, log);
    keeper = std::make_unique<Keeper>(options, journal, clock, log, zone);
    model->add(keeper->observer());
    keeper->start();
    identify(serial);
    say("meter", Identified{"1", {"gas", "G1", "G1", "", "", ""}});
  }
  void end() {
    if (keeper != nullptr) keeper->end();
    clear();
  }
  void kill() {
    journal.kill();
    PlayedJournal unwritten(clock);
    std::swap(unwritten.files, journal.files);  // the end of the keeper writes into the wind
    const int before = journal.writes;
    if (keeper != nullptr) keeper->end();
    std::swap(unwritten.files, journal.files);
    journal.writes = before;
    clear();
  }
  void restart(Milliseconds pause) {
    end();
    clock.advance(pause);
    start();
  }

  void say(std::string_view device, const Effect& effect) {
    model->on_effect(device, effect, clock.now());
  }
  void identify(std::string_view its_serial) {
    serial = its_serial;
    say("meter", Identified{"", {"", serial, serial, "", "", ""}});
    earlier.devices["meter"].identity = serial;
    earlier.devices["meter"].wire_identity = serial;
  }
  void alive(Milliseconds lease = 30s) {
    for (const char* channel : {"", "1"}) say("meter", Alive{channel, lease});
  }
  void offline() { alive(0s); }
  void read(std::string_view key, Value value, std::optional<Instant> at = {}) {
    say("meter", Reading{"", key, "wire", value, at});
  }
  void power(std::int64_t watts) { read("power_import", Decimal{watts, 0}); }
  void energy(std::int64_t its_wh) { read("energy_import", wh(its_wh)); }
  void gas(std::int64_t litres, std::optional<Instant> at = {}) {
    say("meter", Reading{"1", "gas", "wire", wh(litres), at});
  }
  // A telegram each minute: a kilowatt, and 16 or 17 Wh.
  void live(std::chrono::minutes time) {
    for (; time > 0min; time -= 1min) {
      telegram();
      clock.advance(1min);
      total += ++minutes % 3 == 0 ? 16 : 17;
    }
  }
  void telegram() {
    alive();
    power(1000);
    energy(total);
  }

  std::vector<Slot> unwritten(std::string_view series) {
    return keeper->pending(series, SlotTime::min(), SlotTime::max());
  }
  int logged(std::string_view text) const {
    int count = 0;
    for (const std::string& line : log.lines) count += line.find(text) != line.npos ? 1 : 0;
    return count;
  }

  SetClock clock;
  PlayedJournal journal;
  KeeperOptions options;
  Zone zone = *Zone::named("Europe/Oslo");
  model::PlayedMemory earlier;
  MemoryLog log;
  std::unique_ptr<model::Model> model;
  std::unique_ptr<Keeper> keeper;
  std::string serial = "E1";
  std::int64_t total = 5000;
  int minutes = 0;

 private:
  void clear() {
    if (keeper != nullptr && model != nullptr) model->remove(keeper->observer());
    model.reset();
    keeper.reset();
  }
};

inline const std::string power_series = "meter/power_import", energy_series = "meter/energy_import",
                         gas_series = "meter_gas/gas";

inline std::int32_t covered(const std::vector<Slot>& slots) {
  std::int32_t sum = 0;
  for (const Slot& slot : slots) sum += slot.covered;
  return sum;
}

inline bool is_whole(const std::vector<Slot>& slots) {
  return std::all_of(slots.begin(), slots.end(),
                     [](const Slot& slot) { return slot.covered == 900; });
}

}  // namespace gridtap::history
