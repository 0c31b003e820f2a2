#pragma once
// Why a device is not heard, as one word: what a Diagnosis found in its bytes, what an error of its
// line says, `none` while all is well. The names are those of the entity `cause`, of JSON lines and
// of the log.

#include <array>
#include <cstdint>
#include <string_view>

namespace gridtap {

enum class Cause : std::uint8_t {
  none,
  no_bytes,
  seven_bit,
  wrong_baud,
  wrong_parity,
  inverted,
  encrypted,
  wrong_key,
  hdlc,
  mbus,
  telnet,
  noise,
  permission,
  busy,
  asleep,
  login,
  unreachable,
  checksum,     // telegrams arrive whole, and their checksum never fits
  address,      // another address answers
  unsupported,  // whole messages of a form that is not known
  pattern,      // lines arrive that the pattern does not fit
};

inline constexpr std::array<std::string_view, 21> cause_names = {
    "none",       "no_bytes",    "seven_bit", "wrong_baud", "wrong_parity", "inverted",
    "encrypted",  "wrong_key",   "hdlc",      "mbus",       "telnet",       "noise",
    "permission", "busy",        "asleep",    "login",      "unreachable",  "checksum",
    "address",    "unsupported", "pattern"};

constexpr std::string_view name(Cause cause) {
  return cause_names[static_cast<std::size_t>(cause)];
}

// Another speed or parity of the line may help.
constexpr bool is_wrong_setting(Cause cause) {
  return cause == Cause::wrong_baud || cause == Cause::wrong_parity;
}
// Nothing is wrong, and nothing has to be done.
constexpr bool is_harmless(Cause cause) {
  return cause == Cause::none || cause == Cause::seven_bit || cause == Cause::asleep;
}

}  // namespace gridtap
