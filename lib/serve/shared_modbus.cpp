#include "serve/shared_modbus.hpp"

#include <string>
#include <utility>

namespace gridtap::serve {

SharedModbus::SharedModbus(ModbusProxy& proxy, StreamPort& port, ClientLimits limits, Clock& clock,
                           Log& log)
    : proxy_(proxy), clients_(port, std::move(limits), *this, clock, log) {
  proxy_.answer_to(this);
}

SharedModbus::~SharedModbus() { proxy_.answer_to(nullptr); }

void SharedModbus::on_start(Now now, Effects& effects) {
  clients_.start();
  counts_.on_start(now, effects);
}

void SharedModbus::on_effect(std::string_view device, const Effect& effect, Now now,
                             Effects& effects) {
  counts_.on_effect(device, effect, now, effects);
}

void SharedModbus::on_stop(Now, Effects&) {
  clients_.stop();
  proxy_.forget_all();
}

void SharedModbus::on_bytes(std::uint64_t client, ByteView bytes) {
  const auto why = proxy_.on_client_bytes(client, bytes);
  if (why) clients_.reject(client, "sends what is no request: " + why->detail);
}

void SharedModbus::answer(std::uint64_t client, ByteView bytes) {
  if (!clients_.send(client, bytes)) proxy_.forget(client);
}

}  // namespace gridtap::serve
