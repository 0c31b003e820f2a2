#pragma once
// How gridtap ends (the names of sysexits.h where they fit).

namespace gridtap::app {

inline constexpr int exit_good = 0;
inline constexpr int exit_no_frame = 1;   // decode, watch: no valid frame
inline constexpr int exit_no_life = 1;    // health: the daemon gives no sign of life
inline constexpr int exit_no_data = 1;    // export, report: nothing is known of that time
inline constexpr int exit_usage = 64;     // the command line
inline constexpr int exit_data = 65;      // malformed input
inline constexpr int exit_no_input = 66;  // no such input
inline constexpr int exit_os = 71;        // a port or file of our own cannot be made, or is in use
inline constexpr int exit_output = 74;    // cannot write to standard output: disk full
inline constexpr int exit_config = 78;    // bad configuration, also of a --set

}  // namespace gridtap::app
