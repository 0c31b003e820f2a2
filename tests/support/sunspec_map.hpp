#pragma once
// Registers of SunSpec devices, built by tests: models one behind another, words by their place.

#include <string_view>
#include <vector>

#include "parts/modbus_server.hpp"

namespace gridtap::sunspec {

class TestMap {
 public:
  explicit TestMap(std::uint16_t base = 40000) : base_(base), next_(base + 2U) {
    image[base] = 0x5375;
    image[static_cast<std::uint16_t>(base + 1)] = 0x6E53;
  }

  // A model of that length, all of it zero; the address of its id.
  std::uint16_t add(std::uint16_t id, std::uint16_t length) {
    const auto address = static_cast<std::uint16_t>(next_);
    set(address, id);
    set(address + 1U, length);
    for (unsigned n = 0; n < length; ++n) set(address + 2U + n, 0);
    next_ += 2U + length;
    return address;
  }
  std::uint16_t common(std::string_view maker, std::string_view serial, std::uint16_t length = 65) {
    const std::uint16_t address = add(1, length);
    text(address + 2U, maker);
    text(address + 18U, "Model");
    text(address + 50U, serial);
    return address;
  }
  // An inverter at work, all factors 0: 5000 W, 230 V, 1234 Wh.
  std::uint16_t inverter(std::uint16_t id = 103) {
    const std::uint16_t address = add(id, 50);
    set(address + 10U, 230);
    set(address + 14U, 5000);
    set(address + 25U, 1234);
    set(address + 38U, 4);
    return address;
  }
  std::uint16_t controls() {
    const std::uint16_t address = add(123, 24);
    set(address + 5U, 10'000);
    set(address + 23U, 0xFFFE);  // hundredths of a per cent
    return address;
  }
  TestMap& end() {
    set(next_, 0xFFFF);
    set(next_ + 1U, 0);
    return *this;
  }

  void set(std::size_t address, std::uint16_t word) {
    image[static_cast<std::uint16_t>(address)] = word;
  }
  void text(std::size_t address, std::string_view text) {
    for (std::size_t n = 0; n < text.size(); n += 2) {
      const unsigned low = n + 1 < text.size() ? static_cast<unsigned char>(text[n + 1]) : 0;
      set(address + n / 2,
          static_cast<std::uint16_t>(256U * static_cast<unsigned char>(text[n]) + low));
    }
  }

  RegisterImage image;

 private:
  std::uint16_t base_;
  std::size_t next_;
};

}  // namespace gridtap::sunspec
