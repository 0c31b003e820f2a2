#pragma once
// How the next connection to the broker is tried: when, with which version of MQTT, and under which
// client id. Pure: the broker reports what happened.

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "core/value.hpp"
#include "mqtt/connect_failure.hpp"

namespace gridtap::mqtt {

// The last will as the broker takes it.
struct WillForm {
  bool retain = true;
  std::uint8_t qos = 1;
};

class Attempts {
 public:
  static constexpr std::chrono::milliseconds first_delay{1000}, longest_delay{5000};
  static constexpr std::chrono::minutes longest_refused{5};  // while the login is refused
  // Connections that end so soon, so often in a row and without a reason: another client id is
  // tried, for MQTT 3.1.1 does not say that another client has taken ours.
  static constexpr std::chrono::seconds quick_loss{10};
  static constexpr int max_quick_losses = 3;

  Attempts(std::string client_id, std::uint32_t seed)
      : configured_id_(client_id), client_id_(std::move(client_id)), random_(seed) {}

  bool version_5() const { return version_5_; }
  WillForm will() const { return will_; }
  const std::string& client_id() const { return client_id_; }

  void up(Mono now);
  void refused(const Verdict& verdict);
  // `reason`: of the broker's DISCONNECT, or no_reason. Two clients that fight over one id throw
  // each other out for ever, so from then on the id is another one: `taken_over` where the broker
  // has named that reason, else `tried`, and `back` to the configured one where it did not help.
  enum class IdChange : std::uint8_t { none, taken_over, tried, back };
  IdChange down(Mono now, int reason);
  // For the log; empty where nothing changed.
  std::string words(IdChange change) const;

  // The wait before the next attempt: doubled each time, and up to a fifth more.
  std::chrono::milliseconds take_delay();

 private:
  void take_other_id();

  std::string configured_id_, client_id_;
  std::minstd_rand random_;
  bool version_5_ = true, login_refused_ = false;
  WillForm will_;
  int quick_losses_ = 0;
  std::optional<Mono> up_at_;
  std::chrono::milliseconds delay_ = first_delay;
};

}  // namespace gridtap::mqtt
