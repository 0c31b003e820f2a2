#pragma once
// A coulometer that is played: a battery charged and discharged in turn, its totals and settings,
// and the answers that it gives.

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "core/value.hpp"

namespace gridtap::kgf {

// A request as the display, the manual and gateways write it: ":R50=01.", ":W28=1,216,2000,".
struct Request {
  bool write;
  int number, address;
  std::int64_t value;
};
std::optional<Request> parse_request(std::string_view line);

class SimulatedMeter {
 public:
  // `high_precision`: a KH-F. `stubborn`: acknowledges a write and does not change the value.
  struct Options {
    int address = 1;
    bool high_precision = false, stubborn = false;
  };
  SimulatedMeter(Options options, std::uint32_t seed);

  int address() const { return options_.address; }
  // The line it answers with; empty where it is silent.
  std::string answer(const Request& request);
  // Time passes: whole seconds of it are measured.
  void advance(Mono now);

 private:
  void second();
  void set(const Request& request);
  std::string measured() const;

  Options options_;
  std::minstd_rand random_;
  std::optional<Mono> measured_at_;
  std::int64_t seconds_ = 0;                             // since it began to play
  std::int64_t remaining_ = 210'000'000;                 // 10^-6 Ah
  std::int64_t discharged_ = 0, discharged_energy_ = 0;  // 10^-6 Ah, 10^-8 kWh
  std::int64_t charged_energy_ = 0;                      // 10^-8 kWh
  std::int64_t run_time_ = 0, zero_ = 0;
  std::int64_t current_ = 0, voltage_ = 5300;  // hundredths, + charging
  bool on_ = true;
  std::array<std::int64_t, 15> settings_ = {0, 0, 0, 0, 0, 100, 0, 0, 4200, 100, 100, 100, 0, 0, 1};
};

}  // namespace gridtap::kgf
