// One DSMR 5 telegram (942 bytes, 35 value lines) from bytes to effects: framing, checksum, every
// value typed. `--count N` runs it N times without timing, for an instruction counter.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "adapters/registry.hpp"
#include "core/section.hpp"

namespace {

using namespace gridtap;

struct Count final : Effects {
  void operator()(const Effect& effect) override {
    readings += std::holds_alternative<Reading>(effect);
    frames += std::holds_alternative<Frame>(effect);
  }
  std::uint64_t readings = 0, frames = 0;
};

struct Rig {
  Rig() {
    std::ifstream file(GRIDTAP_SOURCE_DIR "/tests/data/p1/iskra-am550-dsmr5.txt", std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    telegram = text.str();
    Section section(empty, "", problems, read);
    adapter = find_kind("p1")->make(section, 1);
    adapter->on_open({}, count);
    for (int n = 0; n < 4; ++n) feed();
  }
  void feed() { adapter->on_bytes(as_bytes(telegram), {}, count); }

  std::string telegram;
  Setting empty;
  Problems problems;
  ReadFile read = [](const std::string&) -> Result<std::string> { return failed(Fault::io, ""); };
  std::unique_ptr<Adapter> adapter;
  Count count;
};

void p1_dsmr5_bytes_to_effects(benchmark::State& state) {
  Rig rig;
  for (auto _ : state) rig.feed();
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(rig.telegram.size()));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(p1_dsmr5_bytes_to_effects);

int count_only(long times) {
  Rig rig;
  for (long n = 0; n < times; ++n) rig.feed();
  std::cout << rig.count.frames << " telegrams, " << rig.count.readings << " readings\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--count") == 0) return count_only(std::atol(argv[2]));
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
