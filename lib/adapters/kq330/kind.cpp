#include "adapters/kq330/adapter.hpp"
#include "adapters/kq330/simulator.hpp"

namespace gridtap::kq330 {
namespace {

constexpr SerialSettings serial[] = {{9600, 8, 'N', 1}};

}  // namespace

constinit const AdapterKind kind{
    .name = "kq330",
    .serial = serial,
    .keys_from = KeysFrom::configuration,
    .keys = &keys,
    .make = &make,
    .simulate = &simulate,
    .meters = simulated_meters,
    .notes = simulator_notes,
};

}  // namespace gridtap::kq330
