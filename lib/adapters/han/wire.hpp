#pragma once
// From the bytes of a HAN line to APDUs: link frames found and joined, blocks and segments put
// together (han.md 2 to 5).  Reports what was dropped and, when nothing comes out, why. How the
// input is cut never changes the result.

#include <utility>

#include "adapters/han/framer.hpp"
#include "adapters/han/line_sample.hpp"
#include "codec/block_transfer.hpp"
#include "core/effect.hpp"
#include "parts/noise.hpp"

namespace gridtap::han {

// `strict`: nothing may follow it. `frame_bytes`: of the frames that it came in.
struct Apdu {
  ByteView bytes;
  bool strict;
  std::size_t frame_bytes;
};

struct Apdus {
  // True: a good message; false: it was dropped and reported.
  virtual bool on_apdu(const Apdu& apdu, Now now, Effects& effects) = 0;

 protected:
  ~Apdus() = default;
};

class Wire {
 public:
  // Parts of one push follow at once, pushes come 0.7 s or more apart.
  static constexpr std::chrono::milliseconds end_silence{200};

  explicit Wire(Apdus& apdus) : apdus_(apdus) {}

  void open(Now now);
  void bytes(ByteView bytes, Now now, Effects& effects);
  void close(Now now, Effects& effects);  // the end counts as silence
  void wake(Now now, Effects& effects);
  Mono next_wake() const;
  // The link frames of the APDU in hand as they came; empty from the second call on.
  ByteView take_raw() { return std::exchange(found_.bytes.raw, {}); }

 private:
  void decide(bool silent, Now now, Effects& effects);
  void found(const Found& found, Now now, Effects& effects);
  void hdlc(const Found& found, Now now, Effects& effects);
  void mbus(const Found& found, Now now, Effects& effects);
  void apdu(const Apdu& apdu, Now now, Effects& effects);
  void block(const Apdu& apdu, Now now, Effects& effects);
  void abandon_all(Effects& effects);
  void report_gap(Effects& effects);
  void count_gap(Effects& effects);

  Apdus& apdus_;
  Framer framer_;
  HdlcSegments hdlc_segments_;
  MbusSegments mbus_segments_;
  BlockTransfer blocks_;
  LineSample sample_;
  Noise gap_{"bytes outside frames"};
  Found found_;
  bool first_ = true;  // no frame yet: the rest of one that had begun is no fault
  Mono last_byte_{};
};

}  // namespace gridtap::han
