#pragma once
// Which checksum a meter uses. Hungarian ones send CRC-16/X-25 where the standard says ARC, and
// nothing but the digits shows it. While no telegram of a meter has passed ARC, those that fit X-25
// wait; the third different one in a row decides, and all three come out in order. A damaged
// telegram fits the other algorithm once in 65,536 times, three in a row never do. From then on
// only that algorithm counts, kept with the header; ARC again only after three that fit ARC alone.
// A meter with one ARC telegram never changes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/record.hpp"

namespace gridtap::p1 {

class ChecksumModel {
 public:
  static constexpr std::size_t agreement = 3;

  struct Waiting {
    std::string text, raw;
    std::size_t bytes = 0;
    bool repaired = false;
  };
  enum class Verdict : unsigned char {
    accept,    // those that wait are none
    complete,  // the same, and those that wait are right, and go before it
    wait,      // it was put behind those that wait
    refuse,
  };

  // Two checksums of a header: enough to tell the meter from the one before it.
  static std::uint32_t meter_of(std::string_view header);
  bool is_of(std::uint32_t meter) const { return meter == meter_; }

  // Whether judge() may keep the telegram: else it need not be copied.
  bool may_wait(bool x25) const { return x25 || model_ == Model::x25; }
  // A whole telegram that fits ARC, or X-25 alone.
  Verdict judge(std::uint32_t meter, bool x25, Waiting telegram);

  // Those that wait, once.
  std::vector<Waiting> take_waiting() { return std::exchange(waiting_, {}); }

  void save(RecordWriter& record) const;
  void restore(const Record& record);

 private:
  enum class Model : unsigned char { unknown, arc, x25 };

  std::uint32_t meter_ = 0;
  Model model_ = Model::unknown;
  std::vector<Waiting> waiting_;
};

}  // namespace gridtap::p1
