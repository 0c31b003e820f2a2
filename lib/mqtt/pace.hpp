#pragma once
// How soon a changed value has to be published: what people and automations act on at once, powers
// and currents after the device's `interval`, what moves slowly after its `slow_interval`. Every
// message becomes a row in Home Assistant's database.

#include <cstdint>
#include <limits>

#include "core/value.hpp"
#include "core/vocabulary.hpp"

namespace gridtap::mqtt {

// `marked`: fast where the change is, else slow. Of a phase there are many, and each moves by some
// watts with every telegram.
enum class Pace : std::uint8_t { at_once, fast, marked, slow };

// `value`: the newest one; a number of a key that no table describes is a measurement.
Pace pace_of(const EntitySpec& spec, const Value& value);

// What is published is no number; from there every change is marked.
inline constexpr std::int32_t no_tenths = std::numeric_limits<std::int32_t>::min();
// In tenths of its unit, as near as 32 bits come.
std::int32_t tenths_of(Decimal value);
// The change is a tenth of what is published, and more than noise: 100 W, 0.5 A.
bool is_marked(const EntitySpec& spec, std::int32_t published_tenths, Decimal value);

}  // namespace gridtap::mqtt
