#include "config/yaml_config.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace gridtap;
using namespace gridtap::config;

namespace {

std::optional<std::string> variable(const std::string& name) {
  if (name == "PORT") return "1883";
  if (name == "WORD") return "on";
  if (name == "MAP") return "{a: 1}";
  if (name == "NOTHING") return "";
  if (name == "QUOTE") return "\"x\" # y";
  if (name == "LINES") return "hunter2\n";
  if (name == "BYTES") return "hunter2\xff";
  if (name == "LONG") return std::string(5000, 'x');
  return {};
}

struct Loaded {
  std::optional<Setting> root;
  std::string problems;  // one a line
};

Loaded load(std::string_view text) {
  Loaded loaded;
  Problems problems;
  loaded.root = parse_yaml(text, variable, problems);
  for (const Problem& problem : problems) loaded.problems += to_text(problem, "F") + '\n';
  return loaded;
}

// The tree in one line: keys, values, their places, `"` before a quoted value, `$` before one of
// the environment, `!` before a refused one.
void append(std::string& out, const Setting& setting, bool places) {
  if (setting.refused) out += '!';
  if (setting.kind == Setting::Kind::null) out += '~';
  if (setting.kind == Setting::Kind::scalar) {
    out += (setting.substituted ? "$" : setting.quoted ? "\"" : "") + setting.text;
  }
  if (places) {
    out += '@' + std::to_string(setting.place.line) + ':' + std::to_string(setting.place.column);
  }
  if (setting.kind != Setting::Kind::list && setting.kind != Setting::Kind::map) return;
  out += setting.kind == Setting::Kind::list ? '[' : '{';
  for (std::size_t n = 0; n < setting.members.size(); ++n) {
    if (n > 0) out += ' ';
    if (setting.kind == Setting::Kind::map) {
      out += setting.members[n].key;
      if (places) {
        out += '@' + std::to_string(setting.key_places[n].line) + ':' +
               std::to_string(setting.key_places[n].column);
      }
      out += '=';
    }
    append(out, setting.members[n].value, places);
  }
  out += setting.kind == Setting::Kind::list ? ']' : '}';
}

std::string tree(std::string_view text) {
  const Loaded loaded = load(text);
  CHECK(loaded.problems == "");
  if (!loaded.root) return "nothing";
  std::string out;
  append(out, *loaded.root, false);
  return out;
}

std::string tree_with_places(std::string_view text) {
  const Loaded loaded = load(text);
  REQUIRE(loaded.root);
  std::string out;
  append(out, *loaded.root, true);
  return out;
}

// What is said of a text that gives no tree.
std::string refused(std::string_view text) {
  const Loaded loaded = load(text);
  CHECK_FALSE(loaded.root);
  return loaded.problems;
}

// What is said of a text that still gives a tree, for the sections to find more.
std::string said(std::string_view text) {
  const Loaded loaded = load(text);
  CHECK(loaded.root);
  return loaded.problems;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t n = 0; n < times; ++n) out += text;
  return out;
}

}  // namespace

TEST_CASE("yaml: maps, lists and values become a tree") {
  CHECK(tree("base: gridtap\nmqtt: {host: localhost, port: 1883}\nlist: [1, b]\n") ==
        "{base=gridtap mqtt={host=localhost port=1883} list=[1 b]}");
  CHECK(tree("devices:\n  meter:\n    adapter: p1\n") == "{devices={meter={adapter=p1}}}");
  CHECK(tree("list:\n- a\n- b: 1\n  c: 2\n") == "{list=[a {b=1 c=2}]}");
  CHECK(tree("{}") == "{}");
  CHECK(tree("---\na: 1\n...\n") == "{a=1}");
  CHECK(tree("# a comment\na: 1 # another\n") == "{a=1}");
}

TEST_CASE("yaml: a value stays the text it is, whatever YAML might take it for") {
  CHECK(tree("a: 010\nb: NO\nc: 1:30\nd: .inf\ne: 1e3\nf: 0x1F\ng: yes\n") ==
        "{a=010 b=NO c=1:30 d=.inf e=1e3 f=0x1F g=yes}");
  CHECK(tree("no: 1\n010: 2\n") == "{no=1 010=2}");
}

