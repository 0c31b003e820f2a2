#pragma once
// The gateway's own device: its version, when it started, and the button that announces everything
// again. A rule in a session without line and adapter.

#include <functional>
#include <string>

#include "core/part.hpp"

namespace gridtap {

class GatewayDevice final : public Rule {
 public:
  // `base`: first level of the topics, the identity of this gateway.
  GatewayDevice(std::string base, std::string version, std::function<void()> announce_again)
      : base_(std::move(base)),
        version_(std::move(version)),
        announce_again_(std::move(announce_again)) {}

  std::string_view name() const override { return "gateway"; }
  void on_start(Now now, Effects& effects) override;
  void on_command(const Command& command, Now now, Effects& effects) override;
  void on_effect(std::string_view, const Effect&, Now, Effects&) override {}

 private:
  std::string base_, version_;
  std::function<void()> announce_again_;
};

}  // namespace gridtap
