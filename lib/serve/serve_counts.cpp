#include "serve/serve_counts.hpp"

namespace gridtap::serve {
namespace {

bool tell(std::string_view key, std::uint64_t count, std::optional<std::uint64_t>& told,
          Effects& effects) {
  if (told == count) return false;
  told = count;
  effects(Reading{"", key, "rule", Decimal{static_cast<std::int64_t>(count), 0}});
  return true;
}

}  // namespace

// The broker still holds the counts of the run before.
void ServeCounts::on_start(Now now, Effects& effects) {
  told_clients_.reset();
  told_dropped_.reset();
  look(now, effects);
  look_at_ = now.mono + cadence;
}

void ServeCounts::on_effect(std::string_view, const Effect& effect, Now now, Effects& effects) {
  if (std::holds_alternative<Frame>(effect) && now.mono >= told_at_ + cadence) look(now, effects);
}

void ServeCounts::on_wake(Now now, Effects& effects) {
  const bool due = now.mono >= told_at_ + cadence;
  look_at_ = due ? now.mono + cadence : told_at_ + cadence;
  if (due) look(now, effects);
}

void ServeCounts::look(Now now, Effects& effects) {
  const bool clients = tell(clients_key, clients_.count(), told_clients_, effects);
  const bool dropped = tell(dropped_key, clients_.dropped(), told_dropped_, effects);
  if (clients || dropped) told_at_ = now.mono;
}

}  // namespace gridtap::serve
