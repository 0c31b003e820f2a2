// Users' patterns: named groups, linear time, bytes as characters.
#include "codec/pattern.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gridtap;

namespace {

Pattern made(std::string_view text) {
  auto pattern = Pattern::make(text);
  REQUIRE(pattern);
  return *std::move(pattern);
}

std::string groups(const std::optional<Pattern::Match>& match) {
  if (!match) return "none";
  std::string out = std::to_string(match->begin) + '-' + std::to_string(match->end);
  for (const auto& [name, text] : match->groups) (((out += ' ') += name) += '=') += text;
  return out;
}

}  // namespace

TEST_CASE("pattern: what could take for ever, or holds what RE2 does not know, is refused") {
  for (const char* bad :
       {"(", "(a)\\1", "(?=a)", "(((a{1,500}){1,500}){1,500})", "[z-a]", "((a{100}){100}){100}"}) {
    CAPTURE(bad);
    const auto pattern = Pattern::make(bad);
    REQUIRE_FALSE(pattern);
    CHECK(pattern.error().detail != "");
  }
  CHECK_FALSE(Pattern::make(std::string(99, '(') + std::string(99, ')')));
}

TEST_CASE("pattern: a hostile text costs time in proportion to it, and no more") {
  const Pattern pattern = made("(a+)+$|(a|aa)+b");
  CHECK(groups(pattern.search(std::string(100'000, 'a') + 'c')) == "none");
}

TEST_CASE("pattern: named groups that took part are returned, with the place of the match") {
  const Pattern pattern = made("L:(?P<light>[0-9]+)(;T:(?P<temperature>[0-9.]+))?;");
  CHECK(groups(pattern.search("xxL:141;T:27.6;yy")) == "2-15 light=141 temperature=27.6");
  CHECK(groups(pattern.search("L:141;H")) == "0-6 light=141");
  CHECK(groups(pattern.search("L:;")) == "none");
}

TEST_CASE("pattern: the whole text has to match if that is required") {
  const Pattern pattern = made("[0-5][0-9]");
  CHECK(groups(pattern.match_whole("57")) == "0-2");
  CHECK(groups(pattern.match_whole("577")) == "none");
  CHECK(groups(pattern.search("a577")) == "1-3");
}

TEST_CASE("pattern: bytes are characters, whatever they are") {
  const Pattern pattern = made("(?P<v>[0-9])\xB0");
  CHECK(groups(pattern.search("\xFF\n7\xB0")) == "2-4 v=7");
}
