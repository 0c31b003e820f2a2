#pragma once
// The query of an address that asks for the history, taken apart. Pure.

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "history/tables.hpp"

namespace gridtap::web {

struct HistoryQuery {
  history::QueryText text;
  history::Decimals decimals = history::Decimals::point;
};

// "series=meter/energy_import&from=2026-11-01&step=day", with %2F or plain; `series` may come
// again. An error is for who asks. `csv`: `decimal` may be there, too.
tl::expected<HistoryQuery, std::string> parse_history_query(std::string_view query, bool csv);

// "gridtap_2026-11-01_day.csv"
std::string file_name(const history::Query& query, const Zone& zone);

}  // namespace gridtap::web
