#include "adapters/p1/adapter.hpp"
#include "adapters/p1/simulator.hpp"

namespace gridtap::p1 {
namespace {

// Seven bits and parity are read as eight, and the parity bit is stripped in software: that works
// on every adapter, also on those that cannot do 7E1.
constexpr SerialSettings serial[] = {{115200, 8, 'N', 1}, {9600, 8, 'N', 1},
                                     {57600, 8, 'N', 1},  {38400, 8, 'N', 1},
                                     {19200, 8, 'N', 1},  {115200, 8, 'E', 1}};  // NES

}  // namespace

constinit const AdapterKind kind{
    .name = "p1",
    .serial = serial,
    .keys = &keys,
    .make = &make,
    .simulate = &simulate,
    .silence =
        "check the cable and the data request pin, and whether the grid company has switched the "
        "port on",
    .meters = simulated_meters,
    .notes = simulator_notes,
};

}  // namespace gridtap::p1
