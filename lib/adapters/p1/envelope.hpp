#pragma once
// The envelope of encrypted telegrams (Luxembourg E-Meter P1 1.1.3, 3.2; p1.md 9):
//
//   DB 08 | T T T T T T T T | 82 LL LL | 30 | FC FC FC FC | ciphertext ... | tag, 12 bytes
//   |     system title       |length    |SC  frame counter
//
// AES-128-GCM; iv = system title and frame counter, additional data = SC and the authentication
// key. The plain text is an ordinary telegram with a checksum of its own.

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "parts/invocation_counters.hpp"

namespace gridtap::p1 {

struct Keys {
  std::optional<std::string> encryption, authentication;  // 16 bytes each; absent: Luxembourg's
  bool require_tag = false;
};

// Where an envelope ends, if one may begin at the front of `bytes`: 0 where it cannot, nothing
// if more bytes are needed to decide. The end itself may not have arrived yet.
std::optional<std::size_t> envelope_size(ByteView bytes);

// What is in one whole envelope.
struct Opened {
  std::optional<Error> error;
  std::string text;           // the plain telegram, up to and without its `!`
  bool sound = false;         // stepped over as a whole, though it was refused
  bool tag_failed = false;    // accepted by its text and inner checksum, against its tag
  bool inner_failed = false;  // accepted by its tag, though its inner checksum is wrong
  bool is_telegram = false;   // the text begins as a telegram: line and key are right
};

class Envelopes {
 public:
  static constexpr std::size_t shortest = 30, longest = 4096;  // of the length field

  explicit Envelopes(Keys keys) : keys_(std::move(keys)) {}

  // REQUIRES: envelope_size(envelope) == envelope.size().
  Opened open(ByteView envelope);

  // Which counters of which meters were the last: what is older stays refused after a restart.
  void save(RecordWriter& record) const { counters_.save(record); }
  void restore(const Record& record) { counters_.restore(record); }

 private:
  Keys keys_;
  InvocationCounters counters_;
};

// "KFM" and the hex digits of the serial behind it: how a system title is shown.
std::string title_text(ByteView envelope);

}  // namespace gridtap::p1