TEST_CASE("yaml: a value in quotes is marked, and one without is not") {
  CHECK(tree("a: \"off\"\nb: 'off'\nc: off\nd: \"\"\ne: |\n  x\nf: ''\n") ==
        "{a=\"off b=\"off c=off d=\" e=\"x\n f=\"}");
}

TEST_CASE("yaml: a key without a value has none") {
  CHECK(tree("a:\nb: ~\nc: null\nd: \"null\"\n") == "{a=~ b=~ c=~ d=\"null}");
}

TEST_CASE("yaml: each key and each value knows its line and column") {
  CHECK(tree_with_places("a: 1\nb:\n  c: [x, 'y']\n") ==
        "@1:1{a@1:1=1@1:4 b@2:1=@3:3{c@3:3=@3:6[x@3:7 \"y@3:10]}}");
  CHECK(tree_with_places("# first\n\nlonger:   x\n") == "@3:1{longer@3:1=x@3:11}");
}

TEST_CASE("yaml: a byte order mark and line ends of Windows change nothing") {
  CHECK(tree_with_places("\xEF\xBB\xBF"
                         "a: 1\r\nb:\r\n  c: x\r\n") ==
        "@1:1{a@1:1=1@1:4 b@2:1=@3:3{c@3:3=x@3:6}}");
}

TEST_CASE("yaml: text of other languages is text") {
  CHECK(tree("name: Måler på låven 日本 😀\n") == "{name=Måler på låven 日本 😀}");
}

TEST_CASE("yaml: an empty file configures nothing, and this is reported") {
  for (const char* text : {"", "\n", "# only a comment\n", "   \n\n", "\xEF\xBB\xBF"}) {
    CHECK(refused(text) == "F:1:1: the file is empty: nothing is configured\n");
  }
  for (const char* text : {"---\n", "~\n", "null\n"}) {
    CHECK(refused(text).find("the file is empty: nothing is configured\n") != std::string::npos);
  }
}

TEST_CASE("yaml: a file that is no map is refused") {
  CHECK(refused("just words\n") == "F:1:1: expected settings as `key: value`\n");
  CHECK(refused("\n- a\n- b\n") == "F:2:1: expected settings as `key: value`\n");
}

TEST_CASE("yaml: a duplicate key is refused at its second place") {
  CHECK(said("base: a\nmqtt: {host: x}\nbase: b\n") ==
        "F:3:1: base: this key is here twice, first in line 1\n");
  CHECK(said("devices:\n  meter: {line: a}\n  other: {line: a}\n  meter:\n    line: b\n") ==
        "F:4:3: devices.meter: this key is here twice, first in line 2\n");
  CHECK(said("{a: 1, \"a\": 2, a: 3}\n") ==
        "F:1:8: a: this key is here twice, first in line 1\n"
        "F:1:16: a: this key is here twice, first in line 1\n");
}

TEST_CASE("yaml: the first value of a duplicate key is kept") {
  const Loaded loaded = load("a: 1\nb: 2\na: [3, 4]\nc: 5\n");
  REQUIRE(loaded.root);
  std::string out;
  append(out, *loaded.root, false);
  CHECK(out == "{a=1 b=2 c=5}");
}

TEST_CASE("yaml: what other tools expand is refused by name") {
  CHECK(said("a: &x 1\n") == "F:1:4: a: anchors (&name) are not supported: write the value out\n");
  CHECK(said("a: &x {b: 1}\nc: *x\n") ==
        "F:1:4: a: anchors (&name) are not supported: write the value out\n"
        "F:2:4: c: aliases (*name) are not supported: write the value out\n");
  CHECK(said("a:\n  <<: {b: 1}\n") ==
        "F:2:3: a.<<: merge keys (<<) are not supported: write the values out\n");
  CHECK(said("a: !!int 5\n") ==
        "F:1:4: a: tags (tag:yaml.org,2002:int) are not supported: leave it out\n");
  CHECK(said("a: !secret password\nb: !x [1]\n") ==
        "F:1:4: a: tags (!secret) are not supported: leave it out\n"
        "F:2:4: b: tags (!x) are not supported: leave it out\n");
  // yaml-cpp 0.8 of Debian 13 says which anchor, 0.7 does not.
  const std::string unknown = refused("a: *nobody\n");
  CHECK(unknown.starts_with("F:1:4: cannot be read as YAML (the referenced anchor is not defined"));
  CHECK(unknown.ends_with("): look at the indentation, colons and quotes\n"));
}

