#pragma once
// A proxy whose adapter, device and clients the test plays. Frames are words: "7@100" asks for
// register 100 under transaction 7, "7=42" is its answer, "7!11" an exception. On the wire "c0" is
// the first transaction of clients, "c1" the next.

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "codec/modbus.hpp"
#include "io/manual_clock.hpp"
#include "serve/modbus_proxy.hpp"
#include "support/fakes.hpp"
#include "support/wire_bytes.hpp"

namespace gridtap::serve {

using namespace std::chrono_literals;

inline constexpr std::uint16_t c0 = Transactions::first_of_clients;

inline modbus::Request read_of(int transaction, int address, std::uint8_t unit = 1) {
  modbus::Request request;
  request.transaction = static_cast<std::uint16_t>(transaction);
  request.unit = unit;
  request.address = static_cast<std::uint16_t>(address);
  return request;
}
inline std::string ask(int transaction, int address, std::uint8_t unit = 1) {
  return modbus::encode(read_of(transaction, address, unit));
}
inline std::string write_of(int transaction, int address, int value) {
  modbus::Request request = read_of(transaction, address);
  request.function = modbus::Function::write_single;
  request.values = {static_cast<std::uint16_t>(value)};
  return modbus::encode(request);
}
inline std::string told(int transaction, int value, std::uint8_t unit = 1) {
  const std::uint16_t values[] = {static_cast<std::uint16_t>(value)};
  return modbus::encode_registers(read_of(transaction, 0, unit), values);
}
// Any request or answer with that function and these bytes behind it.
inline std::string raw(int transaction, int function, std::string_view data,
                       std::uint8_t unit = 1) {
  std::string frame(6, '\0');
  frame[5] = static_cast<char>(data.size() + 2);
  frame += static_cast<char>(unit);
  frame += static_cast<char>(function);
  frame += data;
  return modbus::with_transaction(as_bytes(frame), static_cast<std::uint16_t>(transaction));
}

inline std::string number_of(std::uint16_t transaction) {
  return transaction < c0 ? std::to_string(transaction) : "c" + std::to_string(transaction - c0);
}
inline std::string word_of(ByteView frame, bool asks) {
  const modbus::Frame fields = modbus::fields_of(frame);
  const std::string number = number_of(fields.transaction);
  if (fields.function >= 0x80) return number + '!' + std::to_string(fields.data[0]);
  if (fields.data.size() < 3) return number + '?';
  const auto value =
      static_cast<std::uint16_t>(fields.data[asks ? 0 : 1] << 8 | fields.data[asks ? 1 : 2]);
  return number + (asks ? '@' : '=') + std::to_string(value);
}
inline std::string words_of(std::string_view stream, bool asks) {
  std::string words;
  while (!stream.empty()) {
    const auto frame = modbus::first_frame(as_bytes(stream));
    if (!frame || frame->empty()) return words + '<' + to_hex(as_bytes(stream)) + '>';
    words += (words.empty() ? "" : " ") + word_of(*frame, asks);
    stream.remove_prefix(frame->size());
  }
  return words;
}

struct ProxyRig final : LineEvents, ModbusClients {
  explicit ProxyRig(ModbusProxyOptions options = {}) {
    options.device = "inverter";
    auto script = std::make_unique<ScriptLine>();
    line = script.get();
    proxy = std::make_unique<ModbusProxy>(std::move(options), std::move(script), clock, log);
    proxy->answer_to(this);
    proxy->open({}, *this);
    line->accept();
  }

  void on_open() override { heard_ += "open "; }
  void on_bytes(ByteView bytes) override {
    heard_ += words_of(as_text(bytes), false) + ' ';
    if (!answer_of_adapter.empty()) poll(std::exchange(answer_of_adapter, {}));
  }
  void on_closed(const Error&) override { heard_ += "closed "; }
  void answer(std::uint64_t client, ByteView bytes) override {
    got_[client] += as_text(bytes);
    if (client == drops_client) proxy->forget(client);
  }

  // What the adapter, a client, the device send.
  void poll(std::string_view bytes) { proxy->write(as_bytes(bytes)); }
  bool client(int number, std::string_view bytes) {
    return !proxy->on_client_bytes(static_cast<std::uint64_t>(number), as_bytes(bytes));
  }
  void device(std::string_view bytes) { line->push(as_bytes(bytes)); }
  void reopen() {
    proxy->open({}, *this);
    line->accept();
  }

  // What they have got since the last call.
  std::string wire() { return words_of(std::exchange(line->written, {}), true); }
  std::string heard() {
    if (!heard_.empty()) heard_.pop_back();
    return std::exchange(heard_, {});
  }
  std::string got(int client) { return words_of(got_bytes(client), false); }
  std::string got_bytes(int client) {
    return std::exchange(got_[static_cast<std::uint64_t>(client)], {});
  }
  std::size_t said(std::string_view text) const {
    std::size_t count = 0;
    for (const std::string& entry : log.lines) count += entry.find(text) != std::string::npos;
    return count;
  }

  io::ManualClock clock;
  MemoryLog log;
  ScriptLine* line = nullptr;
  std::unique_ptr<ModbusProxy> proxy;
  std::string answer_of_adapter;  // what it sends when it hears something
  std::uint64_t drops_client = 0;

 private:
  std::string heard_;
  std::map<std::uint64_t, std::string> got_;
};

}  // namespace gridtap::serve
