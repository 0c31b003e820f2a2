#include "parts/doctor.hpp"

#include <bit>
#include <string_view>

#include "codec/hdlc.hpp"

namespace gridtap {
namespace {

bool is_printable(unsigned byte) {
  return (byte >= 0x20 && byte <= 0x7E) || byte == '\r' || byte == '\n';
}

// part / all > hundredths / 100
bool above(std::size_t part, std::size_t all, std::size_t hundredths) {
  return part * 100 > all * hundredths;
}

std::size_t count_until(ByteView bytes, std::size_t from, std::uint8_t wanted) {
  while (from < bytes.size() && bytes[from] != wanted) ++from;
  return from;
}

// 68 L L 68, L bytes, their sum, 16.
bool mbus_frame_at(ByteView bytes, std::size_t begin) {
  constexpr std::size_t head = 4;
  if (begin + head > bytes.size() || bytes[begin + 3] != 0x68) return false;
  const std::size_t length = bytes[begin + 1];
  if (length < 3 || bytes[begin + 2] != length) return false;
  if (begin + head + length + 2 > bytes.size()) return false;
  unsigned sum = 0;
  for (const std::uint8_t byte : bytes.subspan(begin + head, length)) sum += byte;
  return bytes[begin + head + length] == (sum & 0xFF) && bytes[begin + head + length + 1] == 0x16;
}

bool asks_for_login(std::string_view text) {
  return text.find("ogin: ") != text.npos || text.find("assword: ") != text.npos;
}

}  // namespace

ByteShares shares_of(ByteView bytes) {
  ByteShares shares;
  shares.all = bytes.size();
  for (const std::uint8_t byte : bytes) {
    shares.zero += byte == 0;
    shares.high += byte >= 0x80;
    shares.printable += is_printable(byte);
    shares.even += std::popcount(byte) % 2 == 0;
    shares.restored += is_printable(~static_cast<unsigned>(byte >> 1) & 0x7F);
  }
  return shares;
}

bool looks_seven_bit(const ByteShares& shares) {
  return above(shares.even, shares.all, 98) && above(shares.high, shares.all, 20);
}

Cause diagnose(ByteView bytes) {
  const ByteShares shares = shares_of(bytes);
  if (shares.all == 0) return Cause::none;
  if (above(shares.zero, shares.all, 95)) return Cause::wrong_baud;
  if (above(shares.high, shares.all, 80) && above(shares.restored, shares.all, 90)) {
    return Cause::inverted;
  }
  if (holds_hdlc(bytes)) return Cause::hdlc;
  if (holds_mbus(bytes)) return Cause::mbus;
  if (!above(shares.printable, shares.all, 98)) return Cause::noise;
  return asks_for_login(as_text(bytes)) ? Cause::login : Cause::none;
}

bool holds_hdlc(ByteView bytes) {
  for (std::size_t at = count_until(bytes, 0, hdlc_flag); at < bytes.size();
       at = count_until(bytes, at + 1, hdlc_flag)) {
    if (check_hdlc(bytes.subspan(at)).verdict == HdlcCheck::Verdict::complete) return true;
  }
  return false;
}

bool holds_mbus(ByteView bytes) {
  for (std::size_t at = count_until(bytes, 0, 0x68); at < bytes.size();
       at = count_until(bytes, at + 1, 0x68)) {
    if (mbus_frame_at(bytes, at)) return true;
  }
  return false;
}

}  // namespace gridtap
