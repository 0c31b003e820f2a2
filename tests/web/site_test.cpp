// The whole face, from requests to answers: what attackers try first, then what people do.
#include "web/site.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "site_rig.hpp"

using namespace gridtap;
using namespace gridtap::web;
using namespace gridtap::web_test;

namespace {

SiteOptions changed(void (*change)(SiteOptions&)) {
  SiteOptions options = SiteRig::usual();
  change(options);
  return options;
}

}  // namespace

TEST_CASE("site: without a login nothing of the house is told") {
  SiteRig rig;
  for (const char* path : {"/api/state", "/api/events", "/api/recent", "/metrics", "/api/history",
                           "/api/history.csv"}) {
    CAPTURE(path);
    CHECK(rig.get(path).status == 401);
  }
  CHECK(rig.post("/api/set", R"({"device":"gateway","key":"relay_boiler","value":"ON"})").status ==
        401);
  CHECK(rig.post("/api/logout", "{}").status == 401);
  const WebReply reply = rig.get("/api/state");
  CHECK(json::parse(reply.body) == json{{"reason", "log in first"}, {"language", "nb"}});
  CHECK(rig.commands.empty());
}

TEST_CASE("site: wrong passwords are refused, then have to wait, which is logged once") {
  SiteRig rig;
  const std::string wrong = R"({"password":"wrong secret"})";
  for (int n = 0; n < 5; ++n) CHECK(rig.post("/api/login", wrong).status == 401);
  const WebReply reply = rig.post("/api/login", wrong);
  CHECK(reply.status == 429);
  CHECK(field(reply, "Retry-After") == "1");
  CHECK(rig.post("/api/login", R"({"password":"correct horse"})").status == 429);
  CHECK(rig.log.lines ==
        model::Lines{"warning gateway: web: wrong passwords, the last one from 192.168.1.9: "
                     "whoever guesses has to wait from now on"});
  CHECK(rig.saved == 0);
}

TEST_CASE("site: what is no login or no command in form is malformed, and changes nothing") {
  SiteRig rig;
  rig.log_in();
  for (const char* body : {"", "{}", "[]", "null", R"({"password":1})", R"({"device":"gateway"})",
                           R"({"device":"gateway","key":"relay_boiler","value":true})",
                           R"({"device":"gateway","key":"relay_boiler","value":"ON"},)"}) {
    CAPTURE(body);
    CHECK(rig.post("/api/set", body).status == 400);
    CHECK(rig.post("/api/login", body).status == 400);
  }
  CHECK(rig.commands.empty());
}

TEST_CASE("site: a name that is not ours, and what another page sends, is refused") {
  SiteRig rig;
  rig.log_in();
  rig.host = "evil.example";
  CHECK(rig.get("/").status == 421);
  CHECK(rig.get("/health").status == 421);
  rig.host = "192.168.1.5:8470";
  const std::string order = R"({"device":"gateway","key":"relay_boiler","value":"ON"})";
  CHECK(rig.post("/api/set", order, {{"origin", "http://evil.example"}}).status == 403);
  CHECK(rig.post("/api/set", order, {{"sec-fetch-site", "cross-site"}}).status == 403);
  CHECK(rig.ask("POST", "/api/set", order, {{"content-type", "text/plain"}}).status == 415);
  CHECK(rig.ask("POST", "/api/set", order).status == 415);
  CHECK(rig.commands.empty());
}

TEST_CASE("site: by another method an address says which it takes") {
  SiteRig rig;
  WebReply reply = rig.ask("DELETE", "/api/state");
  CHECK(reply.status == 405);
  CHECK(field(reply, "Allow") == "GET, HEAD");
  reply = rig.get("/api/set");
  CHECK(reply.status == 405);
  CHECK(field(reply, "Allow") == "POST");
  CHECK(rig.ask("HEAD", "/api/state").status == 401);
}

