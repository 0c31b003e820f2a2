#pragma once
// general-block-transfer of DLMS (IEC 62056-5-3, 6.13; Green Book 9.3.13), as Landis+Gyr pushes it:
//
//   E0 | control | block number, 2 | acknowledged, 2 | length | data
//        80: last block, 40: streaming
//
//   E0 C0 00 01 00 00 03 0F 40 00      first and last block, 3 bytes
//
// The data of blocks 1, 2, ... joined is one APDU.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "codec/joined_frames.hpp"
#include "core/bytes.hpp"
#include "core/value.hpp"

namespace gridtap {

class BlockTransfer {
 public:
  static constexpr std::size_t longest = 4096;
  static constexpr std::chrono::seconds patience{5};

  struct Outcome {
    enum class Kind : std::uint8_t { nothing, apdu, stray } kind = Kind::nothing;
    ByteView apdu = {};   // valid until the next call
    bool strict = false;  // block 1 was: see take()
    std::size_t bytes = 0;
    std::size_t abandoned = 0;  // bytes of blocks that were given up
    ByteView joined = {};       // of an APDU: the frames it came in; valid as it is
  };

  // `strict`: the block came without LLC header, so nothing may follow it. `bytes`: of its frame;
  // `raw`: these, where they are wanted.
  Outcome take(ByteView block, bool strict, std::size_t bytes, Mono now, ByteView raw = {});
  std::size_t abandon();
  Mono due() const { return next_ > 1 ? last_ + patience : Mono::max(); }

 private:
  std::string joined_;
  JoinedFrames frames_;
  unsigned next_ = 1;  // the block that is waited for
  std::size_t bytes_ = 0;
  bool strict_ = false;
  Mono last_{};
};

}  // namespace gridtap
