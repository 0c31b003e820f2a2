#pragma once
// The line of a Modbus device for other programs too: a Modbus-TCP server whose clients ask the
// device through the proxy on its line.

#include <cstdint>
#include <string_view>

#include "serve/modbus_proxy.hpp"
#include "serve/serve_counts.hpp"
#include "serve/stream_clients.hpp"

namespace gridtap::serve {

// A rule of the device.
class SharedModbus final : public Rule, private ClientEvents, private ModbusClients {
 public:
  // Everything named outlives the rule.
  SharedModbus(ModbusProxy& proxy, StreamPort& port, ClientLimits limits, Clock& clock, Log& log);
  ~SharedModbus() override;
  SharedModbus(const SharedModbus&) = delete;
  SharedModbus& operator=(const SharedModbus&) = delete;

  std::string_view name() const override { return counts_.name(); }
  void on_start(Now now, Effects& effects) override;
  void on_effect(std::string_view device, const Effect& effect, Now now, Effects& effects) override;
  void on_wake(Now now, Effects& effects) override { counts_.on_wake(now, effects); }
  void on_stop(Now now, Effects& effects) override;
  Mono next_wake() const override { return counts_.next_wake(); }

 private:
  void on_client(std::uint64_t) override {}
  void on_bytes(std::uint64_t client, ByteView bytes) override;
  void on_gone(std::uint64_t client) override { proxy_.forget(client); }
  void answer(std::uint64_t client, ByteView bytes) override;

  ModbusProxy& proxy_;
  StreamClients clients_;
  ServeCounts counts_{clients_};
};

}  // namespace gridtap::serve
