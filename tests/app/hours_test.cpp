// The hour and the peaks through `decode --config --timed`, and what `check` says of their
// settings.

#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "adapters/han/list_writer.hpp"
#include "core/bytes.hpp"
#include "support/command_line.hpp"
#include "support/corpus_files.hpp"
#include "support/han_line.hpp"
#include "support/han_player.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

// Lists of a Kaifa meter, each with its time.
class Lists {
 public:
  explicit Lists(std::chrono::sys_seconds start) : start_(start) {}

  void add(std::chrono::sys_seconds at, std::int64_t watts, std::optional<std::int64_t> wh) {
    han::HouseholdState house;
    house.w[0] = watts;
    house.import_ws = wh.value_or(0) * 3600;
    const auto kind = wh ? han::ListKind::registers : han::ListKind::measured;
    const std::chrono::local_seconds clock{(at + 1h).time_since_epoch()};
    const han::Push push{house, "6970631401234567", "MA304H3E", clock};
    text_ += std::to_string((at - start_) / 1ms) + ' ' +
             to_hex(as_bytes(han::framed(han::kaifa_list(kind, push)))) + '\n';
  }
  const std::string& text() const { return text_; }

 private:
  std::chrono::sys_seconds start_;
  std::string text_;
};

// What the rule said of these keys, in order.
std::vector<json> readings(const std::string& lines, std::string_view key) {
  std::vector<json> out;
  std::istringstream text(lines);
  for (std::string line; std::getline(text, line);) {
    if (line.find(std::string("\"key\":\"").append(key)) == line.npos) continue;
    out.push_back(json::parse(line));
  }
  return out;
}

std::string decoded(const std::string& settings, const std::string& input,
                    const std::string& start) {
  const CommandLine run;
  const std::string config =
      run.write("config.yaml",
                "time_zone: Europe/Oslo\ndevices:\n  meter:\n    adapter: han\n"
                "    line: /dev/null\n" +
                    settings);
  const Ended ended = run("decode --config " + config + " --device meter --timed --start " + start +
                          ' ' + run.write("input", input));
  REQUIRE(ended.status == 0);
  return ended.out;
}

std::int64_t wh_of(const json& reading) {
  return std::llround(1000 * std::stod(reading["value"].get<std::string>()));
}

// What is wrong with the settings; empty where nothing is, whatever this machine gives warnings of.
std::string problems(const std::string& settings, const std::string& adapter = "han") {
  const CommandLine run;
  const Ended ended = run("check --config " +
                          run.write("config.yaml", "devices:\n  meter:\n    adapter: " + adapter +
                                                       "\n    line: /dev/null\n" + settings));
  CHECK((ended.status == 0 || ended.status == 78));
  return ended.status == 0 ? "" : ended.err + ended.out;
}

// "2026-01-09T16:00:00" and what follows
std::chrono::sys_seconds time_of(const std::string& text) {
  std::tm time{};
  std::istringstream(text) >> std::get_time(&time, "%Y-%m-%dT%H:%M:%S");
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&time)));
}

}  // namespace

TEST_CASE("hours: each of twelve hours is the difference of the registers around it") {
  for (const char* meter : {"kaifa", "kaifa_1ph", "aidon", "kamstrup"}) {
    CAPTURE(meter);
    han::Player player("paced=false meter=" + std::string(meter));
    player.play(12h + 30s);
    std::string input;
    for (const han::Player::Piece& piece : player.pieces) {
      input += std::to_string((piece.at - han::player_start).count()) + ' ' +
               to_hex(as_bytes(piece.bytes)) + '\n';
    }
    const std::string lines = decoded("    hour_limit: 2000\n", input, "2026-11-20T07:00:00Z");
    std::vector<std::int64_t> registers;
    for (const json& each : readings(lines, "energy_import\"")) registers.push_back(wh_of(each));
    std::vector<json> hours = readings(lines, "last_hour_energy\"");
    REQUIRE(hours.size() >= 11);
    std::erase_if(hours, [](const json& hour) { return hour["value"].is_null(); });
    REQUIRE(hours.size() + 1 == registers.size());
    auto start = time_of(hours[0]["at"]);
    for (std::size_t n = 0; n < hours.size(); ++n, start += 1h) {
      CHECK(std::stoll(hours[n]["value"].get<std::string>()) == registers[n + 1] - registers[n]);
      CHECK(hours[n]["unit"] == "Wh");
      CHECK(time_of(hours[n]["at"]) == start);
      CHECK(hours[n]["attributes"]["estimated"] == false);
    }
    CHECK_FALSE(readings(lines, "hour_projected\"").empty());
    CHECK_FALSE(readings(lines, "hour_available_power\"").empty());
    CHECK_FALSE(readings(lines, "hour_limit_exceeded\"").empty());
    CHECK(readings(lines, "month_max").empty());
  }
}

TEST_CASE("hours: nothing of them without their settings") {
  Lists lists(time_of("2026-01-09T16:00:10"));
  lists.add(time_of("2026-01-09T16:00:10"), 1000, 5000);
  lists.add(time_of("2026-01-09T17:00:10"), 1000, 6000);
  const std::string lines = decoded("", lists.text(), "2026-01-09T16:00:10Z");
  CHECK(lines.find("energy_import\"") != lines.npos);
  CHECK(lines.find("hour_") == lines.npos);
}

