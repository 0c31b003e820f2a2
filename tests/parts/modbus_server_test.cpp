// The other end of Modbus: what it answers, also to malformed requests.
#include "parts/modbus_server.hpp"

#include <cstdint>

#include <doctest/doctest.h>

#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::modbus;

namespace {

class Server final : public ModbusServer {
 public:
  Server() : ModbusServer({{100, 0x1234}, {101, 0x5678}, {65'535, 0x0001}}) {}
  const RegisterImage& registers() const { return image(); }
  int refreshed = 0;

 private:
  void refresh(Now) override { ++refreshed; }
  bool serves(std::uint8_t unit) const override { return unit != 9; }
  std::uint8_t written(std::uint16_t address, std::uint16_t value, Now now) override {
    return value == 666 ? 3 : ModbusServer::written(address, value, now);
  }
};

struct Talk final : Effects {
  void operator()(const Effect& effect) override {
    if (const auto* send = std::get_if<Send>(&effect)) sent += as_text(send->bytes);
    if (std::holds_alternative<Reconnect>(effect)) reconnected = true;
  }
  void hear(std::string_view bytes) { server.on_bytes(as_bytes(bytes), {}, *this); }
  // What the server answers, as a client judges it.
  std::string ask(const Request& request) {
    hear(encode(request));
    return judged(request);
  }
  std::string judged(const Request& request) {
    FrameReader reader;
    const std::string bytes = std::exchange(sent, {});
    reader.add(as_bytes(bytes));
    const auto frame = reader.next();
    if (!frame || !*frame) return "nothing";
    const Answer answer = judge(**frame, request);
    switch (answer.kind) {
      case Answer::Kind::registers:
        return to_hex(answer.registers);
      case Answer::Kind::done:
        return "done";
      case Answer::Kind::exception:
        return "exception " + std::to_string(answer.exception);
      case Answer::Kind::shorter:
        return "shorter";
      case Answer::Kind::late:
        return "late";
      case Answer::Kind::error:
        break;
    }
    return "error " + answer.why;
  }
  Server server;
  std::string sent;
  bool reconnected = false;
};

Request read(std::uint16_t address, std::uint16_t count, std::uint8_t unit = 1) {
  Request request;
  request.transaction = 5;
  request.unit = unit;
  request.address = address;
  request.count = count;
  return request;
}

Request write(std::uint16_t address, std::vector<std::uint16_t> values) {
  Request request = read(address, static_cast<std::uint16_t>(values.size()));
  request.function = values.size() == 1 ? Function::write_single : Function::write_multiple;
  request.values = std::move(values);
  return request;
}

}  // namespace

TEST_CASE("modbus server: registers are read alone and together, after they were refreshed") {
  Talk talk;
  CHECK(talk.ask(read(100, 2)) == "12345678");
  CHECK(talk.ask(read(101, 1)) == "5678");
  CHECK(talk.server.refreshed == 2);
}

TEST_CASE("modbus server: a range with a hole, or beyond the last register, has no address") {
  Talk talk;
  CHECK(talk.ask(read(99, 2)) == "exception 2");
  CHECK(talk.ask(read(101, 2)) == "exception 2");
  CHECK(talk.ask(read(65'535, 1)) == "0001");
  CHECK(talk.ask(read(65'535, 2)) == "exception 2");
}

TEST_CASE("modbus server: a unit that it does not serve cannot be reached") {
  Talk talk;
  CHECK(talk.ask(read(100, 1, 9)) == "exception 11");
  CHECK(talk.server.refreshed == 0);
}

TEST_CASE("modbus server: what is written is there, or refused with its reason") {
  Talk talk;
  CHECK(talk.ask(write(100, {7})) == "done");
  CHECK(talk.ask(write(100, {8, 9})) == "done");
  CHECK(talk.ask(read(100, 2)) == "00080009");
  CHECK(talk.ask(write(100, {666})) == "exception 3");
  CHECK(talk.ask(write(200, {1})) == "exception 2");
  CHECK(talk.ask(read(100, 2)) == "00080009");
}

TEST_CASE("modbus server: of several registers those before the refused one are written") {
  Talk talk;
  CHECK(talk.ask(write(100, {5, 666})) == "exception 3");
  CHECK(talk.server.registers().at(100) == 5);
  CHECK(talk.server.registers().at(101) == 0x5678);
}

TEST_CASE("modbus server: a function that it does not know is refused as such") {
  Talk talk;
  talk.hear(hex("000500000006012B00000001"));
  CHECK(to_hex(as_bytes(talk.sent)) == "00050000000301AB01");
}

TEST_CASE("modbus server: requests in any pieces, and several at once, are answered in order") {
  Talk talk;
  const std::string request = encode(read(100, 1));
  for (const char byte : request) talk.hear(std::string(1, byte));
  CHECK(talk.judged(read(100, 1)) == "1234");
  talk.hear(request + encode(read(101, 1)));
  CHECK(to_hex(as_bytes(talk.sent)) ==
        "0005000000050103021234"
        "0005000000050103025678");
}

TEST_CASE("modbus server: what is no Modbus ends the connection, and the next one begins anew") {
  Talk talk;
  talk.hear("GET / HTTP/1.1\r\n\r\n");
  CHECK(talk.reconnected);
  CHECK(talk.sent.empty());
  talk.server.on_open({}, talk);
  CHECK(talk.ask(read(100, 1)) == "1234");
}

TEST_CASE("modbus server: half a request of the connection before is forgotten") {
  Talk talk;
  talk.hear(encode(read(100, 1)).substr(0, 7));
  talk.server.on_open({}, talk);
  CHECK(talk.ask(read(101, 1)) == "5678");
}

TEST_CASE("modbus server: whatever bytes come, it answers, waits or hangs up") {
  Dice dice(3);
  for (std::uint32_t n = 0; n < 2'000; ++n) {
    Talk talk;
    std::string bytes = encode(read(100, 2));
    for (std::uint32_t flips = 1 + dice(3); flips > 0; --flips) {
      bytes = flipped(bytes, dice(static_cast<std::uint32_t>(8 * bytes.size())));
    }
    talk.hear(bytes + noise(20, n + 1));
    CHECK(talk.sent.size() < 1000);
  }
}
