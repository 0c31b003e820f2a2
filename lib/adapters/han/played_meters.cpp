#include "adapters/han/played_meters.hpp"

#include <algorithm>

#include "codec/hdlc.hpp"

namespace gridtap::han {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_seconds;

constexpr std::string_view llc{"\xE6\xE7\x00", 3};
constexpr std::string_view system_title = "KAM\x45\x01\x02\x03\x04";
constexpr std::uint8_t encrypted_and_authenticated = 0x30;

std::string danish(ListKind, const Push& push) { return kamstrup_danish_list(push); }

// Serial numbers of our own: no meter has them.
constexpr PlayedMeter table[] = {
    {.name = "kaifa",
     .serial = "6970631400000017",
     .model = "MA304H4",
     .addresses = "\x01\x02\x01\x10",
     .list = &kaifa_list,
     .house = {3, 4200},
     .period = 2s,
     .phase = 0s,
     .hourly = 10s,
     .clock = Clock::local,
     .even_parity = true},
    {.name = "kaifa_1ph",
     .serial = "6970631400000024",
     .model = "MA105H2E",
     .addresses = "\x01\x02\x01\x10",
     .list = &kaifa_list,
     .house = {1, 0},
     .period = 2s,
     .phase = 0s,
     .hourly = 10s,
     .clock = Clock::local,
     .even_parity = true},
    {.name = "aidon",
     .serial = "7359992800000031",
     .model = "6534",
     .addresses = "\x41\x08\x83\x13",
     .list = &aidon_list,
     .house = {3, 0},
     .period = 2500ms,
     .phase = 0s,
     .hourly = 10s,
     .clock = Clock::local_hour,
     .even_parity = true},
    {.name = "kamstrup",
     .serial = "5706567200000048",
     .model = "6841131BN243101040",
     .addresses = "\x2B\x21\x13",
     .list = &kamstrup_list,
     .house = {3, 0},
     .period = 10s,
     .phase = 5s,
     .hourly = 5s,
     .clock = Clock::normal},
    {.name = "kamstrup_dk",
     .serial = "12340055",
     .model = "",
     .addresses = "\x41\x03\x13",
     .list = &danish,
     .house = {3, 3000},
     .period = 10s,
     .phase = 0s,
     .hourly = 10s,
     .clock = Clock::normal,
     .ciphered = true},
};

std::chrono::local_seconds meter_clock(const PlayedMeter& meter, sys_seconds time) {
  if (meter.clock == Clock::local_hour) time = std::chrono::floor<std::chrono::hours>(time);
  const bool summer = meter.clock != Clock::normal && is_summer_time(time);
  return std::chrono::local_seconds((time + (summer ? 2h : 1h)).time_since_epoch());
}

}  // namespace

std::span<const PlayedMeter> played_meters() { return table; }

const PlayedMeter* find_played_meter(std::string_view name) {
  const auto found = std::find_if(std::begin(table), std::end(table),
                                  [&](const PlayedMeter& meter) { return meter.name == name; });
  return found == std::end(table) ? nullptr : &*found;
}

ListKind list_at(const PlayedMeter& meter, std::chrono::sys_time<std::chrono::milliseconds> time) {
  const auto of_hour = time.time_since_epoch() % 1h;
  if (of_hour == meter.hourly) return ListKind::registers;
  const bool tenth = (of_hour - meter.phase) % 10s == 0s;
  return tenth ? ListKind::measured : ListKind::power;
}

bool is_summer_time(sys_seconds time) {
  using namespace std::chrono;
  const year_month_day date(floor<days>(time));
  const auto change = [&](month month) {
    return sys_seconds(sys_days(date.year() / month / Sunday[last])) + 1h;
  };
  return time >= change(March) && time < change(October);
}

std::string write_push(const PlayedMeter& meter, ListKind kind, const HouseholdState& house,
                       std::string_view serial, const CipherKeys& keys, std::uint32_t counter) {
  std::string apdu = meter.list(kind, {house, serial, meter.model, meter_clock(meter, house.time)});
  if (meter.ciphered) {
    apdu = ciphered_apdu(as_bytes(system_title), encrypted_and_authenticated, counter,
                         as_bytes(apdu), keys);
  }
  return hdlc_frame(as_bytes(meter.addresses), as_bytes(std::string(llc) + apdu));
}

}  // namespace gridtap::han