TEST_CASE("hours: settings that make no sense are named with their remedy") {
  CHECK(problems("    hour_limit: 99\n").find("hour_limit") != std::string::npos);
  CHECK(problems("    hour_limit: 100000\n").find("99999") != std::string::npos);
  CHECK(problems("    peaks: {days: 6}\n").find("peaks.days") != std::string::npos);
  CHECK(problems("    peaks: {method: days}\n").find("quarters") != std::string::npos);
  for (const char* steps : {"[]", "[2, 5]", "[0, 5, 5]", "[0, 5, 2]", "[0, -1]", "[0, 2.5]"}) {
    CAPTURE(steps);
    CHECK(problems("    peaks: {steps: " + std::string(steps) + "}\n").find("peaks.steps") !=
          std::string::npos);
  }
  for (const char* setting : {"hour_limit: 5000", "peaks: {}"}) {
    CHECK(problems("    " + std::string(setting) + "\n", "kq330")
              .find("does not measure the import") != std::string::npos);
  }
  CHECK(problems("    hour_limit: 5000\n", "kgf") == "");  // what is drawn from the battery
  CHECK(problems("    peaks: {}\n", "kgf").find("does not measure the import") !=
        std::string::npos);
  CHECK(problems("    peaks: {days: 1, method: quarters, steps: [0, 5]}\n    hour_limit: 5000\n"
                 "time_zone: Europe/Oslo\n") == "");
  CHECK(problems("time_zone: Europe/Atlantis\n").find("no such time zone") != std::string::npos);
}

TEST_CASE("hours corpus: decode prints the logged hours as their register has them") {
  const auto files = test::corpus_files("han", "log_");
  if (files.empty()) MESSAGE("skipped: no corpus beside this checkout");
  for (const fs::path& path : files) {
    CAPTURE(path.string());
    const json log = json::parse(std::ifstream(path));
    const auto offset =
        time_of(log["hours"][0]["from_local"]) - time_of(log["hours"][0]["from_utc"]);
    std::ifstream file(fs::path(path).replace_extension(".csv"));
    std::string line, first;
    std::getline(file, line);
    std::optional<Lists> lists;
    std::int64_t last = 0;
    while (std::getline(file, line)) {
      const auto at = time_of(line) - offset;
      const std::size_t comma = line.find(',');
      const std::int64_t watts = std::stoll(line.substr(comma + 1));
      const std::int64_t wh = std::stoll(line.substr(line.find(',', comma + 1) + 1));
      if (!lists) {
        lists.emplace(at);
        first = std::to_string(at.time_since_epoch().count());
        last = wh;
        append_utc(first = "", at);
      }
      lists->add(at, watts, wh != last ? std::optional(wh) : std::nullopt);
      last = wh;
    }
    const std::string out = decoded("    hour_limit: 5000\n", lists->text(), first);
    std::map<std::string, std::int64_t> hours;
    for (const json& each : readings(out, "last_hour_energy\"")) {
      if (!each["value"].is_null())
        hours[each["at"]] = std::stoll(each["value"].get<std::string>());
    }
    for (const json& want : log["hours"]) CHECK(hours[want["from_utc"]] == want["register_wh"]);
  }
}

TEST_CASE("hours corpus: decode prints the peaks of each month, their mean and step") {
  const auto files = test::corpus_files("han", "threemax_");
  if (files.empty()) MESSAGE("skipped: no corpus beside this checkout");
  for (const fs::path& path : files) {
    CAPTURE(path.string());
    const json house = json::parse(std::ifstream(path));
    const auto start = time_of(house["hours"][0]["start"]) + 10s;
    Lists lists(start);
    std::int64_t wh = 1'000'000;
    lists.add(start, 1000, wh);
    for (const json& hour : house["hours"]) {
      wh += hour["wh"].get<std::int64_t>();
      lists.add(time_of(hour["start"]) + 1h + 10s, 1000, wh);
    }
    std::string begin;
    append_utc(begin, start);
    const std::string out =
        decoded("    peaks: {steps: " + house["steps_kw"].dump() + "}\n", lists.text(), begin);
    std::map<std::string, json> newest;
    std::istringstream text(out);
    json months = json::array();
    for (const json& mean : readings(out, "month_max_average\"")) {
      newest[mean["attributes"]["month"]] = mean;
    }
    for (const json& want : house["expect"]) {
      const json& mean = newest[want["month"]];
      CHECK(std::stod(mean["value"].get<std::string>()) ==
            doctest::Approx(want["average_wh"].get<double>()).epsilon(1e-9));
      CHECK(mean["attributes"]["days"] == want["three"].size());
    }
    const json& last = house["expect"].back();
    for (std::size_t n = 0; n < last["three"].size(); ++n) {
      const json peak = readings(out, "month_max_" + std::to_string(n + 1) + '"').back();
      CHECK(peak["value"] == std::to_string(last["three"][n]["wh"].get<std::int64_t>()));
      CHECK(peak["attributes"]["date"] == last["three"][n]["day"]);
      CHECK(peak["attributes"]["start"] == last["three"][n]["hour_start"]);
    }
    const json step = readings(out, "tariff_step\"").back();
    CHECK(step["attributes"]["number"] == last["step_number"]);
    CHECK(step["attributes"]["from_kw"] == last["step_from_kw"]);
  }
}
