#pragma once
// What can go wrong, by name. Every dropped frame, refused command and failed door carries one of
// these faults and one lower-case phrase that shows the offending value. Nothing here throws.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "core/cause.hpp"

namespace gridtap {

enum class Fault : std::uint8_t {
  truncated,
  overlong,
  bad_checksum,
  missing_checksum,
  bad_parity,
  bad_syntax,
  out_of_range,
  noise,
  no_key,
  wrong_key,
  replay,
  unsupported,
  timeout,
  refused,
  io,
  config,
};

inline constexpr std::array<std::string_view, 16> fault_names = {
    "truncated",  "overlong",   "bad_checksum", "missing_checksum",
    "bad_parity", "bad_syntax", "out_of_range", "noise",
    "no_key",     "wrong_key",  "replay",       "unsupported",
    "timeout",    "refused",    "io",           "config"};

// The fault as JSON lines, counters and logs spell it.
constexpr std::string_view name(Fault fault) {
  return fault_names[static_cast<std::size_t>(fault)];
}

// `cause`: of an error that silences a whole device, where it is one of the known ones.
struct Error {
  Fault fault;
  std::string detail;
  std::optional<Cause> cause = {};
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

inline tl::unexpected<Error> failed(Fault fault, std::string detail,
                                    std::optional<Cause> cause = {}) {
  return tl::unexpected<Error>(Error{fault, std::move(detail), cause});
}

}  // namespace gridtap
