#include "rules/relay_bank.hpp"

#include <algorithm>
#include <utility>

namespace gridtap {

RelayBank::RelayBank(const std::vector<RelaySettings>& settings, Zone zone) : zone_(zone) {
  for (const RelaySettings& each : settings) relays_.emplace_back().settings = each;
}

void RelayBank::start(Now now, std::string_view boot) {
  note(now);
  boot_ = boot;
  broker_lost_ = now_;
  for (Relay& relay : relays_) {
    relay.since = now_;
    for (const KeptRelay& kept : restored_.relays) {
      if (kept.name == relay.settings.name) resume(relay, kept);
    }
    begin(relay);
  }
  restored_ = {};
  settle();
}

// `last` goes on as if its last command had just come again.
void RelayBank::begin(Relay& relay) {
  const AtStart at_start = relay.settings.at_start;
  relay.starting = at_start != AtStart::last;
  relay.wish = at_start == AtStart::on || (at_start == AtStart::last && relay.wish);
  relay.wish_why = RelayWhy::at_start;
}

std::optional<Error> RelayBank::command(std::size_t number, bool on, Now now) {
  note(now);
  Relay& relay = relays_[number];
  const bool was_starting = std::exchange(relay.starting, false);
  auto refused = on || ended_ || relay.line == Line::failed ? refusal(relay) : std::nullopt;
  if (refused) {
    relay.starting = was_starting;
  } else {
    relay.wish = on;
    relay.wish_why = RelayWhy::command;
    if (!relay.on) relay.used = {};
    if (!on) relay.loss_over = broker_is_gone(relay);
  }
  settle();
  return refused;
}

void RelayBank::on_broker(bool connected, Now now) {
  note(now);
  if (!connected) {
    if (!broker_lost_) broker_lost_ = now_;
  } else {
    broker_lost_.reset();
    for (Relay& relay : relays_) relay.loss_over = false;
  }
  settle();
}

void RelayBank::shed(std::size_t number, bool active, std::optional<Instant> until, Now now) {
  note(now);
  relays_[number].shed = active;
  relays_[number].shed_until = until;
  settle();
}

void RelayBank::on_line(std::size_t number, const Result<bool>& level, Now now) {
  note(now);
  Relay& relay = relays_[number];
  if (!level) {
    lose_line(relay, level.error());
  } else {
    const bool let_go = relay.line == Line::good && relay.read && !*level && !relay.on;
    if (std::exchange(relay.lost_on, false) || let_go) relay.went_off = now_;
    if (std::exchange(relay.line, Line::good) == Line::failed) relay.why = relay.wish_why;
    relay.read = *level;
  }
  settle();
}

// What the relay does meanwhile is unknown, so that the line's return is a start.
void RelayBank::lose_line(Relay& relay, const Error& why) {
  relay.line_why = why.detail;
  if (std::exchange(relay.line, Line::failed) == Line::failed) return;
  relay.lost_on = relay.on;
  if (relay.on) let_go(relay, RelayWhy::line);
  begin(relay);
}

// Off, but not by us: when it is on again, max_on goes on where it was.
void RelayBank::let_go(Relay& relay, RelayWhy why) {
  const auto used = relay.used + std::chrono::floor<Milliseconds>(now_ - relay.since);
  turn(relay, false, why);
  relay.used = used;
}

void RelayBank::on_wake(Now now) {
  note(now);
  settle();
}

void RelayBank::stop(Now now) {
  note(now);
  ended_ = true;
  for (Relay& relay : relays_) {
    relay.last = relay.wish;
    const AtExit at_exit = relay.settings.at_exit;
    relay.wish = at_exit == AtExit::on || (at_exit == AtExit::hold && relay.on);
    relay.wish_why = RelayWhy::at_exit;
  }
  settle();
}

void RelayBank::note(Now now) {
  now_ = std::max(now_, now.mono);
  if (!now.wall) return wall_offset_.reset();
  const auto offset =
      now.wall->time_since_epoch() - std::chrono::floor<Milliseconds>(now.mono.time_since_epoch());
  const bool steered = wall_offset_ && std::chrono::abs(offset - *wall_offset_) <= clock_step;
  if (!steered) wall_offset_ = offset;
}

// All that has to go off is off before anything goes on.
void RelayBank::settle() {
  for (Relay& relay : relays_) turn_off(relay);
  for (Relay& relay : relays_) turn_on(relay);
}

RelayBank::Want RelayBank::want(const Relay& relay) const {
  const Want own{relay.wish, relay.wish_why};
  if (ended_ || relay.starting) return own;
  if (broker_is_gone(relay)) {
    const bool on = relay.settings.on_broker_loss == OnBrokerLoss::on;
    if (on && !relay.loss_over) return {true, RelayWhy::broker_lost};
    if (!on && own.on) return {false, RelayWhy::broker_lost};
  }
  if (relay.shed && own.on) return {false, RelayWhy::shed};
  return own;
}

// Long enough for the setting to count, and to a relay that obeys it.
bool RelayBank::broker_is_gone(const Relay& relay) const {
  const RelaySettings& settings = relay.settings;
  return settings.on_broker_loss != OnBrokerLoss::hold && !relay.starting && broker_lost_ &&
         now_ >= *broker_lost_ + settings.on_broker_loss_after;
}

void RelayBank::turn_off(Relay& relay) {
  const auto limit = max_on_ends(relay);
  if (limit && now_ >= *limit) {
    turn(relay, false, RelayWhy::max_on);
    give_up(relay, RelayWhy::max_on);
  }
  const Want wanted = want(relay);
  if (wanted.on) return;
  const bool may_wait = wanted.why == RelayWhy::broker_lost || wanted.why == RelayWhy::shed;
  const bool too_soon = relay.on && may_wait && now_ < relay.since + relay.settings.min_on;
  if (too_soon) return;
  if (relay.on) turn(relay, false, wanted.why);
  relay.why = relay.line == Line::failed ? RelayWhy::line : wanted.why;
  // What a lost broker has taken off stays off when it is back; what is shed comes back.
  if (wanted.why == RelayWhy::broker_lost) {
    relay.wish = false;
    relay.wish_why = RelayWhy::broker_lost;
  }
}

void RelayBank::turn_on(Relay& relay) {
  const Want wanted = want(relay);
  if (!wanted.on || relay.line == Line::failed) return;
  if (!relay.on) {
    if (is_used_up(relay)) return give_up(relay, RelayWhy::max_on);
    if (const auto block = blocked(relay)) {
      if (block->partner != nullptr && block->partner->on) give_up(relay, RelayWhy::interlock);
      if (block->limit == Limit::rate) relay.why = RelayWhy::rate;
      return;
    }
    turn(relay, true, wanted.why);
  }
  relay.why = wanted.why;
  if (wanted.why == RelayWhy::broker_lost && !relay.wish) {
    relay.wish = true;
    relay.wish_why = RelayWhy::broker_lost;
  }
}

void RelayBank::turn(Relay& relay, bool on, RelayWhy why) {
  relay.on = on;
  relay.why = why;
  relay.since = now_;
  if (!on) {
    relay.went_off = now_;
    relay.used = {};
    return;
  }
  relay.went_on.push_back(now_);
  while (relay.went_on.size() > relay.settings.rate) relay.went_on.pop_front();
}

// A limit has ended what was asked for: it takes a new command to ask again.
void RelayBank::give_up(Relay& relay, RelayWhy why) {
  relay.why = why;
  relay.wish = false;
  relay.wish_why = why;
  relay.loss_over = broker_is_gone(relay);
}

bool RelayBank::is_used_up(const Relay& relay) {
  return relay.settings.max_on > Milliseconds{0} && relay.used >= relay.settings.max_on;
}

std::optional<Mono> RelayBank::max_on_ends(const Relay& relay) {
  if (!relay.on || relay.settings.max_on <= Milliseconds{0}) return {};
  return relay.since + relay.settings.max_on - relay.used;
}

Mono RelayBank::next_wake() const {
  Mono due = Mono::max();
  if (ended_) return due;
  for (const Relay& relay : relays_) due = std::min(due, next_wake(relay));
  return due;
}

Mono RelayBank::next_wake(const Relay& relay) const {
  Mono due = max_on_ends(relay).value_or(Mono::max());
  const bool rests = relay.went_off && now_ < *relay.went_off + relay.settings.min_off;
  if (rests || due != Mono::max()) due = std::min(due, now_ + keep_period);
  const bool wanted = want(relay).on;
  if (relay.on && !wanted) due = std::min(due, relay.since + relay.settings.min_on);
  if (!relay.on && wanted && relay.line != Line::failed) {
    const auto block = blocked(relay);
    if (block && block->until) due = std::min(due, *block->until);
  }
  const bool counts = relay.settings.on_broker_loss != OnBrokerLoss::hold && !relay.starting;
  if (counts && broker_lost_ && !broker_is_gone(relay)) {
    due = std::min(due, *broker_lost_ + relay.settings.on_broker_loss_after);
  }
  return due;
}

}  // namespace gridtap
