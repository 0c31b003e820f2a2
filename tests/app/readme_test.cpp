// The page that is made from the code, docs/keys.md: the table of all keys. And the configurations
// that all pages show, which a person copies: `check` accepts each.
//
//   GRIDTAP_WRITE_README=1 build/release/app_test -tc='readme*'     writes it anew

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/registry.hpp"
#include "app/entity_keys.hpp"
#include "support/command_line.hpp"

using namespace gridtap;

namespace {

const std::string key_page = GRIDTAP_SOURCE_DIR "/docs/keys.md";
const std::string begin_mark = "<!-- keys: made from the code, see tests/app/readme_test.cpp -->\n";
const std::string end_mark = "<!-- end of keys -->\n";

struct Example {
  std::string where, text;
};

// Without the indentation that its first line has.
std::string outdented(const std::string& line, std::size_t indent) {
  return line.size() < indent ? "" : line.substr(indent);
}

// The blocks of YAML in a page that name devices. Files that a person has to make are in `files`.
void collect_examples(const std::string& page, const std::string& files,
                      std::vector<Example>& examples) {
  const std::string secrets = "/etc/gridtap/";
  std::istringstream lines(content(page));
  std::string text;
  std::size_t number = 0, began = 0, indent = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::size_t fence = line.find("```");
    if (began == 0) {
      if (fence != line.npos && line.substr(fence) == "```yaml") {
        began = number;
        indent = fence;
      }
      continue;
    }
    if (fence == line.npos) {
      std::string own = outdented(line, indent) + '\n';
      const std::size_t at = own.find(secrets);
      if (at != own.npos) own.replace(at, secrets.size(), files);
      text += own;
      continue;
    }
    if (text.find("devices:\n") != text.npos) {
      examples.push_back({page + ':' + std::to_string(began), text});
    }
    text.clear();
    began = 0;
  }
}

}  // namespace

TEST_CASE("readme: the table of keys is what the code publishes") {
  std::string text = content(key_page);
  const std::size_t begin = text.find(begin_mark), end = text.find(end_mark);
  REQUIRE(begin != text.npos);
  REQUIRE(end != text.npos);
  const std::size_t first = begin + begin_mark.size();
  const std::string table = '\n' + app::entity_table() + '\n';
  if (std::getenv("GRIDTAP_WRITE_README") != nullptr) {
    text.replace(first, end - first, table);
    std::ofstream(key_page) << text;
    return;
  }
  CHECK_MESSAGE(text.substr(first, end - first) == table,
                "write it anew: GRIDTAP_WRITE_README=1 app_test -tc='readme*'");
}

TEST_CASE("readme: a row of the table is a key, or those of phases and tariffs") {
  const std::string table = app::entity_table();
  const auto has = [&](const std::string& row) { return table.find(row + '\n') != table.npos; };
  CHECK(has("| `power_import` | Power import | W | han, p1 |"));
  CHECK(has("| `power_import_l1` to `l3` | Power import L1 | W | han, p1 |"));
  CHECK(has("| `frames_ok` | Frames ok |  | all |"));
  CHECK(has("| `tx` | TX |  | kq330 |"));
  CHECK(has("| `energy_import_live` | Energy import live | kWh | han |"));
}

TEST_CASE("pages: every configuration that a page shows is accepted") {
  const CommandLine gridtap;
  const std::string key = "000102030405060708090A0B0C0D0E0F";
  gridtap.write("mqtt-password", "secret\n");
  gridtap.write("meter-authentication-key", key);
  gridtap.write("web-password", "secret\n");
  gridtap.write("web-token", key);
  const std::string meter_key = gridtap.write("meter-key", key);
  const std::string files = meter_key.substr(0, meter_key.rfind('/') + 1);
  std::vector<Example> examples;
  collect_examples(GRIDTAP_SOURCE_DIR "/README.md", files, examples);
  for (const auto& page : std::filesystem::directory_iterator(GRIDTAP_SOURCE_DIR "/docs")) {
    if (page.path().extension() == ".md") collect_examples(page.path().string(), files, examples);
  }
  CHECK(examples.size() >= 9);  // of the README, and a page for each device
  for (const Example& example : examples) {
    const Ended ended = gridtap("check " + gridtap.write("example.yaml", example.text));
    CHECK_MESSAGE(ended.status == 0, example.where << ": " << ended.out << ended.err);
  }
}
