#include "codec/mbus_frame.hpp"

#include <utility>

namespace gridtap {
namespace {

using Verdict = MbusCheck::Verdict;

constexpr std::uint8_t stop = 0x16, control_byte = 0x53, broadcast = 0xFF;
constexpr std::size_t head_bytes = 4;    // 68 L L 68
constexpr std::size_t header_bytes = 5;  // C A CI STSAP DTSAP
constexpr std::size_t tail_bytes = 2;    // sum, 16
constexpr std::size_t wrap = 256;

std::uint8_t sum_of(ByteView bytes) {
  unsigned sum = 0;
  for (const std::uint8_t byte : bytes) sum += byte;
  return static_cast<std::uint8_t>(sum);
}

bool fits(ByteView bytes, std::size_t length) {
  return bytes[head_bytes + length + 1] == stop &&
         bytes[head_bytes + length] == sum_of(bytes.subspan(head_bytes, length));
}

MbusCheck complete(ByteView bytes, std::size_t length) {
  const ByteView body = bytes.subspan(head_bytes, length);
  MbusFrame frame;
  frame.number = body[2] & 0x0Fu;
  frame.last = (body[2] & 0x10u) != 0;
  frame.data = body.subspan(header_bytes);
  frame.bytes = head_bytes + length + tail_bytes;
  return {Verdict::complete, frame};
}

}  // namespace

MbusCheck check_mbus(ByteView bytes) {
  if (bytes.size() < 2) return {Verdict::more};
  if (bytes.size() > 2 && bytes[2] != bytes[1]) return {Verdict::none};
  if (bytes.size() > 3 && bytes[3] != mbus_start) return {Verdict::none};
  if (bytes.size() < head_bytes) return {Verdict::more};
  const std::size_t length = bytes[1];
  if (length > header_bytes) {
    if (bytes.size() < head_bytes + length + tail_bytes) return {Verdict::more};
    if (fits(bytes, length)) return complete(bytes, length);
  }
  if (bytes.size() < head_bytes + length + wrap + tail_bytes) return {Verdict::more};
  if (fits(bytes, length + wrap)) return complete(bytes, length + wrap);
  const bool meant = bytes[4] == control_byte && bytes[5] == broadcast;
  MbusFrame frame;
  frame.bytes = head_bytes + (length > header_bytes ? length : length + wrap) + tail_bytes;
  return {meant ? Verdict::damaged : Verdict::none, frame};
}

std::string mbus_frame(unsigned number, bool last, ByteView data) {
  std::string body = "\x53\xFF";
  body += static_cast<char>((number & 0x0F) | (last ? 0x10 : 0));
  body += "\x01\x67";
  body += as_text(data);
  const char length = static_cast<char>(body.size());
  std::string frame = {'\x68', length, length, '\x68'};
  frame += body;
  frame += static_cast<char>(sum_of(as_bytes(body)));
  frame += static_cast<char>(stop);
  return frame;
}

// ---- segments -----------------------------------------------------------------------------------

MbusSegments::Outcome MbusSegments::take(const MbusFrame& frame, bool adjacent, Mono now,
                                         ByteView raw) {
  Outcome outcome;
  if (open_ && frame.number != 0 && frame.number == next_ && adjacent && now - last_ < patience) {
    return append(frame, now, raw);
  }
  outcome.abandoned = abandon();
  if (frame.number != 0) {
    outcome.kind = Outcome::Kind::stray;
    outcome.bytes = frame.bytes;
    return outcome;
  }
  joined_.clear();
  frames_.clear();
  bytes_ = 0;
  const std::size_t abandoned = outcome.abandoned;
  outcome = append(frame, now, raw);
  outcome.abandoned += abandoned;
  return outcome;
}

MbusSegments::Outcome MbusSegments::append(const MbusFrame& frame, Mono now, ByteView raw) {
  Outcome outcome;
  joined_ += as_text(frame.data);
  if (frame.number != 0 || !frame.last) frames_.add(raw);
  bytes_ += frame.bytes;
  next_ = (frame.number + 1) & 0x0F;
  open_ = !frame.last;
  last_ = now;
  if (joined_.size() > longest) {
    open_ = true;
    outcome.abandoned = abandon();
  } else if (frame.last) {
    outcome.kind = Outcome::Kind::apdu;
    outcome.apdu = as_bytes(joined_);
    outcome.bytes = bytes_;
    if (frame.number != 0) outcome.joined = frames_.all();
  }
  return outcome;
}

std::size_t MbusSegments::abandon() { return std::exchange(open_, false) ? bytes_ : 0; }

}  // namespace gridtap
