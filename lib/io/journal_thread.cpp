#include "io/journal_thread.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "io/journal_backup.hpp"
#include "io/sqlite_journal.hpp"

namespace gridtap::io {

struct JournalThread::Desk {
  std::string file;
  std::optional<BackupPlace> copies;
  std::unique_ptr<SqliteJournal> journal = {};
  std::string notice = {};  // for the log, which belongs to the loop
  std::string mended = {};

  JournalResult<JournalContents> open() {
    journal.reset();
    auto opened = SqliteJournal::open(file, SqliteJournal::Use::keep,
                                      copies ? copies->directory : std::string());
    if (!opened) return tl::unexpected(std::move(opened).error());
    journal = std::move(*opened);
    auto series = journal->series();
    if (!series) return tl::unexpected(std::move(series).error());
    return JournalContents{*std::move(series), copies ? newest_copy(*copies) : std::nullopt};
  }
  JournalResult<JournalFigures> back_up(const std::string& day) {
    if (!journal) return tl::unexpected(closed());
    if (!copies) return journal->figures();
    const auto copied = io::back_up(*journal, *copies, day);
    if (!copied) return tl::unexpected(copied.error());
    auto figures = journal->figures();
    if (figures) figures->copied = *copied;
    return figures;
  }
  void take_news() {
    if (!journal) return;
    notice += journal->take_notice();
    mended += journal->take_mended();
  }
  JournalError closed() const { return {JournalFault::other, file + " is not open"}; }
};

JournalThread::JournalThread(Loop& loop, Log& log, std::string file,
                             std::optional<BackupPlace> copies)
    : log_(log),
      desk_(std::make_shared<Desk>(Desk{std::move(file), std::move(copies)})),
      background_(loop) {}

JournalThread::~JournalThread() { close(); }

// The result crosses from the thread to the loop in a place that both hold.
template <class Result, class Work>
void JournalThread::ask(Work work, std::function<void(Result)> on_result) {
  auto result = std::make_shared<std::optional<Result>>();
  add({[desk = desk_, result, work = std::move(work)] {
         *result = work(*desk);
         desk->take_news();
       },
       [result, on_result = std::move(on_result)] { on_result(std::move(**result)); }});
}

void JournalThread::open(OnOpened on_opened) {
  ask<JournalResult<JournalContents>>([](Desk& desk) { return desk.open(); }, std::move(on_opened));
}

void JournalThread::ask_done(std::function<JournalResult<void>(Desk&)> work, OnDone on_done) {
  using Done = JournalResult<JournalFigures>;
  ask<Done>(
      [work = std::move(work)](Desk& desk) -> Done {
        if (!desk.journal) return tl::unexpected(desk.closed());
        const auto done = work(desk);
        return done ? desk.journal->figures() : Done(tl::unexpected(done.error()));
      },
      std::move(on_done));
}

void JournalThread::write(std::vector<SeriesSlots> slots, OnDone on_done) {
  ask_done([slots = std::move(slots)](Desk& desk) { return desk.journal->write(slots); },
           std::move(on_done));
}

void JournalThread::tidy(SlotTime ended, SlotTime forgotten, OnDone on_done) {
  ask_done([ended, forgotten](Desk& desk) { return desk.journal->tidy(ended, forgotten); },
           std::move(on_done));
}

void JournalThread::back_up(std::string day, OnDone on_done) {
  ask<JournalResult<JournalFigures>>(
      [day = std::move(day)](Desk& desk) { return desk.back_up(day); }, std::move(on_done));
}

void JournalThread::read(std::string series, SlotTime begin, SlotTime end, OnSlots on_slots) {
  using Slots = JournalResult<std::vector<Slot>>;
  ask<Slots>(
      [series = std::move(series), begin, end](Desk& desk) -> Slots {
        if (!desk.journal) return tl::unexpected(desk.closed());
        return desk.journal->read(series, begin, end);
      },
      std::move(on_slots));
}

void JournalThread::add(Call call) {
  waiting_.push_back(std::move(call));
  next();
}

void JournalThread::next() {
  if (running_ || closed_ || waiting_.empty()) return;
  running_ = true;
  answer_ = std::move(waiting_.front().answer);
  auto work = std::move(waiting_.front().work);
  waiting_.pop_front();
  background_.run(std::move(work), [this] { finished(); });
}

// The answer may ask for more, or close.
void JournalThread::finished() {
  if (closed_) return;
  running_ = false;
  say_notice();
  tell_mended();
  std::exchange(answer_, nullptr)();
  next();
}

void JournalThread::say_notice() {
  if (!desk_->notice.empty()) {
    log_.write(Level::warning, "gateway", std::exchange(desk_->notice, {}));
  }
}

void JournalThread::tell_mended() {
  const std::string mended = std::exchange(desk_->mended, {});
  if (!mended.empty() && on_mended_) on_mended_(mended);
}

void JournalThread::close() {
  if (std::exchange(closed_, true)) return;
  if (background_.idle() && waiting_.empty() && !desk_->journal) return;
  const auto end = std::chrono::steady_clock::now() + patience;
  const auto wait = [&] {
    const auto left = std::max(end - std::chrono::steady_clock::now(), {});
    return background_.wait(std::chrono::ceil<std::chrono::milliseconds>(left));
  };
  bool done = wait();
  if (done) {
    background_.run(
        [desk = desk_, calls = std::exchange(waiting_, {})] {
          for (const Call& call : calls) call.work();
          desk->journal.reset();
        },
        [] {});
    done = wait();
  }
  if (done) return say_notice();
  log_.write(Level::warning, "gateway",
             "the disk of " + desk_->file + " takes longer than " +
                 std::to_string(patience / std::chrono::seconds(1)) +
                 " s to write the history: not waited for");
}

}  // namespace gridtap::io
