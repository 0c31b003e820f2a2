// What is built in is what lies in lib/web/page, in both forms, small enough, and without anything
// that the content policy of the site forbids.
#include "web/page_files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <string_view>

#include "support/command_line.hpp"
#include "support/scratch.hpp"

using namespace gridtap;
using namespace gridtap::web;

namespace {

const std::string folder = GRIDTAP_SOURCE_DIR "/lib/web/page/";

const PageFile& file(std::string_view path) {
  static constexpr PageFile none{};
  for (const PageFile& one : page_files()) {
    if (one.path == path) return one;
  }
  return none;
}

std::string unpacked_by_gzip(std::string_view packed) {
  const Scratch scratch;
  std::ofstream(scratch / "in", std::ios::binary) << packed;
  const std::string call = "gzip -dc <" + (scratch / "in") + " >" + (scratch / "out");
  return std::system(call.c_str()) == 0 ? content(scratch / "out") : "not gzip";
}

// What a browser gets of it.
const std::string& plain(const PageFile& one) {
  static std::map<std::string_view, std::string> known;
  const auto found = known.find(one.path);
  if (found != known.end()) return found->second;
  return known.emplace(one.path, unpacked_by_gzip(one.packed)).first->second;
}
const std::string& plain(std::string_view path) { return plain(file(path)); }

// All that matches the first group of `pattern`.
std::set<std::string> found(std::string_view text, const char* pattern) {
  const std::string all(text);
  const std::regex regex(pattern);
  std::set<std::string> out;
  for (std::sregex_iterator at(all.begin(), all.end(), regex), end; at != end; ++at) {
    out.insert((*at)[1]);
  }
  return out;
}

}  // namespace

TEST_CASE("the page is built in as it lies in its folder") {
  for (const char* path : {"index.html", "app.js", "live.js", "parts.js", "history.js", "bars.js",
                           "icon.svg", "icon.png", "manifest.json"}) {
    CAPTURE(path);
    CHECK(plain(path) == content(folder + path));
  }
}

TEST_CASE("the foreign script and its style are joined to ours, each behind one address") {
  CHECK(plain("chart.js") == content(folder + "vendor/uplot.js") + content(folder + "chart.js"));
  CHECK(plain("style.css") == content(folder + "vendor/uplot.css") + content(folder + "style.css"));
}

TEST_CASE("every file of the folder is built in, but for what builds it and the licence") {
  std::set<std::string> joined;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() == ".cmake") continue;
    if (entry.path().extension() == ".LICENSE" || entry.path().extension() == ".sha256") continue;
    const std::string text = content(entry.path());
    bool there = false;
    for (const PageFile& one : page_files()) there |= plain(one).find(text) != std::string::npos;
    CHECK_MESSAGE(there, entry.path().string());
  }
}

TEST_CASE("each file but the picture is smaller than it was") {
  for (const PageFile& one : page_files()) {
    CAPTURE(one.path);
    if (one.type != "image/png") CHECK(one.packed.size() < plain(one).size());
  }
}

TEST_CASE("a packed file holds no time, so that equal sources make equal programs") {
  for (const PageFile& one : page_files()) CHECK(one.packed.substr(4, 4) == std::string(4, '\0'));
}

TEST_CASE("tags tell the files apart and need no quoting") {
  std::set<std::string_view> tags;
  for (const PageFile& one : page_files()) {
    CHECK(one.etag.size() == 16);
    CHECK(one.etag.find_first_not_of("0123456789abcdef") == one.etag.npos);
    tags.insert(one.etag);
  }
  CHECK(tags.size() == page_files().size());
}

TEST_CASE("types are those that browsers accept with nosniff") {
  CHECK(file("index.html").type == "text/html; charset=utf-8");
  CHECK(file("style.css").type == "text/css; charset=utf-8");
  CHECK(file("app.js").type == "text/javascript; charset=utf-8");
  CHECK(file("icon.svg").type == "image/svg+xml");
  CHECK(file("manifest.json").type == "application/manifest+json");
}

