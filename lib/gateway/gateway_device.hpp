#pragma once
// The gateway's own device: its version, how often and when it started, how many of its devices are
// online, what it could not show or do, and the button that announces everything again. A rule in a
// session without line and adapter.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/part.hpp"

namespace gridtap {

// How the history is kept. `state`: a word of history_state; `detail`: why, where it is not ok.
struct HistoryHealth {
  std::string state, detail;
  std::uint64_t bytes = 0;             // on the disk
  std::optional<Instant> backup = {};  // of the newest whole copy
  friend bool operator==(const HistoryHealth&, const HistoryHealth&) = default;
};

// How many devices there are and are heard; what was not shown or not carried out, since the start.
struct GatewayCounts {
  std::uint64_t devices_configured = 0, devices_online = 0;
  std::uint64_t name_collisions = 0, unfit_readings = 0;
  std::uint64_t unknown_commands = 0, rejected_commands = 0;
  std::optional<std::uint64_t> web_clients = {};  // that look at the page now; nothing: no page
  std::optional<HistoryHealth> history = {};      // nothing: none is kept
  friend bool operator==(const GatewayCounts&, const GatewayCounts&) = default;
};

class GatewayDevice final : public Rule {
 public:
  // Counts are checked this often; the first devices are not online before.
  static constexpr std::chrono::seconds cadence{10};

  // `base`: first level of the topics, the identity of this gateway. `announce_again`: empty where
  // nothing is announced. `simulated`: a relay of it switches nothing, which its model says.
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

  // The number of restarts since the state directory was made.
  std::string state() const override;
  void restore(std::string_view text) override;

 private:
  void publish_faults(Effects& effects) const;
  void publish_devices(Effects& effects) const;
  void publish_history(Effects& effects) const;

  std::string base_, version_;
  std::function<void()> announce_again_;
  std::function<GatewayCounts()> counts_;
  bool simulated_;
  std::uint64_t restarts_ = 0;
  GatewayCounts published_;
  bool devices_told_ = false;
  Mono wake_ = Mono::max();
};

}  // namespace gridtap
