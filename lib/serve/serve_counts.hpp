#pragma once
// How many clients a shared line has, and how many were closed: two entities of its device. Told
// where they changed, with a frame or when the time has come, and not more often than every ten
// seconds, however clients come and go.

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/part.hpp"
#include "serve/stream_clients.hpp"

namespace gridtap::serve {

class ServeCounts final : public Rule {
 public:
  static constexpr std::chrono::seconds cadence{10};
  static constexpr std::string_view clients_key = "serve_clients", dropped_key = "serve_dropped";

  explicit ServeCounts(const StreamClients& clients) : clients_(clients) {}

  std::string_view name() const override { return "serve"; }
  void on_start(Now now, Effects& effects) override;
  void on_effect(std::string_view device, const Effect& effect, Now now, Effects& effects) override;
  void on_wake(Now now, Effects& effects) override;
  // Clients come and go when no part of the device is asked: it is looked again and again.
  Mono next_wake() const override { return look_at_; }

 private:
  void look(Now now, Effects& effects);

  const StreamClients& clients_;
  std::optional<std::uint64_t> told_clients_, told_dropped_;
  Mono told_at_{}, look_at_ = Mono::max();
};

}  // namespace gridtap::serve
