// One DSMR 5 telegram (942 bytes, 35 value lines) from bytes to effects: framing, checksum, every
// value typed.

#include <fstream>
#include <sstream>

#include "bench/bench_rig.hpp"

namespace {

std::string telegram() {
  std::ifstream file(GRIDTAP_SOURCE_DIR "/tests/data/p1/iskra-am550-dsmr5.txt", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void p1_dsmr5_telegram(benchmark::State& state) {
  gridtap::bench::feed_all(state, "p1", telegram());
}
BENCHMARK(p1_dsmr5_telegram);

}  // namespace

int main(int argc, char** argv) { return gridtap::bench::run(argc, argv, "p1", telegram()); }
