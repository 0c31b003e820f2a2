#include "adapters/han/line_sample.hpp"

#include <algorithm>
#include <limits>

#include "codec/hdlc.hpp"
#include "parts/doctor.hpp"

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

// Eight bits with even parity read without: the parity bit is where a stop bit is due, so the
// bytes in which it is 0 - those with an even number of ones - are framing errors, and vanish.
bool lost_even_bytes(const ByteShares& shares) {
  return shares.all >= few_bytes && shares.even * 100 < shares.all * 5;
}

// A data-notification without a frame around it, as Czech meters push it: 0F, four bytes, no time
// or one, a structure.
bool is_bare_notification(std::string_view sample) {
  constexpr std::size_t shortest = 7;
  if (sample.size() < shortest || sample[0] != '\x0F') return false;
  if (sample[5] == '\x00') return sample[6] == '\x02';
  constexpr std::size_t body = 6 + 12;
  return sample[5] == '\x0C' && sample.size() > body && sample[body] == '\x02';
}

struct MakerSettings {
  std::string_view word;  // in what the maker's meters send
  std::string_view settings;
};
constexpr MakerSettings makers[] = {
    {"KFM", "2400 8E1 (Kaifa)"},
    {"AIDON", "2400 8E1 (Aidon)"},
    {"Kamstrup", "2400 8N1 (Kamstrup)"},
    {"LGZ", "9600 8N1 (Landis+Gyr E450)"},
    {"ISK", "115200 8N1 or 38400 8N1 (Iskraemeco)"},
};

// Of the maker whose name is among the bytes, or of all: a damaged list often keeps its texts.
std::string settings_of_makers(std::string_view sample) {
  std::string all;
  for (const MakerSettings& maker : makers) {
    if (sample.find(maker.word) != sample.npos) return std::string(maker.settings);
    all += (all.empty() ? "" : ", ") + std::string(maker.settings);
  }
  return all;
}

bool is_text(const ByteShares& shares) { return shares.printable * 100 > shares.all * 98; }

}  // namespace

void LineSample::open(Mono now) {
  doctor_.open(now);
  bytes_.clear();
  bursts_ = with_flag_ = 0;
  burst_begins_ = true;
  second_byte_ = framed_ = false;
}

std::size_t LineSample::until_look() const {
  constexpr std::size_t never = std::numeric_limits<std::size_t>::max();
  if (doctor_.proved()) return never;
  for (const std::size_t look : {LineDoctor::sure_look, LineDoctor::noise_look}) {
    if (bytes_.size() < look) return look - bytes_.size();
  }
  return never;
}

// A burst that begins as a frame does and goes on as none can: the first byte was read as it was
// sent, the speed is right, and what follows has slipped by a bit.
void LineSample::note(ByteView bytes) {
  if (doctor_.proved() || bytes.empty()) return;
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

void LineSample::keep(ByteView bytes) {
  if (bytes_.size() < LineDoctor::noise_look) bytes_ += as_text(bytes);
}

void LineSample::look(Effects& effects) {
  if (doctor_.proved()) return;
  if (bytes_.size() == LineDoctor::sure_look) judge(false, effects);
  if (bytes_.size() == LineDoctor::noise_look) judge(true, effects);
}

void LineSample::wake(Mono now, Effects& effects) {
  if (doctor_.patience_ends(now)) judge(true, effects);
}

void LineSample::judge(bool noise_too, Effects& effects) {
  if (doctor_.proved() || framed_ || bytes_.empty()) return;
  const auto [cause, hint] = finding(noise_too);
  if (cause != Cause::none) doctor_.say(cause, hint, effects);
}

LineSample::Finding LineSample::finding(bool noise_too) const {
  const ByteShares shares = shares_of(as_bytes(bytes_));
  const Cause cause = diagnose(as_bytes(bytes_));
  if (is_bare_notification(bytes_)) {
    return {noise_too ? Cause::unsupported : Cause::none,
            "lists arrive without a frame around them (Czech EG.D): they are not read; the line "
            "setting is right"};
  }
  if (cause == Cause::wrong_baud) {
    return {cause, "only zeros arrive: the speed is too high, most HAN ports have 2400 baud"};
  }
  if (looks_inverted(bytes_, shares)) {
    return {Cause::inverted,
            "the data line is not inverted: the adapter needs a transistor or the FTDI inversion "
            "setting"};
  }
  if (lost_even_bytes(shares)) {
    return {Cause::wrong_parity,
            "half of the bytes are lost: the meter sends even parity, set serial: auto (Kaifa and "
            "Aidon: 2400 8E1)"};
  }
  if (with_flag_ > 0 && 2 * with_flag_ > bursts_) {
    return {
        Cause::wrong_parity,
        "frames start but break up: the meter sends no parity, set serial: auto (Kamstrup: 2400 "
        "8N1)"};
  }
  if (!noise_too || cause == Cause::hdlc || cause == Cause::mbus) return {Cause::none, {}};
  if (cause == Cause::login) {
    return {cause, "a console asks for a login: switch it off at the far end"};
  }
  if (is_text(shares)) {
    return {Cause::noise, "text arrives, not frames: this is a P1 port, use the p1 adapter"};
  }
  return {
      Cause::noise,
      "data arrives, but no frame is recognised: wrong baud rate or parity; use `serial: auto`, or "
      "over TCP set at the far end what the meter has: " +
          settings_of_makers(bytes_)};
}

}  // namespace gridtap::han
