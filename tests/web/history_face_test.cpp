// The history by HTTP: who may not ask, what is refused, how many wait, who goes; then answers.
#include "web/history_face.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "site_rig.hpp"

using namespace gridtap;
using namespace gridtap::web;
using namespace gridtap::web_test;

namespace {

constexpr const char* one_day = "series=meter/energy_import&from=2026-11-20&to=2026-11-21&step=day";

struct HistoryRig : SiteRig {
  explicit HistoryRig(SiteOptions options = usual()) : SiteRig(std::move(options), With::history) {
    series = {{"meter/energy_import", "kWh", SeriesKind::growth, -3},
              {"meter/power_import", "W", SeriesKind::mean, 0},
              {"meter_gas/gas", "m³", SeriesKind::growth, -3}};
    log_in();
  }

  SlotTime start(int quarters) const {
    return slot_of(
               Zone::named("Europe/Oslo")
                   ->resolve(
                       LocalSeconds(std::chrono::local_days{std::chrono::year{2026} / 11 / 20}), {})
                   .instant) +
           Quarters{quarters};
  }
  std::uint64_t later(std::string_view query, std::string_view path = "/api/history") {
    get(path, query, {}, false);
    return number;
  }
  bool answered(std::uint64_t request) const { return server.answers.count(request) == 1; }
  // All that the journal and the loop have to do.
  void work() {
    do {
      clock.advance(0ms);
    } while (journal.answer());
  }
  WebReply asked(std::string_view query, std::string_view path = "/api/history") {
    const std::uint64_t request = later(query, path);
    work();
    REQUIRE(answered(request));
    return server.answers.at(request);
  }
  std::string reason(std::string_view query, int status) {
    const WebReply reply = asked(query);
    CHECK(reply.status == status);
    return json::parse(reply.body)["reason"];
  }
};

bool says(const std::string& text, std::string_view words) { return text.find(words) != text.npos; }

}  // namespace

TEST_CASE("history face: where none is kept the address says how to keep one") {
  SiteRig rig;
  rig.log_in();
  for (const char* path : {"/api/history", "/api/history.csv"}) {
    const WebReply reply = rig.get(path, one_day);
    CHECK(reply.status == 404);
    CHECK(says(reply.body, "history: {}"));
  }
}

TEST_CASE("history face: wrong queries are refused with the reason, and nothing is read") {
  HistoryRig rig;
  CHECK(says(rig.reason("series=meter/energy_inport", 404), "did you mean `meter/energy_import`?"));
  CHECK(says(rig.reason("from=2026-11-01", 400), "no series is named"));
  CHECK(says(rig.reason("series=meter/energy_import&from=now", 400), "write from=2026-11-01"));
  CHECK(says(rig.reason("series=meter/energy_import&step=week", 400), "quarter, hour, day"));
  CHECK(says(rig.reason("series=meter/energy_import&from=2026-11-02&to=2026-11-01", 400),
             "from is not before to"));
  CHECK(says(rig.reason("series=meter/energy_import&from=2016-01-01&to=2026-01-01", 400),
             "at most 20000"));
  CHECK(says(rig.reason("series=meter/energy_import&form=2026-11-01", 400), "did you mean from?"));
  CHECK(says(rig.reason("series=%2", 400), "hexadecimal"));
  CHECK(says(rig.reason("series=<script>", 404), "no series `<script>`"));
  CHECK(rig.journal.reads == 0);
  CHECK(rig.post("/api/history", "{}").status == 405);
}

TEST_CASE("history face: what the page hides is as if it were not there") {
  SiteOptions options = SiteRig::usual();
  options.hide = {"meter/power_import", "meter_gas"};
  HistoryRig rig(std::move(options));
  CHECK(says(rig.reason("series=meter/power_import", 404), "no series `meter/power_import`"));
  CHECK(says(rig.reason("series=meter_gas/gas", 404), "no series"));
  const json all = json::parse(rig.asked("").body);
  REQUIRE(all["series"].size() == 1);
  CHECK(all["series"][0]["series"] == "meter/energy_import");
}

TEST_CASE("history face: four requests wait, a fifth is told to come again") {
  HistoryRig rig;
  std::vector<std::uint64_t> waiting;
  for (std::size_t n = 0; n < HistoryFace::max_waiting; ++n) waiting.push_back(rig.later(one_day));
  const WebReply refused = rig.get("/api/history", one_day);
  CHECK(refused.status == 503);
  CHECK(field(refused, "Retry-After") == "2");
  CHECK(says(refused.body, "are waiting"));
  rig.clock.advance(0ms);
  CHECK(rig.journal.waiting.size() == 1);  // one at a time
  rig.work();
  for (const std::uint64_t each : waiting) CHECK(rig.server.answers.at(each).status == 200);
  CHECK(rig.asked(one_day).status == 200);
}

TEST_CASE("history face: who goes makes room, whether it waits or is read for") {
  HistoryRig rig;
  const std::uint64_t first = rig.later(one_day), second = rig.later(one_day),
                      third = rig.later(one_day);
  rig.clock.advance(0ms);
  REQUIRE(rig.journal.waiting.size() == 1);
  rig.site->on_gone(first);
  rig.site->on_gone(second);
  rig.work();
  CHECK_FALSE(rig.answered(first));
  CHECK_FALSE(rig.answered(second));
  CHECK(rig.server.answers.at(third).status == 200);
  CHECK(rig.journal.reads == 2);
}