TEST_CASE("yaml: a second document is refused, and the first still read") {
  CHECK(said("a: 1\n---\nb: 2\n") ==
        "F:2:1: a second document (---) begins: one file, one document\n");
}

TEST_CASE("yaml: a key is a single word") {
  const std::string text = "a key must be a single word\n";
  CHECK(said("? [a, b]\n: 1\nc: 2\n") == "F:1:3: " + text);
  CHECK(said("? {a: 1}\n: {x: 1}\nc: 2\n") == "F:1:3: " + text);
  CHECK(said("\"\": 1\n") == "F:1:1: " + text);
  CHECK(said("\"a\\0b\": 1\n") == "F:1:1: a b: " + text);
  CHECK(said("~: 1\n") == "F:1:1: " + text);
  CHECK(said("? " + std::string(129, 'k') + "\n: 1\n") ==
        "F:1:3: a key of more than 128 characters\n");
}

TEST_CASE("yaml: problems beside good settings are all found in one pass") {
  CHECK(said("a: &x 1\nb: 2\nb: 3\nc: ${NOBODY}\nd: !t 4\n") ==
        "F:1:4: a: anchors (&name) are not supported: write the value out\n"
        "F:3:1: b: this key is here twice, first in line 2\n"
        "F:4:4: c: the environment has no variable NOBODY\n"
        "F:5:4: d: tags (!t) are not supported: leave it out\n");
}

TEST_CASE("yaml: a syntax error that is no known slip is reported with its line and a hint") {
  const std::string look = "): look at the indentation, colons and quotes\n";
  CHECK(refused("a: [1, 2\n").find("cannot be read as YAML (end of sequence") != std::string::npos);
  CHECK(refused("a: {b: 1\nc: 2\n").starts_with("F:2:2: cannot be read as YAML ("));
  CHECK(refused("%YAML 9.1\n---\na: 1\n").find("cannot be read as YAML") != std::string::npos);
  CHECK(refused("a: }\n").ends_with(look));
}

TEST_CASE("yaml: tabs, controls and bytes that are no UTF-8 are found first, each in its line") {
  const std::string tab = "a tab in the indentation: use spaces\n";
  CHECK(refused("a:\n\tb: 1\n\tc: 2\n") == "F:2:1: " + tab + "F:3:1: " + tab);
  CHECK(refused("a:\n  \tb: 1\n") == "F:2:3: " + tab);
  CHECK(refused(std::string("a: \0\n", 5)) ==
        "F:1:4: a control character: not a plain text file\n");
  CHECK(refused("a: 1\nb: \x1b[31m\n") == "F:2:4: a control character: not a plain text file\n");
  CHECK(refused("a: 1\rb: 2\r") == "F:1:5: a control character: not a plain text file\n");
  CHECK(refused("a: \x7f\n") == "F:1:4: a control character: not a plain text file\n");
  CHECK(refused("a: m\xe5ler\n") == "F:1:5: not UTF-8: save the file as UTF-8\n");
  CHECK(tree("a: x\t# a tab between words\n") == "{a=x}");
}

TEST_CASE("yaml: UTF-16 is one problem, with a mark in front or without") {
  const std::string text = "F:1:1: this is UTF-16: save the file as UTF-8\n";
  std::string little = "\xff\xfe", big = "\xfe\xff";
  for (const char c : std::string("base: x\nmqtt:\n  host: y\n")) {
    little += {c, '\0'};
    big += {'\0', c};
  }
  for (const std::string& file : {little, big, little.substr(2), big.substr(2)}) {
    CHECK(refused(file) == text);
  }
  CHECK(refused(std::string("a: \0\0\n", 6)).starts_with("F:1:4: a control character"));
}

TEST_CASE("yaml: an escape in quotes cannot smuggle a control character in") {
  CHECK(said("a: \"b\\0c\"\n") == "F:1:4: a: a control character in the value\n");
  CHECK(said("a: \"\\e[2J\"\n") == "F:1:4: a: a control character in the value\n");
  CHECK(tree("a: \"b\\tc\\nd\"\n") == "{a=\"b\tc\nd}");
}

