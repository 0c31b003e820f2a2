#include "web/history_query.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/json_text.hpp"
#include "core/setting.hpp"

namespace gridtap::web {
namespace {

constexpr std::size_t longest_shown = 60;  // of a text that is wrong

std::string shown(std::string_view text) {
  return '`' + printable(text.substr(0, longest_shown)) + '`';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// A plus stays one, unlike in a form: no value of ours has a space, and offsets begin with it.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (text[n] != '%') {
      out += text[n];
      continue;
    }
    const int high = n + 2 < text.size() ? hex_digit(text[n + 1]) : -1;
    const int low = n + 2 < text.size() ? hex_digit(text[n + 2]) : -1;
    if (high < 0 || low < 0) return {};
    out += static_cast<char>(high * 16 + low);
    n += 2;
  }
  return out;
}

std::string no_such(std::string_view name, bool csv) {
  std::vector<std::string_view> known = {"series", "from", "to", "step"};
  if (csv) known.push_back("decimal");
  const std::string_view meant = nearest(name, known);
  std::string text = "there is no parameter " + shown(name) + ": ";
  if (!meant.empty()) return text + "did you mean " + std::string(meant) + '?';
  for (const std::string_view each : known) {
    (text += each == known.front() ? "there are " : ", ") += each;
  }
  return text;
}

// What is wrong with it; empty: nothing.
std::string set(HistoryQuery& query, std::string_view name, std::string value, bool csv) {
  if (name == "series") {
    query.text.series.push_back(std::move(value));
  } else if (csv && name == "decimal") {
    if (value != "comma" && value != "point") {
      return "decimal is " + shown(value) + ": point or comma";
    }
    query.decimals = value == "comma" ? history::Decimals::comma : history::Decimals::point;
  } else {
    std::string* const where = name == "from"   ? &query.text.from
                               : name == "to"   ? &query.text.to
                               : name == "step" ? &query.text.step
                                                : nullptr;
    if (where == nullptr) return no_such(name, csv);
    if (!where->empty()) return std::string(name) + " is there twice";
    *where = std::move(value);
  }
  return {};
}

}  // namespace

tl::expected<HistoryQuery, std::string> parse_history_query(std::string_view query, bool csv) {
  HistoryQuery out;
  for (std::size_t at = 0; at < query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view each = query.substr(at, end - at);
    at = end + 1;
    if (each.empty()) continue;
    const std::string_view name = each.substr(0, each.find('='));
    auto value = decoded(each.substr(std::min(name.size() + 1, each.size())));
    if (!value) {
      return tl::unexpected<std::string>("the value of " + shown(name) +
                                         " has a % without two hexadecimal digits behind it");
    }
    std::string problem = set(out, name, std::move(*value), csv);
    if (!problem.empty()) return tl::unexpected(std::move(problem));
  }
  return out;
}

std::string file_name(const history::Query& query, const Zone& zone) {
  std::string time;
  append(time, Timestamp{query.range.begin, zone.offset_at(query.range.begin)});
  return "gridtap_" + time.substr(0, time.find('T')) + '_' + std::string(name(query.step)) + ".csv";
}

}  // namespace gridtap::web
