#include "gateway/session.hpp"

#include <algorithm>
#include <utility>

namespace gridtap {

using namespace std::chrono_literals;

Session::Session(SessionOptions options, Clock& clock, Line* line, std::unique_ptr<Adapter> adapter,
                 std::vector<std::unique_ptr<Rule>> rules, Sink& sink)
    : options_(std::move(options)),
      clock_(clock),
      line_(line),
      adapter_(std::move(adapter)),
      rules_(std::move(rules)),
      sink_(sink),
      timer_(clock.timer([this] { on_timer(); })),
      search_(options_.serial, options_.search),
      backoff_(options_.retry_first, options_.retry_longest, options_.seed),
      switches_(options_.dwell) {}

void Session::start() {
  step([&] { for_each_part([&](Part* part) { part->on_start(now_, as(part)); }); });
  if (line_ != nullptr) open_line();
}

// What is buffered is judged after the last words of the parts: it changes what they remember.
void Session::stop() {
  if (stopped_) return;
  step([&] {
    for_each_part([&](Part* part) { part->on_stop(now_, as(part)); });
    stopped_ = true;
    reconnect_.reset();
    release_.reset();
    if (open_) end_adapter("gridtap ends");
  });
  timer_->set(Mono::max());
}

// The sink hears that the device goes; rules hear only of the line: it is no trouble.
void Session::go_offline() {
  stop();
  if (!std::exchange(open_, false) && !std::exchange(released_, false)) return;
  step([&] {
    released_ = false;
    end_leases();
    tell_rules(nullptr);
  });
}

void Session::close() {
  go_offline();
  if (line_ != nullptr) line_->close();
}

void Session::command(const Command& command) {
  step([&] {
    const auto owner = owners_.find({std::string(command.channel), std::string(command.key)});
    if (owner == owners_.end()) {
      as(adapter_.get())(refusal(command, Fault::unsupported, "takes no commands"));
    } else if (owner->second != adapter_.get()) {
      owner->second->on_command(command, now_, as(owner->second));
    } else if (line_ != nullptr && !open_ && !released_) {
      as(adapter_.get())(refusal(command, Fault::io, "the line to the device is not open"));
    } else if (switches_.admit(command, now_.mono)) {
      command_adapter(command);
    }
  });
}

void Session::command_adapter(const Command& command) {
  if (command.expires && *command.expires <= now_.mono) {
    return as(adapter_.get())(refusal(command, Fault::refused, "it expired while it waited"));
  }
  adapter_->on_command(command, now_, as(adapter_.get()));
}

void Session::command_due() {
  while (const auto held = switches_.take_due(now_.mono)) command_adapter(held->command());
}

// Not what waits for a switch: the line may be gone for hours.
void Session::end_adapter(std::string_view why) {
  if (!adapter_) return;
  adapter_->on_close(now_, as(adapter_.get()));
  while (const auto held = switches_.take_any()) {
    as(adapter_.get())(refusal(held->command(), Fault::io, why));
  }
}

Rejected Session::refusal(const Command& command, Fault fault, std::string_view why) {
  return {command.channel, command.key, command.text, {fault, std::string(why)}};
}

void Session::broker(bool connected) {
  step([&] {
    for (const auto& rule : rules_) rule->on_broker(connected, now_, as(rule.get()));
  });
}

void Session::save(Store& store) const {
  for_each_part([&](const Part* part) { store.put(record_of(*part), part->state()); });
  if (options_.search) store.put(options_.id + ".line", search_.state());
}

void Session::restore(Store& store) {
  store_ = &store;
  for_each_part([&](Part* part) { part->restore(store.get(record_of(*part))); });
  search_.restore(store.get(options_.id + ".line"));
}

void Session::inherit(std::string_view earlier_id) {
  if (store_ == nullptr) return;
  step([&] {
    for (const auto& rule : rules_) {
      const std::string record = std::string(earlier_id) + '.' + std::string(rule->name());
      const std::string text = store_->get(record);
      if (text.empty()) continue;
      rule->restore(text);
      rule->on_start(now_, as(rule.get()));
      store_->put(record_of(*rule), text, true);
      store_->put(record, {}, true);
    }
  });
}

std::string Session::record_of(const Part& part) const {
  for (const auto& rule : rules_) {
    if (rule.get() == &part) return options_.id + '.' + std::string(rule->name());
  }
  return options_.id + ".adapter";
}

// At the end of the call that asked for it, when the state of the part is whole.
void Session::keep() {
  for (const Part* part : std::exchange(to_keep_, {})) {
    if (store_ != nullptr) store_->put(record_of(*part), part->state(), true);
  }
}

void Session::on_effect(std::string_view device, const Effect& effect, Now) {
  step([&] {
    for (const auto& rule : rules_) rule->on_effect(device, effect, now_, as(rule.get()));
  });
}

// ---- transactions -------------------------------------------------------------------------------

// A call that arrives inside another (an answer that comes at once) joins its transaction.
template <class Call>
void Session::step(Call call) {
  const bool outermost = !busy_;
  if (outermost) now_ = clock_.now();
  busy_ = true;
  call();
  if (!outermost) return;
  busy_ = false;
  if (!to_keep_.empty()) keep();
  if (reconnect_) close_line(*std::exchange(reconnect_, std::nullopt));
  if (release_) release_line(*std::exchange(release_, std::nullopt));
  set_timer();
}

template <class Call>
void Session::for_each_part(Call call) const {
  if (adapter_) call(static_cast<Part*>(adapter_.get()));
  for (const auto& rule : rules_) call(static_cast<Part*>(rule.get()));
}

Effects& Session::as(Part* part) {
  speaker_ = part;
  return *this;
}

void Session::operator()(const Effect& effect) {
  Part* const speaker = speaker_;
  follow(effect);
  // A frame ends for the sink when the rules have added to it: what they make of the readings of a
  // telegram belongs to that telegram.
  const bool ends_frame = std::holds_alternative<Frame>(effect);
  if (!ends_frame) sink_.on_effect(options_.id, effect, now_);
  if (!caused_by_stop(effect)) feed_rules(effect, speaker);
  if (ends_frame) sink_.on_effect(options_.id, effect, now_);
  speaker_ = speaker;
}

// An orderly end cuts a frame off and takes the device offline: not a fault that a rule should
// report.
bool Session::caused_by_stop(const Effect& effect) const {
  const auto* alive = std::get_if<Alive>(&effect);
  const bool ends_lease = alive != nullptr && alive->lease == 0ms;
  return stopped_ && (ends_lease || std::holds_alternative<Dropped>(effect));
}

// Rules hear the adapter, and the rules before them: an alarm the live energy, the report all.
void Session::feed_rules(const Effect& effect, const Part* speaker) {
  bool hears = speaker == adapter_.get();
  for (const auto& rule : rules_) {
    if (hears) rule->on_effect(options_.id, effect, now_, as(rule.get()));
    hears = hears || rule.get() == speaker;
  }
}

void Session::tell_rules(const Error* why) {
  const std::string setting = options_.serial.empty() ? std::string{} : to_text(search_.setting());
  const LineState state{open_, setting, why};
  for (const auto& rule : rules_) rule->on_line(state, now_, as(rule.get()));
}

void Session::follow(const Effect& effect) {
  std::visit(overloaded{
                 [&](const Send& send) {
                   if (line_ != nullptr && open_) line_->write(send.bytes);
                 },
                 [&](const Reconnect& reconnect) { reconnect_ = reconnect.why; },
                 [&](const Release& release) { release_ = release.time; },
                 [&](const Keep&) {
                   if (std::find(to_keep_.begin(), to_keep_.end(), speaker_) == to_keep_.end()) {
                     to_keep_.push_back(speaker_);
                   }
                 },
                 [&](const Entity& entity) { declare(entity); },
                 [&](const Reading& reading) { switches_.hear(reading, now_.mono); },
                 [&](const Rejected& rejected) { switches_.hear(rejected, now_.mono); },
                 [&](const Frame&) {
                   backoff_.reset();
                   search_.frame_came();
                   silence_said_ = false;
                 },
                 [&](const Diagnosis& found) {
                   if (is_wrong_setting(found.cause)) {
                     search_.hurry(now_.mono);
                   }
                 },
                 [&](const Alive& alive) { renew(alive); },
                 [](const auto&) {},
             },
             effect);
}

void Session::declare(const Entity& entity) {
  owners_[{std::string(entity.channel), std::string(entity.spec->key)}] = speaker_;
  const bool is_switch = entity.spec->platform == Platform::toggle;
  if (is_switch && speaker_ == adapter_.get()) switches_.declare(entity.channel, entity.spec->key);
}

void Session::renew(const Alive& alive) {
  if (alive.lease == 0ms) return leases_.end(alive.channel);
  const bool own = alive.channel.empty() && options_.offline_after > 0ms;
  if (leases_.set(alive.channel, now_.mono + (own ? options_.offline_after : alive.lease))) return;
  too_many_channels_.say("more than " + std::to_string(Leases::max_channels) +
                             " channels: it is not noticed when `" + std::string(alive.channel) +
                             "` and those that follow fall silent",
                         as(adapter_.get()));
}

// ---- the line -----------------------------------------------------------------------------------

void Session::open_line() {
  retry_at_ = Mono::max();
  line_->open(search_.setting(), *this);
}

void Session::on_open() {
  step([&] {
    open_ = true;
    heard_at_.reset();
    opened_at_ = now_.mono;
    // The search for the setting opens anew every few seconds; the silence is one all the same.
    if (silent_at_ == Mono::max()) silent_at_ = now_.mono + first_bytes_wait;
    search_.opened(now_.mono);
    if (!std::exchange(released_, false)) tell_rules(nullptr);
    if (adapter_) adapter_->on_open(now_, as(adapter_.get()));
  });
}

void Session::on_bytes(ByteView bytes) {
  step([&] {
    bytes_ += bytes.size();
    heard_at_ = now_.mono;
    silent_at_ = Mono::max();
    search_.bytes_came();
    if (adapter_) adapter_->on_bytes(bytes, now_, as(adapter_.get()));
  });
}

void Session::on_closed(const Error& why) {
  step([&] { lost(why); });
}

void Session::close_line(const Error& why) {
  if (line_ == nullptr) return;
  line_->close();
  step([&] { lost(why); });
}

// Nothing is lost: leases of the device hold for as long as it gave them.
void Session::release_line(std::chrono::milliseconds time) {
  if (line_ == nullptr || !open_) return;
  line_->close();
  open_ = false;
  released_ = true;
  silent_at_ = Mono::max();
  retry_at_ = now_.mono + time;
}

void Session::lost(const Error& why) {
  released_ = false;
  if (open_) end_adapter("the line to the device was lost");
  const auto delay = retry_delay();
  open_ = false;
  silent_at_ = Mono::max();
  end_leases();
  tell_rules(&why);
  retry_at_ = now_.mono + delay;
}

std::chrono::milliseconds Session::retry_delay() {
  const bool turned_away = open_ && !heard_at_ && options_.retry_longest > options_.retry_first &&
                           now_.mono - opened_at_ < turned_away_within;
  return turned_away ? backoff_.next_up_to(turned_away_longest) : backoff_.next();
}

// ---- time ---------------------------------------------------------------------------------------

void Session::on_timer() {
  step([&] {
    end_leases();
    judge_silence();
    command_due();
    for_each_part([&](Part* part) {
      if (part->next_wake() <= now_.mono) part->on_wake(now_, as(part));
    });
  });
  if (stopped_ || line_ == nullptr) return;
  if (open_ && search_.due() <= now_.mono) return try_next_setting();
  if (retry_at_ <= now_.mono) open_line();
}

// Those whose time is up; on a closed line, all.
void Session::end_leases() {
  const Mono until = open_ || released_ ? now_.mono : Mono::max();
  while (const auto channel = leases_.take_ended(until)) {
    if (channel->empty() && open_) {
      search_.lost();
      search_.opened(now_.mono);
      silent_at_ = heard_at_.value_or(opened_at_) + first_bytes_wait;
    }
    as(adapter_.get())(Alive{*channel, 0ms});
  }
}

// Once until the next good frame; what bytes without a frame mean is the adapter's to say.
void Session::judge_silence() {
  if (!open_ || silent_at_ > now_.mono) return;
  silent_at_ = Mono::max();
  if (options_.silence.empty() || std::exchange(silence_said_, true)) return;
  as(adapter_.get())(
      Diagnosis{Cause::no_bytes, "the line is open but silent: " + std::string(options_.silence)});
}

void Session::try_next_setting() {
  line_->close();
  step([&] {
    end_adapter("the line to the device was lost");
    open_ = false;
    search_.try_next();
  });
  open_line();
}

void Session::set_timer() {
  if (stopped_) return;
  Mono next = std::min({retry_at_, silent_at_, leases_.next_end(), switches_.next_due()});
  if (open_) next = std::min(next, search_.due());
  for_each_part([&](Part* part) { next = std::min(next, part->next_wake()); });
  timer_->set(next);
}

}  // namespace gridtap
