// Any clients, adapter, device and line, in any order: a client gets whole answers to what it has
// asked, each once, and all of them when time has passed; the adapter hears no more than the device
// said.

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "codec/modbus.hpp"
#include "fuzz/must.hpp"
#include "fuzz/still_house.hpp"
#include "serve/modbus_proxy.hpp"

using namespace gridtap;

namespace {

using namespace std::chrono_literals;

// Of one timer.
struct OneTimerClock final : Clock {
  struct Only final : Timer {
    explicit Only(OneTimerClock& owner) : clock(owner) {}
    void set(Mono when) override { clock.due = when; }
    OneTimerClock& clock;
  };
  Now now() const override { return {mono, {}}; }
  std::unique_ptr<Timer> timer(std::function<void()> call) override {
    fire = std::move(call);
    return std::make_unique<Only>(*this);
  }
  void pass(std::chrono::milliseconds time) {
    const Mono until = mono + time;
    for (int turns = 0; due <= until; ++turns) {
      must(turns < 1000);
      mono = std::max(mono, due);
      due = Mono::max();
      fire();
    }
    mono = until;
  }
  Mono mono{1h}, due = Mono::max();
  std::function<void()> fire;
};

struct PlayedLine final : Line {
  void open(SerialSettings, LineEvents& its_events) override { events = &its_events; }
  void write(ByteView bytes) override {
    must(is_open);
    sent = std::string(as_text(bytes));
  }
  void close() override { is_open = false; }
  LineEvents* events = nullptr;
  bool is_open = false;
  std::string sent;  // the last request
};

struct World final : LineEvents, serve::ModbusClients {
  static constexpr std::uint64_t places = 6;

  explicit World(bool writes) {
    serve::ModbusProxyOptions options;
    options.writes = writes;
    options.gap = writes ? 0ms : 100ms;
    auto made = std::make_unique<PlayedLine>();
    line = made.get();
    proxy = std::make_unique<serve::ModbusProxy>(options, std::move(made), clock, log);
    proxy->answer_to(this);
    reopen();
  }

  void on_open() override {}
  void on_bytes(ByteView bytes) override { heard += bytes.size(); }
  void on_closed(const Error&) override {}
  void answer(std::uint64_t client, ByteView bytes) override {
    const auto frame = modbus::first_frame(bytes);
    must(frame && !frame->empty() && frame->size() == bytes.size());
    auto& open = asked[client];
    const auto found = open.find(modbus::fields_of(*frame).transaction);
    must(found != open.end());
    open.erase(found);
  }

  void reopen() {
    line->is_open = false;
    proxy->close();
    proxy->open({}, *this);
    line->is_open = true;
    line->events->on_open();
  }
  void hang_up() {
    if (!std::exchange(line->is_open, false)) return;
    line->events->on_closed({Fault::io, "reset"});
  }
  // What a client sends is what it has asked where it is whole.
  void client(std::uint64_t place, std::string_view bytes) {
    const std::uint64_t number = numbers.try_emplace(place, next_number).first->second;
    if (number == next_number) ++next_number;
    std::string& rest = unread[number];
    rest += bytes;
    for (;;) {
      const auto frame = modbus::first_frame(as_bytes(rest));
      if (!frame || frame->empty()) break;
      asked[number].insert(modbus::fields_of(*frame).transaction);
      rest.erase(0, frame->size());
    }
    if (proxy->on_client_bytes(number, as_bytes(bytes))) forget(place);
  }
  // Another client comes in its place.
  void forget(std::uint64_t place) {
    const auto gone = numbers.find(place);
    if (gone == numbers.end()) return;
    proxy->forget(gone->second);
    asked.erase(gone->second);
    unread.erase(gone->second);
    numbers.erase(gone);
  }
  void device(std::string_view bytes) {
    if (!line->is_open) return;
    said += bytes.size();
    line->events->on_bytes(as_bytes(bytes));
  }

  OneTimerClock clock;
  NoLog log;
  PlayedLine* line = nullptr;
  std::unique_ptr<serve::ModbusProxy> proxy;
  std::map<std::uint64_t, std::uint64_t> numbers;  // of the clients, by their places
  std::uint64_t next_number = 1;
  std::map<std::uint64_t, std::multiset<std::uint16_t>> asked;
  std::map<std::uint64_t, std::string> unread;
  std::size_t said = 0, heard = 0;
};

std::string request(ByteView words) {
  modbus::Request made;
  made.transaction = static_cast<std::uint16_t>(words[0] << 8 | words[1] % 4);
  made.address = words[1];
  std::string bytes = modbus::encode(made);
  bytes[7] = static_cast<char>(words[1] % 8);
  return bytes;
}

// One step of the story, of its kind and the bytes behind it.
void step(World& world, std::uint8_t kind, ByteView bytes) {
  const std::uint64_t client = kind / 8 % World::places;
  switch (kind % 8) {
    case 0:
      return world.client(client, as_text(bytes));
    case 1:
      return world.client(client, request(bytes));
    case 2:
      if (world.line->is_open) world.proxy->write(as_bytes(request(bytes)));
      return;
    case 3:
      if (world.line->is_open) world.proxy->write(bytes);
      return;
    case 4:
      return world.device(world.line->sent);  // it echoes
    case 5:
      return world.device(as_text(bytes));
    case 6:
      return world.clock.pass(20ms * bytes[0]);
    default:
      break;
  }
  if (bytes[0] % 4 == 0) return world.forget(client);
  if (bytes[0] % 4 == 1) return world.reopen();
  if (bytes[0] % 4 == 2) world.hang_up();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  World world(data[0] % 2 == 1);
  ByteView rest(data + 1, size - 1);
  while (rest.size() >= 4) {
    const std::uint8_t kind = rest[0];
    const std::size_t length = 2 + std::min<std::size_t>(rest[1] % 40, rest.size() - 4);
    step(world, kind, rest.subspan(2, length));
    must(world.heard <= world.said);
    rest = rest.subspan(2 + length);
  }
  world.clock.pass(20s);
  for (const auto& [client, open] : world.asked) must(open.empty());
  return 0;
}
