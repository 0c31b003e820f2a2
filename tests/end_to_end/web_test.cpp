// The page of the real program by HTTP: what it shows, what changes, commands
// and why they are refused, who may come in.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "end_to_end/world.hpp"
#include "support/page_client.hpp"

using namespace gridtap::end_to_end;
using namespace std::chrono_literals;
using gridtap::PageAnswer;
using gridtap::PageClient;
using nlohmann::json;

namespace {

struct House {
  World world;
  HeldPort port;
  PageClient page{port.number()};

  std::string web(const std::string& more = "") const {
    return "web:\n  listen: 127.0.0.1:" + std::to_string(port.number()) + '\n' + more;
  }
  std::string meter() {
    return "  meter:\n    adapter: p1\n    line: " + world.plug("tty", "dsmr5") + '\n';
  }
  std::string relay(const std::string& name, const std::string& more = "") const {
    return "  " + name + ": {chip: simulated, line: \"" + line(name) + "\"" + more + "}\n";
  }
  std::string line(const std::string& name) const {
    return (world.directory() / ("line-" + name)).string();
  }
  std::string level(const std::string& name) const {
    std::string word;
    std::ifstream(line(name)) >> word;
    return word;
  }

  // An entity of api/state; null where it is not there.
  json entity(const std::string& device, const std::string& key) const {
    const PageAnswer answer = page.get("/api/state?device=" + device);
    if (answer.status != 200) return {};
    const json state = json::parse(answer.body);
    for (const json& each : state["devices"]) {
      if (each["id"] != device) continue;
      for (const json& one : each["entities"]) {
        if (one["key"] == key) return one;
      }
    }
    return {};
  }
  bool shows(const std::string& device, const std::string& key) const {
    return entity(device, key).contains("value");
  }
  PageAnswer set(const std::string& key, const std::string& value) const {
    return page.post("/api/set",
                     json{{"device", "gateway"}, {"key", key}, {"value", value}}.dump());
  }
  bool log_says(const std::string& words) const {
    return eventually([&] { return world.log().find(words) != std::string::npos; });
  }
};

// "reason" of a refusal.
std::string reason_of(const PageAnswer& answer) {
  const json body = json::parse(answer.body, nullptr, false);
  return body.is_object() && body.contains("reason") ? body["reason"].get<std::string>() : "";
}

}  // namespace

TEST_CASE("web: the page shows the house, without a broker") {
  House house;
  house.world.start_gridtap_alone(house.meter(), house.web());
  REQUIRE(eventually([&] { return house.shows("meter", "power_import"); }));
  CHECK(house.log_says(
      "the page of this house is http://127.0.0.1:" + std::to_string(house.port.number()) + "/"));
  const json power = house.entity("meter", "power_import");
  CHECK(power["unit"] == "W");
  CHECK(power["name"] == "Power import");
  CHECK(house.entity("meter", "today_import")["unit"] == "kWh");
  CHECK(house.entity("gateway", "announce_again").is_null());
  const json state = json::parse(house.page.get("/api/state").body);
  REQUIRE(state["devices"].size() >= 2);
  CHECK(state["devices"][0]["id"] == "gateway");
  CHECK(state["devices"][1]["id"] == "meter");
  CHECK(state["devices"][1]["status"] == "online");
  const PageAnswer index = house.page.get("/");
  CHECK(index.status == 200);
  CHECK(index.field("Content-Security-Policy").find("default-src 'self'") == 0);
  CHECK(house.page.get("/health").body == "ok\n");
  CHECK(house.world.log().find("broker") == std::string::npos);
  CHECK(house.world.stop_gridtap() == 0);
}

TEST_CASE("web: a stream begins with all there is, and then says what changes") {
  House house;
  house.world.start_broker();
  house.world.start_gridtap(house.meter() + "    interval: 0s\n", house.web());
  house.world.subscribe();
  REQUIRE(eventually([&] { return house.shows("meter", "power_import"); }));
  auto events = house.page.events();
  CHECK(eventually([&] { return events.came().find("event: ready") != std::string::npos; }));
  CHECK(events.came().find("text/event-stream") != std::string::npos);
  CHECK(events.came().find("\"id\":\"meter\"") < events.came().find("event: ready"));
  const std::size_t begun = events.came().size();
  CHECK(eventually([&] {
    const std::size_t change = events.came().find("event: change", begun);
    return change != std::string::npos &&
           events.came().find("\"meter/power_import\":", change) != std::string::npos;
  }));
  CHECK(eventually([&] { return house.world.topic("gridtap/gateway/web_clients") == "1"; }, 30s));
  house.world.pull("tty");
  CHECK(eventually([&] { return events.came().find("\"offline\"", begun) != std::string::npos; }));
  CHECK(house.world.stop_gridtap() == 0);
  CHECK(eventually([&] { return events.ended(); }));
}

