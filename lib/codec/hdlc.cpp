#include "codec/hdlc.hpp"

#include <algorithm>
#include <utility>

#include "codec/crc16.hpp"

namespace gridtap {
namespace {

using Verdict = HdlcCheck::Verdict;

constexpr std::size_t shortest = 7;  // format 2, addresses 1 + 1, control 1, one check 2
constexpr std::size_t longest_address = 4;
constexpr std::size_t check_bytes = 2;
constexpr std::size_t llc_bytes = 3;

bool check_fits(ByteView with_check) { return x25_register(with_check, x25_begin) == x25_good; }

// The bytes of an address at `begin`; 0 where it does not end in time.
std::size_t address_size(ByteView content, std::size_t begin) {
  for (std::size_t size = 1; size <= longest_address && begin + size <= content.size(); ++size) {
    if ((content[begin + size - 1] & 1u) != 0) return size;
  }
  return 0;
}

// Format, addresses and control; 0 where the addresses leave no room for them.
std::size_t header_size(ByteView content) {
  const std::size_t destination = address_size(content, 2);
  if (destination == 0) return 0;
  const std::size_t source = address_size(content, 2 + destination);
  if (source == 0) return 0;
  const std::size_t header = 2 + destination + source + 1;
  return header + check_bytes <= content.size() ? header : 0;
}

// `content`: from format to FCS.
HdlcCheck judge(ByteView content) {
  HdlcFrame frame{{}, (content[0] & 0x08u) != 0, content.size() + 2};
  const HdlcCheck damaged{Verdict::damaged, frame};
  const std::size_t header = header_size(content);
  if (header == 0) return {Verdict::none};
  if (header + check_bytes == content.size()) {
    return check_fits(content) ? HdlcCheck{Verdict::complete, frame} : damaged;
  }
  const std::size_t information = header + check_bytes;
  if (information + check_bytes > content.size()) return damaged;
  if (!check_fits(content.first(information))) return damaged;
  if (x25_register(content.subspan(information), x25_good) != x25_good) return damaged;
  frame.information = content.subspan(information, content.size() - information - check_bytes);
  return {Verdict::complete, frame};
}

// No flag at the end: was there a frame at all?
HdlcCheck without_end(ByteView content) {
  const std::size_t header = header_size(content);
  if (header == 0 || header + check_bytes >= content.size()) return {Verdict::none};
  return {check_fits(content.first(header + check_bytes)) ? Verdict::cut : Verdict::none};
}

bool has_llc(ByteView information) {
  return information.size() >= llc_bytes && information[0] == 0xE6 &&
         (information[1] | 1u) == 0xE7 && information[2] == 0x00;
}

// An APDU that may come without LLC header: data-notification, general-glo-ciphering,
// general-block-transfer.
bool begins_apdu(ByteView information) {
  return information[0] == 0x0F || information[0] == 0xDB || information[0] == 0xE0;
}

}  // namespace

HdlcCheck check_hdlc(ByteView bytes) {
  if (bytes.size() < 2) return {Verdict::more};
  if ((bytes[1] & 0xF0u) != 0xA0) return {Verdict::none};
  if (bytes.size() < 3) return {Verdict::more};
  const std::size_t length = (bytes[1] & 0x07u) << 8 | bytes[2];
  if (length < shortest) return {Verdict::none};
  if (bytes.size() < length + 2) return {Verdict::more};
  const ByteView content = bytes.subspan(1, length);
  return bytes[length + 1] == hdlc_flag ? judge(content) : without_end(content);
}

std::string hdlc_frame(ByteView addresses, ByteView information, bool segmented) {
  const auto add_check = [](std::string& to) {
    const std::uint16_t check = crc16_x25(as_bytes(to));
    to += static_cast<char>(check & 0xFF);
    to += static_cast<char>(check >> 8);
  };
  const std::size_t checks = information.empty() ? check_bytes : 2 * check_bytes;
  const std::size_t length = 2 + addresses.size() + checks + information.size();
  std::string content;
  content += static_cast<char>(0xA0 | (segmented ? 0x08 : 0) | (length >> 8 & 0x07));
  content += static_cast<char>(length & 0xFF);
  content += as_text(addresses);
  add_check(content);
  if (!information.empty()) {
    content += as_text(information);
    add_check(content);
  }
  return '\x7E' + content + '\x7E';
}

// ---- segments -----------------------------------------------------------------------------------

HdlcSegments::Outcome HdlcSegments::take(const HdlcFrame& frame, bool adjacent, Mono now,
                                         const HdlcBytes& bytes) {
  Outcome outcome;
  const ByteView information = frame.information;
  if (open_ && adjacent && now - last_ < patience && !information.empty() &&
      !has_llc(information)) {
    return go_on(frame, now, bytes);
  }
  outcome.abandoned = abandon();
  if (information.empty()) return outcome;
  if (has_llc(information)) {
    const ByteView apdu = information.subspan(llc_bytes);
    if (frame.segmented) {
      begin(frame, apdu, now);
      frames_.clear();
      frames_.add(bytes.raw);
    } else {
      outcome = {Outcome::Kind::apdu, apdu, true, frame.bytes, outcome.abandoned};
    }
    return outcome;
  }
  const bool alone = !frame.segmented && begins_apdu(information);
  outcome.kind = alone ? Outcome::Kind::apdu : Outcome::Kind::stray;
  outcome.apdu = alone ? information : ByteView{};
  outcome.bytes = frame.bytes;
  return outcome;
}

void HdlcSegments::begin(const HdlcFrame& frame, ByteView payload, Mono now) {
  joined_ = as_text(payload);
  bytes_ = frame.bytes;
  open_ = true;
  last_ = now;
}

HdlcSegments::Outcome HdlcSegments::go_on(const HdlcFrame& frame, Mono now,
                                          const HdlcBytes& bytes) {
  Outcome outcome;
  joined_ += as_text(frame.information);
  bytes_ += frame.bytes;
  last_ = now;
  frames_.add(bytes.raw.subspan(bytes.shares_flag ? 1 : 0));
  if (joined_.size() > longest) {
    outcome.abandoned = abandon();
  } else if (!frame.segmented) {
    open_ = false;
    outcome = {Outcome::Kind::apdu, as_bytes(joined_), true, bytes_, 0, frames_.all()};
  }
  return outcome;
}

std::size_t HdlcSegments::abandon() { return std::exchange(open_, false) ? bytes_ : 0; }

}  // namespace gridtap
