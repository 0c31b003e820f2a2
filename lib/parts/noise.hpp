#pragma once
// Bytes that belong to no frame, counted and reported in large pieces: a line with a wrong speed
// brings nothing else, and each report costs a line in the log.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/effect.hpp"

namespace gridtap {

class Noise {
 public:
  static constexpr std::size_t chunk = 4096;  // bytes of one report

  // `what`: the detail of the reports; it outlives this.
  explicit Noise(std::string_view what) : what_(what) {}

  void count(std::size_t bytes) { bytes_ += bytes; }
  // Counts, and reports whole chunks.
  void add(std::size_t bytes, Effects& effects) {
    count(bytes);
    for (; bytes_ >= chunk; bytes_ -= chunk)
      say({Fault::noise, std::string(what_)}, chunk, effects);
  }
  // Reports what was counted, if anything. REQUIRES: before any other effect of later bytes.
  void report(Effects& effects) {
    if (bytes_ > 0) report_as({Fault::noise, std::string(what_)}, effects);
  }
  // What was counted turned out to be something else.
  void report_as(Error error, Effects& effects) {
    if (bytes_ > 0) say(std::move(error), std::exchange(bytes_, 0), effects);
  }
  void forget() { bytes_ = 0; }

 private:
  static void say(Error error, std::size_t bytes, Effects& effects) {
    effects(Dropped{std::move(error), bytes});
  }

  std::string_view what_;
  std::size_t bytes_ = 0;
};

}  // namespace gridtap
