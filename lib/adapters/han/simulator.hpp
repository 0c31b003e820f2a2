#pragma once
// The other end of a HAN line: a meter that pushes its lists byte for byte at their true moments,
// each byte at the time its baud rate allows (han.md 7). It never listens: what arrives is ignored.

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/part.hpp"

namespace gridtap::han {

// kaifa: three phases, list 1 every 2 s, 2 every 10 s, the hourly one at xx:00:10. kaifa_1ph: the
// same with one. aidon: list 1 every 2.5 s. kamstrup: every 10 s, the hourly one at xx:00:05.
// kamstrup_dk: ciphered, one list of all every 10 s.
inline constexpr std::string_view simulated_meters = "kaifa,kaifa_1ph,aidon,kamstrup,kamstrup_dk";

// The keys of the ciphered meter where the settings name no files. They protect nothing.
inline constexpr std::string_view demo_key = "000102030405060708090A0B0C0D0E0F";
inline constexpr std::string_view demo_authentication_key = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";

inline constexpr std::string_view simulator_notes =
    "kamstrup_dk is encrypted: key 000102030405060708090A0B0C0D0E0F, authentication key "
    "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";

// Settings:
//   meter                            one of `simulated_meters`, default kaifa
//   serial                           the serial number, up to 16 digits
//   key_file authentication_key_file of the ciphered meter, default the demo keys
//   paced                            false: a list in one piece, default true
//   noise                            per cent of lists that suffer on the line, default 0: a bit
//                                    flips, the end is cut off, or noise comes before
Ends simulate(Section& section, std::uint32_t seed);

}  // namespace gridtap::han
