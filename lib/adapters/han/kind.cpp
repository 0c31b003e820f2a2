#include "adapters/han/adapter.hpp"
#include "adapters/han/simulator.hpp"

namespace gridtap::han {
namespace {

using namespace std::chrono_literals;

// Kaifa, Kamstrup, Swedish Aidon; Vienna and Swiss E450, Slovenian AM550 (han.md 1).
constexpr SerialSettings serial[] = {{2400, 8, 'E', 1},
                                     {2400, 8, 'N', 1},
                                     {115200, 8, 'N', 1},
                                     {9600, 8, 'N', 1},
                                     {38400, 8, 'N', 1}};

}  // namespace

constinit const AdapterKind kind{
    .name = "han",
    .serial = serial,
    .identity_wait = 60s,
    .energy_period = 1h,
    .keys = &keys,
    .make = &make,
    .simulate = &simulate,
    .silence =
        "check the cable and the M-Bus module, and whether the grid company has opened the port",
    .meters = simulated_meters,
    .notes = simulator_notes,
};

}  // namespace gridtap::han
