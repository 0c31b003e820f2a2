#include "adapters/kq330/checked_text.hpp"

#include <algorithm>
#include <cstdio>

#include "codec/crc16.hpp"
#include "core/bytes.hpp"

namespace gridtap::kq330 {
namespace {

constexpr char begin_mark = '$', end_mark = '*';
constexpr int checksum_digits = 4;

bool fits(char c) { return c >= ' ' && c <= '~' && c != begin_mark && c != end_mark; }

std::string digits_of(std::string_view payload) {
  char text[8];
  std::snprintf(text, sizeof text, "%04X", unsigned{crc16_ccitt_false(as_bytes(payload))});
  return text;
}

}  // namespace

std::optional<Error> checked_text_problem(std::string_view payload) {
  if (payload.empty()) return Error{Fault::bad_syntax, "an empty text"};
  if (payload.size() > longest_checked_text) {
    return Error{Fault::overlong,
                 "longer than " + std::to_string(longest_checked_text) + " characters"};
  }
  if (std::all_of(payload.begin(), payload.end(), fits)) return {};
  return Error{Fault::bad_syntax, "only printable ASCII without `$` and `*` can be sent"};
}

std::string checked_text(std::string_view payload) {
  return begin_mark + std::string(payload) + end_mark + digits_of(payload);
}

std::optional<Result<std::string_view>> CheckedTextReader::take(char byte) {
  if (byte == begin_mark) {
    state_ = State::payload;
    payload_.clear();
    return {};
  }
  switch (state_) {
    case State::payload:
      return take_payload(byte);
    case State::checksum:
      return take_checksum(byte);
    case State::outside:
      break;
  }
  return {};
}

std::optional<Result<std::string_view>> CheckedTextReader::take_payload(char byte) {
  if (byte == end_mark) {
    state_ = State::checksum;
    sum_ = 0;
    digits_ = 0;
  } else if (!fits(byte)) {
    state_ = State::outside;  // noise: a `$` is one random byte in 256
  } else if (payload_.size() == longest_checked_text) {
    state_ = State::outside;
    return failed(Fault::overlong, "a frame of more than 96 characters");
  } else {
    payload_ += byte;
  }
  return {};
}

std::optional<Result<std::string_view>> CheckedTextReader::take_checksum(char byte) {
  const int digit = hex_digit(byte);
  if (digit < 0) {
    state_ = State::outside;
    return failed(Fault::missing_checksum, "no checksum after `*`");
  }
  sum_ = sum_ << 4 | static_cast<unsigned>(digit);
  if (++digits_ < checksum_digits) return {};
  state_ = State::outside;
  if (sum_ == crc16_ccitt_false(as_bytes(payload_))) return std::string_view(payload_);
  return failed(Fault::bad_checksum, "the checksum does not match");
}

}  // namespace gridtap::kq330
