#pragma once
// The other end of a P1 line: a smart meter that sends its telegrams byte for byte and at its pace,
// each byte at the time its baud rate allows. What the meters say: meters.hpp; how they live:
// house_model.hpp. A meter never listens: what arrives is ignored.

#include <cstdint>
#include <memory>
#include <string_view>

#include "adapters/p1/meters.hpp"
#include "core/part.hpp"

namespace gridtap::p1 {

// The keys of encrypted meters where the settings name no files. They protect nothing: the first is
// the counting one of this program, the second the public one of Luxembourg's document.
inline constexpr std::string_view demo_key = "000102030405060708090A0B0C0D0E0F";
inline constexpr std::string_view demo_authentication_key = "00112233445566778899AABBCCDDEEFF";

inline constexpr std::string_view simulator_notes =
    "luxembourg and austria are encrypted: key 000102030405060708090A0B0C0D0E0F, and for austria "
    "the authentication key 00112233445566778899AABBCCDDEEFF; lithuania wants utc_offset: 2h";

// Settings:
//   meter                            one of `simulated_meters`, default dsmr5
//   serial                           the serial number, where the meter sends one
//   key_file authentication_key_file of encrypted meters, default the demo keys
//   paced                            false: a telegram in one piece, default true
//   noise                            per cent of telegrams that suffer on the line, default 0:
//                                    a bit flips, the end is cut off, or noise comes before
Ends simulate(Section& section, std::uint32_t seed);

}  // namespace gridtap::p1
