#pragma once
// How the rows of an answer are spelt: as CSV for a spreadsheet, as a line of JSON each, and as
// columns of JSON for a chart. Everything is appended, so it may be written in pieces of any size.
//
// CSV       time,meter/energy_import[kWh],meter/power_import[W]
//           2026-11-28T12:00:00+01:00,1.234,244
//           with Decimals::comma: ; between fields, and 1,234. Empty: not known
// lines     {"time":"2026-11-28T12:00:00+01:00","meter/energy_import":1.234,...}; null: not known
// columns   {"step":"day","end":1764630000,"time":[1764543600,...],"series":[
//            {"series":"meter/energy_import","unit":"kWh","kind":"total","value":[1.234,null,...],
//             "low":[...],"high":[...],"covered":[86400,0,...],"swaps":[7]}]}

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "history/rows.hpp"

namespace gridtap::history {

enum class Decimals : std::uint8_t { point, comma };

// A field of CSV; in quotes where that needs them (RFC 4180), as a unit that a person has made up.
void append_field(std::string& out, const std::string& text);

class CsvTable {
 public:
  CsvTable(std::vector<SeriesHead> series, const Zone& zone, Decimals decimals)
      : series_(std::move(series)), zone_(zone), decimals_(decimals) {}

  void head(std::string& out) const;
  void row(std::string& out, const Row& row) const;

 private:
  std::vector<SeriesHead> series_;
  Zone zone_;
  Decimals decimals_;
};

class JsonTable {
 public:
  JsonTable(std::vector<SeriesHead> series, const Zone& zone)
      : series_(std::move(series)), zone_(zone) {}

  void row(std::string& out, const Row& row) const;

 private:
  std::vector<SeriesHead> series_;
  Zone zone_;
};

// The times are those at which periods begin, `end` is when the last one ends, both in unix
// seconds. `swaps`: positions of periods in which a register was not the one before, or fell: its
// low and high do not continue, and what it grew by is not their difference.
class JsonColumns {
 public:
  explicit JsonColumns(Query query);

  void row(const Row& row);
  // All of it, after the last row.
  std::string text() const;

 private:
  struct Column {
    std::string value, low, high, covered, swaps;
    std::optional<std::int64_t> register_at = {};  // at the end of the period before
  };

  void append(Column& column, const SeriesHead& head, const std::optional<Point>& point);

  Query query_;
  std::string time_;
  std::vector<Column> columns_;
  std::size_t rows_ = 0;
};

// {"series":[{"series":"meter/energy_import","unit":"kWh","kind":"total"},...]}
std::string series_json(const std::vector<SeriesHead>& series);

}  // namespace gridtap::history
