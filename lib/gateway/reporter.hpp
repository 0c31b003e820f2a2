#pragma once
// What a person reads in the log about one device: the line opened or lost and why, causes with
// their hints, dropped frames.  Refused commands are reported by their sender. A rule
// that only listens. Each kind of line is logged at once and then at most once a minute, with the
// count of those left out.

#include <array>
#include <cstdint>
#include <string>

#include "core/ports.hpp"

namespace gridtap {

class Reporter final : public Rule {
 public:
  static constexpr std::chrono::seconds quiet{60};

  Reporter(Log& log, std::string device) : log_(log), device_(std::move(device)) {}

  std::string_view name() const override { return "reporter"; }
  void on_effect(std::string_view device, const Effect& effect, Now now, Effects&) override;
  void on_line(const LineState& line, Now now, Effects&) override;

 private:
  enum class Kind : std::uint8_t { line, failure, availability, dropped, held, count };
  struct Limit {
    Mono until{};
    std::uint64_t left_out = 0;
  };

  void identified(const Identified& effect);
  void diagnosis(const Diagnosis& effect);
  void alive(const Alive& effect, Now now);
  void write(Kind kind, Level level, Now now, std::string text);

  Log& log_;
  std::string device_;
  bool online_ = false, told_online_ = false, asleep_ = false;
  std::string last_failure_;
  std::array<Limit, static_cast<std::size_t>(Kind::count)> limits_{};
};

}  // namespace gridtap