TEST_CASE(
    "web: a command switches a simulated relay, and the answer is what "
    "is read back") {
  House house;
  house.world.start_broker();
  house.world.start_gridtap(house.meter(), house.web() + "relays:\n" + house.relay("boiler"));
  house.world.subscribe();
  REQUIRE(eventually([&] { return house.shows("gateway", "relay_boiler"); }));
  const PageAnswer on = house.set("relay_boiler", "ON");
  CHECK(on.status == 200);
  CHECK(json::parse(on.body) == json{{"value", "ON"}});
  CHECK(house.level("boiler") == "ON");
  CHECK(house.entity("gateway", "relay_boiler")["value"] == "ON");
  CHECK(eventually([&] { return house.world.topic("gridtap/gateway/relay_boiler") == "ON"; }));
  CHECK(json::parse(house.set("relay_boiler", "OFF").body) == json{{"value", "OFF"}});
  CHECK(house.level("boiler") == "OFF");
}

TEST_CASE("web: what is refused says why, as on MQTT") {
  House house;
  house.world.start_gridtap_alone(house.meter() + "    hour_limit: 5000\n",
                                  house.web() + "relays:\n" +
                                      house.relay("heater", ", interlock: climate") +
                                      house.relay("cooler", ", interlock: climate"));
  REQUIRE(eventually([&] { return house.shows("gateway", "relay_cooler"); }));
  CHECK(house.set("relay_cooler", "ON").status == 200);
  const PageAnswer refused = house.set("relay_heater", "ON");
  CHECK(refused.status == 409);
  CHECK(reason_of(refused).find("interlock: cooler is on") == 0);
  CHECK(house.level("heater") == "OFF");
  CHECK(house.set("relay_cooler", "perhaps").status == 409);
  CHECK(house.set("relay_nothing", "ON").status == 404);
  CHECK(house.set("version", "1").status >= 400);
  CHECK(eventually([&] {
    return house.entity("gateway", "last_refusal")["value"].get<std::string>() != "None";
  }));
}

TEST_CASE("web: a page that may only look switches nothing") {
  House house;
  house.world.start_gridtap_alone(
      house.meter(), house.web("  commands: false\n") + "relays:\n" + house.relay("boiler"));
  REQUIRE(eventually([&] { return house.shows("gateway", "relay_boiler"); }));
  CHECK(house.set("relay_boiler", "ON").status == 403);
  CHECK(house.level("boiler") == "OFF");
}

TEST_CASE(
    "web: with a password nobody looks without it, and a login outlives "
    "a restart") {
  House house;
  const std::string files =
      "  password_file: " + house.world.file("password", "open sesame\n") +
      "\n  token_file: " + house.world.file("token", "0123456789abcdef0123\n") + '\n';
  const std::string meter = house.meter();
  house.world.start_gridtap_alone(meter, house.web(files) + "metrics: {}\n");
  REQUIRE(eventually([&] { return house.page.get("/health").status == 200; }));
  for (const char* path : {"/api/state", "/api/events", "/api/recent", "/metrics"}) {
    CHECK(house.page.get(path).status == 401);
  }
  CHECK(house.page.get("/").status == 200);
  CHECK(house.set("announce_again", "PRESS").status == 401);
  CHECK(house.page.post("/api/login", R"({"password":"open says me"})").status == 401);
  const PageAnswer login = house.page.post("/api/login", R"({"password":"open sesame"})");
  CHECK(login.status == 204);
  const std::string cookie = login.field("Set-Cookie");
  CHECK(cookie.find("HttpOnly") != std::string::npos);
  const std::string session = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
  house.page.fields = session;
  CHECK(house.page.get("/api/state").status == 200);

  CHECK(house.world.stop_gridtap() == 0);
  house.world.start_gridtap_alone(meter, house.web(files) + "metrics: {}\n");
  CHECK(eventually([&] { return house.page.get("/api/state").status == 200; }));
  CHECK(house.page.post("/api/logout", "{}").status == 204);
  CHECK(house.page.get("/api/state").status == 401);

  house.page.fields = "Authorization: Bearer 0123456789abcdef0123\r\n";
  CHECK(house.page.get("/metrics").status == 200);
  house.page.fields = "Authorization: Bearer 0123456789abcdef0124\r\n";
  CHECK(house.page.get("/metrics").status == 401);
  for (const char* secret : {"open sesame", "open says me", "0123456789abcdef0123"}) {
    CHECK(house.world.log().find(secret) == std::string::npos);
  }
}

