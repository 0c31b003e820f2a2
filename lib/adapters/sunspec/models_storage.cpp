// Storage (124), trackers (160), batteries (802); the common model (1).
#include "adapters/sunspec/model_rows.hpp"

namespace gridtap::sunspec {
namespace {

using enum Type;
using enum Rule;

constexpr Point storage[] = {
    {2, "WChaMax", uint16, 18, "charge_power_max"},
    {3, "WChaGra", uint16, 19},
    {4, "WDisChaGra", uint16, 19},
    {5, "StorCtl_Mod", enum16, 0, "storage_control_mode", plain, storage_modes},
    {6, "VAChaMax", uint16, 20},
    {7, "MinRsvPct", uint16, 21, "minimum_reserve"},
    {8, "ChaState", uint16, 22, "battery_level"},
    {9, "StorAval", uint16, 23, "capacity_remaining"},
    {10, "InBatV", uint16, 24, "battery_voltage"},
    {11, "ChaSt", enum16, 0, "charge_state", plain, charge_states},
    {12, "OutWRte", int16, 25, "discharge_rate"},
    {13, "InWRte", int16, 25, "charge_rate"},
    {14, "InOutWRte_WinTms", uint16},
    {15, "InOutWRte_RvrtTms", uint16, 0, "rate_revert_time"},
    {16, "InOutWRte_RmpTms", uint16},
    {17, "ChaGriSet", flag, 0, "charge_from_grid"},
};

constexpr Point trackers[] = {
    {6, "Evt", bitfield32, 0, "mppt_events", plain, tracker_events},
    {8, "N", uint16, 0, "mppt_count"},
    {9, "TmsPer", uint16},
};

constexpr Point tracker[] = {
    {11, "IDStr", text8, 0, "mppt<N>_name"},
    {19, "DCA", uint16, 2, "mppt<N>_current"},
    {20, "DCV", uint16, 3, "mppt<N>_voltage"},
    {21, "DCW", uint16, 4, "mppt<N>_power"},
    {22, "DCWH", acc32, 5, "mppt<N>_energy_produced", kilo},
    {26, "Tmp", int16, 0, "mppt<N>_temperature"},
    {27, "DCSt", enum16, 0, "mppt<N>_state", plain, tracker_states},
    {28, "DCEvt", bitfield32, 0, "mppt<N>_events", plain, tracker_events},
};

constexpr Point battery[] = {
    {2, "AHRtg", uint16, 52, "capacity_nominal"},
    {3, "WHRtg", uint16, 53, "energy_nominal", kilo},
    {4, "WChaRteMax", uint16, 54, "charge_power_max"},
    {5, "WDisChaRteMax", uint16, 54, "discharge_power_max"},
    {6, "DisChaRte", uint16, 55},
    {7, "SoCMax", uint16, 56, "battery_level_max"},
    {8, "SoCMin", uint16, 56, "battery_level_min"},
    {9, "SocRsvMax", uint16, 56},
    {10, "SoCRsvMin", uint16, 56, "minimum_reserve"},
    {11, "SoC", uint16, 56, "battery_level"},
    {12, "DoD", uint16, 57, "depth_of_discharge"},
    {13, "SoH", uint16, 58, "battery_health"},
    {14, "NCyc", uint32, 0, "battery_cycles"},
    {16, "ChaSt", enum16, 0, "charge_state", plain, charge_states},
    {17, "LocRemCtl", enum16, 0, "control_mode", plain, control_modes},
    {18, "Hb", uint16},
    {19, "CtrlHb", uint16},
    {20, "AlmRst", uint16},
    {21, "Typ", enum16},
    {22, "State", enum16, 0, "battery_state", plain, battery_states},
    {23, "StateVnd", enum16},
    {24, "WarrDt", uint32},
    {26, "Evt1", bitfield32, 0, "battery_events_1", plain, battery_events},
    {28, "Evt2", bitfield32, 0, "battery_events_2"},
    {30, "EvtVnd1", bitfield32, 0, "battery_events_vendor_1"},
    {32, "EvtVnd2", bitfield32, 0, "battery_events_vendor_2"},
    {34, "V", uint16, 59, "battery_voltage"},
    {35, "VMax", uint16, 59},
    {36, "VMin", uint16, 59},
    {37, "CellVMax", uint16, 60, "cell_voltage_max"},
    {38, "CellVMaxStr", uint16},
    {39, "CellVMaxMod", uint16},
    {40, "CellVMin", uint16, 60, "cell_voltage_min"},
    {41, "CellVMinStr", uint16},
    {42, "CellVMinMod", uint16},
    {43, "CellVAvg", uint16, 60, "cell_voltage_average"},
    {44, "A", int16, 61, "battery_current"},
    {45, "AChaMax", uint16, 62, "charge_current_max"},
    {46, "ADisChaMax", uint16, 62, "discharge_current_max"},
    {47, "W", int16, 63, "battery_power"},
    {48, "ReqInvState", enum16},
    {49, "ReqW", int16, 63},
    {50, "SetOp", enum16},
    {51, "SetInvState", enum16},
};

}  // namespace

std::span<const Model> storage_models() {
  static constexpr Model table[] = {
      {common_model, Role::common, Pace::once, {}},
      {124, Role::other, Pace::medium, storage},
      {160, Role::other, Pace::fast, trackers, {tracker, 10, 20, 0}},
      {802, Role::other, Pace::fast, battery},
  };
  return table;
}

}  // namespace gridtap::sunspec
