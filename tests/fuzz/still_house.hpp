#pragma once
// What a house needs to be asked by a fuzzer: no time passes, nothing is remembered, nobody
// listens.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "model/model.hpp"

namespace gridtap {

struct NoTimer final : Timer {
  void set(Mono) override {}
};
struct StillClock final : Clock {
  Now now() const override { return {Mono{std::chrono::hours(1)}, wall}; }
  std::unique_ptr<Timer> timer(std::function<void()>) override {
    return std::make_unique<NoTimer>();
  }
  std::optional<Instant> wall = {};
};
struct NoLog final : Log {
  void write(Level, std::string_view, std::string_view) override {}
};
struct NoMemory final : model::EarlierRuns {
  std::optional<model::RememberedDevice> recall(std::string_view) const override { return {}; }
  std::vector<model::RememberedDevice> recall_identity(std::string_view) const override {
    return {};
  }
};

}  // namespace gridtap
