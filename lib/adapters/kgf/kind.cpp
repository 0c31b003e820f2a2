#include "adapters/kgf/adapter.hpp"
#include "adapters/kgf/simulator.hpp"

namespace gridtap::kgf {
namespace {

using namespace std::chrono_literals;

constexpr SerialSettings serial[] = {{115200, 8, 'N', 1}};

}  // namespace

constinit const AdapterKind kind{
    .name = "kgf",
    .serial = serial,
    .identity_wait = 15s,
    .many_by = "address",
    .keys = &keys,
    .make = &make,
    .simulate = &simulate,
    .silence =
        "check that A and B are not swapped, the address, and whether the display has to give way "
        "(its monitor function)",
    .meters = simulated_meters,
    .notes = simulator_notes,
};

}  // namespace gridtap::kgf
