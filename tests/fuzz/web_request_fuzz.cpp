// Any bytes as requests to the page of a house whose names and values are of the same bytes: each
// has one answer with a status of ours, JSON is JSON on one line, streams are events, and nothing
// of the house is told to who has not logged in.
//
// The first line of a request is its method, the next its address, then fields as `name: value`; an
// empty line begins the body, and a line of one dot the next request.

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/json_text.hpp"
#include "fuzz/must.hpp"
#include "fuzz/still_house.hpp"
#include "web/site.hpp"

using namespace gridtap;

namespace {

constexpr int statuses[] = {200, 204, 304, 400, 401, 403, 404, 405, 409, 415, 421, 429, 503};

struct Server final : WebServer {
  void start(WebFace&) override {}
  void answer(std::uint64_t number, WebReply reply) override {
    must(answered.insert(number).second);
    must(std::count(std::begin(statuses), std::end(statuses), reply.status) == 1);
    for (const WebField& field : reply.fields) {
      must(field.value.find_first_of("\r\n") == field.value.npos);
    }
    if (reply.type == "application/json") {
      must(valid_utf8(reply.body) == reply.body.size());
      must(reply.body.find_first_of("\r\n") == reply.body.npos);
      must(reply.body.starts_with('{') && reply.body.ends_with('}'));
    }
    last = std::move(reply);
  }
  bool stream(std::uint64_t number, WebReply) override { return answered.insert(number).second; }
  void send(std::uint64_t number, std::shared_ptr<const std::string> text) override {
    must(answered.contains(number));
    must(text->ends_with("\n\n"));
  }
  std::size_t unread(std::uint64_t) const override { return 0; }
  void end(std::uint64_t) override {}

  std::set<std::uint64_t> answered;
  WebReply last;
};

constexpr web::PageFile files[] = {{"index.html", "text/html", "packed", "a1"}};

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

std::string_view take_request(std::string_view& text) {
  const std::size_t end = std::min(text.find("\n.\n"), text.size());
  const std::string_view request = text.substr(0, end);
  text.remove_prefix(std::min(end + 3, text.size()));
  return request;
}

void ask(web::Site& site, std::uint64_t number, std::string_view text) {
  const std::string_view method = take_line(text), target = take_line(text);
  std::vector<WebField> fields{{"host", "localhost"}};
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    const std::size_t colon = std::min(line.find(": "), line.size());
    const std::string_view value = line.substr(std::min(colon + 2, line.size()));
    fields.push_back({std::string(line.substr(0, colon)), std::string(value)});
  }
  const std::string_view path = target.substr(0, target.find('?'));
  const std::string_view query = target.substr(std::min(path.size() + 1, target.size()));
  site.on_request(number, {method, path, query, text, fields, "192.168.1.9"});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = as_text({data, size});
  const std::string_view wire = text.substr(0, 60);
  StillClock clock;
  clock.wall = Instant{std::chrono::hours(size)};
  NoLog log;
  const NoMemory none;
  model::Options house;
  house.devices.push_back({"meter", std::string(wire)});
  model::Model model(house, clock, none, log);
  Server server;
  web::Logins logins({[](std::string_view secret) { return std::string(secret); },
                      [] { return std::string("random"); }, "password", "token"});
  web::SiteOptions options;
  options.guard.has_password = size % 2 == 0;
  options.metrics.emplace();
  const auto obey = [&](std::string_view device, const Command& command) {
    model.on_effect(device, Reading{command.channel, command.key, "x", command.value}, clock.now());
  };
  web::Site site(options, model, server, logins, clock, log, files,
                 {obey, [] { return std::nullopt; }, [] { return web::ProcessFigures{}; }, {}});
  model.on_effect("meter", Identified{"", {"", wire, "E1", wire, wire, wire}}, clock.now());
  model.on_effect("meter", Alive{"", std::chrono::seconds(30)}, clock.now());
  EntitySpec relay = *find_spec("relay_<name>");
  relay.key = "relay_a";
  model.on_effect("meter", Entity{"", &relay}, clock.now());
  model.on_effect("meter", Reading{"", "message", "x", wire}, clock.now());
  for (std::uint64_t number = 1; !text.empty() && number < 100; ++number) {
    const std::string_view request = take_request(text);
    ask(site, number, request);
    const bool knows = request.find("token") != request.npos ||
                       request.find("gridtap=") != request.npos ||
                       request.find("x-ingress-path") != request.npos;
    const bool tells = server.last.body.find("\"devices\"") != std::string::npos;
    must(knows || !tells);
    server.last = {};
  }
  return 0;
}
