#include "app/served_line.hpp"

#include <utility>

#include "io/stream_server.hpp"
#include "serve/shared_line.hpp"
#include "serve/shared_modbus.hpp"
#include "serve/tapped_line.hpp"

namespace gridtap::app {
namespace {

using What = ServeConfig::What;

void share_registers(ServedLine& served, const DeviceConfig& device, serve::ClientLimits limits,
                     Clock& clock, Log& log) {
  const ServeConfig& serve = *device.serve;
  auto proxy = std::make_unique<serve::ModbusProxy>(
      serve::ModbusProxyOptions{device.id, serve.writes, serve.timeout, serve.between,
                                serve.after_connect},
      std::move(served.line), clock, log);
  served.rule =
      std::make_unique<serve::SharedModbus>(*proxy, *served.port, std::move(limits), clock, log);
  served.line = std::move(proxy);
}

void share_bytes(ServedLine& served, serve::Share share, serve::ClientLimits limits, Clock& clock,
                 Log& log) {
  auto rule =
      std::make_unique<serve::SharedLine>(share, *served.port, std::move(limits), clock, log);
  if (share == serve::Share::bytes) {
    served.line = std::make_unique<serve::TappedLine>(std::move(served.line), *rule);
  }
  served.rule = std::move(rule);
}

}  // namespace

ServedLine serve_line(const DeviceConfig& device, std::unique_ptr<Line> line, io::Loop& loop,
                      Clock& clock, Log& log) {
  const ServeConfig& serve = *device.serve;
  ServedLine served{std::make_unique<io::StreamServer>(loop, serve.listen), nullptr,
                    std::move(line)};
  serve::ClientLimits limits{device.id, serve.text(), serve.clients};
  if (serve.what == What::registers) {
    share_registers(served, device, std::move(limits), clock, log);
  } else {
    const bool bytes = serve.what == What::bytes;
    share_bytes(served, bytes ? serve::Share::bytes : serve::Share::frames, std::move(limits),
                clock, log);
  }
  return served;
}

}  // namespace gridtap::app
