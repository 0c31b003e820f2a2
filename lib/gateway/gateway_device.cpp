#include "gateway/gateway_device.hpp"

namespace gridtap {

void GatewayDevice::on_start(Now now, Effects& effects) {
  effects(Identified{"", {"", "", base_, "gridtap", "MQTT gateway", version_}});
  effects(Entity{"", find_spec("announce_again")});
  effects(Reading{"", "version", "rule", std::string_view(version_)});
  if (now.wall) effects(Reading{"", "uptime", "rule", Timestamp{*now.wall}});
  effects(Frame{0});
}

void GatewayDevice::on_command(const Command& command, Now, Effects&) {
  if (command.key == "announce_again") announce_again_();
}

}  // namespace gridtap
