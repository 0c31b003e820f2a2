// Energy counters.
#include "core/vocabulary_rows.hpp"

namespace gridtap::rows {
namespace {

// Without its class, which old releases do not know, Home Assistant would show an eye.
constexpr EntitySpec reactive(std::string_view key) {
  return icon("mdi:sine-wave", total(key, "kvarh", "reactive_energy", 3));
}

constexpr auto table = sorted(std::to_array<EntitySpec>({
    total("energy_import", "kWh", "energy", 3),
    off(total("energy_import_l1", "kWh", "energy", 3)),
    off(total("energy_import_l2", "kWh", "energy", 3)),
    off(total("energy_import_l3", "kWh", "energy", 3)),
    total("energy_import_t1", "kWh", "energy", 3),
    total("energy_import_t2", "kWh", "energy", 3),
    total("energy_import_t3", "kWh", "energy", 3),
    total("energy_import_t4", "kWh", "energy", 3),
    total("energy_import_t5", "kWh", "energy", 3),
    total("energy_import_t11", "kWh", "energy", 3),
    total("energy_import_t12", "kWh", "energy", 3),
    total("energy_import_t13", "kWh", "energy", 3),
    total("energy_export", "kWh", "energy", 3),
    off(total("energy_export_l1", "kWh", "energy", 3)),
    off(total("energy_export_l2", "kWh", "energy", 3)),
    off(total("energy_export_l3", "kWh", "energy", 3)),
    total("energy_export_t1", "kWh", "energy", 3),
    total("energy_export_t2", "kWh", "energy", 3),
    total("energy_export_t3", "kWh", "energy", 3),
    total("energy_export_t4", "kWh", "energy", 3),
    total("energy_export_t5", "kWh", "energy", 3),
    total("energy_export_t11", "kWh", "energy", 3),
    total("energy_export_t12", "kWh", "energy", 3),
    total("energy_export_t13", "kWh", "energy", 3),
    off(total("energy_combined", "kWh", "energy", 3)),
    total("energy_import_live", "kWh", "energy", 3),
    total("energy_export_live", "kWh", "energy", 3),
    total("energy_produced", "kWh", "energy", 3),
    off(total("energy_produced_l1", "kWh", "energy", 3)),
    off(total("energy_produced_l2", "kWh", "energy", 3)),
    off(total("energy_produced_l3", "kWh", "energy", 3)),
    total("energy_absorbed", "kWh", "energy", 3),
    off(total("energy_absorbed_l1", "kWh", "energy", 3)),
    off(total("energy_absorbed_l2", "kWh", "energy", 3)),
    off(total("energy_absorbed_l3", "kWh", "energy", 3)),
    total("energy_charged", "kWh", "energy", 3),
    total("energy_discharged", "kWh", "energy", 3),
    reactive("reactive_energy_import"),
    off(reactive("reactive_energy_import_t1")),
    off(reactive("reactive_energy_import_t2")),
    off(reactive("reactive_energy_import_t3")),
    off(reactive("reactive_energy_import_t4")),
    reactive("reactive_energy_export"),
    off(reactive("reactive_energy_export_t1")),
    off(reactive("reactive_energy_export_t2")),
    off(reactive("reactive_energy_export_t3")),
    off(reactive("reactive_energy_export_t4")),
    off(reactive("reactive_energy_q1")),
    off(reactive("reactive_energy_q2")),
    off(reactive("reactive_energy_q3")),
    off(reactive("reactive_energy_q4")),
    off(reactive("reactive_energy_q1_l1")),
    off(reactive("reactive_energy_q1_l2")),
    off(reactive("reactive_energy_q1_l3")),
    off(reactive("reactive_energy_q2_l1")),
    off(reactive("reactive_energy_q2_l2")),
    off(reactive("reactive_energy_q2_l3")),
    off(reactive("reactive_energy_q3_l1")),
    off(reactive("reactive_energy_q3_l2")),
    off(reactive("reactive_energy_q3_l3")),
    off(reactive("reactive_energy_q4_l1")),
    off(reactive("reactive_energy_q4_l2")),
    off(reactive("reactive_energy_q4_l3")),
    off(reactive("reactive_energy_produced")),
    off(reactive("reactive_energy_produced_l1")),
    off(reactive("reactive_energy_produced_l2")),
    off(reactive("reactive_energy_produced_l3")),
    off(reactive("reactive_energy_absorbed")),
    off(reactive("reactive_energy_absorbed_l1")),
    off(reactive("reactive_energy_absorbed_l2")),
    off(reactive("reactive_energy_absorbed_l3")),
    off(total("apparent_energy_import", "kVAh", "", 3)),
    off(total("apparent_energy_import_l1", "kVAh", "", 3)),
    off(total("apparent_energy_import_l2", "kVAh", "", 3)),
    off(total("apparent_energy_import_l3", "kVAh", "", 3)),
    off(total("apparent_energy_export", "kVAh", "", 3)),
    off(total("apparent_energy_export_l1", "kVAh", "", 3)),
    off(total("apparent_energy_export_l2", "kVAh", "", 3)),
    off(total("apparent_energy_export_l3", "kVAh", "", 3)),
}));

}  // namespace

std::span<const EntitySpec> energy() { return table; }

}  // namespace gridtap::rows
