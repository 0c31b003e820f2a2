// Inverters: integers (101 to 103), floats (111 to 113), ratings, settings, state and controls (120
// to 123).
#include "adapters/sunspec/model_rows.hpp"

namespace gridtap::sunspec {
namespace {

using enum Type;
using enum Rule;

constexpr Point integers[] = {
    {2, "A", uint16, 6, "current"},
    {3, "AphA", uint16, 6, "current_l1"},
    {4, "AphB", uint16, 6, "current_l2"},
    {5, "AphC", uint16, 6, "current_l3"},
    {7, "PPVphAB", uint16, 13, "voltage_l1_l2"},
    {8, "PPVphBC", uint16, 13, "voltage_l2_l3"},
    {9, "PPVphCA", uint16, 13, "voltage_l3_l1"},
    {10, "PhVphA", uint16, 13, "voltage_l1"},
    {11, "PhVphB", uint16, 13, "voltage_l2"},
    {12, "PhVphC", uint16, 13, "voltage_l3"},
    {14, "W", int16, 15, "power"},
    {16, "Hz", uint16, 17, "frequency"},
    {18, "VA", int16, 19, "apparent_power"},
    {20, "VAr", int16, 21, "reactive_power"},
    {22, "PF", int16, 23, "power_factor", ratio},
    {24, "WH", acc32, 26, "energy_produced", kilo},
    {27, "DCA", uint16, 28, "dc_current"},
    {29, "DCV", uint16, 30, "dc_voltage"},
    {31, "DCW", int16, 32, "dc_power"},
    {33, "TmpCab", int16, 37, "temperature_cabinet"},
    {34, "TmpSnk", int16, 37, "temperature_heatsink"},
    {35, "TmpTrns", int16, 37, "temperature_transformer"},
    {36, "TmpOt", int16, 37, "temperature_other"},
    {38, "St", enum16, 0, "state", plain, inverter_states},
    {39, "StVnd", enum16, 0, "state_vendor"},
    {40, "Evt1", bitfield32, 0, "events_1", plain, inverter_events},
    {42, "Evt2", bitfield32, 0, "events_2"},
    {44, "EvtVnd1", bitfield32, 0, "events_vendor_1"},
    {46, "EvtVnd2", bitfield32, 0, "events_vendor_2"},
    {48, "EvtVnd3", bitfield32, 0, "events_vendor_3"},
    {50, "EvtVnd4", bitfield32, 0, "events_vendor_4"},
};

constexpr Point floats[] = {
    {2, "A", float32, 0, "current"},
    {4, "AphA", float32, 0, "current_l1"},
    {6, "AphB", float32, 0, "current_l2"},
    {8, "AphC", float32, 0, "current_l3"},
    {10, "PPVphAB", float32, 0, "voltage_l1_l2"},
    {12, "PPVphBC", float32, 0, "voltage_l2_l3"},
    {14, "PPVphCA", float32, 0, "voltage_l3_l1"},
    {16, "PhVphA", float32, 0, "voltage_l1"},
    {18, "PhVphB", float32, 0, "voltage_l2"},
    {20, "PhVphC", float32, 0, "voltage_l3"},
    {22, "W", float32, 0, "power"},
    {24, "Hz", float32, 0, "frequency"},
    {26, "VA", float32, 0, "apparent_power"},
    {28, "VAr", float32, 0, "reactive_power"},
    {30, "PF", float32, 0, "power_factor", ratio},
    {32, "WH", float32, 0, "energy_produced", kilo},
    {34, "DCA", float32, 0, "dc_current"},
    {36, "DCV", float32, 0, "dc_voltage"},
    {38, "DCW", float32, 0, "dc_power"},
    {40, "TmpCab", float32, 0, "temperature_cabinet"},
    {42, "TmpSnk", float32, 0, "temperature_heatsink"},
    {44, "TmpTrns", float32, 0, "temperature_transformer"},
    {46, "TmpOt", float32, 0, "temperature_other"},
    {48, "St", enum16, 0, "state", plain, inverter_states},
    {49, "StVnd", enum16, 0, "state_vendor"},
    {50, "Evt1", bitfield32, 0, "events_1", plain, inverter_events},
    {52, "Evt2", bitfield32, 0, "events_2"},
    {54, "EvtVnd1", bitfield32, 0, "events_vendor_1"},
    {56, "EvtVnd2", bitfield32, 0, "events_vendor_2"},
    {58, "EvtVnd3", bitfield32, 0, "events_vendor_3"},
    {60, "EvtVnd4", bitfield32, 0, "events_vendor_4"},
};

constexpr Point ratings[] = {
    {2, "DERTyp", enum16, 0, "der_type", plain, der_types},
    {3, "WRtg", uint16, 4, "power_rated"},
    {5, "VARtg", uint16, 6, "apparent_power_rated"},
    {7, "VArRtgQ1", int16, 11},
    {8, "VArRtgQ2", int16, 11},
    {9, "VArRtgQ3", int16, 11},
    {10, "VArRtgQ4", int16, 11},
    {12, "ARtg", uint16, 13, "current_rated"},
    {14, "PFRtgQ1", int16, 18},
    {15, "PFRtgQ2", int16, 18},
    {16, "PFRtgQ3", int16, 18},
    {17, "PFRtgQ4", int16, 18},
    {19, "WHRtg", uint16, 20, "energy_nominal", kilo},
    {21, "AhrRtg", uint16, 22, "capacity_nominal"},
    {23, "MaxChaRte", uint16, 24, "charge_power_rated"},
    {25, "MaxDisChaRte", uint16, 26, "discharge_power_rated"},
};

constexpr Point settings[] = {
    {2, "WMax", uint16, 22, "power_max"},
    {3, "VRef", uint16, 23},
    {4, "VRefOfs", int16, 24},
    {5, "VMax", uint16, 25},
    {6, "VMin", uint16, 25},
    {7, "VAMax", uint16, 26},
    {8, "VArMaxQ1", int16, 27},
    {9, "VArMaxQ2", int16, 27},
    {10, "VArMaxQ3", int16, 27},
    {11, "VArMaxQ4", int16, 27},
    {12, "WGra", uint16, 28},
    {13, "PFMinQ1", int16, 29},
    {14, "PFMinQ2", int16, 29},
    {15, "PFMinQ3", int16, 29},
    {16, "PFMinQ4", int16, 29},
    {17, "VArAct", enum16},
    {18, "ClcTotVA", enum16},
    {19, "MaxRmpRte", uint16, 30},
    {20, "ECPNomHz", uint16, 31},
    {21, "ConnPh", enum16},
};

constexpr Point status[] = {
    {2, "PVConn", bitfield16, 0, "pv_connected", plain, connections},
    {3, "StorConn", bitfield16, 0, "storage_connected", plain, connections},
    {4, "ECPConn", flag, 0, "grid_connected"},
    {5, "ActWh", acc64, 0, "energy_produced", kilo},
    {9, "ActVAh", acc64},
    {13, "ActVArhQ1", acc64},
    {17, "ActVArhQ2", acc64},
    {21, "ActVArhQ3", acc64},
    {25, "ActVArhQ4", acc64},
    {29, "VArAval", int16, 30, "reactive_power_available"},
    {31, "WAval", uint16, 32, "power_available"},
    {33, "StSetLimMsk", bitfield32},
    {35, "StActCtl", bitfield32, 0, "active_controls", plain, control_names},
    {37, "TmSrc", text4},
    {41, "Tms", uint32, 0, "meter_time", clock},
    {43, "RtSt", bitfield16},
    {44, "Ris", uint16, 45, "isolation_resistance"},
};

constexpr Point immediate_controls[] = {
    {2, "Conn_WinTms", uint16},
    {3, "Conn_RvrtTms", uint16},
    {4, "Conn", enum16},
    {5, "WMaxLimPct", uint16, 23, "power_limit"},
    {6, "WMaxLimPct_WinTms", uint16, 0, "power_limit_window"},
    {7, "WMaxLimPct_RvrtTms", uint16, 0, "power_limit_revert_time"},
    {8, "WMaxLimPct_RmpTms", uint16, 0, "power_limit_ramp_time"},
    {9, "WMaxLim_Ena", flag, 0, "power_limit_enabled"},
    {10, "OutPFSet", int16, 24, "power_factor_set", ratio},
    {11, "OutPFSet_WinTms", uint16},
    {12, "OutPFSet_RvrtTms", uint16},
    {13, "OutPFSet_RmpTms", uint16},
    {14, "OutPFSet_Ena", flag, 0, "power_factor_set_enabled"},
    {15, "VArWMaxPct", int16, 25},
    {16, "VArMaxPct", int16, 25},
    {17, "VArAvalPct", int16, 25},
    {18, "VArPct_WinTms", uint16},
    {19, "VArPct_RvrtTms", uint16},
    {20, "VArPct_RmpTms", uint16},
    {21, "VArPct_Mod", enum16},
    {22, "VArPct_Ena", enum16},
};

}  // namespace

std::span<const Model> inverter_models() {
  static constexpr Model table[] = {
      {101, Role::inverter, Pace::fast, integers},
      {102, Role::inverter, Pace::fast, integers},
      {103, Role::inverter, Pace::fast, integers},
      {111, Role::inverter, Pace::fast, floats},
      {112, Role::inverter, Pace::fast, floats},
      {113, Role::inverter, Pace::fast, floats},
      {120, Role::other, Pace::once, ratings},
      {121, Role::other, Pace::once, settings},
      {122, Role::other, Pace::slow, status},
      {123, Role::other, Pace::slow, immediate_controls},
  };
  return table;
}

}  // namespace gridtap::sunspec
