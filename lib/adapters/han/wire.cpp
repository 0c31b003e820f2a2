#include "adapters/han/wire.hpp"

#include <algorithm>

#include "codec/dlms.hpp"

namespace gridtap::han {
namespace {

void dropped(Fault fault, const char* what, std::size_t bytes, Effects& effects) {
  effects(Dropped{{fault, what}, bytes});
}

void half_message(std::size_t bytes, Effects& effects) {
  if (bytes > 0) dropped(Fault::truncated, "the end of a message is missing", bytes, effects);
}

void stray_part(std::size_t bytes, Effects& effects) {
  dropped(Fault::truncated, "a part of a message without its beginning", bytes, effects);
}

bool is_block(ByteView apdu) {
  return !apdu.empty() && apdu[0] == static_cast<std::uint8_t>(ApduTag::general_block_transfer);
}

}  // namespace

void Wire::open(Now now) {
  framer_.reset();
  gap_.forget();
  (void)hdlc_segments_.abandon();
  (void)mbus_segments_.abandon();
  (void)blocks_.abandon();
  first_ = true;
  sample_.open(now.mono);
}

// Pieces end where the doctor looks, wherever the input was cut.
void Wire::bytes(ByteView bytes, Now now, Effects& effects) {
  const bool new_burst = now.mono - last_byte_ >= end_silence;
  last_byte_ = now.mono;
  sample_.burst(new_burst);
  while (!bytes.empty()) {
    const ByteView piece =
        bytes.first(std::min({bytes.size(), framer_.room(), sample_.until_look()}));
    bytes = bytes.subspan(piece.size());
    sample_.note(piece);
    framer_.append(piece);
    decide(false, now, effects);
    count_gap(effects);
    sample_.look(effects);
  }
}

void Wire::close(Now now, Effects& effects) {
  decide(true, now, effects);
  abandon_all(effects);
  sample_.judge(effects);
  report_gap(effects);
  sample_.close();
}

void Wire::wake(Now now, Effects& effects) {
  if (framer_.waiting() && now.mono >= last_byte_ + end_silence) decide(true, now, effects);
  if (now.mono >= hdlc_segments_.due()) half_message(hdlc_segments_.abandon(), effects);
  if (now.mono >= mbus_segments_.due()) half_message(mbus_segments_.abandon(), effects);
  if (now.mono >= blocks_.due()) half_message(blocks_.abandon(), effects);
  sample_.wake(now.mono, effects);
}

Mono Wire::next_wake() const {
  const Mono parts = std::min({hdlc_segments_.due(), mbus_segments_.due(), blocks_.due()});
  const Mono next = std::min(parts, sample_.next_wake());
  return framer_.waiting() ? std::min(next, last_byte_ + end_silence) : next;
}

// ---- frames -------------------------------------------------------------------------------------

void Wire::decide(bool silent, Now now, Effects& effects) {
  while (framer_.next(silent, found_)) found(found_, now, effects);
}

void Wire::found(const Found& found, Now now, Effects& effects) {
  count_gap(effects);
  if (first_) {
    framer_.clear_gap();
    gap_.forget();
  }
  first_ = false;
  if (found.kind == Found::Kind::damaged) {
    return dropped(Fault::bad_checksum, "the checksum of a frame is wrong", found.damaged, effects);
  }
  report_gap(effects);
  found.kind == Found::Kind::hdlc ? hdlc(found, now, effects) : mbus(found, now, effects);
}

void Wire::hdlc(const Found& found, Now now, Effects& effects) {
  using Kind = HdlcSegments::Outcome::Kind;
  sample_.framed();
  const auto outcome = hdlc_segments_.take(found.hdlc, found.adjacent, now.mono, found.bytes);
  half_message(outcome.abandoned, effects);
  if (outcome.kind == Kind::stray) return stray_part(outcome.bytes, effects);
  if (outcome.kind == Kind::apdu) {
    if (!outcome.joined.empty()) found_.bytes.raw = outcome.joined;
    apdu({outcome.apdu, !outcome.had_llc, outcome.bytes}, now, effects);
  }
}

void Wire::mbus(const Found& found, Now now, Effects& effects) {
  using Kind = MbusSegments::Outcome::Kind;
  sample_.framed();
  const auto outcome = mbus_segments_.take(found.mbus, found.adjacent, now.mono, found.bytes.raw);
  half_message(outcome.abandoned, effects);
  if (outcome.kind == Kind::stray) return stray_part(outcome.bytes, effects);
  if (outcome.kind == Kind::apdu) {
    if (!outcome.joined.empty()) found_.bytes.raw = outcome.joined;
    apdu({outcome.apdu, true, outcome.bytes}, now, effects);
  }
}

void Wire::apdu(const Apdu& apdu, Now now, Effects& effects) {
  if (is_block(apdu.bytes)) return block(apdu, now, effects);
  if (apdus_.on_apdu(apdu, now, effects)) sample_.prove();
}

void Wire::block(const Apdu& apdu, Now now, Effects& effects) {
  using Kind = BlockTransfer::Outcome::Kind;
  const auto outcome =
      blocks_.take(apdu.bytes, apdu.strict, apdu.frame_bytes, now.mono, found_.bytes.raw);
  half_message(outcome.abandoned, effects);
  if (outcome.kind == Kind::stray) return stray_part(outcome.bytes, effects);
  if (outcome.kind != Kind::apdu) return;
  if (is_block(outcome.apdu)) {
    return dropped(Fault::unsupported, "blocks inside blocks", outcome.bytes, effects);
  }
  found_.bytes.raw = outcome.joined;
  if (apdus_.on_apdu({outcome.apdu, outcome.strict, outcome.bytes}, now, effects)) {
    sample_.prove();
  }
}

void Wire::abandon_all(Effects& effects) {
  half_message(hdlc_segments_.abandon(), effects);
  half_message(mbus_segments_.abandon(), effects);
  half_message(blocks_.abandon(), effects);
}

// ---- what is in no frame ------------------------------------------------------------------------

void Wire::report_gap(Effects& effects) {
  count_gap(effects);
  if (framer_.gap_was_frame()) {
    gap_.report_as({Fault::truncated, "a frame was cut off"}, effects);
  }
  gap_.report(effects);
  framer_.clear_gap();
}

void Wire::count_gap(Effects& effects) {
  if (const std::size_t bytes = framer_.take_gap(); bytes > 0) gap_.add(bytes, effects);
}

}  // namespace gridtap::han
