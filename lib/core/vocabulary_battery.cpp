// Batteries, temperatures, nodes on the power line.
#include "core/vocabulary_rows.hpp"

namespace gridtap::rows {
namespace {

constexpr auto table = sorted(std::to_array<EntitySpec>({
    // Battery
    measurement("battery_level", "%", "battery", 0),
    config(settable("battery_level_set", "%", "battery", 0)),
    config(icon("mdi:battery-check", press("battery_full"))),
    off(diagnostic(value("battery_level_max", "%", "", -1))),
    off(diagnostic(value("battery_level_min", "%", "", -1))),
    diagnostic(icon("mdi:battery-heart-variant", measurement("battery_health", "%", "", -1))),
    diagnostic(icon("mdi:battery-sync", counter("battery_cycles"))),
    measurement("battery_voltage", "V", "voltage", 1),
    measurement("battery_current", "A", "current", 2),
    measurement("battery_power", "W", "power", 0),
    icon("mdi:battery-heart-variant",
         one_of("battery_state",
                "disconnected,initializing,connected,standby,soc_protection,suspending,fault")),
    off(diagnostic(words("battery_events_<N>"))),
    off(diagnostic(words("battery_events_vendor_<N>"))),
    icon("mdi:battery-charging",
         one_of("charge_state", "off,empty,discharging,charging,full,holding,testing")),
    icon("mdi:battery-sync-outline", one_of("direction", "charge,discharge")),
    yes_no("charging", "battery_charging"),
    icon("mdi:battery-medium", measurement("capacity_remaining", "Ah", "", 3)),
    config(icon("mdi:battery-high", settable("capacity_nominal", "Ah", "", 3))),
    off(icon("mdi:battery-plus-outline", total("capacity_charged", "Ah", "", 3))),
    icon("mdi:battery-minus-outline", total("capacity_discharged", "Ah", "", 3)),
    diagnostic(value("energy_nominal", "kWh", "energy_storage", 3)),
    measurement("energy_available", "kWh", "energy_storage", 3),
    off(icon("mdi:battery-arrow-down-outline", measurement("depth_of_discharge", "%", "", -1))),
    diagnostic(measurement("cell_voltage_max", "V", "voltage", 1)),
    diagnostic(measurement("cell_voltage_min", "V", "voltage", 1)),
    off(diagnostic(measurement("cell_voltage_average", "V", "voltage", 1))),
    diagnostic(icon("mdi:omega", measurement("internal_resistance", "mΩ", "", -1))),
    measurement("time_left", "min", "duration", 0),
    off(diagnostic(total("run_time", "s", "duration", 0))),
    off(diagnostic(words("records"))),
    diagnostic(
        icon("mdi:shield-outline", one_of("output_state", "on,ovp,ocp,lvp,ncp,opp,otp,off"))),
    icon("mdi:electric-switch", on_off("output_on")),
    off(config(icon("mdi:numeric-0-circle-outline", press("zero_current")))),
    off(config(icon("mdi:restore", press("clear_totals")))),
    off(config(settable("over_voltage", "V", "voltage", 1))),
    off(config(settable("under_voltage", "V", "voltage", 1))),
    off(config(settable("discharge_over_current", "A", "current", 2))),
    off(config(settable("charge_over_current", "A", "current", 2))),
    off(config(settable("over_power", "W", "power", 0))),
    off(config(settable("over_temperature", "°C", "temperature", 1))),
    off(config(settable("recovery_time", "s", "duration", 0))),
    off(config(settable("delay_time", "s", "duration", 0))),
    off(config(icon("mdi:thermometer-lines", settable("temperature_calibration", "°C", "", -1)))),
    off(diagnostic(words("voltage_calibration"))),
    off(diagnostic(words("current_calibration"))),
    off(diagnostic(one_of("relay_type", "no,nc"))),
    off(diagnostic(words("current_ratio"))),
    off(diagnostic(words("voltage_curve_scale"))),
    off(diagnostic(words("current_curve_scale"))),
    // Temperatures
    measurement("temperature", "°C", "temperature", 1),
    measurement("temperature_ambient", "°C", "temperature", 1),
    measurement("temperature_cabinet", "°C", "temperature", 1),
    measurement("temperature_heatsink", "°C", "temperature", 1),
    off(measurement("temperature_transformer", "°C", "temperature", 1)),
    off(measurement("temperature_switch", "°C", "temperature", 1)),
    off(measurement("temperature_other", "°C", "temperature", 1)),
    // Power-line nodes (KQ-330)
    measurement("humidity", "%", "humidity", -1),
    measurement("illuminance", "lx", "illuminance", -1),
    words("value"),
    line_health(config(icon("mdi:send", entry("tx")))),
    line_health(off(config(icon("mdi:send", entry("tx_raw"))))),
}));

}  // namespace

std::span<const EntitySpec> battery() { return table; }

}  // namespace gridtap::rows
