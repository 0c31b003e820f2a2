#pragma once
// The gateway's own device: its version, when it started, what it could not show or do, and the
// button that announces everything again. A rule in a session without line and adapter.

#include <cstdint>
#include <functional>
#include <string>

#include "core/part.hpp"

namespace gridtap {

// What was not shown or not carried out, since the start.
struct GatewayCounts {
  std::uint64_t name_collisions = 0, unfit_readings = 0;
  std::uint64_t unknown_commands = 0, rejected_commands = 0;
  friend bool operator==(const GatewayCounts&, const GatewayCounts&) = default;
};

class GatewayDevice final : public Rule {
 public:
  // Counts are checked this often: they are for fault finding.
  static constexpr std::chrono::seconds cadence{60};

  // `base`: first level of the topics, the identity of this gateway. `simulated`: a relay of it
  // switches nothing, which its model says.
  GatewayDevice(std::string base, std::string version, std::function<void()> announce_again,
                std::function<GatewayCounts()> counts, bool simulated = false)
      : base_(std::move(base)),
        version_(std::move(version)),
        announce_again_(std::move(announce_again)),
        counts_(std::move(counts)),
        simulated_(simulated) {}

  std::string_view name() const override { return "gateway"; }
  void on_start(Now now, Effects& effects) override;
  void on_command(const Command& command, Now now, Effects& effects) override;
  void on_effect(std::string_view, const Effect&, Now, Effects&) override {}
  void on_wake(Now now, Effects& effects) override;
  Mono next_wake() const override { return wake_; }

 private:
  void publish_counts(Effects& effects) const;

  std::string base_, version_;
  std::function<void()> announce_again_;
  std::function<GatewayCounts()> counts_;
  bool simulated_;
  GatewayCounts published_;
  Mono wake_ = Mono::max();
};

}  // namespace gridtap
