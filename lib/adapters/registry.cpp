#include "adapters/registry.hpp"

#include <algorithm>

#include "adapters/han/adapter.hpp"
#include "adapters/han/simulator.hpp"
#include "adapters/kgf/adapter.hpp"
#include "adapters/kgf/simulator.hpp"
#include "adapters/kq330/adapter.hpp"
#include "adapters/kq330/simulator.hpp"
#include "adapters/p1/adapter.hpp"
#include "adapters/p1/simulator.hpp"
#include "adapters/sunspec/adapter.hpp"
#include "adapters/sunspec/simulator.hpp"

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

constexpr SerialSettings kgf_serial[] = {{115200, 8, 'N', 1}};
constexpr SerialSettings kq330_serial[] = {{9600, 8, 'N', 1}};

const AdapterKind table[] = {
    {.name = "han",
     .serial = han_serial,
     .hunts = true,
     .identity_wait = 60s,
     .rare_registers = true,
     .keys = &han::keys,
     .make = &han::make,
     .simulate = &han::simulate,
     .silence = han::silence_cure,
     .meters = han::simulated_meters,
     .notes = han::simulator_notes},
    {.name = "kgf",
     .serial = kgf_serial,
     .identity_wait = 15s,
     .many_by = "address",
     .keys = &kgf::keys,
     .make = &kgf::make,
     .simulate = &kgf::simulate,
     .silence = kgf::silence_cure,
     .meters = kgf::simulated_meters,
     .notes = kgf::simulator_notes},
    {.name = "kq330",
     .serial = kq330_serial,
     .own_keys = true,
     .keys = &kq330::keys,
     .make = &kq330::make,
     .simulate = &kq330::simulate,
     .meters = kq330::simulated_meters,
     .notes = kq330::simulator_notes},
    {.name = "p1",
     .serial = p1_serial,
     .hunts = true,
     .keys = &p1::keys,
     .make = &p1::make,
     .simulate = &p1::simulate,
     .silence = p1::silence_cure,
     .meters = p1::simulated_meters,
     .notes = p1::simulator_notes},
    {.name = "sunspec",
     .serial = {},
     .registers = true,
     .many_by = "unit",
     .keys = &sunspec::keys,
     .make = &sunspec::make,
     .simulate = &sunspec::simulate,
     .meters = sunspec::simulated_meters,
     .notes = sunspec::simulator_notes},
};

}  // namespace

std::span<const AdapterKind> kinds() { return table; }

const AdapterKind* find_kind(std::string_view name) {
  const auto found = std::find_if(std::begin(table), std::end(table),
                                  [&](const AdapterKind& kind) { return kind.name == name; });
  return found == std::end(table) ? nullptr : found;
}

}  // namespace gridtap
