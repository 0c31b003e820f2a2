#pragma once
// What this process uses, and what the machine that it is on is called.

#include <chrono>
#include <cstdint>
#include <string>

namespace gridtap::io {

std::uint64_t resident_bytes();        // 0 where the kernel does not tell
std::chrono::milliseconds cpu_time();  // since the start, of all threads
std::string machine_name();            // without a domain; empty where there is none

}  // namespace gridtap::io
