// docs/troubleshooting.md against the code: what a person may see has a row. That the words of its
// rows are those of the program is tests/house_check's to see.

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/cause.hpp"
#include "core/result.hpp"
#include "mqtt/connect_failure.hpp"
#include "mqtt/reason_codes.hpp"
#include "rules/relay.hpp"
#include "support/command_line.hpp"

using namespace gridtap;

namespace {

// The words in `code` of the first column below a heading of a page.
std::vector<std::string> symptoms(const std::string& page, const std::string& heading) {
  std::istringstream lines(content(GRIDTAP_SOURCE_DIR "/docs/" + page));
  std::vector<std::string> all;
  bool below = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) below = line == "## " + heading;
    if (!below || !line.starts_with("| ")) continue;
    const std::string cell = line.substr(0, line.find(" | "));
    for (std::size_t from = cell.find('`'); from != cell.npos; from = cell.find('`', from)) {
      const std::size_t to = cell.find('`', from + 1);
      if (to == cell.npos) break;
      all.push_back(cell.substr(from + 1, to - from - 1));
      from = to + 1;
    }
  }
  return all;
}

// Whether the parts of `words` between its `...` follow one another in the text.
bool says(const std::string& text, const std::string& words) {
  const std::string gap = "...";
  std::size_t at = 0;
  for (std::size_t from = 0; from <= words.size();) {
    const std::size_t to = std::min(words.find(gap, from), words.size());
    const std::size_t found = text.find(words.substr(from, to - from), at);
    if (found == text.npos) return false;
    at = found + to - from;
    from = to + gap.size();
  }
  return true;
}

void check_has_row(const std::string& text, const std::vector<std::string>& rows) {
  for (const std::string& words : rows) {
    if (says(text, words)) return;
  }
  FAIL_CHECK("no row for: " << text);
}

}  // namespace

TEST_CASE("troubleshooting: each cause of a silent device has a row") {
  const std::vector<std::string> rows = symptoms("troubleshooting.md", "Line status");
  for (const std::string_view cause : cause_names) check_has_row(std::string(cause), rows);
}

TEST_CASE("troubleshooting: each reason to drop a frame has a row") {
  const std::vector<std::string> rows = symptoms("troubleshooting.md", "Frames bad");
  for (const std::string_view fault : fault_names) {
    // Neither is ever a frame's.
    if (fault == name(Fault::io) || fault == name(Fault::config)) continue;
    check_has_row(std::string(fault), rows);
  }
}

TEST_CASE("troubleshooting: each failure to reach the broker has a row") {
  const std::vector<std::string> rows = symptoms("troubleshooting.md", "The broker");
  const auto failed = [&](const mqtt::ConnectFailure& failure, bool tls, bool clock_set = true) {
    check_has_row(mqtt::judge(failure, "house:1883", tls, clock_set).detail, rows);
  };
  for (const int code : {1, 2, 3, 4, 5}) failed({code, "", ""}, false);
  for (int code = 0x80; code <= 0xA2; ++code) failed({code, "", ""}, false);
  for (const char* text : {"", "timeout", "CONNACK", "refused"}) failed({-1, text, ""}, false);
  for (const char* text :
       {"expired", "issuer", "self-signed", "mismatch", "wrong version number", "unexpected eof",
        "no such file", "alert", "unsupported protocol", "cut off", "cannot connect"}) {
    failed({-1, "", text}, true);
  }
  failed({-1, "", "expired"}, true, false);
  failed({-1, "CONNACK", ""}, true);
}

TEST_CASE("troubleshooting: each end of a connection to the broker has a row") {
  const std::vector<std::string> rows = symptoms("troubleshooting.md", "The broker");
  for (int code = 0x80; code <= 0xA2; ++code) {
    check_has_row(mqtt::loss_text("the broker at house:1883", code, "", ""), rows);
  }
  check_has_row(mqtt::loss_text("the broker at house:1883", mqtt::no_reason, "", ""), rows);
}

TEST_CASE("troubleshooting: each reason for the level of a relay has a row") {
  const std::vector<std::string> rows = symptoms("relays.md", "What relays show");
  for (const std::string_view why : relay_why_names) {
    if (why == name(RelayWhy::line)) continue;  // shown as the words of the line
    check_has_row(std::string(why), rows);
  }
}

TEST_CASE("troubleshooting: what has no row is found") {
  CHECK(says("the broker at house:1883 refuses the login", "the broker at ... refuses the login"));
  CHECK_FALSE(says("the broker at house:1883 is away", "the broker at ... refuses the login"));
  CHECK_FALSE(says("refuses the broker at house:1883", "the broker at ... refuses"));
}
