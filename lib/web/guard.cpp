#include "web/guard.hpp"

#include <algorithm>

#include "core/letter_case.hpp"

namespace gridtap::web {
namespace {

bool all_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == text.npos;
}

// "name:8470" and "[::1]:8470" without the port; empty where that is malformed.
std::string_view without_port(std::string_view host) {
  const std::size_t end_of_literal = host.starts_with('[') ? host.find(']') : 0;
  if (end_of_literal == host.npos) return {};
  const std::size_t colon = host.find(':', end_of_literal);
  if (colon == host.npos) return host;
  return all_of(host.substr(colon + 1), "0123456789") ? host.substr(0, colon) : std::string_view{};
}

// A rebound name is never a number: whoever asks by number means this machine.
bool is_literal(std::string_view name) {
  if (name.starts_with('[') && name.ends_with(']')) {
    return all_of(name.substr(1, name.size() - 2), "0123456789abcdefABCDEF:.");
  }
  return all_of(name, "0123456789.") && std::count(name.begin(), name.end(), '.') == 3;
}

bool is_name_of_ours(std::string_view name, const GuardOptions& options) {
  if (name.empty()) return false;
  if (is_literal(name) || same_letters(name, "localhost")) return true;
  const bool is_machine =
      !options.machine.empty() &&
      (same_letters(name, options.machine) || same_letters(name, options.machine + ".local"));
  return is_machine ||
         std::any_of(options.hosts.begin(), options.hosts.end(),
                     [&](const std::string& each) { return same_letters(name, each); });
}

// The authority of an origin, "https://name:port"; empty for "null" and for what is none.
std::string_view authority_of(std::string_view origin) {
  const std::size_t at = origin.find("://");
  return at == origin.npos ? std::string_view{} : origin.substr(at + 3);
}

// One page of the house may command us: our own. A browser says where a request comes from, other
// programs do not.
Verdict judge_command(const WebRequest& request, std::string_view asked_host) {
  const std::string_view site = request.field("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") {
    return {403, "the request comes from another page"};
  }
  const std::string_view origin = request.field("origin");
  if (!origin.empty() && !same_letters(authority_of(origin), asked_host)) {
    return {403, "the request comes from another page"};
  }
  const std::string_view type = request.field("content-type");
  const std::string_view media = type.substr(0, type.find(';'));
  if (!same_letters(media, "application/json")) return {415, "expected application/json"};
  return {};
}

bool is_read(std::string_view method) { return method == "GET" || method == "HEAD"; }

}  // namespace

Verdict judge(const WebRequest& request, const GuardOptions& options) {
  const bool by_ingress = options.ingress && request.address == ingress_address &&
                          !request.field("x-ingress-path").empty();
  if (options.ingress && !by_ingress && !options.has_password) {
    return {403, "this page is open to Home Assistant alone"};
  }
  const std::string_view host = request.field("host");
  if (!by_ingress && !is_name_of_ours(without_port(host), options)) {
    return {421, "this is not a name of ours: add it to web.hosts"};
  }
  Verdict verdict;
  if (!is_read(request.method)) {
    verdict = judge_command(request, by_ingress ? request.field("x-forwarded-host") : host);
  }
  verdict.by_ingress = by_ingress;
  return verdict;
}

}  // namespace gridtap::web
