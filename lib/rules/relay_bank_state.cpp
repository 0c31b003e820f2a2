// What of the relays survives a restart, and how long ago it was.

#include <algorithm>

#include "rules/relay_bank.hpp"

namespace gridtap {

KeptTime RelayBank::keep(Mono time) const {
  const auto whole = [](auto span) { return std::chrono::floor<Milliseconds>(span); };
  KeptTime kept{whole(time.time_since_epoch()), whole(now_ - time)};
  if (const auto known = wall(time)) kept.wall = known->time_since_epoch();
  return kept;
}

KeptRelays RelayBank::kept() const {
  KeptRelays all{boot_, {}};
  for (const Relay& relay : relays_) {
    KeptRelay& kept = all.relays.emplace_back();
    kept.name = relay.settings.name;
    kept.wish = ended_ ? relay.last : relay.wish;
    kept.on = relay.on;
    kept.since = keep(relay.since);
    kept.used = relay.used;
    if (relay.went_off) kept.went_off = keep(*relay.went_off);
    for (const Mono time : relay.went_on) {
      if (now_ < time + rate_window) kept.went_on.push_back(keep(time));
    }
  }
  return all;
}

void RelayBank::restore(const KeptRelays& kept) { restored_ = kept; }

// A moment of an earlier run. It was at least as long ago as when it was kept, whatever the clock
// says, and never lies ahead.
Mono RelayBank::placed(const KeptTime& time) const {
  // Below 0: from before this boot, placed by an earlier run of it.
  const bool sound = time.mono >= -longest_age && time.mono <= longest_age;
  const bool same_boot = !boot_.empty() && boot_ == restored_.boot;
  if (same_boot && sound && Mono{time.mono} <= now_) return Mono{time.mono};
  Milliseconds age = time.age;
  const auto today = wall(now_);
  const bool dated = today && time.wall && *time.wall >= Milliseconds{0};
  if (dated && *time.wall <= today->time_since_epoch()) {
    age = std::max(age, today->time_since_epoch() - *time.wall);
  }
  return now_ - std::clamp<Milliseconds>(age, Milliseconds{0}, longest_age);
}

void RelayBank::resume(Relay& relay, const KeptRelay& kept) {
  relay.wish = kept.wish;
  relay.on = kept.on;
  relay.since = placed(kept.since);
  relay.used = std::clamp<Milliseconds>(kept.used, Milliseconds{0}, longest_age);
  if (kept.went_off) relay.went_off = placed(*kept.went_off);
  for (const KeptTime& time : kept.went_on) relay.went_on.push_back(placed(time));
  while (relay.went_on.size() > relay.settings.rate) relay.went_on.pop_front();
  const bool known = !boot_.empty() && !restored_.boot.empty();
  if (known && boot_ != restored_.boot && relay.on) let_go(relay, RelayWhy::at_start);
}

}  // namespace gridtap