TEST_CASE("site: what is not there, or hidden, is not found") {
  SiteRig rig(changed([](SiteOptions& o) { o.hide = {"meter_gas", "meter/hour_limit"}; }));
  rig.log_in();
  for (const char* path : {"/nothing", "/api/history", "/api/prices", "/api/state/",
                           "/api/history.csv", "/app.js.gz"}) {
    CAPTURE(path);
    CHECK(rig.get(path).status == 404);
  }
  CHECK(rig.get("/api/state", "device=nobody").status == 404);
  CHECK(rig.get("/api/state", "device=meter_gas").status == 404);
  CHECK(rig.order("nobody", "relay_boiler", "ON").status == 404);
  CHECK(rig.order("gateway", "relay_none", "ON").status == 404);
  CHECK(rig.order("meter_gas", "gas", "1").status == 404);
  CHECK(rig.order("meter", "hour_limit", "4000").status == 404);
  CHECK(rig.commands.empty());
}

TEST_CASE("site: every answer forbids scripts of others, and to guess its type") {
  SiteRig rig;
  rig.log_in();
  std::vector<WebReply> all = {
      rig.get("/"),        rig.get("/api/state"),        rig.get("/nothing"),   rig.get("/health"),
      rig.ask("PUT", "/"), rig.post("/api/login", "{}"), rig.get("/api/events")};
  rig.cookie.clear();
  all.push_back(rig.get("/api/state"));
  for (const WebReply& each : all) {
    CAPTURE(each.status);
    CHECK(field(each, "Content-Security-Policy") == "default-src 'self'; frame-ancestors 'self'");
    CHECK(field(each, "X-Content-Type-Options") == "nosniff");
    CHECK(field(each, "Referrer-Policy") == "no-referrer");
    CHECK_FALSE(field(each, "Cache-Control").empty());
    CHECK(field(each, "Access-Control-Allow-Origin").empty());
  }
}

TEST_CASE("site: a cookie that was stolen opens nothing after the logout, and its streams end") {
  SiteRig rig;
  rig.log_in();
  CHECK(rig.get("/api/events").status == 200);
  const std::uint64_t stream = rig.number;
  CHECK(rig.site->clients() == 1);
  const std::string stolen = rig.cookie;
  const WebReply reply = rig.post("/api/logout", "{}");
  CHECK(reply.status == 204);
  CHECK(field(reply, "Set-Cookie").find("Max-Age=0") != std::string::npos);
  CHECK(rig.server.ended.count(stream) == 1);
  CHECK(rig.site->clients() == 0);
  rig.cookie = stolen;
  CHECK(rig.get("/api/state").status == 401);
  CHECK(rig.saved == 2);
}

TEST_CASE("site: the streams of others go on when one logs out") {
  SiteRig rig;
  rig.log_in();
  rig.get("/api/events");
  rig.cookie.clear();
  CHECK(rig.get("/api/events", "", {{"authorization", "Bearer script token"}}).status == 200);
  rig.log_in();
  rig.post("/api/logout", "{}");
  CHECK(rig.site->clients() == 2);
}

TEST_CASE("site: without a password the page is open to this machine alone") {
  SiteRig rig(changed([](SiteOptions& o) { o.guard.has_password = false; }));
  CHECK(rig.get("/api/state").status == 403);
  rig.from_loopback = true;
  CHECK(rig.get("/api/state").status == 200);
  CHECK(rig.get("/api/events").status == 200);
  CHECK(rig.post("/api/logout", "{}").status == 204);
  CHECK(rig.site->clients() == 1);
}

TEST_CASE("site: who comes by Home Assistant is logged in, all others are not") {
  SiteRig rig(changed([](SiteOptions& o) { o.guard.ingress = true; }));
  rig.address = ingress_address;
  const std::vector<WebField> path = {{"x-ingress-path", "/api/hassio_ingress/abc"}};
  CHECK(rig.get("/api/state", "", path).status == 200);
  CHECK(rig.get("/api/events", "", path).status == 200);
  CHECK(rig.post("/api/login", R"({"password":"anything"})", path).status == 204);
  CHECK(rig.get("/api/state").status == 401);
  rig.address = "192.168.1.9";
  CHECK(rig.get("/api/state", "", path).status == 401);
}

