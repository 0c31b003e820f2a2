#include "gateway/gateway_device.hpp"

#include "core/json_text.hpp"
#include "core/record.hpp"

namespace gridtap {
namespace {

void publish(std::string_view key, std::uint64_t number, Effects& effects) {
  effects(Reading{"", key, "rule", Decimal{static_cast<std::int64_t>(number), 0}});
}

}  // namespace

void GatewayDevice::on_start(Now now, Effects& effects) {
  const std::string_view model = simulated_ ? "MQTT gateway, simulated relays" : "MQTT gateway";
  effects(Identified{"", {"", "", base_, "gridtap", model, version_}});
  if (announce_again_) effects(Entity{"", find_spec("announce_again")});
  effects(Reading{"", "version", "rule", std::string_view(version_)});
  if (now.wall) effects(Reading{"", "uptime", "rule", Timestamp{*now.wall}});
  publish("restarts", restarts_, effects);
  published_ = counts_();
  publish_faults(effects);
  publish_history(effects);
  effects(Frame{0});
  effects(Keep{});  // a power cut in the first minutes is a restart, too
  wake_ = now.mono + cadence;
}

// How many are online is known when they had time to be heard.
void GatewayDevice::on_wake(Now now, Effects& effects) {
  wake_ = now.mono + cadence;
  const GatewayCounts counts = counts_();
  if (counts == published_ && devices_told_) return;
  published_ = counts;
  publish_faults(effects);
  publish_history(effects);
  publish_devices(effects);
  devices_told_ = true;
}

void GatewayDevice::publish_faults(Effects& effects) const {
  publish("name_collisions", published_.name_collisions, effects);
  publish("unfit_readings", published_.unfit_readings, effects);
  publish("unknown_commands", published_.unknown_commands, effects);
  publish("rejected_commands", published_.rejected_commands, effects);
  if (published_.web_clients) publish("web_clients", *published_.web_clients, effects);
}

void GatewayDevice::publish_history(Effects& effects) const {
  if (!published_.history) return;
  const auto& [state, detail, bytes, backup] = *published_.history;
  std::string why;
  if (!detail.empty()) why = R"({"detail":)" + json_quoted(detail) + '}';
  effects(Reading{"", "history_state", "rule", std::string_view(state), {}, why});
  const auto tenths = static_cast<std::int64_t>(bytes / 100'000);
  effects(Reading{"", "history_size", "rule", Decimal{tenths, -1}});
  if (backup) effects(Reading{"", "history_backup", "rule", Timestamp{*backup}});
}

void GatewayDevice::publish_devices(Effects& effects) const {
  publish("devices_configured", published_.devices_configured, effects);
  publish("devices_online", published_.devices_online, effects);
}

std::string GatewayDevice::state() const {
  return RecordWriter().add("restarts", restarts_).text();
}

void GatewayDevice::restore(std::string_view text) {
  const auto before = Record(text).number<std::uint64_t>("restarts");
  if (before) restarts_ = *before + 1;
}

void GatewayDevice::on_command(const Command& command, Now, Effects&) {
  if (command.key == "announce_again" && announce_again_) announce_again_();
}

}  // namespace gridtap
