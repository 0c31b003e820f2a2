#include "app/pulse.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace gridtap::app {

Pulse::Pulse(const std::string& state_dir, Clock& clock, io::ServiceManager manager)
    : clock_(clock),
      manager_(std::move(manager)),
      sign_(state_dir, io::runtime_directory()),
      timer_(clock.timer([this] { beat(); })) {}

void Pulse::start(std::string_view status) {
  manager_.ready(status);
  beat();
}

void Pulse::stop() {
  timer_->set(Mono::max());
  manager_.stopping();
}

void Pulse::beat() {
  const Mono now = clock_.now().mono;
  manager_.alive();
  sign_.write(now);
  std::chrono::microseconds period = io::SignOfLife::period;
  if (manager_.alive_period().count() > 0) period = std::min(period, manager_.alive_period());
  timer_->set(now + period);
}

}  // namespace gridtap::app
