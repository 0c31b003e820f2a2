#pragma once
// How gridtap ends (the names of sysexits.h where they fit).

namespace gridtap::app {

inline constexpr int exit_good = 0;
inline constexpr int exit_no_frame = 1;   // decode, watch: not one good frame
inline constexpr int exit_usage = 64;     // the command line
inline constexpr int exit_data = 65;      // input of the wrong form
inline constexpr int exit_no_input = 66;  // no such input
inline constexpr int exit_os = 71;        // a port or file of our own cannot be made
inline constexpr int exit_output = 74;    // standard output takes no more: a full disk
inline constexpr int exit_config = 78;    // bad configuration, also of a --set

}  // namespace gridtap::app
