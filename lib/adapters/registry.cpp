#include "adapters/registry.hpp"

#include <algorithm>

#include "adapters/han/adapter.hpp"
#include "adapters/han/simulator.hpp"
#include "adapters/p1/adapter.hpp"
#include "adapters/p1/simulator.hpp"

namespace gridtap {
namespace {

using namespace std::chrono_literals;

// Kaifa, Kamstrup, Swedish Aidon (han.md 1).
constexpr SerialSettings han_serial[] = {{2400, 8, 'E', 1}, {2400, 8, 'N', 1}, {115200, 8, 'N', 1}};

// Seven bits and parity are read as eight, and bit 7 is taken off in software: that works on every
// adapter, also on those that cannot do 7E1.
constexpr SerialSettings p1_serial[] = {{115200, 8, 'N', 1},
                                        {9600, 8, 'N', 1},
                                        {57600, 8, 'N', 1},
                                        {38400, 8, 'N', 1},
                                        {19200, 8, 'N', 1}};

// name, line settings, whether it hunts, stale time, wait for a serial number, whether registers
// are rare, maker, simulator, what that plays, notes to it
const AdapterKind table[] = {
    {"han", han_serial, true, 0ms, 60s, true, &han::make, &han::simulate, han::simulated_meters,
     han::simulator_notes},
    {"p1", p1_serial, true, 0ms, 0s, false, &p1::make, &p1::simulate, p1::simulated_meters,
     p1::simulator_notes},
};

}  // namespace

std::span<const AdapterKind> kinds() { return table; }

const AdapterKind* find_kind(std::string_view name) {
  const auto found = std::find_if(std::begin(table), std::end(table),
                                  [&](const AdapterKind& kind) { return kind.name == name; });
  return found == std::end(table) ? nullptr : found;
}

}  // namespace gridtap