TEST_CASE("site: a page that may only look changes nothing") {
  SiteRig rig(changed([](SiteOptions& o) { o.commands = false; }));
  rig.log_in();
  const WebReply reply = rig.order("gateway", "relay_boiler", "ON");
  CHECK(reply.status == 403);
  CHECK(reply.body == "{\"reason\":\"this page takes no commands (web.commands)\"}");
  CHECK(json::parse(rig.get("/api/state").body)["commands"] == false);
  CHECK(rig.commands.empty());
}

TEST_CASE("site: a refused command has its reason, which all faces hear") {
  SiteRig rig;
  rig.log_in();
  WebReply reply = rig.order("gateway", "relay_boiler", "on");
  CHECK(reply.status == 409);
  CHECK(reply.body == R"({"reason":"a switch takes ON or OFF"})");
  CHECK(rig.order("meter", "power_import", "1").status == 409);  // takes no commands
  rig.refuse = "the interlock of heater";
  reply = rig.order("gateway", "relay_boiler", "ON");
  CHECK(reply.status == 409);
  CHECK(reply.body == R"({"reason":"the interlock of heater"})");
  CHECK(to_text(rig.model->find("gateway", "")->find("last_refusal")->value()) ==
        "the interlock of heater");
}

TEST_CASE(
    "site: a command goes to the session of the device, and its answer is what is read back") {
  SiteRig rig;
  rig.log_in();
  rig.obeys = true;
  const WebReply reply = rig.order("gateway", "relay_boiler", "ON");
  CHECK(reply.status == 200);
  CHECK(reply.body == R"({"value":"ON"})");
  CHECK(rig.commands == model::Lines{"gateway relay_boiler ON"});
}

TEST_CASE("site: the answer to a command may take its time, and who has gone gets none") {
  SiteRig rig;
  rig.log_in();
  const std::uint64_t first = rig.order_later("meter", "hour_limit", "4000");
  const std::uint64_t second = rig.order_later("meter", "hour_limit", "4000");
  CHECK(rig.server.answers.count(first) == 0);
  rig.site->on_gone(second);
  rig.say("meter", Reading{"", "hour_limit", "rule", Decimal{4000, 0}});
  CHECK(rig.server.answers.at(first).body == R"({"value":"4000"})");
  CHECK(rig.server.answers.count(second) == 0);
}

TEST_CASE("site: a login has a cookie, and is kept") {
  SiteRig rig;
  const WebReply reply = rig.post("/api/login", R"({"password":"correct horse"})");
  CHECK(reply.status == 204);
  CHECK(reply.body.empty());
  CHECK(field(reply, "Set-Cookie").starts_with("gridtap=random1; "));
  CHECK(rig.saved == 1);
  rig.cookie = "gridtap=random1";
  CHECK(rig.get("/api/state").status == 200);
}

TEST_CASE("site: the page's files are there before the login, packed") {
  SiteRig rig;
  WebReply reply = rig.get("/");
  CHECK(reply.status == 200);
  CHECK(reply.type == "text/html; charset=utf-8");
  CHECK(reply.fixed == "packed page");
  CHECK(field(reply, "ETag") == "W/\"a1\"");
  CHECK(field(reply, "Vary") == "Accept-Encoding");
  CHECK(field(reply, "Cache-Control") == "no-cache");
  CHECK(field(reply, "Content-Encoding") == "gzip");
  reply = rig.get("/index.html", "", {{"accept-encoding", "gzip, br"}});
  CHECK(reply.fixed == "packed page");
  reply = rig.get("/index.html", "", {{"accept-encoding", "identity"}});
  CHECK(reply.status == 406);
  CHECK(reply.body.find("curl --compressed") != std::string::npos);
  reply = rig.get("/app.js", "", {{"if-none-match", "W/\"b2\""}, {"accept-encoding", "gzip"}});
  CHECK(reply.status == 304);
  CHECK(reply.fixed.empty());
  CHECK(field(reply, "ETag") == "W/\"b2\"");
}

