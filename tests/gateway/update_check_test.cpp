// Whether there is a newer version, asked for once a day.
#include "gateway/update_check.hpp"

#include <doctest/doctest.h>

#include "gateway/session.hpp"
#include "io/manual_clock.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

struct PlayedWeb final : WebClient {
  void head(const std::string& url, OnAnswer on_answer) override {
    asked += url + ' ';
    answer = std::move(on_answer);
  }
  std::string asked;
  OnAnswer answer;
};

struct Words final : Sink {
  void on_effect(std::string_view, const Effect& effect, Now) override {
    if (const auto* reading = std::get_if<Reading>(&effect)) {
      ((said += reading->key) += '=') += to_text(reading->value) + ' ';
      said += reading->attributes;
    }
    if (const auto* notice = std::get_if<Notice>(&effect)) said += notice->text;
  }
  std::string take() { return std::exchange(said, {}); }
  std::string said;
};

constexpr char latest[] = "https://example.org/releases/latest";

struct World {
  explicit World(Store& store, std::string installed = "0.9.0", std::chrono::minutes later = 0min)
      : clock(Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 29}} + later) {
    std::vector<std::unique_ptr<Rule>> rules;
    rules.push_back(std::make_unique<UpdateCheck>(web, latest, std::move(installed)));
    SessionOptions options;
    options.id = "gateway";
    session = std::make_unique<Session>(options, clock, nullptr, nullptr, std::move(rules), words);
    session->restore(store);
    session->start();
  }
  std::string answer(const Result<WebAnswer>& result) {
    REQUIRE(web.answer);
    std::exchange(web.answer, nullptr)(result);
    clock.advance(5s);
    return words.take();
  }

  io::ManualClock clock;
  PlayedWeb web;
  Words words;
  std::unique_ptr<Session> session;
};

WebAnswer leads_to(std::string page) { return {302, std::move(page)}; }

}  // namespace

TEST_CASE("update check: a newer version is reported with its page, and asked for once a day") {
  MemoryStore store;
  World world(store);
  CHECK(world.web.asked == "");
  world.clock.advance(6min);
  CHECK(world.web.asked == std::string(latest) + ' ');
  CHECK(world.answer(leads_to("https://example.org/releases/tag/v0.10.0")) ==
        "update_available=ON {\"installed\":\"0.9.0\",\"newest\":\"0.10.0\","
        "\"page\":\"https://example.org/releases/tag/v0.10.0\"}");
  world.web.asked.clear();
  world.clock.advance(23h);
  CHECK(world.web.asked == "");
  world.clock.advance(2h);
  CHECK(world.web.asked == std::string(latest) + ' ');
}

TEST_CASE("update check: the same version, an older one, and one built from a later state") {
  for (const char* installed : {"0.10.0", "0.10.1", "1.0.0", "0.10.0-7-gab12cd3"}) {
    MemoryStore store;
    World world(store, installed);
    world.clock.advance(6min);
    CHECK(world.answer(leads_to("https://example.org/releases/tag/v0.10.0"))
              .starts_with("update_available=OFF "));
  }
}

TEST_CASE(
    "update check: what is no answer is reported once, and asked for again some hours later") {
  MemoryStore store;
  World world(store);
  world.clock.advance(6min);
  CHECK(world.answer(failed(Fault::io, "(6) Could not resolve host: example.org")) ==
        "the newest version is not known: https://example.org/releases/latest: "
        "(6) Could not resolve host: example.org");
  world.clock.advance(6h);
  CHECK(world.answer(WebAnswer{404, ""}) == "");
  world.clock.advance(6h);
  for (const char* page : {"https://example.org/releases", "https://example.org/releases/tag/vX",
                           "https://example.org/tag/v1.2", "https://example.org/tag/v-1.2.3"}) {
    CHECK(world.answer(leads_to(page)) == "");
    world.clock.advance(6h);
  }
  CHECK(
      world.answer(leads_to("https://example.org/tag/v0.9.0")).starts_with("update_available=OFF"));
}

TEST_CASE("update check: a restart shows what was heard, and does not ask again on the same day") {
  MemoryStore store;
  {
    World world(store);
    world.clock.advance(6min);
    world.answer(leads_to("https://example.org/releases/tag/v0.10.0"));
    world.session->save(store);
  }
  World world(store, "0.10.0", 1h);  // the update itself
  CHECK(world.words.take().starts_with("update_available=OFF "));
  world.clock.advance(23h);
  CHECK(world.web.asked == "");
  world.clock.advance(2h);
  CHECK(world.web.asked != "");
}

TEST_CASE("update check: a damaged record is none") {
  MemoryStore store;
  for (const char* text : {"rubbish", "gridtap-state 2\nnewest 1 2\n"}) {
    store.put("gateway.update", text, false);
    World world(store);
    CHECK(world.words.take() == "");
    world.clock.advance(6min);
    CHECK(world.web.asked != "");
  }
}

TEST_CASE("update check: an answer after the end meets nothing") {
  MemoryStore store;
  PlayedWeb::OnAnswer late;
  {
    World world(store);
    world.clock.advance(6min);
    late = world.web.answer;
  }
  late(leads_to("https://example.org/releases/tag/v0.10.0"));
}
