#pragma once
// What the broker still has to acknowledge, on one connection: how much more may be sent, when a
// sign of life has to be asked for, and when its silence means that the connection is lost. Pure:
// the owner reports what happened and asks at the times that next() returns.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/value.hpp"

namespace gridtap::mqtt {

class Acknowledgements {
 public:
  // A broker that is silent for this long is gone, whatever the client library assumes.
  static constexpr int max_silent_periods = 2;

  // `period`: how often something has to be acknowledged. `window`: messages at once.
  Acknowledgements(Mono now, std::chrono::milliseconds period, std::size_t window)
      : period_(period), window_(window), answered_(now) {}

  bool room() const { return in_flight_ < window_; }
  std::size_t in_flight() const { return in_flight_; }

  void sent(Mono now);      // one that is acknowledged
  void answered(Mono now);  // its acknowledgement, or its refusal
  void refused(Mono now);   // the client library took nothing
  void taken() { refused_since_.reset(); }
  // The machine was asleep: what came meanwhile has not been read yet.
  void forgive(Mono now);

  // Nothing is on its way and nothing was acknowledged for a period: send something that is.
  bool probe_due(Mono now) const;
  // Why the connection has to be given up, in words for the log; nothing: it need not.
  std::optional<std::string_view> lost(Mono now) const;
  // When to ask again.
  Mono next() const;

 private:
  std::chrono::milliseconds patience() const { return max_silent_periods * period_; }

  std::chrono::milliseconds period_;
  std::size_t window_, in_flight_ = 0;
  Mono answered_;  // the newest answer, or the first message after it
  std::optional<Mono> refused_since_;
};

}  // namespace gridtap::mqtt