TEST_CASE("yaml: a value is taken from the environment as plain text, never as YAML") {
  CHECK(tree("port: ${PORT}\n") == "{port=$1883}");
  CHECK(tree("a: \"${PORT}\"\nb: '${WORD}'\nc: [\"${PORT}\", 2]\n") ==
        "{a=$1883 b=$on c=[$1883 2]}");
  CHECK(tree("a: ${MAP}\n") == "{a=${a: 1}}");
  CHECK(tree("a: ${QUOTE}\n") == "{a=$\"x\" # y}");
  CHECK(tree("a: ${NOTHING}\n") == "{a=$}");
  CHECK(tree("${PORT}: $PORT\n") == "{${PORT}=$PORT}");
}

TEST_CASE("yaml: a variable that cannot be used is named, its value never") {
  CHECK(said("mqtt: {port: \"${NOBODY}\"}\n") ==
        "F:1:14: mqtt.port: the environment has no variable NOBODY\n");
  CHECK(said("a: ${LINES}\n") ==
        "F:1:4: a: the environment variable LINES contains a line end, a control character or "
        "invalid "
        "UTF-8\n");
  CHECK(said("a: ${BYTES}\n").find("hunter2") == std::string::npos);
  CHECK(said("a: ${LONG}\n") == "F:1:4: a: the environment variable LONG is too long\n");
  const std::string whole = "only a whole value comes from the environment: ${NAME} alone\n";
  for (const char* text : {"x${PORT}", "${PORT}x", "${PORT}${PORT}", "${}", "${PO RT}", "${1A}",
                           "'${PORT'", "${PORT:-1883}", "$${PORT}"}) {
    CHECK(said("a: " + std::string(text) + "\n") == "F:1:4: a: " + whole);
  }
}

TEST_CASE("yaml: a variable in brackets without quotes is a syntax error, with a hint") {
  CHECK(refused("a: [${PORT}]\n").find("within [ ] and { }, write \"${NAME}\" in quotes\n") !=
        std::string::npos);
}

TEST_CASE("yaml: a value that is a problem already is marked for the sections") {
  const Loaded loaded = load("a: ${NOBODY}\nb: &x 1\nc: *x\nd: !t {e: 1}\n");
  REQUIRE(loaded.root);
  std::string out;
  append(out, *loaded.root, false);
  CHECK(out == "{a=!$ b=1 c=!~ d=!{e=1}}");
}

TEST_CASE("yaml: sixteen levels may be in each other, and no more") {
  const auto nested = [](std::size_t levels) {
    std::string text;
    for (std::size_t n = 0; n < levels; ++n) text += std::string(2 * n, ' ') + "a:\n";
    return text;
  };
  CHECK(load(nested(16)).problems == "");
  const std::string text = "nested too deep: at most 16 levels\n";
  CHECK(refused(nested(17)).ends_with(text));
  CHECK(refused(nested(500)).ends_with(text));
  CHECK(load("a: " + repeated("[ ", 15) + repeated("]", 15)).problems == "");
  for (const char* bomb : {"[", "{", "[ ", "[{", "- ", "? ", "{a: ", "[a, ", "[\n"}) {
    const std::string said = refused(repeated(bomb, 20'000) + "x");
    CHECK_MESSAGE(said.find("nested too deep") != said.npos, bomb, said);
  }
  CHECK(refused("a: " + repeated("[", 200'000)) == "F:1:20: " + text);
}

TEST_CASE("yaml: ten thousand keys and values are the limit") {
  const auto list = [](std::size_t count) { return "a: [" + repeated("1, ", count) + "1]\n"; };
  CHECK(load(list(9'990)).problems == "");
  CHECK(refused(list(10'000)).ends_with("a: more than 10000 settings\n"));
}

TEST_CASE("yaml: a flood of problems ends with a word about the rest") {
  const std::string problems = refused("a: [" + repeated("&a 1, ", 4'000) + "1]\n");
  CHECK(problems.ends_with("too many problems: what follows is not read\n"));
  CHECK(problems.size() < 20'000);
}

TEST_CASE("yaml: an alias bomb stays as small as its text") {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int n = 1; n < 9; ++n) {
    const std::string before = "*a" + std::to_string(n - 1);
    text += 'a' + std::to_string(n) + ": &a" + std::to_string(n) + " [" +
            repeated(before + ", ", 9) + before + "]\n";
  }
  CHECK(said(text).find("a8: aliases (*name) are not supported") != std::string::npos);
}
