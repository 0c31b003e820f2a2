#pragma once
// The bytes of the link frames that a message came in, in their order, for listeners that pass them
// on. Only messages of several frames need it.

#include <string>

#include "core/bytes.hpp"

namespace gridtap {

class JoinedFrames {
 public:
  void clear() { joined_.clear(); }
  void add(ByteView frame) { joined_ += as_text(frame); }
  ByteView all() const { return as_bytes(joined_); }  // valid until the next call

 private:
  std::string joined_;
};

}  // namespace gridtap
