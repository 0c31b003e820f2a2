#include "adapters/sunspec/adapter.hpp"
#include "adapters/sunspec/simulator.hpp"

namespace gridtap::sunspec {
namespace {}  // namespace

constinit const AdapterKind kind{
    .name = "sunspec",
    .recording = Recording::registers,
    .many_by = "unit",
    .keys = &keys,
    .make = &make,
    .simulate = &simulate,
    .meters = simulated_meters,
    .notes = simulator_notes,
};

}  // namespace gridtap::sunspec
