// The page of the report: its words in each language, and that style and scripts agree about names.
#include "history/report_page.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

using namespace gridtap::history;

namespace {

std::string page() {
  std::string text;
  for (const ReportPiece& piece : report_pieces()) text += piece.text;
  return text;
}

std::set<std::string> found(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> out;
  for (std::sregex_iterator it(text.begin(), text.end(), regex), end; it != end; ++it) {
    out.insert((*it)[1]);
  }
  return out;
}

// The rows `key: ["…", …],` of the words.
std::map<std::string, std::vector<std::string>> words() {
  static const std::regex row(R"((\w+): \[("[^\n]*")\],)"), text(R"re("([^"]*)")re");
  const std::string all = page();
  const std::size_t begin = all.find("const texts = {");
  const std::string table = all.substr(begin, all.find("};", begin) - begin);
  std::map<std::string, std::vector<std::string>> out;
  for (std::sregex_iterator it(table.begin(), table.end(), row), end; it != end; ++it) {
    const std::string texts = (*it)[2];
    for (std::sregex_iterator each(texts.begin(), texts.end(), text); each != end; ++each) {
      out[(*it)[1]].push_back((*each)[1]);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("report page: each word stands in six languages, with the same places to fill") {
  const auto all = words();
  CHECK(all.size() > 40);
  for (const auto& [key, texts] : all) {
    CHECK_MESSAGE(texts.size() == 6, key);
    const std::set<std::string> places = found(texts[0], R"((\{\d\}))");
    for (const std::string& text : texts) {
      CHECK_MESSAGE(!text.empty(), key);
      CHECK_MESSAGE(found(text, R"((\{\d\}))") == places, text);
    }
  }
}

TEST_CASE("report page: each word that is asked for is there, and none is left over") {
  const std::string all = page();
  const auto texts = words();
  for (const std::string& key : found(all, R"re([^\w.]t\("(\w+)")re")) {
    CHECK_MESSAGE(texts.count(key) == 1, key);
  }
  for (const auto& [key, _] : texts) {
    CHECK_MESSAGE(all.find('"' + key + '"') != std::string::npos, key);
  }
}

TEST_CASE("report page: each colour of the style is set, in light and in dark") {
  const std::string all = page();
  std::map<std::string, int> set;
  const std::regex assignment(R"((--[\w-]+): #)");
  for (std::sregex_iterator it(all.begin(), all.end(), assignment), end; it != end; ++it) {
    ++set[(*it)[1]];
  }
  CHECK(set.size() > 15);
  for (const auto& [name, times] : set) CHECK_MESSAGE(times == 2, name);
  for (const std::string& name : found(all, R"(var\((--[\w-]+)\))")) {
    CHECK_MESSAGE(
        (set.count(name) == 1 || all.find(name + ": ${") != std::string::npos || name == "--its"),
        name);
  }
}

TEST_CASE("report page: what the scripts look for in the page is in it") {
  const std::string all = page();
  const auto asked = found(all, R"re(getElementById\("(\w+)"\))re");
  CHECK(asked.size() == 5);
  for (const std::string& id : asked) {
    CHECK_MESSAGE(all.find("id=\"" + id + '"') != std::string::npos, id);
  }
}

TEST_CASE("report page: no comment and no indentation is carried along, and no piece is too long") {
  for (const ReportPiece& piece : report_pieces()) {
    CHECK(piece.text.size() < 65'536);
    CHECK(piece.text.find("\n//") == std::string_view::npos);
    CHECK(piece.text.find("\n/*") == std::string_view::npos);
    CHECK(piece.text.find("\n ") == std::string_view::npos);
  }
}
