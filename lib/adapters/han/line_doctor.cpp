#include "adapters/han/line_doctor.hpp"

#include <algorithm>
#include <limits>

#include "codec/doctor.hpp"
#include "codec/hdlc.hpp"

namespace gridtap::han {
namespace {

constexpr std::size_t few_bytes = 16;  // too few to name a cause

constexpr std::size_t some_bytes = 64;  // few for shares

// The many zeros of a list, read from an inverted line, have bit 7 set, and many are FF (lists of
// four makers through a simulated UART: 82 to 97 of 100 have, 11 to 34 are; of noise 50 and 0.4).
bool looks_inverted(std::string_view sample, const ByteShares& shares) {
  const auto all_ones = static_cast<std::size_t>(std::count(sample.begin(), sample.end(), '\xFF'));
  return shares.all >= some_bytes && shares.high * 100 > shares.all * 75 &&
         all_ones * 100 > shares.all * 7;
}

// Eight bits with even parity read without: the parity bit stands where a stop bit is due, so the
// bytes in which it is 0 - those with an even number of ones - are framing errors, and vanish.
bool lost_even_bytes(const ByteShares& shares) {
  return shares.all >= few_bytes && shares.even * 100 < shares.all * 5;
}

bool is_text(const ByteShares& shares) { return shares.printable * 100 > shares.all * 98; }

}  // namespace

void LineDoctor::open(Mono now) {
  if (proved_) said_.clear();
  sample_.clear();
  bursts_ = with_flag_ = 0;
  burst_begins_ = true;
  second_byte_ = framed_ = proved_ = false;
  judge_at_ = now + patience;
}

std::size_t LineDoctor::until_look() const {
  if (proved_) return std::numeric_limits<std::size_t>::max();
  if (sample_.size() < sure_look) return sure_look - sample_.size();
  if (sample_.size() < noise_look) return noise_look - sample_.size();
  return std::numeric_limits<std::size_t>::max();
}

// A burst that begins as a frame does and goes on as none can: the first byte was read as it was
// sent, the speed is right, and what follows has slipped by a bit.
void LineDoctor::note(ByteView bytes) {
  if (proved_ || bytes.empty()) return;
  if (burst_begins_) {
    ++bursts_;
    burst_begins_ = false;
    second_byte_ = bytes[0] == hdlc_flag;
    keep(bytes.first(1));
    bytes = bytes.subspan(1);
    if (bytes.empty()) return;
  }
  if (second_byte_ && (bytes[0] & 0xF0u) != 0xA0 && bytes[0] != hdlc_flag) ++with_flag_;
  second_byte_ = false;
  keep(bytes);
}

void LineDoctor::keep(ByteView bytes) {
  if (sample_.size() < noise_look) sample_ += as_text(bytes);
}

void LineDoctor::look(Effects& effects) {
  if (proved_) return;
  if (sample_.size() == sure_look) judge(false, effects);
  if (sample_.size() == noise_look) judge(true, effects);
}

void LineDoctor::wake(Mono now, Effects& effects) {
  if (now < judge_at_) return;
  judge_at_ = Mono::max();
  judge(true, effects);
}

void LineDoctor::prove() {
  proved_ = true;
  judge_at_ = Mono::max();
}

void LineDoctor::judge(bool noise_too, Effects& effects) {
  if (proved_ || framed_ || sample_.empty()) return;
  const ByteShares shares = shares_of(as_bytes(sample_));
  const std::string_view cause = diagnose(as_bytes(sample_));
  if (cause == "wrong_baud") {
    return say(cause, "only zeros come: the speed is too high, a HAN port has 2400 baud", effects);
  }
  if (looks_inverted(sample_, shares)) {
    return say("inverted",
               "the data line is not inverted: the adapter needs a transistor or the "
               "FTDI inversion setting",
               effects);
  }
  if (lost_even_bytes(shares)) {
    return say("wrong_parity",
               "half of the bytes are lost: the meter sends even parity, set "
               "serial: 2400 8E1",
               effects);
  }
  if (with_flag_ > 0 && 2 * with_flag_ > bursts_) {
    return say("wrong_parity",
               "frames begin and go to pieces: the meter sends no parity, set "
               "serial: 2400 8N1",
               effects);
  }
  if (!noise_too || cause == "hdlc" || cause == "mbus") return;
  if (is_text(shares)) {
    return say("noise", "text comes, not frames: a P1 port, use the p1 adapter for it", effects);
  }
  say("noise",
      "bytes come, but no frame: wrong line setting; a serial port finds it by `serial: "
      "auto`, over TCP set 2400 8E1 (Kamstrup: 2400 8N1) at the far end",
      effects);
}

void LineDoctor::say(std::string_view cause, std::string_view cure, Effects& effects) {
  if (std::find(said_.begin(), said_.end(), cause) != said_.end()) return;
  said_.emplace_back(cause);
  effects(Diagnosis{cause, cure});
}

}  // namespace gridtap::han
