#include "history/tables.hpp"

#include <charconv>
#include <utility>

#include "core/json_text.hpp"

namespace gridtap::history {
namespace {

Decimal decimal(std::int64_t units, const SeriesHead& head) {
  return shifted({units, 0}, head.kind == SeriesKind::time_on ? 0 : head.exponent);
}

std::string_view unit_of(const SeriesHead& head) {
  return head.kind == SeriesKind::time_on ? "s" : std::string_view(head.unit);
}

void append_time(std::string& out, Instant time, const Zone& zone) {
  append(out, Timestamp{time, zone.offset_at(time)});
}

void append_number(std::string& out, std::int64_t number) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
}

std::int64_t unix_seconds(Instant time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

void append_units(std::string& column, std::optional<std::int64_t> units, const SeriesHead& head) {
  if (units) {
    append(column, decimal(*units, head));
  } else {
    column += "null";
  }
}

void add_member(std::string& out, std::string_view name, const std::string& list) {
  ((out += ",\"") += name) += "\":[";
  (out += list) += ']';
}

// Whether the register at the end is the one before, grown. Where only a part of the time has
// registers, the increase may be more than their difference.
bool is_continued(std::optional<std::int64_t> before, const Point& point) {
  if (!point.low || !point.high) return true;
  if (before) return *point.high - *before == point.value;
  return *point.high >= *point.low && *point.high - *point.low <= point.value;
}

void append_head(std::string& out, const SeriesHead& head) {
  append_json(out += "{\"series\":", head.name);
  append_json(out += ",\"unit\":", unit_of(head));
  append_json(out += ",\"kind\":", name(head.kind));
}

}  // namespace

void append_field(std::string& out, const std::string& text) {
  if (text.find_first_of(",;\"\r\n") == text.npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void CsvTable::head(std::string& out) const {
  out += "time";
  for (const SeriesHead& each : series_) {
    out += decimals_ == Decimals::comma ? ';' : ',';
    append_field(out, each.name + '[' + std::string(unit_of(each)) + ']');
  }
  out += '\n';
}

void CsvTable::row(std::string& out, const Row& row) const {
  append_time(out, row.period.begin, zone_);
  for (std::size_t n = 0; n < row.points.size(); ++n) {
    out += decimals_ == Decimals::comma ? ';' : ',';
    if (!row.points[n]) continue;
    const std::size_t begin = out.size();
    append(out, decimal(row.points[n]->value, series_[n]));
    const std::size_t point = out.find('.', begin);
    if (decimals_ == Decimals::comma && point != out.npos) out[point] = ',';
  }
  out += '\n';
}

void JsonTable::row(std::string& out, const Row& row) const {
  append_time(out += "{\"time\":\"", row.period.begin, zone_);
  out += '"';
  for (std::size_t n = 0; n < row.points.size(); ++n) {
    append_json(out += ',', series_[n].name);
    out += ':';
    if (row.points[n]) {
      append(out, decimal(row.points[n]->value, series_[n]));
    } else {
      out += "null";
    }
  }
  out += "}\n";
}

JsonColumns::JsonColumns(Query query) : query_(std::move(query)), columns_(query_.series.size()) {}

void JsonColumns::row(const Row& row) {
  if (rows_ > 0) time_ += ',';
  append_number(time_, unix_seconds(row.period.begin));
  for (std::size_t n = 0; n < columns_.size(); ++n) {
    append(columns_[n], query_.series[n], row.points[n]);
  }
  ++rows_;
}

void JsonColumns::append(Column& column, const SeriesHead& head,
                         const std::optional<Point>& point) {
  if (rows_ > 0) {
    for (std::string* each : {&column.value, &column.low, &column.high, &column.covered}) {
      *each += ',';
    }
  }
  append_units(column.value, point ? std::optional(point->value) : std::nullopt, head);
  append_units(column.low, point ? point->low : std::nullopt, head);
  append_units(column.high, point ? point->high : std::nullopt, head);
  append_number(column.covered, point ? point->covered : 0);
  if (head.kind != SeriesKind::growth || !point) return;
  if (!is_continued(column.register_at, *point)) {
    if (!column.swaps.empty()) column.swaps += ',';
    append_number(column.swaps, static_cast<std::int64_t>(rows_));
  }
  column.register_at = point->high;  // nothing: it is not known, as of what was imported
}

std::string JsonColumns::text() const {
  constexpr std::size_t around = 300;  // bytes for names, which are short
  std::size_t size = time_.size() + around;
  for (const Column& each : columns_) {
    size += each.value.size() + each.low.size() + each.high.size() + each.covered.size() +
            each.swaps.size() + around;
  }
  std::string out;
  out.reserve(size);
  ((out += "{\"step\":\"") += name(query_.step)) += "\",\"end\":";
  append_number(out, unix_seconds(query_.range.end));
  add_member(out, "time", time_);
  out += ",\"series\":[";
  for (std::size_t n = 0; n < columns_.size(); ++n) {
    if (n > 0) out += ',';
    append_head(out, query_.series[n]);
    add_member(out, "value", columns_[n].value);
    add_member(out, "low", columns_[n].low);
    add_member(out, "high", columns_[n].high);
    add_member(out, "covered", columns_[n].covered);
    add_member(out, "swaps", columns_[n].swaps);
    out += '}';
  }
  return out += "]}";
}

std::string series_json(const std::vector<SeriesHead>& series) {
  std::string out = "{\"series\":[";
  for (const SeriesHead& each : series) {
    if (&each != series.data()) out += ',';
    append_head(out, each);
    out += '}';
  }
  return out += "]}";
}

}  // namespace gridtap::history
