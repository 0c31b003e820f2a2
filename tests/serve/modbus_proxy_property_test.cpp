// Any clients, any device: each client gets its own answers and no others, and the adapter sees
// what it would see alone.
#include <doctest/doctest.h>

#include <algorithm>

#include "adapters/sunspec/adapter.hpp"
#include "gateway/session.hpp"
#include "serve/modbus_proxy_rig.hpp"
#include "serve/played_device.hpp"
#include "support/settings.hpp"
#include "support/sunspec_map.hpp"

using namespace gridtap;
using namespace gridtap::serve;

namespace {

// ---- bytes --------------------------------------------------------------------------------------

// Both ends of a line, each write and each arrival by itself.
struct Hearing final : LineEvents {
  void on_open() override { heard.push_back("open"); }
  void on_bytes(ByteView bytes) override { heard.emplace_back(as_text(bytes)); }
  void on_closed(const Error& why) override { heard.push_back("closed " + why.detail); }
  std::vector<std::string> heard;
};
struct WriteByWrite final : Line {
  void open(SerialSettings, LineEvents& its_events) override { events = &its_events; }
  void write(ByteView bytes) override { written.emplace_back(as_text(bytes)); }
  void close() override { written.push_back("close"); }
  LineEvents* events = nullptr;
  std::vector<std::string> written;
};

std::string some_bytes(Dice& dice) {
  const int number = static_cast<int>(dice(5));
  std::string bytes = dice(2) == 0 ? told(number, 5) : ask(number, 5);
  if (dice(4) == 0) bytes += told(static_cast<int>(dice(65'536)), 6);
  if (dice(3) == 0) bytes.resize(dice(static_cast<std::uint32_t>(bytes.size())) + 1);
  return dice(8) == 0 ? noise(1 + dice(40), dice(1000)) : bytes;
}

// ---- a world ------------------------------------------------------------------------------------

// What an adapter says, without the times.
struct Diary final : Sink {
  void on_effect(std::string_view, const Effect& effect, Now) override {
    std::visit(
        overloaded{
            [&](const Reading& e) { lines.push_back(std::string(e.key) + ' ' + to_text(e.value)); },
            [&](const Frame& e) { lines.push_back("frame " + std::to_string(e.bytes)); },
            [&](const Dropped& e) { lines.push_back("dropped " + e.error.detail); },
            [&](const Diagnosis& e) { lines.emplace_back(name(e.cause)); },
            [&](const Alive& e) {
              if (e.lease == 0ms) lines.emplace_back("offline");
            },
            [](const auto&) {},
        },
        effect);
  }
  std::size_t count(std::string_view line) const {
    return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line));
  }
  std::vector<std::string> lines;
};

sunspec::TestMap registers() {
  sunspec::TestMap map;
  map.common("Maker", "S1");
  map.inverter();
  map.controls();
  return map.end();
}

// Our adapter, a session, a proxy, a device, and clients that ask one register after another.
struct World final : ModbusClients {
  struct Client {
    std::map<std::uint16_t, std::uint16_t> asked;  // transaction -> address
    int good = 0, refused = 0, wrong = 0;
  };

  explicit World(PlayedDevice::Habits habits = {}, std::uint32_t seed = 1) : dice(seed) {
    sunspec::TestMap map = registers();
    for (unsigned n = 0; n < 100; ++n) map.set(n, static_cast<std::uint16_t>(1000 + 7 * n));
    auto made = std::make_unique<PlayedDevice>(clock, map.image, habits, seed);
    device = made.get();
    ModbusProxyOptions options;
    options.device = "inverter";
    options.writes = true;
    proxy = std::make_unique<ModbusProxy>(options, std::move(made), clock, log);
    proxy->answer_to(this);
    SectionRig rig(std::vector<Member>{});
    Section section = rig.section();
    auto adapter = sunspec::make(section, 1);
    SessionOptions own;
    own.id = "inverter";
    session = std::make_unique<Session>(own, clock, proxy.get(), std::move(adapter),
                                        std::vector<std::unique_ptr<Rule>>{}, diary);
    session->start();
  }

  void answer(std::uint64_t number, ByteView bytes) override {
    const auto frame = modbus::first_frame(bytes);
    REQUIRE(frame);
    REQUIRE(frame->size() == bytes.size());
    const modbus::Frame fields = modbus::fields_of(*frame);
    Client& client = clients[number];
    const auto found = client.asked.find(fields.transaction);
    if (found == client.asked.end()) {
      ++client.wrong;
      return;
    }
    if (fields.function >= 0x80) {
      ++client.refused;
    } else if (modbus::register_at(fields.data.subspan(1), 0) == 1000 + 7 * found->second) {
      ++client.good;
    } else {
      ++client.wrong;
    }
    client.asked.erase(found);
  }

  void ask_something(std::uint64_t number, std::uint8_t unit = 1) {
    Client& client = clients[number];
    const auto transaction = static_cast<std::uint16_t>(dice(50));
    if (client.asked.contains(transaction)) return;
    const auto address = static_cast<std::uint16_t>(dice(100));
    client.asked[transaction] = address;
    CHECK_FALSE(proxy->on_client_bytes(number, as_bytes(ask(transaction, address, unit))));
    ++asked;
  }
  int sum(int Client::* count) const {
    int all = 0;
    for (const auto& [number, client] : clients) all += client.*count;
    return all;
  }
  std::size_t open_questions() const {
    std::size_t all = 0;
    for (const auto& [number, client] : clients) all += client.asked.size();
    return all;
  }

  Dice dice;
  io::ManualClock clock;
  MemoryLog log;
  Diary diary;
  PlayedDevice* device = nullptr;
  std::unique_ptr<ModbusProxy> proxy;
  std::unique_ptr<Session> session;
  std::map<std::uint64_t, Client> clients;
  int asked = 0;
};

}  // namespace

TEST_CASE("modbus proxy: without clients every byte passes as it came, whatever it is") {
  for (std::uint32_t seed = 1; seed <= 500; ++seed) {
    Dice dice(seed);
    io::ManualClock clock;
    MemoryLog log;
    auto owned = std::make_unique<WriteByWrite>();
    WriteByWrite& line = *owned;
    ModbusProxyOptions options;
    options.gap = std::chrono::milliseconds(dice(2) * 100);
    options.after_connect = options.gap;
    ModbusProxy proxy(options, std::move(owned), clock, log);
    Hearing ends;
    std::vector<std::string> sent, came;
    proxy.open({}, ends);
    line.events->on_open();
    came.emplace_back("open");
    for (int n = 0; n < 60; ++n) {
      const std::string bytes = some_bytes(dice);
      if (dice(2) == 0) {
        proxy.write(as_bytes(bytes));
        sent.push_back(bytes);
      } else {
        line.events->on_bytes(as_bytes(bytes));
        came.push_back(bytes);
      }
      clock.advance(std::chrono::milliseconds(dice(400)));
      if (dice(20) > 0) continue;
      line.events->on_closed({Fault::io, "reset"});
      proxy.open({}, ends);
      line.events->on_open();
      came.insert(came.end(), {"closed reset", "open"});
    }
    REQUIRE(line.written == sent);
    REQUIRE(ends.heard == came);
  }
}

TEST_CASE("modbus proxy: with clients all day the adapter says what it says alone") {
  World alone, shared({3, 0, 0, 0, true});
  for (int n = 0; n < 60'000; n += 20) {
    alone.clock.advance(20ms);
    shared.clock.advance(20ms);
    for (std::uint64_t client = 1; client <= 3; ++client) {
      if (shared.dice(3) == 0) shared.ask_something(client);
    }
  }
  shared.clock.advance(500ms);
  alone.clock.advance(500ms);
  CHECK(alone.diary.lines.size() > 100);
  CHECK(alone.diary.lines == shared.diary.lines);
  CHECK(shared.device->most_unanswered == 1);
  CHECK(shared.sum(&World::Client::good) == shared.asked);
  CHECK(shared.sum(&World::Client::wrong) == 0);
  CHECK(shared.asked > 2'000);
}

TEST_CASE("modbus proxy: whatever the device does each request has one answer, and it is its own") {
  const PlayedDevice::Habits habits[] = {{1500, 0, 0, 0, false},
                                         {30, 5, 0, 0, true},
                                         {30, 0, 3, 0, false},
                                         {30, 0, 0, 9, true},
                                         {700, 20, 5, 0, true}};
  std::uint32_t seed = 0;
  for (const PlayedDevice::Habits& habit : habits) {
    World world(habit, ++seed);
    for (int n = 0; n < 4'000; ++n) {
      world.clock.advance(std::chrono::milliseconds(world.dice(40)));
      if (world.dice(3) == 0) world.ask_something(1 + world.dice(8));
      if (world.dice(700) == 0) world.device->hang_up();
    }
    world.clock.advance(10s);
    CHECK(world.open_questions() == 0);
    CHECK(world.sum(&World::Client::wrong) == 0);
    CHECK(world.sum(&World::Client::good) > 10);
    CHECK(world.sum(&World::Client::good) + world.sum(&World::Client::refused) == world.asked);
    for (const std::string& line : world.diary.lines) {
      if (line.starts_with("power ")) CHECK(line == "power 5000");
      if (line.starts_with("voltage_l1 ")) CHECK(line == "voltage_l1 230");
    }
  }
}

TEST_CASE("modbus proxy: a unit that is silent when a client asks it does not take ours offline") {
  PlayedDevice::Habits habits;
  habits.silent_unit = 9;
  World world(habits);
  world.clock.advance(5s);
  const std::size_t before = world.diary.count("power 5000");
  CHECK(before > 2);
  for (int n = 0; n < 100; ++n) {
    world.ask_something(1, 9);
    world.clock.advance(100ms);
  }
  CHECK(world.diary.count("power 5000") >= before + 9);
  CHECK(world.diary.count("offline") == 0);
}

TEST_CASE("modbus proxy: what a client writes to a limit is read back and published") {
  World world;
  world.clock.advance(5s);
  CHECK(world.diary.count("power_limit 100.00") == 1);
  constexpr int limit = 40'121 + 5;
  CHECK_FALSE(world.proxy->on_client_bytes(1, as_bytes(write_of(7, limit, 5'000))));
  world.clock.advance(61s);
  CHECK(world.diary.count("power_limit 50.00") == 1);
}
