#include "history/keeper.hpp"

#include <algorithm>
#include <utility>

#include "core/ids.hpp"
#include "history/periods.hpp"

namespace gridtap::history {
namespace {

using std::chrono::hours;

// The hour that is to be in the file by then.
Instant hour_of(Instant time) { return std::chrono::floor<hours>(time - Keeper::commit_delay); }

}  // namespace

Keeper::Keeper(KeeperOptions options, Journal& journal, Clock& clock, Log& log, Zone zone)
    : options_(std::move(options)),
      journal_(journal),
      clock_(clock),
      log_(log),
      zone_(zone),
      recorder_(options_.series, clock, log,
                [this] {
                  swap_ = clock_.now().mono + swap_delay;
                  schedule();
                }),
      timer_(clock.timer([this] { on_timer(); })) {
  journal_.on_mended([this](const std::string& what) { was_mended(what); });
}

Keeper::~Keeper() {
  end();
  journal_.on_mended(nullptr);
}

void Keeper::start() {
  if (const Now now = clock_.now(); now.wall)
    committed_hour_ = std::chrono::floor<hours>(*now.wall);
  open();
  on_timer();
}

void Keeper::end() {
  if (std::exchange(phase_, Phase::ended) == Phase::ended) return;
  timer_.reset();
  recorder_.collect(clock_.now(), true);
  auto slots = recorder_.hand_out();
  if (is_resumed_ && !slots.empty()) journal_.write(std::move(slots), [](const auto&) {});
  journal_.close();
  recorder_.stop();
}

std::vector<Slot> Keeper::pending(std::string_view series, SlotTime begin, SlotTime end) {
  recorder_.collect(clock_.now());
  return recorder_.pending(series, begin, end);
}

// ---- the journal --------------------------------------------------------------------------------

void Keeper::open() {
  phase_ = Phase::opening;
  retry_ = Mono::max();
  journal_.open([this](auto kept) { opened(std::move(kept)); });
}

// After a failure, success is logged only once something has been written.
void Keeper::opened(JournalResult<JournalContents> kept) {
  if (!kept) {
    phase_ = Phase::closed;
    return failed(kept.error());
  }
  phase_ = Phase::idle;
  if (!std::exchange(is_resumed_, true)) recorder_.resume(std::move(kept->series));
  if (kept->copied) copied_ = kept->copied;
  tell();
  if (is_failing_) {
    retry_ = clock_.now().mono;
  } else if (const Now now = clock_.now(); now.wall) {
    copy(day_of(now));
  }
  schedule();
}

void Keeper::commit(Now now) {
  committed_hour_ = hour_of(*now.wall);
  retry_ = swap_ = Mono::max();
  auto slots = recorder_.hand_out();
  if (slots.empty()) {
    worked();
    return tend(now);
  }
  phase_ = Phase::busy;
  journal_.write(std::move(slots), [this](const auto& figures) { answered(figures, false); });
}

// What a day asks for, one after the other; behind a long gap, of which each portion is written.
void Keeper::tend(Now now) {
  if (!now.wall || recorder_.has_more()) return;
  const Instant day = day_of(now);
  tidied_day_ == day ? copy(day) : tidy(day);
}

Instant Keeper::day_of(Now now) const { return period_of(*now.wall, Step::day, zone_).begin; }

void Keeper::tidy(Instant day) {
  tidied_day_ = day;
  SlotTime forgotten{};
  if (options_.keep) {  // from noon, as days may have 25 hours
    forgotten = slot_of(period_of(day - *options_.keep + hours{12}, Step::day, zone_).begin);
  }
  phase_ = Phase::busy;
  journal_.tidy(slot_of(day), forgotten, [this](const auto& figures) { answered(figures, true); });
}

// A full disk may have room later; for all else the file is opened again, which mends what it can.
void Keeper::answered(const JournalResult<JournalFigures>& figures, bool is_tidy) {
  if (is_tidy && !figures) tidied_day_.reset();
  if (!is_tidy) figures ? recorder_.written() : recorder_.not_written();
  if (!figures) {
    phase_ = figures.error().fault == JournalFault::full ? Phase::idle : Phase::closed;
    return failed(figures.error());
  }
  phase_ = Phase::idle;
  bytes_ = figures->bytes;
  worked();
  tell();
  tend(clock_.now());
  schedule();
}

// Named by the day on which it is made.
void Keeper::copy(Instant day) {
  if (!options_.copies || copied_day_ == day) return;
  std::string name;
  append(name, Timestamp{day, zone_.offset_at(day)});
  copied_day_ = day;
  phase_ = Phase::busy;
  journal_.back_up(name.substr(0, 10), [this](const auto& figures) { was_copied(figures); });
}

// The history itself is well without a copy.
void Keeper::was_copied(const JournalResult<JournalFigures>& figures) {
  phase_ = Phase::idle;
  const bool failed_before = std::exchange(copy_failed_, !figures);
  if (figures) {
    copied_ = figures->copied;
    condition_.copied();
    if (failed_before) log_.write(Level::info, gateway_device, "history: a copy was made again");
  } else {
    copied_day_.reset();
    const std::string why = "no copy was made: " + figures.error().detail;
    condition_.not_copied(why);
    if (!failed_before) log_.write(Level::warning, gateway_device, "history: " + why);
  }
  tell();
  schedule();
}

void Keeper::failed(const JournalError& error) {
  if (!std::exchange(is_failing_, true)) {
    log_.write(Level::warning, gateway_device, "history: " + error.detail);
  }
  condition_.failed(error);
  retry_ = clock_.now().mono + pause_;
  pause_ = std::min(2 * pause_, longest_retry);
  if (error.fault == JournalFault::newer_form) {
    phase_ = Phase::closed;
    retry_ = Mono::max();
    recorder_.stop();
  }
  tell();
  schedule();
}

void Keeper::worked() {
  pause_ = first_retry;
  if (!std::exchange(is_failing_, false)) return;
  log_.write(Level::info, gateway_device, "history: it is written again");
  condition_.works();
  tell();
}

// The journal has said it in the log.
void Keeper::was_mended(const std::string& what) {
  condition_.mended(what, clock_.now().mono);
  tell();
}

void Keeper::tell() {
  const Told now{state(), bytes_, copied_};
  if (std::exchange(told_, now) != now && on_change_) on_change_();
}

// ---- time ---------------------------------------------------------------------------------------

void Keeper::on_timer() {
  const Now now = clock_.now();
  condition_.pass(now.mono);
  tell();
  recorder_.collect(now);
  if (phase_ != Phase::idle) recorder_.trim();
  if (phase_ == Phase::closed && retry_ <= now.mono) open();
  if (phase_ == Phase::idle && is_due(now)) commit(now);
  schedule();
}

bool Keeper::is_due(Now now) {
  if (!now.wall) return false;
  if (!committed_hour_) committed_hour_ = hour_of(*now.wall);
  if (is_failing_) return retry_ <= now.mono;
  return committed_hour_ != hour_of(*now.wall) || swap_ <= now.mono || recorder_.has_more();
}

void Keeper::schedule() {
  if (timer_ == nullptr) return;
  const Now now = clock_.now();
  Mono due = std::min(now.mono + look_period, is_failing_ ? Mono::max() : swap_);
  if (phase_ == Phase::closed || phase_ == Phase::idle) due = std::min(due, retry_);
  const bool goes_on = phase_ == Phase::idle && !is_failing_ && now.wall && recorder_.has_more();
  if (goes_on) due = now.mono;
  if (now.wall) {
    due =
        std::min<Mono>(due, now.mono + (hour_of(*now.wall) + hours{1} + commit_delay - *now.wall));
  }
  timer_->set(due);
}

}  // namespace gridtap::history