TEST_CASE("web: metrics have every value, with the configured labels") {
  House house;
  house.world.start_broker();
  house.world.start_gridtap(house.meter(), house.web() + "metrics: {labels: {site: home}}\n");
  REQUIRE(eventually([&] { return house.shows("meter", "power_import"); }));
  const std::string sample = "gridtap_power_import_watts{device=\"meter\",site=\"home\"} ";
  CHECK(eventually([&] {
    const PageAnswer answer = house.page.get("/metrics");
    return answer.body.find(sample) != std::string::npos &&
           answer.body.find("gridtap_mqtt_connected{site=\"home\"} 1") != std::string::npos;
  }));
  const PageAnswer plain = house.page.get("/metrics");
  CHECK(plain.field("Content-Type").find("text/plain; version=0.0.4") == 0);
  CHECK(plain.body.find("process_resident_memory_bytes") != std::string::npos);
  house.page.fields = "Accept: application/openmetrics-text;version=1.0.0\r\n";
  CHECK(house.page.get("/metrics").body.ends_with("# EOF\n"));
}

TEST_CASE("web: without its setting there are no metrics") {
  House house;
  house.world.start_gridtap_alone(house.meter(), house.web());
  REQUIRE(eventually([&] { return house.page.get("/health").status == 200; }));
  CHECK(house.page.get("/metrics").status == 404);
}

TEST_CASE("web: another name, another page and another form are refused") {
  House house;
  house.world.start_gridtap_alone(house.meter(), house.web("  hosts: [house.example.org]\n") +
                                                     "relays:\n" + house.relay("boiler"));
  REQUIRE(eventually([&] { return house.shows("gateway", "relay_boiler"); }));
  PageClient other(house.port.number());
  other.host = "evil.example.org";
  CHECK(other.get("/api/state").status == 421);
  other.host = "house.example.org";
  CHECK(other.get("/api/state").status == 200);
  house.page.fields = "Origin: http://evil.example.org\r\n";
  CHECK(house.set("relay_boiler", "ON").status == 403);
  house.page.fields = "Sec-Fetch-Site: cross-site\r\n";
  CHECK(house.set("relay_boiler", "ON").status == 403);
  house.page.fields = "";
  CHECK(house.level("boiler") == "OFF");
  CHECK(house.page.get("/api/../etc/passwd").status >= 400);
  CHECK(house.page.get("/api/prices").status == 404);
}

TEST_CASE(
    "web: where the port is taken the rest works, and it is taken when "
    "it is free") {
  House house;
  auto owner = std::make_unique<Process>(
      std::vector<std::string>{"python3", "-m", "http.server", "--bind", "127.0.0.1",
                               std::to_string(house.port.number())},
      house.world.directory() / "owner.log");
  REQUIRE(eventually([&] { return house.page.get("/").status != 0; }));
  house.world.start_broker();
  house.world.start_gridtap(house.meter(), house.web());
  house.world.subscribe();
  CHECK(eventually([&] { return house.world.topic("gridtap/meter/status") == "online"; }));
  CHECK(house.log_says("web: cannot listen on 127.0.0.1:"));
  owner.reset();
  CHECK(eventually([&] { return house.page.get("/health").body == "ok\n"; }, 90s));
}

TEST_CASE("web: relays know of no broker that could be lost where there is none") {
  House house;
  house.world.start_gridtap_alone(
      house.meter(),
      house.web() + "relays:\n" +
          house.relay("boiler", ", on_broker_loss: \"off\", on_broker_loss_after: 0s"));
  REQUIRE(eventually([&] { return house.shows("gateway", "relay_boiler"); }));
  CHECK(house.set("relay_boiler", "ON").status == 200);
  CHECK(house.level("boiler") == "ON");
}
