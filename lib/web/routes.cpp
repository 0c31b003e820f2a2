#include "web/routes.hpp"

#include <algorithm>
#include <string>

#include "core/decimal.hpp"
#include "core/letter_case.hpp"

namespace gridtap::web {
namespace {

struct Address {
  std::string_view path;
  Route route;
};
constexpr Address addresses[] = {
    {"health", Route::health},       {"metrics", Route::metrics},
    {"api/state", Route::state},     {"api/events", Route::events},
    {"api/recent", Route::recent},   {"api/set", Route::set},
    {"api/history", Route::history}, {"api/history.csv", Route::history_csv},
    {"api/login", Route::login},     {"api/logout", Route::logout},
};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

std::string_view take(std::string_view& list, char separator) {
  const std::string_view part = list.substr(0, list.find(separator));
  list.remove_prefix(std::min(part.size() + 1, list.size()));
  return trimmed(part);
}

// "q=0", "q=0.000": not at all.
bool is_refused(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view each = take(parameters, ';');
    if (!each.starts_with("q=") && !each.starts_with("Q=")) continue;
    const auto weight = parse_decimal(each.substr(2));
    return !weight || *weight <= Decimal{};
  }
  return false;
}

}  // namespace

std::optional<Place> find_place(std::string_view path, std::span<const PageFile> files) {
  if (!path.starts_with('/')) return {};
  path.remove_prefix(1);
  for (const Address& each : addresses) {
    if (each.path == path) return Place{each.route};
  }
  if (path.empty()) path = "index.html";
  const auto file = std::find_if(files.begin(), files.end(),
                                 [&](const PageFile& each) { return each.path == path; });
  if (file == files.end()) return {};
  return Place{Route::file, &*file};
}

std::string_view allowed_methods(Route route) {
  switch (route) {
    case Route::set:
    case Route::login:
    case Route::logout:
      return "POST";
    case Route::events:
      return "GET";
    case Route::file:
    case Route::health:
    case Route::metrics:
    case Route::state:
    case Route::recent:
    case Route::history:
    case Route::history_csv:
      break;
  }
  return "GET, HEAD";
}

bool allows(Route route, std::string_view method) {
  std::string_view methods = allowed_methods(route);
  while (!methods.empty()) {
    if (take(methods, ',') == method) return true;
  }
  return false;
}

bool needs_login(Route route) {
  return route != Route::file && route != Route::health && route != Route::login;
}

bool takes_gzip(std::string_view accept_encoding) {
  bool any = accept_encoding.empty();  // by its `*`, which stands for what is not named
  while (!accept_encoding.empty()) {
    std::string_view parameters = take(accept_encoding, ',');
    const std::string_view coding = take(parameters, ';');
    if (same_letters(coding, "gzip")) return !is_refused(parameters);
    if (coding == "*") any = !is_refused(parameters);
  }
  return any;
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  while (!if_none_match.empty()) {
    std::string_view each = take(if_none_match, ',');
    if (each == "*") return true;
    if (each.starts_with("W/")) each.remove_prefix(2);
    const bool quoted = each.size() == tag.size() + 2 && each.front() == '"' && each.back() == '"';
    if (quoted && each.substr(1, tag.size()) == tag) return true;
  }
  return false;
}

std::optional<std::string_view> parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    std::string_view value = take(query, '&');
    if (take(value, '=') == name) return value;
  }
  return {};
}

}  // namespace gridtap::web
