// Meters: integers (201 to 204), floats (211 to 214).
#include "adapters/sunspec/model_rows.hpp"

namespace gridtap::sunspec {
namespace {

using enum Type;
using enum Rule;

constexpr Point several[] = {
    {2, "A", int16, 6, "current"},
    {3, "AphA", int16, 6, "current_l1"},
    {4, "AphB", int16, 6, "current_l2"},
    {5, "AphC", int16, 6, "current_l3"},
    {7, "PhV", int16, 15, "voltage"},
    {8, "PhVphA", int16, 15, "voltage_l1"},
    {9, "PhVphB", int16, 15, "voltage_l2"},
    {10, "PhVphC", int16, 15, "voltage_l3"},
    {11, "PPV", int16, 15, "voltage_line"},
    {12, "PhVphAB", int16, 15, "voltage_l1_l2"},
    {13, "PhVphBC", int16, 15, "voltage_l2_l3"},
    {14, "PhVphCA", int16, 15, "voltage_l3_l1"},
    {16, "Hz", int16, 17, "frequency"},
    {18, "W", int16, 22, "power_net"},
    {19, "WphA", int16, 22, "power_net_l1"},
    {20, "WphB", int16, 22, "power_net_l2"},
    {21, "WphC", int16, 22, "power_net_l3"},
    {23, "VA", int16, 27, "apparent_power"},
    {24, "VAphA", int16, 27, "apparent_power_l1"},
    {25, "VAphB", int16, 27, "apparent_power_l2"},
    {26, "VAphC", int16, 27, "apparent_power_l3"},
    {28, "VAR", int16, 32, "reactive_power"},
    {29, "VARphA", int16, 32, "reactive_power_l1"},
    {30, "VARphB", int16, 32, "reactive_power_l2"},
    {31, "VARphC", int16, 32, "reactive_power_l3"},
    {33, "PF", int16, 37, "power_factor", ratio},
    {34, "PFphA", int16, 37, "power_factor_l1", ratio},
    {35, "PFphB", int16, 37, "power_factor_l2", ratio},
    {36, "PFphC", int16, 37, "power_factor_l3", ratio},
    {38, "TotWhExp", acc32, 54, "energy_export", kilo},
    {40, "TotWhExpPhA", acc32, 54, "energy_export_l1", kilo},
    {42, "TotWhExpPhB", acc32, 54, "energy_export_l2", kilo},
    {44, "TotWhExpPhC", acc32, 54, "energy_export_l3", kilo},
    {46, "TotWhImp", acc32, 54, "energy_import", kilo},
    {48, "TotWhImpPhA", acc32, 54, "energy_import_l1", kilo},
    {50, "TotWhImpPhB", acc32, 54, "energy_import_l2", kilo},
    {52, "TotWhImpPhC", acc32, 54, "energy_import_l3", kilo},
    {55, "TotVAhExp", acc32, 71, "apparent_energy_export", kilo},
    {57, "TotVAhExpPhA", acc32, 71, "apparent_energy_export_l1", kilo},
    {59, "TotVAhExpPhB", acc32, 71, "apparent_energy_export_l2", kilo},
    {61, "TotVAhExpPhC", acc32, 71, "apparent_energy_export_l3", kilo},
    {63, "TotVAhImp", acc32, 71, "apparent_energy_import", kilo},
    {65, "TotVAhImpPhA", acc32, 71, "apparent_energy_import_l1", kilo},
    {67, "TotVAhImpPhB", acc32, 71, "apparent_energy_import_l2", kilo},
    {69, "TotVAhImpPhC", acc32, 71, "apparent_energy_import_l3", kilo},
    {72, "TotVArhImpQ1", acc32, 104, "reactive_energy_q1", kilo},
    {74, "TotVArhImpQ1PhA", acc32, 104, "reactive_energy_q1_l1", kilo},
    {76, "TotVArhImpQ1PhB", acc32, 104, "reactive_energy_q1_l2", kilo},
    {78, "TotVArhImpQ1PhC", acc32, 104, "reactive_energy_q1_l3", kilo},
    {80, "TotVArhImpQ2", acc32, 104, "reactive_energy_q2", kilo},
    {82, "TotVArhImpQ2PhA", acc32, 104, "reactive_energy_q2_l1", kilo},
    {84, "TotVArhImpQ2PhB", acc32, 104, "reactive_energy_q2_l2", kilo},
    {86, "TotVArhImpQ2PhC", acc32, 104, "reactive_energy_q2_l3", kilo},
    {88, "TotVArhExpQ3", acc32, 104, "reactive_energy_q3", kilo},
    {90, "TotVArhExpQ3PhA", acc32, 104, "reactive_energy_q3_l1", kilo},
    {92, "TotVArhExpQ3PhB", acc32, 104, "reactive_energy_q3_l2", kilo},
    {94, "TotVArhExpQ3PhC", acc32, 104, "reactive_energy_q3_l3", kilo},
    {96, "TotVArhExpQ4", acc32, 104, "reactive_energy_q4", kilo},
    {98, "TotVArhExpQ4PhA", acc32, 104, "reactive_energy_q4_l1", kilo},
    {100, "TotVArhExpQ4PhB", acc32, 104, "reactive_energy_q4_l2", kilo},
    {102, "TotVArhExpQ4PhC", acc32, 104, "reactive_energy_q4_l3", kilo},
    {105, "Evt", bitfield32, 0, "events", plain, meter_events},
};

// Model 201 spells the voltages between its lines another way, and names fewer events.
constexpr auto single = [] {
  auto rows = std::to_array(several);
  for (Point& row : rows) {
    if (row.name == "PhVphAB") row.name = "PPVphAB";
    if (row.name == "PhVphBC") row.name = "PPVphBC";
    if (row.name == "PhVphCA") row.name = "PPVphCA";
    if (row.name == "Evt") row.names = meter_events_single;
  }
  return rows;
}();

constexpr Point floats[] = {
    {2, "A", float32, 0, "current"},
    {4, "AphA", float32, 0, "current_l1"},
    {6, "AphB", float32, 0, "current_l2"},
    {8, "AphC", float32, 0, "current_l3"},
    {10, "PhV", float32, 0, "voltage"},
    {12, "PhVphA", float32, 0, "voltage_l1"},
    {14, "PhVphB", float32, 0, "voltage_l2"},
    {16, "PhVphC", float32, 0, "voltage_l3"},
    {18, "PPV", float32, 0, "voltage_line"},
    {20, "PPVphAB", float32, 0, "voltage_l1_l2"},
    {22, "PPVphBC", float32, 0, "voltage_l2_l3"},
    {24, "PPVphCA", float32, 0, "voltage_l3_l1"},
    {26, "Hz", float32, 0, "frequency"},
    {28, "W", float32, 0, "power_net"},
    {30, "WphA", float32, 0, "power_net_l1"},
    {32, "WphB", float32, 0, "power_net_l2"},
    {34, "WphC", float32, 0, "power_net_l3"},
    {36, "VA", float32, 0, "apparent_power"},
    {38, "VAphA", float32, 0, "apparent_power_l1"},
    {40, "VAphB", float32, 0, "apparent_power_l2"},
    {42, "VAphC", float32, 0, "apparent_power_l3"},
    {44, "VAR", float32, 0, "reactive_power"},
    {46, "VARphA", float32, 0, "reactive_power_l1"},
    {48, "VARphB", float32, 0, "reactive_power_l2"},
    {50, "VARphC", float32, 0, "reactive_power_l3"},
    {52, "PF", float32, 0, "power_factor", ratio},
    {54, "PFphA", float32, 0, "power_factor_l1", ratio},
    {56, "PFphB", float32, 0, "power_factor_l2", ratio},
    {58, "PFphC", float32, 0, "power_factor_l3", ratio},
    {60, "TotWhExp", float32, 0, "energy_export", kilo},
    {62, "TotWhExpPhA", float32, 0, "energy_export_l1", kilo},
    {64, "TotWhExpPhB", float32, 0, "energy_export_l2", kilo},
    {66, "TotWhExpPhC", float32, 0, "energy_export_l3", kilo},
    {68, "TotWhImp", float32, 0, "energy_import", kilo},
    {70, "TotWhImpPhA", float32, 0, "energy_import_l1", kilo},
    {72, "TotWhImpPhB", float32, 0, "energy_import_l2", kilo},
    {74, "TotWhImpPhC", float32, 0, "energy_import_l3", kilo},
    {76, "TotVAhExp", float32, 0, "apparent_energy_export", kilo},
    {78, "TotVAhExpPhA", float32, 0, "apparent_energy_export_l1", kilo},
    {80, "TotVAhExpPhB", float32, 0, "apparent_energy_export_l2", kilo},
    {82, "TotVAhExpPhC", float32, 0, "apparent_energy_export_l3", kilo},
    {84, "TotVAhImp", float32, 0, "apparent_energy_import", kilo},
    {86, "TotVAhImpPhA", float32, 0, "apparent_energy_import_l1", kilo},
    {88, "TotVAhImpPhB", float32, 0, "apparent_energy_import_l2", kilo},
    {90, "TotVAhImpPhC", float32, 0, "apparent_energy_import_l3", kilo},
    {92, "TotVArhImpQ1", float32, 0, "reactive_energy_q1", kilo},
    {94, "TotVArhImpQ1phA", float32, 0, "reactive_energy_q1_l1", kilo},
    {96, "TotVArhImpQ1phB", float32, 0, "reactive_energy_q1_l2", kilo},
    {98, "TotVArhImpQ1phC", float32, 0, "reactive_energy_q1_l3", kilo},
    {100, "TotVArhImpQ2", float32, 0, "reactive_energy_q2", kilo},
    {102, "TotVArhImpQ2phA", float32, 0, "reactive_energy_q2_l1", kilo},
    {104, "TotVArhImpQ2phB", float32, 0, "reactive_energy_q2_l2", kilo},
    {106, "TotVArhImpQ2phC", float32, 0, "reactive_energy_q2_l3", kilo},
    {108, "TotVArhExpQ3", float32, 0, "reactive_energy_q3", kilo},
    {110, "TotVArhExpQ3phA", float32, 0, "reactive_energy_q3_l1", kilo},
    {112, "TotVArhExpQ3phB", float32, 0, "reactive_energy_q3_l2", kilo},
    {114, "TotVArhExpQ3phC", float32, 0, "reactive_energy_q3_l3", kilo},
    {116, "TotVArhExpQ4", float32, 0, "reactive_energy_q4", kilo},
    {118, "TotVArhExpQ4phA", float32, 0, "reactive_energy_q4_l1", kilo},
    {120, "TotVArhExpQ4phB", float32, 0, "reactive_energy_q4_l2", kilo},
    {122, "TotVArhExpQ4phC", float32, 0, "reactive_energy_q4_l3", kilo},
    {124, "Evt", bitfield32, 0, "events", plain, meter_events},
};

}  // namespace

std::span<const Model> meter_models() {
  static constexpr Model table[] = {
      {201, Role::meter, Pace::fast, single},  {202, Role::meter, Pace::fast, several},
      {203, Role::meter, Pace::fast, several}, {204, Role::meter, Pace::fast, several},
      {211, Role::meter, Pace::fast, floats},  {212, Role::meter, Pace::fast, floats},
      {213, Role::meter, Pace::fast, floats},  {214, Role::meter, Pace::fast, floats},
  };
  return table;
}

}  // namespace gridtap::sunspec