TEST_CASE("site: health needs no login, and says what is wrong") {
  SiteRig rig;
  WebReply reply = rig.get("/health");
  CHECK(reply.status == 200);
  CHECK(reply.body == "ok\n");
  rig.illness = "no sign of life for 40 s";
  reply = rig.get("/health");
  CHECK(reply.status == 503);
  CHECK(reply.body == R"({"reason":"no sign of life for 40 s"})");
}

TEST_CASE("site: metrics are there where they are configured, in the form that is asked for") {
  SiteRig none(changed([](SiteOptions& o) { o.metrics.reset(); }));
  none.log_in();
  CHECK(none.get("/metrics").status == 404);
  SiteRig rig;
  const std::vector<WebField> token = {{"authorization", "Bearer script token"}};
  WebReply reply = rig.get("/metrics", "", token);
  CHECK(reply.status == 200);
  CHECK(reply.type == metrics_type(MetricsForm::text));
  CHECK(reply.body.find("gridtap_power_import_watts{device=\"meter\",site=\"home\"} 244") !=
        std::string::npos);
  reply = rig.get("/metrics", "",
                  {{"authorization", "Bearer script token"},
                   {"accept", "application/openmetrics-text; version=1.0.0"}});
  CHECK(reply.type == metrics_type(MetricsForm::open_metrics));
}

TEST_CASE("site: the state, one device of it, and what was recently") {
  SiteRig rig;
  rig.log_in();
  const json all = json::parse(rig.get("/api/state").body);
  CHECK(all["devices"].size() == 4);
  CHECK(all["version"] == "1.2.3");
  CHECK(json::parse(rig.get("/api/state", "device=meter").body)["devices"].size() == 1);
  rig.clock.advance(20s);
  rig.read("meter", "power_import", Decimal{300, 0});
  rig.clock.advance(20s);
  CHECK(json::parse(rig.get("/api/recent").body)["series"][0]["key"] == "power_import");
}

TEST_CASE("site: a stream shows what changes until it ends") {
  SiteRig rig;
  rig.log_in();
  const WebReply head = rig.get("/api/events");
  CHECK(head.type == "text/event-stream");
  CHECK(field(head, "Cache-Control") == "no-store");
  CHECK(field(head, "X-Accel-Buffering") == "no");
  const std::uint64_t stream = rig.number;
  rig.clock.advance(3s);
  CHECK(events_of(rig.server.take(stream)).size() == 5);
  rig.read("meter", "power_import", Decimal{1, 0});
  rig.clock.advance(1s);
  CHECK(events_of(rig.server.take(stream))[0].data["values"]["meter/power_import"] == "1");
  CHECK(rig.site->clients() == 1);
  rig.site->on_gone(stream);
  CHECK(rig.site->clients() == 0);
  rig.server.full = true;  // there are too many: the server says so
  rig.get("/api/events", "", {}, false);
  CHECK(rig.site->clients() == 0);
}

TEST_CASE("site: nothing secret is in an answer or in the log") {
  SiteRig rig;
  rig.log_in();
  rig.get("/api/events");
  rig.post("/api/login", R"({"password":"wrong secret"})");
  rig.clock.advance(20s);
  std::string all;
  for (const auto& [number, reply] : rig.server.answers) all += reply.body;
  for (const auto& [number, texts] : rig.server.texts) all += rig.server.take(number);
  for (const std::string& line : rig.log.lines) all += line;
  for (const char* secret : {"correct horse", "script token", "wrong secret", "random1"}) {
    CHECK(all.find(secret) == std::string::npos);
  }
}
