#pragma once
// A line of our own day files (day_table.hpp), read.

#include <cstddef>
#include <optional>
#include <vector>

#include "core/decimal.hpp"
#include "core/value.hpp"
#include "history/import_notes.hpp"

namespace gridtap::history {

constexpr auto no_column = static_cast<std::size_t>(-1);

struct DayRow {
  Instant at;
  FilePlace place;
  std::vector<std::optional<Decimal>> values;  // by column; the first is the time

  std::optional<Decimal> of(std::size_t column) const {
    return column == no_column ? std::nullopt : values[column];
  }
};

}  // namespace gridtap::history
