#pragma once
// Modems on one noisy line with true air time: a byte takes 90 ms, one slot, everywhere at once.
// When no node sends, receivers put out random bytes; when two send, garbage.

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/part.hpp"

namespace gridtap::kq330 {

// node: a modem, and behind the line node g1, which reports every half minute and takes `relay`.
// pair: two modems, each on a terminal of its own.
inline constexpr std::string_view simulated_meters = "node,pair";

inline constexpr std::string_view simulator_notes =
    "pair needs --pty twice; --set noise=20: per cent of messages that lose a byte; --set "
    "quiet=true: no random bytes between messages";

// Settings:
//   meter     one of `simulated_meters`, default node
//   noise     per cent of messages that lose a byte on the line, default 0
//   quiet     true: silence between messages, as behind a filter, default false
//   mains_hz  50 or 60, default 50
Ends simulate(Section& section, std::uint32_t seed);

}  // namespace gridtap::kq330
