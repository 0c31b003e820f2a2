#pragma once
// The names of states and event bits, in the order of their numbers (sunspec/models, as of 2025).
// Only the models_*.cpp files include this. `4=pv` gives a number that does not follow on the
// last.

#include <string_view>

namespace gridtap::sunspec {

inline constexpr std::string_view storage_modes = "none,charge,discharge,charge_discharge";
inline constexpr std::string_view inverter_states =
    "1=off,sleeping,starting,mppt,throttled,shutting_down,fault,standby";
inline constexpr std::string_view inverter_events =
    "ground_fault,dc_over_volt,ac_disconnect,dc_disconnect,grid_disconnect,"
    "cabinet_open,manual_shutdown,over_temp,over_frequency,under_frequency,"
    "ac_over_volt,ac_under_volt,blown_string_fuse,under_temp,memory_loss,"
    "hw_test_failure";
inline constexpr std::string_view der_types = "4=pv,82=pv_stor";
inline constexpr std::string_view connections = "connected,available,operating,test";
inline constexpr std::string_view control_names =
    "fixedw,fixedvar,fixedpf,volt-var,freq-watt-param,freq-watt-curve,"
    "dyn-reactive-current,lvrt,hvrt,watt-pf,volt-watt,12=scheduled,lfrt,hfrt";
inline constexpr std::string_view charge_states =
    "1=off,empty,discharging,charging,full,holding,testing";
inline constexpr std::string_view tracker_events =
    "ground_fault,input_over_voltage,reserved_2,dc_disconnect,reserved_4,cabinet_open,"
    "manual_shutdown,over_temp,reserved_8,reserved_9,reserved_10,reserved_11,"
    "blown_fuse,under_temp,memory_loss,arc_detection,reserved_16,reserved_17,"
    "reserved_18,reserved_19,test_failed,input_under_voltage,input_over_current";
inline constexpr std::string_view tracker_states =
    "1=off,sleeping,starting,mppt,throttled,shutting_down,fault,standby,test,"
    "reserved_10";
inline constexpr std::string_view meter_events_single =
    "2=power_failure,under_voltage,low_pf,over_current,over_voltage,missing_sensor,"
    "16=oem01,oem02,oem03,oem04,oem05,oem06,oem07,oem08,oem09,oem10,oem11,oem12,oem13,"
    "oem14,oem15";
inline constexpr std::string_view meter_events =
    "2=m_event_power_failure,m_event_under_voltage,m_event_low_pf,m_event_over_current,"
    "m_event_over_voltage,m_event_missing_sensor,m_event_reserved1,m_event_reserved2,"
    "m_event_reserved3,m_event_reserved4,m_event_reserved5,m_event_reserved6,"
    "m_event_reserved7,m_event_reserved8,m_event_oem01,m_event_oem02,m_event_oem03,"
    "m_event_oem04,m_event_oem05,m_event_oem06,m_event_oem07,m_event_oem08,"
    "m_event_oem09,m_event_oem10,m_event_oem11,m_event_oem12,m_event_oem13,"
    "m_event_oem14,m_event_oem15";
inline constexpr std::string_view ac_types = "single_phase,split_phase,three_phase";
inline constexpr std::string_view operating_states = "off,on";
inline constexpr std::string_view der_states =
    "off,sleeping,starting,running,throttled,shutting_down,fault,standby";
inline constexpr std::string_view grid_states = "disconnected,connected";
inline constexpr std::string_view der_alarms =
    "ground_fault,dc_over_volt,ac_disconnect,dc_disconnect,grid_disconnect,"
    "cabinet_open,manual_shutdown,over_temp,over_frequency,under_frequency,"
    "ac_over_volt,ac_under_volt,blown_string_fuse,under_temp,memory_loss,"
    "hw_test_failure,manufacturer_alrm";
inline constexpr std::string_view der_modes = "grid_following,grid_forming,pv_clipped";
inline constexpr std::string_view throttle_sources =
    "max_w,fixed_w,fixed_var,fixed_pf,volt_var,freq_watt,dyn_react_curr,lvrt,hvrt,"
    "watt_var,volt_watt,scheduled,lfrt,hfrt,derated";
inline constexpr std::string_view enter_service = "disabled,enabled";
inline constexpr std::string_view storage_states = "ok,warning,error";
inline constexpr std::string_view port_types = "pv,ess,ev,inj,abs,bidir,dc_dc";
inline constexpr std::string_view port_states = "off,on,warning,error";
inline constexpr std::string_view port_events =
    "ground_fault,input_over_voltage,3=dc_disconnect,5=cabinet_open,manual_shutdown,"
    "over_temp,12=blown_fuse,under_temp,memory_loss,arc_detection,19=reserved,"
    "test_failed,input_under_voltage,input_over_current";
inline constexpr std::string_view control_modes = "remote,local";
inline constexpr std::string_view battery_states =
    "1=disconnected,initializing,connected,standby,soc_protection,suspending,99=fault";
inline constexpr std::string_view battery_events =
    "communication_error,over_temp_alarm,over_temp_warning,under_temp_alarm,"
    "under_temp_warning,over_charge_current_alarm,over_charge_current_warning,"
    "over_discharge_current_alarm,over_discharge_current_warning,over_volt_alarm,"
    "over_volt_warning,under_volt_alarm,under_volt_warning,under_soc_min_alarm,"
    "under_soc_min_warning,over_soc_max_alarm,over_soc_max_warning,"
    "voltage_imbalance_warning,temperature_imbalance_alarm,"
    "temperature_imbalance_warning,contactor_error,fan_error,ground_fault,"
    "open_door_error,current_imbalance_warning,other_alarm,other_warning,reserved_1,"
    "configuration_alarm,configuration_warning";

}  // namespace gridtap::sunspec
