// The Netherlands: tariff 1 is low (DSMR P1 companion standards 2.2, 3.0, 4.2.2 and 5.0.2).

#include <array>

#include "adapters/p1/quantities.hpp"

namespace gridtap::p1 {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Kamstrup 162: no empty line behind the header, power in steps of 10 W.
constexpr auto dsmr22 = std::to_array<PlayedLine>({
    {"0-0:96.1.1(%)", serial_hex},
    {"1-0:1.8.1(#####.###*kWh)", import_low},
    {"1-0:1.8.2(#####.###*kWh)", import_normal},
    {"1-0:2.8.1(#####.###*kWh)", export_low},
    {"1-0:2.8.2(#####.###*kWh)", export_normal},
    {"0-0:96.14.0(####)", tariff_low_is_1},
    {"1-0:1.7.0(####.##*kW)", power_import},
    {"1-0:2.7.0(####.##*kW)", power_export},
    {"0-0:17.0.0(999*A)"},
    {"0-0:96.3.10(1)"},
    {"0-0:96.13.1()"},
    {"0-0:96.13.0()"},
    {"0-1:24.1.0(3)"},
    {"0-1:96.1.0(%)", gas_id},
    {"0-1:24.3.0(@)(08)(60)(1)(0-1:24.2.1)(m3)\r\n(#####.###)", gas_time, gas},
    {"0-1:24.4.0(1)"},
});

// Iskra MT382: the id of the gas meter before its type.
constexpr auto dsmr30 = std::to_array<PlayedLine>({
    {"0-0:96.1.1(%)", serial_hex},
    {"1-0:1.8.1(#####.###*kWh)", import_low},
    {"1-0:1.8.2(#####.###*kWh)", import_normal},
    {"1-0:2.8.1(#####.###*kWh)", export_low},
    {"1-0:2.8.2(#####.###*kWh)", export_normal},
    {"0-0:96.14.0(####)", tariff_low_is_1},
    {"1-0:1.7.0(####.##*kW)", power_import},
    {"1-0:2.7.0(####.##*kW)", power_export},
    {"0-0:17.0.0(016*A)"},
    {"0-0:96.3.10(1)"},
    {"0-0:96.13.1()"},
    {"0-0:96.13.0()"},
    {"0-1:96.1.0(%)", gas_id},
    {"0-1:24.1.0(03)"},
    {"0-1:24.3.0(@)(00)(60)(1)(0-1:24.2.1)(m3)\r\n(#####.###)", gas_time, gas},
    {"0-1:24.4.0(1)"},
});

// Kaifa MA304: three phases, no voltages yet.
constexpr auto dsmr42 = std::to_array<PlayedLine>({
    {"1-3:0.2.8(42)"},
    {"0-0:1.0.0(@)", clock},
    {"0-0:96.1.1(%)", serial_hex},
    {"1-0:1.8.1(######.###*kWh)", import_low},
    {"1-0:1.8.2(######.###*kWh)", import_normal},
    {"1-0:2.8.1(######.###*kWh)", export_low},
    {"1-0:2.8.2(######.###*kWh)", export_normal},
    {"0-0:96.14.0(####)", tariff_low_is_1},
    {"1-0:1.7.0(##.###*kW)", power_import},
    {"1-0:2.7.0(##.###*kW)", power_export},
    {"0-0:96.7.21(#####)", power_failures},
    {"0-0:96.7.9(#####)", long_power_failures},
    {"1-0:99.97.0%", failure_log},
    {"1-0:32.32.0(#####)", sags<0>},
    {"1-0:52.32.0(#####)", sags<1>},
    {"1-0:72.32.0(#####)", sags<2>},
    {"1-0:32.36.0(#####)", swells<0>},
    {"1-0:52.36.0(#####)", swells<1>},
    {"1-0:72.36.0(#####)", swells<2>},
    {"0-0:96.13.1()"},
    {"0-0:96.13.0()"},
    {"1-0:31.7.0(###*A)", current<0>},
    {"1-0:51.7.0(###*A)", current<1>},
    {"1-0:71.7.0(###*A)", current<2>},
    {"1-0:21.7.0(##.###*kW)", phase_import<0>},
    {"1-0:22.7.0(##.###*kW)", phase_export<0>},
    {"1-0:41.7.0(##.###*kW)", phase_import<1>},
    {"1-0:42.7.0(##.###*kW)", phase_export<1>},
    {"1-0:61.7.0(##.###*kW)", phase_import<2>},
    {"1-0:62.7.0(##.###*kW)", phase_export<2>},
    {"0-1:24.1.0(003)"},
    {"0-1:96.1.0(%)", gas_id},
    {"0-1:24.2.1(@)(#####.###*m3)", gas_time, gas},
});

// Iskra AM550: 35 value lines, 942 bytes with three entries in the failure log.
constexpr auto dsmr5 = std::to_array<PlayedLine>({
    {"1-3:0.2.8(50)"},
    {"0-0:1.0.0(@)", clock},
    {"0-0:96.1.1(%)", serial_hex},
    {"1-0:1.8.1(######.###*kWh)", import_low},
    {"1-0:1.8.2(######.###*kWh)", import_normal},
    {"1-0:2.8.1(######.###*kWh)", export_low},
    {"1-0:2.8.2(######.###*kWh)", export_normal},
    {"0-0:96.14.0(####)", tariff_low_is_1},
    {"1-0:1.7.0(##.###*kW)", power_import},
    {"1-0:2.7.0(##.###*kW)", power_export},
    {"0-0:96.7.21(#####)", power_failures},
    {"0-0:96.7.9(#####)", long_power_failures},
    {"1-0:99.97.0%", failure_log},
    {"1-0:32.32.0(#####)", sags<0>},
    {"1-0:52.32.0(#####)", sags<1>},
    {"1-0:72.32.0(#####)", sags<2>},
    {"1-0:32.36.0(#####)", swells<0>},
    {"1-0:52.36.0(#####)", swells<1>},
    {"1-0:72.36.0(#####)", swells<2>},
    {"0-0:96.13.0()"},
    {"1-0:32.7.0(###.#*V)", voltage<0>},
    {"1-0:52.7.0(###.#*V)", voltage<1>},
    {"1-0:72.7.0(###.#*V)", voltage<2>},
    {"1-0:31.7.0(###*A)", current<0>},
    {"1-0:51.7.0(###*A)", current<1>},
    {"1-0:71.7.0(###*A)", current<2>},
    {"1-0:21.7.0(##.###*kW)", phase_import<0>},
    {"1-0:41.7.0(##.###*kW)", phase_import<1>},
    {"1-0:61.7.0(##.###*kW)", phase_import<2>},
    {"1-0:22.7.0(##.###*kW)", phase_export<0>},
    {"1-0:42.7.0(##.###*kW)", phase_export<1>},
    {"1-0:62.7.0(##.###*kW)", phase_export<2>},
    {"0-1:24.1.0(003)"},
    {"0-1:96.1.0(%)", gas_id},
    {"0-1:24.2.1(@)(#####.###*m3)", gas_time, gas},
});

// Sagemcom S210: one phase.
constexpr auto dsmr5_1ph = std::to_array<PlayedLine>({
    {"1-3:0.2.8(50)"},
    {"0-0:1.0.0(@)", clock},
    {"0-0:96.1.1(%)", serial_hex},
    {"1-0:1.8.1(######.###*kWh)", import_low},
    {"1-0:1.8.2(######.###*kWh)", import_normal},
    {"1-0:2.8.1(######.###*kWh)", export_low},
    {"1-0:2.8.2(######.###*kWh)", export_normal},
    {"0-0:96.14.0(####)", tariff_low_is_1},
    {"1-0:1.7.0(##.###*kW)", power_import},
    {"1-0:2.7.0(##.###*kW)", power_export},
    {"0-0:96.7.21(#####)", power_failures},
    {"0-0:96.7.9(#####)", long_power_failures},
    {"1-0:99.97.0%", failure_log},
    {"1-0:32.32.0(#####)", sags<0>},
    {"1-0:32.36.0(#####)", swells<0>},
    {"0-0:96.13.0()"},
    {"1-0:32.7.0(###.#*V)", voltage<0>},
    {"1-0:31.7.0(###*A)", current<0>},
    {"1-0:21.7.0(##.###*kW)", phase_import<0>},
    {"1-0:22.7.0(##.###*kW)", phase_export<0>},
    {"0-1:24.1.0(003)"},
    {"0-1:96.1.0(%)", gas_id},
    {"0-1:24.2.1(@)(#####.###*m3)", gas_time, gas},
});

constexpr auto meters = std::to_array<PlayedMeter>({
    {.name = "dsmr22",
     .header = "/KMP5 ZABF000000000022",
     .lines = dsmr22,
     .serial = "KMP0220000000022",
     .house = {.phases = 1},
     .time_flag = false,
     .empty_line = false,
     .checksum = false,
     .seven_bits = true},
    {.name = "dsmr30",
     .header = "/ISk5\\2MT382-1000",
     .lines = dsmr30,
     .serial = "ISK0300000000030",
     .time_flag = false,
     .checksum = false,
     .seven_bits = true},
    {.name = "dsmr42",
     .header = "/KFM5KAIFA-METER",
     .lines = dsmr42,
     .serial = "E0042000000000042",
     .house = {.sun_w = 3500}},
    {.name = "dsmr5",
     .header = "/ISK5\\2M550T-1012",
     .lines = dsmr5,
     .serial = "E0050000000000050",
     .period = seconds{1},
     .house = {.gas_interval = minutes{5}}},
    {.name = "dsmr5_1ph",
     .header = "/Ene5\\S210-D ESMR5.0",
     .lines = dsmr5_1ph,
     .serial = "E0051000000000051",
     .period = seconds{1},
     .house = {.phases = 1, .sun_w = 4200, .gas_interval = minutes{5}}},
});

}  // namespace

std::span<const PlayedMeter> dutch_meters() { return meters; }

}  // namespace gridtap::p1
