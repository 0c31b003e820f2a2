#pragma once
// The limits of the HTTP server: who floods it, sleeps or sends nonsense costs this at most.

#include <chrono>
#include <cstddef>

namespace gridtap::io {

inline constexpr std::size_t max_connections = 64;
inline constexpr std::size_t max_streams = 32;          // of them
inline constexpr std::size_t max_from_one_address = 8;  // but loopback and the trusted address
inline constexpr std::size_t max_refusals = 16;  // that are on their way; further ones are closed
inline constexpr std::chrono::seconds listen_first{1},
    listen_longest{60};                                     // until the next attempt
inline constexpr std::size_t max_unread_bytes = 64 * 1024;  // of a stream, unless it is one text
inline constexpr std::size_t max_stream_input = 4 * 1024;   // that the client of a stream sends

// How long each step of a connection may take. Tests have less of it.
struct HttpPatience {
  std::chrono::milliseconds head{10'000};    // for a whole request, once it has begun
  std::chrono::milliseconds idle{15'000};    // for the next one
  std::chrono::milliseconds answer{30'000};  // for the answer of the face
  std::chrono::milliseconds unread{30'000};  // with bytes that the far end does not take
  std::chrono::milliseconds ending{2'000};   // for the far end to close, too
  std::chrono::milliseconds tick{1'000};     // how often that is looked at
};

// ---- of a request
inline constexpr std::size_t max_head_bytes = 8 * 1024;
inline constexpr std::size_t max_target_bytes = 2 * 1024;
inline constexpr std::size_t max_body_bytes = 4 * 1024;

}  // namespace gridtap::io
