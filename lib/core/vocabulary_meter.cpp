// What meters say about themselves, the hour and the month, gas, heat and water.
#include "core/vocabulary_rows.hpp"

namespace gridtap::rows {
namespace {

constexpr auto table = sorted(std::to_array<EntitySpec>({
    // Meter state and quality
    off(icon("mdi:clock-time-eight-outline", one_of("tariff", "1,2"))),
    icon("mdi:clock-time-eight-outline", one_of("tariff_name", "low,normal")),
    diagnostic(icon("mdi:electric-switch", one_of("breaker", "disconnected,connected,ready"))),
    diagnostic(
        icon("mdi:electric-switch", one_of("meter_relay_<N>", "disconnected,connected,ready"))),
    diagnostic(value("limiter", "W", "power", 0)),
    diagnostic(value("limiter_apparent", "VA", "apparent_power", 0)),
    diagnostic(value("fuse_threshold", "A", "current", 2)),
    off(diagnostic(value("fuse_threshold_export", "A", "current", 2))),
    diagnostic(icon("mdi:message-text-outline", words("message"))),
    off(diagnostic(icon("mdi:message-text-outline", words("message_2")))),
    off(diagnostic(icon("mdi:message-text-outline", words("message_3")))),
    off(diagnostic(icon("mdi:message-text-outline", words("message_4")))),
    off(diagnostic(icon("mdi:message-text-outline", words("message_5")))),
    diagnostic(icon("mdi:message-text-outline", words("message_code"))),
    off(diagnostic(icon("mdi:identifier", words("ean")))),
    off(diagnostic(icon("mdi:transmission-tower", words("grid_type")))),
    off(diagnostic(icon("mdi:tag-outline", words("p1_version")))),
    off(diagnostic(icon("mdi:alert-circle-outline", words("error_register")))),
    diagnostic(icon("mdi:flash-alert-outline", counter("power_failures"))),
    diagnostic(icon("mdi:flash-alert-outline", counter("long_power_failures"))),
    off(diagnostic(value("last_power_failure", "", "timestamp", -1))),
    off(diagnostic(icon("mdi:sine-wave", counter("voltage_sags_l1")))),
    off(diagnostic(icon("mdi:sine-wave", counter("voltage_sags_l2")))),
    off(diagnostic(icon("mdi:sine-wave", counter("voltage_sags_l3")))),
    off(diagnostic(icon("mdi:sine-wave", counter("voltage_swells_l1")))),
    off(diagnostic(icon("mdi:sine-wave", counter("voltage_swells_l2")))),
    off(diagnostic(icon("mdi:sine-wave", counter("voltage_swells_l3")))),
    off(diagnostic(value("meter_time", "", "timestamp", -1))),
    off(diagnostic(icon("mdi:clock-outline", words("meter_clock")))),
    off(diagnostic(measurement("clock_offset", "s", "duration", 0))),
    // Demand, hour, month, price
    measurement("demand_import_now", "W", "power", 0),
    value("demand_import_month_peak", "W", "power", 0),
    value("demand_import_month_peak_time", "", "timestamp", -1),
    off(measurement("demand_export_now", "W", "power", 0)),
    off(value("demand_export_month_peak", "W", "power", 0)),
    off(value("demand_export_month_peak_time", "", "timestamp", -1)),
    off(value("demand_history", "W", "power", 0)),
    total("hour_energy", "Wh", "energy", 0),
    value("hour_projected", "Wh", "energy", 0),
    value("last_hour_energy", "Wh", "energy", 0),
    measurement("hour_available_power", "W", "power", 0),
    config(settable("hour_limit", "Wh", "energy", 0)),
    yes_no("hour_limit_exceeded", "problem"),
    total("today_import", "kWh", "energy", 3),
    total("today_export", "kWh", "energy", 3),
    value("month_max_average", "W", "power", 0),
    value("month_max_1", "W", "power", 0),
    value("month_max_2", "W", "power", 0),
    value("month_max_3", "W", "power", 0),
    icon("mdi:stairs", words("tariff_step")),
    icon("mdi:cash", measurement("price_now", "NOK/kWh", "", -1)),
    icon("mdi:cash", value("price_max_today", "NOK/kWh", "", -1)),
    // Gas, heat, water (own HA device per M-Bus meter)
    total("gas", "m³", "gas", 3),
    total("gas_energy", "GJ", "energy", 3),
    total("heat", "GJ", "energy", 3),
    total("cooling", "GJ", "energy", 3),
    total("water", "m³", "water", 3),
    total("hot_water", "m³", "water", 3),
    icon("mdi:radiator", counter("heat_cost")),
    total("mbus_electricity", "kWh", "energy", 3),
    diagnostic(value("reading_time", "", "timestamp", -1)),
    diagnostic(icon("mdi:valve", one_of("valve", "closed,open,ready"))),
}));

}  // namespace

std::span<const EntitySpec> meter() { return table; }

}  // namespace gridtap::rows
