#include "adapters/p1/wire.hpp"

#include <algorithm>
#include <utility>

#include "parts/doctor.hpp"

namespace gridtap::p1 {
namespace {

constexpr std::size_t nowhere = std::string_view::npos;
constexpr std::size_t few_bytes = 32;  // too few to name a cause

// What to do about a cause (p1.md 12.3).
std::string_view hint_of(Cause cause) {
  switch (cause) {
    case Cause::inverted:
      return "the data line is not inverted: the adapter needs a transistor, a 74HC14 or the FTDI "
             "inversion setting (clones cannot store it)";
    case Cause::hdlc:
      return "HDLC frames arrive, not P1: use the han adapter for this meter";
    case Cause::mbus:
      return "M-Bus frames arrive, not P1: a Kaifa MA304H4D puts 27 V on its socket, unplug it now";
    case Cause::login:
      return "a console asks for a login: switch it off at the far end";
    default:
      return "data arrives, but no telegram is recognised: wrong baud rate or parity; use `serial: "
             "auto`, or over TCP set 115200 8N1 (DSMR 2 and 3: 9600 7E1) at the far end";
  }
}

}  // namespace

Wire::Wire(const WireSettings& settings, Telegrams& telegrams)
    : telegrams_(telegrams),
      framing_{settings.accept_missing_crc, false, settings.checksum},
      framer_(framing_),
      envelopes_(settings.keys) {}

void Wire::open(Now now) {
  doctor_.open(now.mono);
  framed_ = mismatched_ = false;
  if (seven_bit_) restart_framer(false);
  framer_.reset();
  envelope_.reset();
  seven_bit_ = gap_cut_ = in_stream_ = false;
  first_ = true;
  gap_.forget();
  accounted_ = last_end_ = envelope_scan_ = 0;
  next_look_ = first_look;
  negotiated_ = 0;
}

// Pieces end where the doctor looks and where the cap is reached, wherever the input was cut.
void Wire::bytes(ByteView bytes, Now now, Effects& effects) {
  last_byte_ = now.mono;
  bytes = without_telnet(bytes, effects);
  while (!bytes.empty()) {
    const ByteView piece = bytes.first(std::min(bytes.size(), room()));
    bytes = bytes.subspan(piece.size());
    take(piece, now, effects);
  }
}

std::size_t Wire::room() const {
  const std::size_t to_cap = framer_.used() + Framer::cap + 1 - framer_.size();
  const std::size_t to_look = last_end_ + next_look_ - framer_.size();
  return std::min(to_cap, to_look);
}

void Wire::take(ByteView bytes, Now now, Effects& effects) {
  framer_.append(bytes);
  decide(false, now, effects);
  framer_.give_back();
  if (framer_.size() - framer_.used() > Framer::cap) drop_overlong(effects);
  if (framer_.size() - last_end_ >= next_look_) look(now, effects);
}

// A negotiation (RFC 854) is found at the beginning of a connection: IAC, WILL to DONT, option.
bool Wire::is_negotiation(std::uint8_t byte) const {
  if (negotiated_ == 0) return byte == 0xFF;
  return negotiated_ == 2 || (byte >= 0xFB && byte <= 0xFE);
}

ByteView Wire::without_telnet(ByteView bytes, Effects& effects) {
  while (!in_stream_ && !bytes.empty()) {
    in_stream_ = !is_negotiation(bytes[0]);
    if (in_stream_) break;
    bytes = bytes.subspan(1);
    negotiated_ = (negotiated_ + 1) % 3;
    if (negotiated_ > 0) continue;
    doctor_.say(Cause::telnet, "the far end uses telnet: set raw mode there", effects);
  }
  return bytes;
}

void Wire::close(Now now, Effects& effects) {
  decide(true, now, effects);
  let_out(!mismatched_, now, effects);
  if (!doctor_.proved() && !seven_bit_) try_seven_bit(true, now, effects);
  if (!doctor_.proved()) judge(true, effects);
  const bool lead_in = first_ && doctor_.proved();
  if (!lead_in) give_up(framer_.size(), Fault::truncated, effects);
  doctor_.close();
}

void Wire::wake(Now now, Effects& effects) {
  if (framer_.undecided() && now.mono >= last_byte_ + end_silence) decide(true, now, effects);
  if (doctor_.patience_ends(now.mono)) judge(true, effects);
  if (framer_.size() > framer_.used() && now.mono >= last_byte_ + give_up_after) {
    give_up(framer_.size(), Fault::truncated, effects);
  }
}

Mono Wire::next_wake() const {
  Mono next = doctor_.next_wake();
  if (framer_.undecided()) next = std::min(next, last_byte_ + end_silence);
  // Line ends behind a telegram are nothing to wait for.
  if (framer_.size() > framer_.used() + 2) next = std::min(next, last_byte_ + give_up_after);
  return next;
}

// ---- frames -------------------------------------------------------------------------------------

// Ends of telegrams and of envelopes in the order in which they come.
void Wire::decide(bool silent, Now now, Effects& effects) {
  for (;;) {
    const std::size_t end = envelope_end();
    if (const auto next = framer_.next(end, silent)) {
      found(*next, now, effects);
    } else if (end <= framer_.size()) {
      open_envelope(end, now, effects);
    } else {
      return;
    }
  }
}

void Wire::found(const Found& found, Now now, Effects& effects) {
  if (found.error) {
    mismatched_ = true;
    let_out(false, now, effects);
    return rejected(*found.error, found.begin, found.end, effects);
  }
  if (found.checked && framing_.checksum == Checksum::automatic && waits(found, now, effects))
    return;
  if (seven_bit_) {
    doctor_.say(Cause::seven_bit,
                "a DSMR 2 or 3 meter at 9600 7E1: bit 7 is taken off, nothing has to be done",
                effects);
  }
  const Telegram telegram{found.text, found.end - found.begin, found.checked, found.repaired,
                          framer_.with_line_end(found.begin, found.end)};
  accepted(telegram, found.begin, found.end, now, effects);
}

// Whether the telegram waits, or is none, until it is known which checksum this meter uses.
bool Wire::waits(const Found& found, Now now, Effects& effects) {
  using Verdict = ChecksumModel::Verdict;
  const std::uint32_t meter = ChecksumModel::meter_of(header_of(found.text));
  if (!model_.is_of(meter)) let_out(false, now, effects);
  ChecksumModel::Waiting telegram;
  if (model_.may_wait(found.x25)) {
    telegram = {std::string(found.text),
                std::string(as_text(framer_.with_line_end(found.begin, found.end))),
                found.end - found.begin, found.repaired};
  }
  const Verdict verdict = model_.judge(meter, found.x25, std::move(telegram));
  if (verdict == Verdict::accept || verdict == Verdict::complete) {
    let_out(verdict == Verdict::complete, now, effects);
    return false;
  }
  if (verdict == Verdict::refuse) {
    rejected({Fault::bad_checksum, "another algorithm than this meter's"}, found.begin, found.end,
             effects);
    return true;
  }
  account(found.begin);
  if (!first_) report_gap(Fault::truncated, effects);
  gap_.forget();
  gap_cut_ = first_ = false;
  framed_ = true;
  accounted_ = last_end_ = std::max(accounted_, found.end);
  return true;
}

// Those that have waited: in order, or dropped.
void Wire::let_out(bool right, Now now, Effects& effects) {
  for (const ChecksumModel::Waiting& each : model_.take_waiting()) {
    if (!right) {
      effects(Dropped{{Fault::bad_checksum, "another algorithm than this meter's"}, each.bytes});
      continue;
    }
    doctor_.prove();
    telegrams_.on_telegram({each.text, each.bytes, true, each.repaired, as_bytes(each.raw)}, now,
                           effects);
  }
}

// Where the envelope that is being received ends; nowhere without one.
std::size_t Wire::envelope_end() {
  if (seven_bit_) return nowhere;
  envelope_scan_ = std::max(envelope_scan_, framer_.used());
  if (envelope_ && *envelope_ < framer_.used()) envelope_.reset();
  const ByteView waiting = framer_.waiting();
  for (;;) {
    const std::size_t from = (envelope_ ? *envelope_ : envelope_scan_) - framer_.used();
    const std::size_t begin = std::min(as_text(waiting).find('\xDB', from), waiting.size());
    envelope_scan_ = framer_.used() + begin;
    if (begin == waiting.size()) return nowhere;
    const auto size = envelope_size(waiting.subspan(begin));
    if (!size) return nowhere;
    if (*size > 0) {
      envelope_ = envelope_scan_;
      return envelope_scan_ + *size;
    }
    envelope_.reset();
    ++envelope_scan_;
  }
}

// One that is sound is stepped over whole; else its length may be the damaged part.
void Wire::open_envelope(std::size_t end, Now now, Effects& effects) {
  const std::size_t begin = *envelope_;
  const ByteView envelope = framer_.waiting().subspan(begin - framer_.used(), end - begin);
  const Opened opened = envelopes_.open(envelope);
  envelope_.reset();
  envelope_scan_ = begin + 1;
  complain_about(opened, effects);
  if (!opened.error) {
    accepted({opened.text, end - begin, true, false, framer_.bytes(begin, end)}, begin, end, now,
             effects);
    framer_.use(end);
    return;
  }
  rejected(*opened.error, begin, end, effects);
  framed_ = framed_ || opened.is_telegram;
  if (!opened.sound) return;
  framer_.use(end);
  last_end_ = end;
}

void Wire::complain_about(const Opened& opened, Effects& effects) {
  if (opened.error && opened.error->fault == Fault::no_key) {
    doctor_.say(Cause::encrypted, opened.error->detail + ": ask your grid company for the P1 key",
                effects);
  } else if (opened.error && opened.error->fault == Fault::wrong_key) {
    doctor_.say(Cause::wrong_key,
                opened.error->detail + ": is it this meter's key, or are the two keys swapped?",
                effects);
  } else if (!opened.error && opened.tag_failed) {
    doctor_.say(Cause::wrong_key,
                "the tag does not verify, the text and its checksum do: check "
                "authentication_key_file",
                effects);
  }
}

void Wire::accepted(const Telegram& telegram, std::size_t begin, std::size_t end, Now now,
                    Effects& effects) {
  account(begin);
  if (!first_) report_gap(Fault::truncated, effects);
  gap_.forget();
  gap_cut_ = first_ = false;
  accounted_ = last_end_ = std::max(accounted_, end);
  doctor_.prove();
  mismatches_ = 0;
  next_look_ = 2 * LineDoctor::noise_look;
  telegrams_.on_telegram(telegram, now, effects);
}

void Wire::rejected(const Error& error, std::size_t begin, std::size_t end, Effects& effects) {
  account(begin);
  if (first_) gap_.forget();
  first_ = false;
  effects(Dropped{error, end - begin});
  accounted_ = std::max(accounted_, end);
  if (framer_.looks_whole(begin, end)) {
    framed_ = true;
    if (error.fault == Fault::bad_checksum) count_mismatch(effects);
  }
}

void Wire::count_mismatch(Effects& effects) {
  if (++mismatches_ != mismatches_to_tell) return;
  doctor_.say(Cause::checksum,
              "whole telegrams arrive, and their checksums never fit: this meter uses another "
              "algorithm, or something on the way edits the text (line ends, spaces); checksum: "
              "none reads them without proof",
              effects);
}

// ---- what is in no frame ------------------------------------------------------------------------

void Wire::account(std::size_t until) {
  if (until <= accounted_) return;
  gap_.count(framer_.count_noise(accounted_, until));
  gap_cut_ = gap_cut_ || framer_.has_start(accounted_, until);
  accounted_ = until;
}

// `fault`: where a telegram began in the gap; else it is noise.
void Wire::report_gap(Fault fault, Effects& effects) {
  if (std::exchange(gap_cut_, false)) {
    gap_.report_as({fault, fault == Fault::overlong ? "no end within the longest telegram"
                                                    : "a telegram was cut off"},
                   effects);
  }
  gap_.report(effects);
}

void Wire::give_up(std::size_t until, Fault fault, Effects& effects) {
  account(until);
  report_gap(fault, effects);
  first_ = false;
  framer_.use(until);
}

void Wire::drop_overlong(Effects& effects) {
  const auto start = framer_.newest_start(framer_.used() + 1);
  give_up(start.value_or(framer_.size()), Fault::overlong, effects);
}

// ---- the doctor ---------------------------------------------------------------------------------

// A DSMR 2 meter sends 9600 7E1. Read as 8N1, half of its characters have bit 7 set (`/` comes as
// AF) and there is never a telegram, only bytes that wait. It is looked for after a few hundred
// bytes, and again at twice as many, as noise at the start may have hidden it. A wrong guess is
// taken back in the same way: on an 8N1 line the bytes without bit 7 give no telegram either.
void Wire::look(Now now, Effects& effects) {
  constexpr std::size_t sure = LineDoctor::sure_look, noise = LineDoctor::noise_look;
  const std::size_t looked = next_look_;
  next_look_ = looked < sure ? sure : looked < noise ? noise : 2 * looked;
  if (seven_bit_) {
    if (!doctor_.proved() && looked >= noise) restart_framer(false);
  } else if (doctor_.proved() || !try_seven_bit(false, now, effects)) {
    if (looked >= sure) judge(looked >= noise, effects);
  }
}

// The bytes that wait are read again without bit 7; only a telegram in them proves it.
bool Wire::try_seven_bit(bool silent, Now now, Effects& effects) {
  if (!looks_seven_bit(shares_of(framer_.waiting()))) return false;
  restart_framer(true);
  decide(silent, now, effects);
  return true;
}

void Wire::restart_framer(bool seven_bit) {
  const std::string waiting(as_text(framer_.waiting()));
  seven_bit_ = seven_bit;
  framing_.seven_bit = seven_bit;
  framer_ = Framer(framing_);
  framer_.append(as_bytes(waiting));
  envelope_.reset();
  gap_.forget();
  accounted_ = last_end_ = envelope_scan_ = 0;
  next_look_ = std::max(next_look_, waiting.size() + 1);
}

void Wire::judge(bool noise_too, Effects& effects) {
  // The line is right, and what it brings cannot be read.
  if (framed_ || doctor_.has_said(Cause::wrong_key)) return;
  const ByteView waiting = framer_.waiting();
  const Cause cause = seven_bit_ ? Cause::noise : diagnose(waiting);
  if (cause == Cause::none || (cause == Cause::noise && !noise_too)) return;
  const bool few = waiting.size() < few_bytes;
  const Cause said = few ? Cause::noise : cause == Cause::noise ? Cause::wrong_baud : cause;
  doctor_.say(said, hint_of(cause), effects);
}

}  // namespace gridtap::p1
