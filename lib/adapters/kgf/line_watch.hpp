#pragma once
// Why no answer of ours comes though bytes do: crossed wires, another speed, or another address
// than the one that answers.

#include <cstdint>
#include <string>
#include <vector>

#include "core/effect.hpp"
#include "parts/line_doctor.hpp"

namespace gridtap::kgf {

class LineWatch {
 public:
  // Bytes without any line: an answer has 40 to 90.
  static constexpr std::size_t enough = 200, few = 16;
  static constexpr std::chrono::seconds address_wait{10};
  static constexpr std::size_t most_others = 4;

  explicit LineWatch(std::vector<std::int64_t> ours) : ours_(std::move(ours)) {}

  void open(Mono now);
  void close(Effects& effects);
  void wake(Mono now, Effects& effects);
  Mono next_wake() const;

  // REQUIRES: no more than until_look() bytes.
  void note(ByteView bytes);
  std::size_t until_look() const;
  void look(Effects& effects);

  void prove();               // a line of the protocol came, whoever sent it
  void answers();             // one of our meters
  void answers(int address);  // another one

 private:
  void judge(Effects& effects);
  void name_others(Effects& effects);

  std::vector<std::int64_t> ours_;
  std::vector<int> others_;
  bool heard_ = false;  // one of ours
  Mono name_at_ = Mono::max();
  std::string sample_;
  LineDoctor doctor_;
};

}  // namespace gridtap::kgf
