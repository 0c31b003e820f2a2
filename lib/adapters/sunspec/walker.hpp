#pragma once
// Finds SunSpec in a device and walks its chain of models (sunspec.md 3): where "SunS" is, then
// id and length, one model behind another. What was found before a chain breaks off is kept. Asks
// for ranges of registers; does no I/O.

#include <cstdint>
#include <optional>
#include <vector>

#include "codec/modbus.hpp"

namespace gridtap::sunspec {

// One model of the chain: the address of its id register, and the length that the device gives.
struct FoundModel {
  std::uint16_t id, address, length;
  friend bool operator==(const FoundModel&, const FoundModel&) = default;
};

class Walker {
 public:
  static constexpr std::size_t most_models = 100;
  static constexpr std::uint16_t end_model = 0xFFFF;
  static constexpr std::uint16_t marker[] = {0x5375, 0x6E53};  // "SunS"

  // `base`: where to look; none: at 40000, 0 and 50000. `most`: registers of one request.
  Walker(std::optional<std::uint16_t> base, std::uint16_t most);

  // What to read next; nothing: done.
  std::optional<modbus::Range> next() const;
  // The answer: registers, or that there are none.
  void take(std::vector<std::uint16_t> words);
  void refuse();

  // After the end: a marker was found; how the chain ended. A broken one is not to be remembered.
  bool found() const { return marked_; }
  bool broken() const { return broken_; }
  bool too_long() const { return too_long_; }  // there are more than most_models
  std::uint16_t base() const { return bases_[base_]; }
  const std::vector<FoundModel>& models() const { return models_; }

 private:
  enum class State : std::uint8_t { marker, slice, header, single, done };
  void look_at_marker(const std::vector<std::uint16_t>& words);
  void walk();
  void end(bool broken);

  std::vector<std::uint16_t> bases_;
  std::size_t base_ = 0;
  std::uint16_t most_;
  State state_ = State::marker;
  bool marked_ = false, broken_ = false, too_long_ = false, headers_only_ = false;
  std::uint32_t address_ = 0;  // of the next model
  std::uint32_t slice_at_ = 0;
  std::vector<std::uint16_t> slice_;
  std::vector<FoundModel> models_;
};

}  // namespace gridtap::sunspec
