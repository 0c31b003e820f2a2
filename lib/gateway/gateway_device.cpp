#include "gateway/gateway_device.hpp"

namespace gridtap {

void GatewayDevice::on_start(Now now, Effects& effects) {
  const std::string_view model = simulated_ ? "MQTT gateway, simulated relays" : "MQTT gateway";
  effects(Identified{"", {"", "", base_, "gridtap", model, version_}});
  effects(Entity{"", find_spec("announce_again")});
  effects(Reading{"", "version", "rule", std::string_view(version_)});
  if (now.wall) effects(Reading{"", "uptime", "rule", Timestamp{*now.wall}});
  published_ = counts_();
  publish_counts(effects);
  effects(Frame{0});
  wake_ = now.mono + cadence;
}

void GatewayDevice::on_wake(Now now, Effects& effects) {
  wake_ = now.mono + cadence;
  const GatewayCounts counts = counts_();
  if (counts == published_) return;
  published_ = counts;
  publish_counts(effects);
}

void GatewayDevice::publish_counts(Effects& effects) const {
  const auto count = [&](std::string_view key, std::uint64_t number) {
    effects(Reading{"", key, "rule", Decimal{static_cast<std::int64_t>(number), 0}});
  };
  count("name_collisions", published_.name_collisions);
  count("unfit_readings", published_.unfit_readings);
  count("unknown_commands", published_.unknown_commands);
  count("rejected_commands", published_.rejected_commands);
}

void GatewayDevice::on_command(const Command& command, Now, Effects&) {
  if (command.key == "announce_again") announce_again_();
}

}  // namespace gridtap
