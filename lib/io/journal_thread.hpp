#pragma once
// The history's file beside the loop: a card may stall for a minute, and no line notices. Calls
// wait in a queue and run one after the other on a thread of their own; who asks bounds the queue.

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/journal.hpp"
#include "io/background.hpp"
#include "io/backup_place.hpp"

namespace gridtap::io {

class JournalThread final : public Journal {
 public:
  static constexpr std::chrono::seconds patience{5};  // with a disk that stalls at the end

  // `file`: DIRECTORY/history.db, as SqliteJournal opens it. `copies`: where whole copies go;
  // nothing: nowhere. Loop and log outlive it.
  JournalThread(Loop& loop, Log& log, std::string file, std::optional<BackupPlace> copies = {});
  ~JournalThread() override;  // as close()

  void on_mended(std::function<void(const std::string&)> call) override {
    on_mended_ = std::move(call);
  }
  void open(OnOpened on_opened) override;
  void write(std::vector<SeriesSlots> slots, OnDone on_done) override;
  void tidy(SlotTime ended, SlotTime forgotten, OnDone on_done) override;
  void read(std::string series, SlotTime begin, SlotTime end, OnSlots on_slots) override;
  // Waits, with patience. The loop need not run. Nothing may be asked for after it.
  void close() override;
  void back_up(std::string day, OnDone on_done) override;

 private:
  // What the thread has, and keeps where it is left behind.
  struct Desk;
  struct Call {
    std::function<void()> work;    // on the thread
    std::function<void()> answer;  // on the loop
  };
  // Asks for what ends with the figures of the file.
  void ask_done(std::function<JournalResult<void>(Desk&)> work, OnDone on_done);
  template <class Result, class Work>
  void ask(Work work, std::function<void(Result)> on_result);
  void add(Call call);
  void next();
  void finished();
  void say_notice();
  void tell_mended();

  Log& log_;
  std::shared_ptr<Desk> desk_;
  Background background_;
  std::deque<Call> waiting_;
  std::function<void()> answer_;  // of the call that runs
  std::function<void(const std::string&)> on_mended_;
  bool running_ = false, closed_ = false;
};

}  // namespace gridtap::io
