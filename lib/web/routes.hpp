#pragma once
// Which part of the site an address belongs to, and by which methods it is asked. Pure.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "web/page_file.hpp"

namespace gridtap::web {

enum class Route : std::uint8_t {
  file,
  health,
  metrics,
  state,
  events,
  recent,
  history,
  history_csv,
  set,
  login,
  logout,
};

struct Place {
  Route route;
  const PageFile* file = nullptr;  // of Route::file
};

// `path`: as a request has it, "/api/state"; "/" is index.html. Nothing where there is no such
// address.
std::optional<Place> find_place(std::string_view path, std::span<const PageFile> files);

// As the Allow field of an answer: "GET, HEAD".
std::string_view allowed_methods(Route route);
bool allows(Route route, std::string_view method);

// The page's files say nothing of the house, and must be there to log in; whether we are well may
// be asked by anything.
bool needs_login(Route route);

// Whether the client takes gzip, by its Accept-Encoding; without one it takes anything (RFC 9110,
// 12.5.3).
bool takes_gzip(std::string_view accept_encoding);

// Whether an If-None-Match names this tag (RFC 9110, 13.1.2): weakly compared, or `*`.
bool names_tag(std::string_view if_none_match, std::string_view tag);

// The value of a parameter of a query, "device=meter&x=1"; nothing without it. Values of ours need
// no decoding.
std::optional<std::string_view> parameter(std::string_view query, std::string_view name);

}  // namespace gridtap::web
