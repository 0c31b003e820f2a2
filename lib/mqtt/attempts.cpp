#include "mqtt/attempts.hpp"

#include <algorithm>

namespace gridtap::mqtt {

void Attempts::up(Mono now) {
  up_at_ = now;
  delay_ = first_delay;
  login_refused_ = false;
}

void Attempts::refused(const Verdict& verdict) {
  login_refused_ = verdict.refused;
  if (verdict.next == Verdict::Next::other_version) version_5_ = !version_5_;
  if (verdict.next == Verdict::Next::other_client_id) take_other_id();
}

bool Attempts::down(Mono now, bool taken_over) {
  const bool quick = up_at_ && now - *up_at_ < quick_loss;
  quick_losses_ = quick ? quick_losses_ + 1 : 0;
  if (!taken_over && quick_losses_ < max_quick_losses) return false;
  take_other_id();
  return true;
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
