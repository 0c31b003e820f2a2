#pragma once
// The meters that the simulator plays: their identities, when they push, and what (han.md 7).

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/han/list_writer.hpp"
#include "codec/ciphered_apdu.hpp"

namespace gridtap::han {

enum class Clock : std::uint8_t { local, local_hour, normal };  // summer time or not

struct PlayedMeter {
  std::string_view name, serial, model;
  std::string_view addresses;  // destination, source, control
  std::string (*list)(ListKind, const Push&);
  HouseholdSettings house;
  std::chrono::milliseconds period, phase;  // pushes come at multiples of it, so much later
  std::chrono::seconds hourly;              // after the full hour
  Clock clock;
  bool even_parity = false;  // 8E1: 11 bits a byte
  bool ciphered = false;
};

std::span<const PlayedMeter> played_meters();
// nullptr where there is no such meter.
const PlayedMeter* find_played_meter(std::string_view name);

// Which list it pushes at that time, a moment of its schedule.
ListKind list_at(const PlayedMeter& meter, std::chrono::sys_time<std::chrono::milliseconds> time);

// Summer time by the rule of the European Union: from the last Sunday of March, 01:00 UTC, to the
// last Sunday of October, 01:00 UTC (directive 2000/84/EC).
bool is_summer_time(std::chrono::sys_seconds time);

// The whole frame. `counter`: of a ciphered meter.
std::string write_push(const PlayedMeter& meter, ListKind kind, const HouseholdState& house,
                       std::string_view serial, const CipherKeys& keys, std::uint32_t counter);

}  // namespace gridtap::han
