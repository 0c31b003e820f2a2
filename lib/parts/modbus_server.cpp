#include "parts/modbus_server.hpp"

#include <vector>

namespace gridtap {
namespace {

constexpr std::uint8_t no_address = 2, no_path = 11;

}  // namespace

void ModbusServer::on_bytes(ByteView bytes, Now now, Effects& effects) {
  reader_.add(bytes);
  while (const auto frame = reader_.next()) {
    if (!*frame) {
      reader_.clear();
      return effects(Reconnect{frame->error()});
    }
    effects(Send{as_bytes(answer(**frame, now))});
  }
}

std::string ModbusServer::answer(const modbus::Frame& frame, Now now) {
  const modbus::Asked asked = modbus::parse_request(frame);
  const modbus::Request& request = asked.request;
  if (!serves(request.unit)) return modbus::encode_exception(request, no_path);
  if (asked.exception != 0) return modbus::encode_exception(request, asked.exception);
  if (request.writes()) return write(request, now);
  refresh(now);
  return read(request);
}

std::string ModbusServer::read(const modbus::Request& request) const {
  std::vector<std::uint16_t> values;
  for (unsigned n = 0; n < request.count; ++n) {
    const auto found = image_.find(static_cast<std::uint16_t>(request.address + n));
    if (request.address + n > 0xFFFF || found == image_.end()) {
      return modbus::encode_exception(request, no_address);
    }
    values.push_back(found->second);
  }
  return modbus::encode_registers(request, values);
}

std::string ModbusServer::write(const modbus::Request& request, Now now) {
  for (std::size_t n = 0; n < request.values.size(); ++n) {
    const auto address = static_cast<std::uint16_t>(request.address + n);
    const std::uint8_t refused = written(address, request.values[n], now);
    if (refused != 0) return modbus::encode_exception(request, refused);
  }
  return modbus::encode_done(request);
}

std::uint8_t ModbusServer::written(std::uint16_t address, std::uint16_t value, Now) {
  const auto found = image_.find(address);
  if (found == image_.end()) return no_address;
  found->second = value;
  return 0;
}

}  // namespace gridtap
