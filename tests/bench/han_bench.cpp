// One Kaifa list 2 (123 bytes) from bytes to effects: both check sequences, every item named. And a
// line that brings mostly noise: random bytes with a frame every 4 kB.

#include <random>

#include "adapters/han/played_meters.hpp"
#include "bench/bench_rig.hpp"

namespace {

using namespace gridtap;

std::string kaifa_list_2() {
  const han::PlayedMeter& meter = *han::find_played_meter("kaifa");
  han::Household house(meter.house, std::chrono::sys_days{std::chrono::year{2026} / 11 / 20}, 1);
  return han::write_push(meter, han::ListKind::measured, house.state(), meter.serial, {}, 0);
}

std::string noisy_stream() {
  constexpr int stretches = 256;
  constexpr std::size_t stretch = 4096;
  std::mt19937 random(1);
  std::string stream;
  for (int n = 0; n < stretches; ++n) {
    for (std::size_t at = 0; at < stretch; ++at) stream += static_cast<char>(random() & 0xFF);
    stream += kaifa_list_2();
  }
  return stream;
}

void han_kaifa_list_2(benchmark::State& state) { bench::feed_all(state, "han", kaifa_list_2()); }
BENCHMARK(han_kaifa_list_2);

void han_noisy_stream(benchmark::State& state) { bench::feed_all(state, "han", noisy_stream()); }
BENCHMARK(han_noisy_stream);

}  // namespace

int main(int argc, char** argv) { return bench::run(argc, argv, "han", kaifa_list_2()); }
