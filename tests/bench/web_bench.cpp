// A telegram of 40 values to 20 open pages: noted, one event made, handed to each stream.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <cstring>
#include <iostream>

#include "fuzz/still_house.hpp"
#include "io/manual_clock.hpp"
#include "web/board.hpp"
#include "web/metrics.hpp"
#include "web/recent.hpp"
#include "web/state_json.hpp"

namespace {

using namespace gridtap;
using namespace std::chrono_literals;

struct Sink final : WebServer {
  void start(WebFace&) override {}
  void answer(std::uint64_t, WebReply) override {}
  bool stream(std::uint64_t, WebReply) override { return true; }
  void send(std::uint64_t, std::shared_ptr<const std::string> text) override {
    bytes += text->size();
  }
  std::size_t unread(std::uint64_t) const override { return 0; }
  void end(std::uint64_t) override {}
  std::uint64_t bytes = 0;
};

// Five meters of 40 values.
struct House {
  explicit House(std::uint64_t pages) {
    model.add(board);
    model.add(recent);
    for (const model::DeviceOptions& device : options().devices) {
      model.on_effect(device.id, Identified{"", {"", "", device.id, "", "", ""}}, clock.now());
      model.on_effect(device.id, Alive{"", 1h}, clock.now());
    }
    for (int n = 0; n < 5; ++n) telegram("meter" + std::to_string(n));
    for (std::uint64_t n = 1; n <= pages; ++n) board.add(n);
    for (int n = 0; n < 4; ++n) second();
  }
  static model::Options options() {
    model::Options options;
    for (int n = 0; n < 5; ++n) options.devices.push_back({"meter" + std::to_string(n), ""});
    return options;
  }
  void telegram(const std::string& id) {
    ++turn;
    for (const std::string& key : keys) {
      model.on_effect(id, Reading{"", key, "1-0:1.7.0", Decimal{turn % 9999, -1}}, clock.now());
    }
  }
  void second() {
    telegram("meter0");
    clock.advance(1s);
  }
  static std::vector<std::string> make_keys() {
    std::vector<std::string> keys{"power_import", "power_export", "voltage_l1", "current_l1"};
    for (int n = 0; n < 36; ++n) keys.push_back("own_key_" + std::to_string(n));
    return keys;
  }

  std::vector<std::string> keys = make_keys();
  std::int64_t turn = 0;
  io::ManualClock clock{Instant{1'800'000'000'000ms}};
  NoLog log;
  NoMemory none;
  model::Model model{options(), clock, none, log};
  web::Shown shown{{}};
  Sink sink;
  web::Board board{model, shown, sink, clock};
  web::Recent recent{shown, clock, log};
};

void telegram(benchmark::State& state) {
  House house(static_cast<std::uint64_t>(state.range(0)));
  for (auto _ : state) house.second();
}
BENCHMARK(telegram)->Name("telegram_to_pages")->Arg(0)->Arg(1)->Arg(20);

void whole_state(benchmark::State& state) {
  House house(0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        web::state_json(house.model, nullptr, house.shown, {}, house.clock.now()));
  }
}
BENCHMARK(whole_state)->Name("state_of_200_entities");

void scrape(benchmark::State& state) {
  House house(0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(web::metrics(house.model, {{"site", "home"}}, web::ProcessFigures{},
                                          web::MetricsForm::text));
  }
}
BENCHMARK(scrape)->Name("metrics_of_200_entities");

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--count") == 0) {
    House house(20);
    for (long n = std::atol(argv[2]); n > 0; --n) house.second();
    std::cout << house.sink.bytes << " bytes\n";
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
