#pragma once
// From registers to values (sunspec.md 4 and 5): exact decimals, texts, "not implemented" as
// unknown.

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "adapters/sunspec/models.hpp"
#include "core/value.hpp"

namespace gridtap::sunspec {

// The registers of a model, its id first. What was not read, or lies behind its length, is missing.
using Words = std::span<const std::uint16_t>;

struct PointSettings {
  int decimals = 3;                 // of floats, as the vocabulary shows them
  bool signed_accumulator = false;  // negative numbers where none should be (Kostal)
  bool inverted_factor = false;     // its sign is wrong (Elgris)
};

// `at`: of the point in the words, its factor at `point.factor`. Texts go into `scratch`, which a
// text value then shows. Unknown: not implemented, no factor, or missing.
Value value_of(const Point& point, std::size_t at, Words words, const PointSettings& settings,
               std::string& scratch);

// The same of most points: one register with nothing to it but a factor, of a maker without
// peculiarities. Nothing: it takes a closer look.
std::optional<Decimal> plain_number(const Point& point, std::size_t at, Words words);

// The scale factor of a point: 0 where it has none; nothing where it is not implemented.
std::optional<int> factor_of(const Point& point, Words words);
// The raw number of up to 64 bits; nothing where it is missing or not implemented.
std::optional<std::uint64_t> raw_of(Type type, std::size_t at, Words words);
// A text up to its end, fit to be shown.
std::string text_at(std::size_t at, std::size_t registers, Words words);

}  // namespace gridtap::sunspec
