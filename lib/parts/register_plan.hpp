#pragma once
// Which requests read registers that belong together: long stretches are split between values,
// never inside one, and near ones share a request.

#include <deque>
#include <vector>

#include "codec/modbus.hpp"

namespace gridtap {

// Registers that are read together, and the values in them. A value that is longer than a request
// is split all the same.
struct RegisterStretch {
  modbus::Range range;                     // count 0: nothing of it is read
  std::vector<modbus::Range> values = {};  // inside the range, in any order
};

struct RequestLimits {
  std::uint16_t max_count = 125;       // registers of a request
  bool one_value_per_request = false;  // for gateways that read no more than one
  std::uint16_t widest_gap = 10;       // registers read along to save a request
};

// The requests that read a stretch alone, in the order of their addresses.
std::vector<modbus::Range> requests_for(const RegisterStretch& stretch,
                                        const RequestLimits& limits);

// The two halves of a request of that stretch, divided between values as near to its middle as
// possible; one, the request itself, where it holds no border.
std::vector<modbus::Range> halved(const RegisterStretch& stretch, const modbus::Range& request);

// Appends requests, each joined to the one before it where the limits allow that.
// REQUIRES: each begins at or behind the end of the one before it.
void append_joined(std::deque<modbus::Range>& requests, const std::vector<modbus::Range>& more,
                   const RequestLimits& limits);

}  // namespace gridtap
