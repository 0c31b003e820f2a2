#pragma once
// An adapter that is fed the same bytes again and again, and counts what comes out. `--count N`
// feeds it N times without timing, for an instruction counter.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>

#include "adapters/registry.hpp"
#include "core/section.hpp"

namespace gridtap::bench {

struct Count final : Effects {
  void operator()(const Effect& effect) override {
    readings += std::holds_alternative<Reading>(effect);
    frames += std::holds_alternative<Frame>(effect);
  }
  std::uint64_t readings = 0, frames = 0;
};

struct Rig {
  // The first rounds, where entities are met and buffers grow, are over when it is there.
  Rig(const char* kind, std::string input) : bytes(std::move(input)) {
    Section section(empty, "", problems, read);
    adapter = find_kind(kind)->make(section, 1);
    adapter->on_open({}, count);
    for (int n = 0; n < 4; ++n) feed();
  }
  void feed() { adapter->on_bytes(as_bytes(bytes), {}, count); }

  std::string bytes;
  Setting empty;
  Problems problems;
  ReadFile read = [](const std::string&) -> Result<std::string> { return failed(Fault::io, ""); };
  std::unique_ptr<Adapter> adapter;
  Count count;
};

inline void feed_all(benchmark::State& state, const char* kind, const std::string& input) {
  Rig rig(kind, input);
  for (auto _ : state) rig.feed();
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(rig.bytes.size()));
}

// `main` of a benchmark whose `input` is what --count feeds.
inline int run(int argc, char** argv, const char* kind, const std::string& input) {
  if (argc == 3 && std::strcmp(argv[1], "--count") == 0) {
    Rig rig(kind, input);
    for (long n = std::atol(argv[2]); n > 0; --n) rig.feed();
    std::cout << rig.count.frames << " frames, " << rig.count.readings << " readings\n";
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace gridtap::bench
