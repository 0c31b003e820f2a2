#pragma once
// A HAN adapter on a line of its own, and lists packed as meters pack them.

#include <string>
#include <string_view>

#include "adapters/han/adapter.hpp"
#include "adapters/han/list_writer.hpp"
#include "codec/hdlc.hpp"
#include "support/adapter_rig.hpp"

namespace gridtap::han {

// The APDU in a frame with LLC header, as most meters push it.
inline std::string framed(std::string_view apdu) {
  return hdlc_frame(as_bytes(hex("010201") + hex("10")), as_bytes(hex("E6E700").append(apdu)));
}
// A list without a clock in its APDU.
inline std::string pushed(const ValueWriter& body) {
  return framed(notification(std::string_view("\0", 1), body.bytes()));
}

inline ValueWriter kaifa_list_1(std::int64_t watts) {
  return ValueWriter().structure(1).u32(watts);
}

class LineRig final : public AdapterRig {
 public:
  explicit LineRig(const Settings& settings = {}) : AdapterRig(&make, settings) {}
};

}  // namespace gridtap::han
