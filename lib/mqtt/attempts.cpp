#include "mqtt/attempts.hpp"

#include <algorithm>

#include "mqtt/reason_codes.hpp"

namespace gridtap::mqtt {

void Attempts::up(Mono now) {
  up_at_ = now;
  if (login_refused_) delay_ = first_delay;
  login_refused_ = false;
}

void Attempts::refused(const Verdict& verdict) {
  login_refused_ = verdict.refused;
  if (verdict.next == Verdict::Next::other_version) version_5_ = !version_5_;
  if (verdict.next == Verdict::Next::other_client_id) take_other_id();
  if (verdict.next == Verdict::Next::will_without_retain) will_.retain = false;
  if (verdict.next == Verdict::Next::will_without_qos) will_.qos = 0;
}

// The waits go on growing while no connection lasts.
Attempts::IdChange Attempts::down(Mono now, int reason) {
  const bool quick = up_at_ && now - *up_at_ < quick_loss;
  if (!quick) delay_ = first_delay;
  quick_losses_ = quick && reason == no_reason ? quick_losses_ + 1 : 0;
  if (reason == reason_taken_over) {
    take_other_id();
    return IdChange::taken_over;
  }
  if (quick_losses_ < max_quick_losses) return IdChange::none;
  if (client_id_ == configured_id_) {
    take_other_id();
    return IdChange::tried;
  }
  quick_losses_ = 0;
  client_id_ = configured_id_;
  return IdChange::back;
}

std::string Attempts::words(IdChange change) const {
  if (change == IdChange::none) return {};
  if (change == IdChange::taken_over) {
    return "another client uses the client id `" + configured_id_ + "`: continuing as `" +
           client_id_ + "`. Give each gateway its own mqtt.client_id and its own base";
  }
  return "the broker ends each connection at once, without a reason (its log may have it): trying "
         "the client id `" +
         client_id_ + '`';
}

std::chrono::milliseconds Attempts::take_delay() {
  const auto longest = login_refused_ ? std::chrono::milliseconds(longest_refused) : longest_delay;
  const auto delay = std::min(delay_, longest);
  delay_ = std::min(2 * delay, longest);
  std::uniform_int_distribution<std::int64_t> jitter(0, delay.count() / 5);
  return delay + std::chrono::milliseconds(jitter(random_));
}

void Attempts::take_other_id() {
  static constexpr std::string_view digits = "0123456789abcdef";
  quick_losses_ = 0;
  client_id_ = configured_id_ + '_';
  for (int n = 0; n < 4; ++n) client_id_ += digits[random_() % digits.size()];
}

}  // namespace gridtap::mqtt