TEST_CASE("the first view is at most 75 kB in 6 requests") {
  auto asked = found(plain("index.html"), R"re((?:href|src)="([a-z]+\.(?:css|js))")re");
  asked.insert("index.html");
  for (const std::string& path : std::set<std::string>(asked)) {
    asked.merge(found(plain(path), R"re(from "\./([a-z]+\.js)")re"));
  }
  CHECK(asked.size() <= 6);
  std::size_t all = 0;
  for (const PageFile& one : page_files()) all += one.packed.size();
  CHECK(all <= 75'000);
  for (const std::string& path : asked) CHECK_MESSAGE(!plain(path).empty(), path);
}

TEST_CASE("the foreign files are those that were chosen, with their licence") {
  const std::string call =
      "cd " + folder + "vendor && sha256sum --check --strict --quiet uplot.sha256";
  CHECK(std::system(call.c_str()) == 0);
  CHECK(content(folder + "vendor/uplot.js").find("uPlot (v1.6.32)") != std::string::npos);
  CHECK(content(folder + "vendor/uplot.LICENSE").find("The MIT License") == 0);
}

TEST_CASE("nothing needs what the content policy forbids: inline scripts, styles and handlers") {
  const std::string_view html = plain("index.html");
  CHECK(found(html, R"re(<script([^>]*)>[^<])re").empty());
  CHECK(found(html, R"re((<style|\sstyle=|\son[a-z]+=))re").empty());
  for (const PageFile& one : page_files()) {
    CAPTURE(one.path);
    CHECK(found(plain(one), R"re((\beval\(|new Function|javascript:|setAttribute\("style))re")
              .empty());
  }
}

TEST_CASE("every address is relative, and none is of another host") {
  for (const PageFile& one : page_files()) {
    CAPTURE(one.path);
    CHECK(found(plain(one), R"re((?:href|src)=("/|"//|"https?:))re").empty());
    CHECK(found(plain(one), R"re(((?:fetch|EventSource|Json)\("/))re").empty());
    CHECK(found(plain(one), R"re((url\((?!#)|@import))re").empty());
  }
}

TEST_CASE("what a wire says becomes text only: our scripts write no HTML") {
  for (const char* path : {"app.js", "live.js", "parts.js", "history.js", "bars.js"}) {
    CHECK(
        found(plain(path), R"re((innerHTML|outerHTML|insertAdjacent|document\.write))re").empty());
  }
  CHECK(content(folder + "chart.js").find("HTML") == std::string::npos);
}

TEST_CASE("every text is there in all six languages, and each that the page names") {
  const std::string parts(plain("parts.js"));
  const std::string table = parts.substr(0, parts.find("let column"));
  const std::regex row(R"re(\n  ([a-z_]+): \[([^\n]*)\],)re");
  std::set<std::string> there;
  for (std::sregex_iterator at(table.begin(), table.end(), row), end; at != end; ++at) {
    there.insert((*at)[1]);
    const std::string texts = (*at)[2];
    const std::regex quoted(R"re("[^"]+")re");
    CHECK_MESSAGE(std::distance(std::sregex_iterator(texts.begin(), texts.end(), quoted),
                                std::sregex_iterator()) == 6,
                  (*at)[1].str());
  }
  auto named = found(plain("index.html"), R"re(data-t="([a-z_]+)")re");
  for (const char* path : {"app.js", "parts.js", "chart.js", "history.js"}) {
    named.merge(found(content(folder + path), R"re(\bt\("([a-z_]+)")re"));
  }
  for (const std::string& key : named) CHECK_MESSAGE(there.count(key) == 1, key);
}

TEST_CASE("each script is short enough to be read") {
  for (const char* path : {"app.js", "live.js", "parts.js", "chart.js", "history.js", "bars.js",
                           "style.css", "index.html"}) {
    const std::string text = content(folder + path);
    CAPTURE(path);
    CHECK(std::count(text.begin(), text.end(), '\n') <= 400);
  }
}
