// Each row of the list of attacks that ends at the guard, and what is unusual and right.
#include "web/guard.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace gridtap;
using namespace gridtap::web;

namespace {

struct Asked {
  std::string method = "GET";
  std::vector<WebField> fields = {{"host", "192.168.1.5:8470"}};
  std::string address = "192.168.1.9";
};

GuardOptions options() { return {"Meterbox", {"gridtap.example.org"}, false, true}; }

Verdict verdict_of(const Asked& asked, const GuardOptions& by = options()) {
  return judge({asked.method, "/api/set", {}, {}, asked.fields, asked.address, false, false}, by);
}

int status_of(const Asked& asked, const GuardOptions& by = options()) {
  return verdict_of(asked, by).status;
}

int called(const std::string& host) { return status_of({"GET", {{"host", host}}}); }

Asked command(std::vector<WebField> more) {
  Asked out{"POST", {{"host", "meterbox:8470"}, {"content-type", "application/json"}}};
  out.fields.insert(out.fields.end(), more.begin(), more.end());
  return out;
}

}  // namespace

TEST_CASE("guard: the names of this machine are ours") {
  for (const char* host :
       {"192.168.1.5", "192.168.1.5:8470", "[fe80::1]:8470", "[::1]", "localhost:8470", "LOCALHOST",
        "meterbox", "Meterbox.local:8470", "gridtap.example.org", "GridTap.Example.ORG:443"}) {
    CAPTURE(host);
    CHECK(called(host) == 0);
  }
}

TEST_CASE("guard: a name that is not ours may be an attacker's, who has it point here") {
  for (const char* host : {"evil.example", "meterbox.evil.example", "192.168.1.5.evil.example",
                           "localhost.evil.example", "", "meterbox:80@evil.example",
                           "meterbox:", "[::1", "[evil]", "1.2.3", "meterbox.local.", "999.evil"}) {
    CAPTURE(host);
    CHECK(called(host) == 421);
  }
  CHECK(status_of({"GET", {}}) == 421);
}

TEST_CASE("guard: our own page and programs may command") {
  CHECK(status_of(command({})) == 0);  // curl
  CHECK(status_of(command({{"origin", "http://meterbox:8470"}})) == 0);
  CHECK(status_of(command({{"origin", "https://METERBOX:8470"}})) == 0);
  CHECK(status_of(command({{"sec-fetch-site", "same-origin"}})) == 0);
  CHECK(status_of(command({{"sec-fetch-site", "none"}})) == 0);
  CHECK(status_of({"POST",
                   {{"host", "meterbox"}, {"content-type", "Application/JSON; charset=utf-8"}}}) ==
        0);
}

TEST_CASE("guard: a page of another origin commands nothing") {
  for (const char* origin : {"http://evil.example", "null", "http://meterbox", "http://meterbox:80",
                             "http://meterbox:8470.evil.example", "meterbox:8470", "://"}) {
    CAPTURE(origin);
    CHECK(status_of(command({{"origin", origin}})) == 403);
  }
  for (const char* site : {"cross-site", "same-site", "x"}) {
    CAPTURE(site);
    CHECK(status_of(command({{"sec-fetch-site", site}})) == 403);
  }
}

TEST_CASE("guard: what a form of a foreign page can send is no command") {
  for (const char* type :
       {"application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "",
        "text/plain; application/json", "application/jsonx"}) {
    CAPTURE(type);
    CHECK(status_of({"POST", {{"host", "meterbox"}, {"content-type", type}}}) == 415);
  }
  CHECK(status_of({"POST", {{"host", "meterbox"}}}) == 415);
  CHECK(status_of({"DELETE", {{"host", "meterbox"}}}) == 415);
}

TEST_CASE("guard: reading needs no origin") {
  CHECK(status_of({"GET", {{"host", "meterbox"}, {"origin", "http://evil.example"}}}) == 0);
  CHECK(status_of({"HEAD", {{"host", "meterbox"}}}) == 0);
}

TEST_CASE("guard: Home Assistant's ingress is trusted by address and path together") {
  GuardOptions by = options();
  by.ingress = true;
  by.has_password = false;
  const std::string supervisor(ingress_address);
  const WebField path{"x-ingress-path", "/api/hassio_ingress/abc"};
  const Asked brought{"GET", {{"host", "local-gridtap"}, path}, supervisor};
  CHECK(verdict_of(brought, by).by_ingress);
  CHECK(status_of(brought, by) == 0);
  CHECK(status_of({"GET", {{"host", "192.168.1.5"}, path}, "192.168.1.9"}, by) == 403);
  CHECK(status_of({"GET", {{"host", "192.168.1.5"}}, supervisor}, by) == 403);
  by.has_password = true;  // others may come by it
  CHECK(status_of({"GET", {{"host", "192.168.1.5"}, path}, "192.168.1.9"}, by) == 0);
  CHECK_FALSE(verdict_of({"GET", {{"host", "192.168.1.5"}, path}, "192.168.1.9"}, by).by_ingress);
  CHECK_FALSE(verdict_of(brought, options()).by_ingress);  // it is not configured
}

TEST_CASE("guard: behind ingress the origin is Home Assistant's") {
  GuardOptions by = options();
  by.ingress = true;
  const auto status = [&](const std::string& origin) {
    return status_of({"POST",
                      {{"host", "local-gridtap"},
                       {"x-ingress-path", "/x"},
                       {"x-forwarded-host", "home.example:8123"},
                       {"content-type", "application/json"},
                       {"origin", origin}},
                      std::string(ingress_address)},
                     by);
  };
  CHECK(status("https://home.example:8123") == 0);
  CHECK(status("http://evil.example") == 403);
}
