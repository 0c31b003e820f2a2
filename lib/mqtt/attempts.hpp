#pragma once
// How the next connection to the broker is tried: when, with which version of MQTT, and under which
// client id. Pure: the broker tells what happened.

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "core/value.hpp"
#include "mqtt/connect_failure.hpp"

namespace gridtap::mqtt {

class Attempts {
 public:
  static constexpr std::chrono::milliseconds first_delay{1000}, longest_delay{5000};
  static constexpr std::chrono::minutes longest_refused{5};  // while the login is refused
  // Connections that end so soon, so often in a row: somebody else uses our client id.
  static constexpr std::chrono::seconds quick_loss{10};
  static constexpr int max_quick_losses = 3;

  Attempts(std::string client_id, std::uint32_t seed)
      : configured_id_(client_id), client_id_(std::move(client_id)), random_(seed) {}

  bool version_5() const { return version_5_; }
  const std::string& client_id() const { return client_id_; }

  void up(Mono now);
  void refused(const Verdict& verdict);
  // `taken_over`: the broker has said that another client came with our id. True: from now on we
  // have another id, for fighting over one would throw both out for ever.
  bool down(Mono now, bool taken_over);

  // The wait before the next attempt: doubled each time, and up to a fifth more.
  std::chrono::milliseconds take_delay();

 private:
  void take_other_id();

  std::string configured_id_, client_id_;
  std::minstd_rand random_;
  bool version_5_ = true, login_refused_ = false;
  int quick_losses_ = 0;
  std::optional<Mono> up_at_;
  std::chrono::milliseconds delay_ = first_delay;
};

}  // namespace gridtap::mqtt