TEST_CASE("history face: all go, and the next one is answered all the same") {
  HistoryRig rig;
  rig.site->on_gone(rig.later(one_day));
  rig.work();
  const std::uint64_t read_for = rig.later(one_day);
  rig.clock.advance(0ms);
  rig.site->on_gone(read_for);
  const std::uint64_t next = rig.later(one_day);
  rig.work();
  CHECK(rig.server.answers.at(next).status == 200);
}

TEST_CASE("history face: a journal that cannot be read is a reason, and the next is tried again") {
  HistoryRig rig;
  rig.journal.fault = "history.db: disk I/O error";
  const WebReply reply = rig.asked(one_day);
  CHECK(reply.status == 503);
  CHECK(says(reply.body, "disk I/O error"));
  rig.journal.fault.clear();
  CHECK(rig.asked(one_day).status == 200);
}

TEST_CASE("history face: an answer of the journal after the end of the site goes nowhere") {
  HistoryRig rig;
  rig.later(one_day);
  rig.clock.advance(0ms);
  REQUIRE(rig.journal.waiting.size() == 1);
  rig.site.reset();
  rig.journal.answer();
}

TEST_CASE("history face: columns of the file and of what waits to be written") {
  HistoryRig rig;
  rig.journal.file["meter/energy_import"] = {{rig.start(0), 100, 1000, 1100, 900},
                                             {rig.start(95), 23, 1100, 1123, 450}};
  rig.pending["meter/energy_import"] = {{rig.start(97), 7, 1123, 1130, 60}};
  const WebReply reply = rig.asked(
      "series=meter%2Fenergy_import,meter/power_import&from=2026-11-20&to=2026-11-22&step=day");
  CHECK(reply.status == 200);
  CHECK(reply.type == "application/json");
  CHECK(field(reply, "Cache-Control") == "no-store");
  const json all = json::parse(reply.body);
  CHECK(all["time"] == json({1795129200, 1795215600}));
  CHECK(all["end"] == 1795302000);
  CHECK(all["series"][0]["value"] == json({0.123, 0.007}));
  CHECK(all["series"][0]["covered"] == json({1350, 60}));
  CHECK(all["series"][1]["value"] == json({nullptr, nullptr}));
}

TEST_CASE("history face: of a quarter-hour that was written and went on the newer one counts") {
  HistoryRig rig;
  // A register that was swapped, and a silence: both have as much of the time as before.
  rig.journal.file["meter/energy_import"] = {{rig.start(0), 100, 1000, 1100, 900},
                                             {rig.start(1), 5, 1100, 1105, 0}};
  rig.pending["meter/energy_import"] = {{rig.start(0), 130, 1000, 1130, 900},
                                        {rig.start(1), 9, 1130, 1139, 0}};
  rig.journal.file["meter/power_import"] = {{rig.start(0), 400, 300, 500, 900}};
  rig.pending["meter/power_import"] = {{rig.start(0), 420, 300, 600, 900}};
  const std::string query =
      "series=meter/energy_import,meter/power_import&from=2026-11-20&to=2026-11-21&step=";
  const json all = json::parse(rig.asked(query + "quarter").body)["series"];
  CHECK(all[0]["value"][0] == 0.13);
  CHECK(all[0]["value"][1] == 0.009);
  CHECK(all[1]["high"][0] == 600);
  CHECK(rig.asked(query + "day", "/api/history.csv").body ==
        "time,meter/energy_import[kWh],meter/power_import[W]\n"
        "2026-11-20T00:00:00+01:00,0.139,420\n");
}

TEST_CASE("history face: CSV is a file to keep, with a decimal comma where it is asked for") {
  HistoryRig rig;
  rig.journal.file["meter/energy_import"] = {{rig.start(0), 1234, 1000, 2234, 900}};
  const WebReply reply = rig.asked(one_day, "/api/history.csv");
  CHECK(reply.type == "text/csv; charset=utf-8");
  CHECK(field(reply, "Content-Disposition") ==
        "attachment; filename=\"gridtap_2026-11-20_day.csv\"");
  CHECK(reply.body == "time,meter/energy_import[kWh]\n2026-11-20T00:00:00+01:00,1.234\n");
  CHECK(rig.asked(std::string(one_day) + "&decimal=comma", "/api/history.csv").body ==
        "time;meter/energy_import[kWh]\n2026-11-20T00:00:00+01:00;1,234\n");
}

TEST_CASE("history face: years of quarter-hours come in pieces, and are all there") {
  HistoryRig rig;
  auto& slots = rig.journal.file["meter/energy_import"];
  for (int n = 0; n < 10'000; ++n) slots.push_back({rig.start(n), 1, n, n + 1, 900});
  const json all = json::parse(
      rig.asked("series=meter/energy_import&from=2026-11-20&to=2027-03-30&step=quarter").body);
  CHECK(rig.journal.reads == 5);
  CHECK(all["time"].size() == all["series"][0]["value"].size());
  double sum = 0;
  for (const json& each : all["series"][0]["value"]) sum += each.is_null() ? 0 : double(each);
  CHECK(sum == doctest::Approx(10.0));
  CHECK(all["series"][0]["swaps"].empty());
}

TEST_CASE("history: the page is told that there is one") {
  SiteRig with(SiteRig::usual(), SiteRig::With::history);
  with.log_in();
  CHECK(json::parse(with.get("/api/state").body)["history"] == true);
}
