// One SunSpec model 103 (31 points) from bytes of its registers to readings, every point scaled,
// named and told.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "adapters/sunspec/readings.hpp"

namespace {

using namespace gridtap;
using namespace gridtap::sunspec;

struct Count final : Effects {
  void operator()(const Effect& effect) override {
    readings += std::holds_alternative<Reading>(effect);
  }
  std::uint64_t readings = 0;
};

// An inverter at work: all its points have values.
struct Rig {
  Rig() : layout(lay_out({{1, 40002, 65}, {103, 40069, 50}}, "", {})), readings({}) {
    PlacedModel& inverter = layout.models[1];
    const std::uint16_t words[] = {
        103,    50,   3478,   1159, 1160,   1159, 0xFFFE, 3990, 3995, 3991, 2305,   2301,   2309,
        0xFFFF, 8000, 0,      5001, 0xFFFE, 8010, 0,      120,  0,    998,  0xFFFD, 188,    24910,
        0,      2120, 0xFFFE, 3800, 0xFFFF, 8160, 0,      451,  390,  402,  377,    0xFFFF, 4,
        4,      0,    0,      0,    0,      0,    0,      0,    0,    0,    0,      0,      0};
    std::copy(std::begin(words), std::end(words), inverter.words.begin());
    readings.begin(layout, count);
    publish();
  }
  void publish() { readings.publish(layout, layout.models[1], {}, count); }

  Layout layout;
  Readings readings;
  Count count;
};

void sunspec_model_103(benchmark::State& state) {
  Rig rig;
  for (auto _ : state) rig.publish();
  state.SetBytesProcessed(state.iterations() * 104);
}
BENCHMARK(sunspec_model_103);

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--count") == 0) {
    Rig rig;
    for (long n = std::atol(argv[2]); n > 0; --n) rig.publish();
    std::cout << rig.count.readings << " readings\n";
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
