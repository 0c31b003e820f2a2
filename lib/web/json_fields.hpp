#pragma once
// The body of a request: a flat JSON object of texts, as api/set and api/login take it.
//
//   {"device":"gateway","key":"relay_boiler","value":"ON"}

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gridtap::web {

inline constexpr std::size_t max_json_fields = 8;

using JsonFields = std::map<std::string, std::string, std::less<>>;

// By name. Nothing where the text is anything else: not JSON, a value that is no text, a name
// twice, bytes that are no UTF-8, more than max_json_fields.
std::optional<JsonFields> parse_json_fields(std::string_view text);

}  // namespace gridtap::web
