#include "app/served_line.hpp"

#include <utility>

#include "io/stream_server.hpp"
#include "serve/shared_line.hpp"
#include "serve/tapped_line.hpp"

namespace gridtap::app {

ServedLine serve_line(const DeviceConfig& device, std::unique_ptr<Line> line, io::Loop& loop,
                      Clock& clock, Log& log) {
  const ServeConfig& serve = *device.serve;
  const bool bytes = serve.what == ServeConfig::What::bytes;
  ServedLine served{std::make_unique<io::StreamServer>(loop, serve.listen), nullptr,
                    std::move(line)};
  auto shared = std::make_unique<serve::SharedLine>(
      bytes ? serve::Share::bytes : serve::Share::frames, *served.port,
      serve::ClientLimits{device.id, serve.text(), serve.clients}, clock, log);
  if (bytes) served.line = std::make_unique<serve::TappedLine>(std::move(served.line), *shared);
  served.rule = std::move(shared);
  return served;
}

}  // namespace gridtap::app
