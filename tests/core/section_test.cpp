#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/section.hpp"
#include "support/settings.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// What a read says of one value under `key`, without the place in front.
template <class Read>
std::string said(const Setting& value, Read read) {
  SectionRig rig({{"key", value}});
  Section section = rig.section();
  read(section);
  std::string text = rig.problems();
  const std::string place = "FILE:1:9: key: ";
  if (text.empty()) return "good";
  CHECK(text.starts_with(place));
  CHECK(text.find('\n') == text.size() - 1);
  return text.substr(place.size(), text.size() - place.size() - 1);
}

std::string said_of_integer(const Setting& value) {
  return said(value, [](Section& section) { CHECK(section.integer("key", 7, 1, 65535) == 7); });
}
std::string said_of_text(const Setting& value) {
  return said(value, [](Section& section) { section.text("key"); });
}
std::string said_of_flag(const Setting& value) {
  return said(value, [](Section& section) { CHECK(section.flag("key", true)); });
}
std::string said_of_duration(const Setting& value) {
  return said(value, [](Section& section) { CHECK(section.duration("key", 10s, 1s, 24h) == 10s); });
}
std::string said_of_choice(const Setting& value) {
  return said(value, [](Section& section) {
    section.choice("key", {"device", "entity", "off"}, "device");
  });
}
std::string said_of_number(const Setting& value) {
  return said(value, [](Section& section) { CHECK_FALSE(section.number("key")); });
}

Setting null() { return {}; }

}  // namespace

TEST_CASE("section: a missing key gives its default and is no problem") {
  SectionRig rig(std::vector<Member>{});
  Section section = rig.section();
  CHECK(section.text("a", "gridtap") == "gridtap");
  CHECK(section.integer("b", 1883, 1, 65535) == 1883);
  CHECK_FALSE(section.number("c"));
  CHECK(section.flag("d", true));
  CHECK(section.duration("e", 10s, 0s, 1h) == 10s);
  CHECK(section.offset("f", -30min, 14h) == -30min);
  CHECK(section.choice("g", {"device", "entity"}, "device") == "device");
  CHECK(section.texts("h").empty());
  CHECK(section.integers("i", 0, 9).empty());
  CHECK_FALSE(section.key_bytes("j"));
  CHECK(section.section("k").names().empty());
  CHECK_FALSE(section.has("a"));
  section.finish();
  CHECK(rig.problems() == "");
}

TEST_CASE("section: a valid value of each type is read as written") {
  SectionRig rig({{"text", plain("House meter")},
                  {"five", plain("5")},
                  {"no", in_quotes("NO")},
                  {"port", plain("8883")},
                  {"least", plain("-12")},
                  {"factor", plain("0.50")},
                  {"flag", plain("false")},
                  {"wait", plain("500ms")},
                  {"zone", plain("-30min")},
                  {"mode", in_quotes("off")},
                  {"units", list_of({plain("1"), plain("126")})}});
  Section section = rig.section();
  CHECK(section.text("text") == "House meter");
  CHECK(section.text("five") == "5");
  CHECK(section.text("no") == "NO");
  CHECK(section.integer("port", 1883, 1, 65535) == 8883);
  CHECK(section.integer("least", 0, -12, 12) == -12);
  CHECK(to_text(section.number("factor").value()) == "0.50");
  CHECK_FALSE(section.flag("flag", true));
  CHECK(section.duration("wait", 10s, 0s, 1h) == 500ms);
  CHECK(section.offset("zone", 0s, 14h) == -30min);
  CHECK(section.choice("mode", {"device", "off"}, "device") == "off");
  CHECK(section.integers("units", 1, 247) == std::vector<std::int64_t>{1, 126});
  section.finish();
  CHECK(rig.problems() == "");
}

TEST_CASE("section: a whole number in another form is refused with the form to write") {
  const std::vector<std::pair<Setting, std::string>> bad = {
      {plain("010"), "expected a whole number, found `010`: write 10"},
      {plain("0x10"), "expected a whole number, found `0x10`: write 16"},
      {plain("1e3"), "expected a whole number, found `1e3`: write 1000"},
      {plain("1_000"), "expected a whole number, found `1_000`: write 1000"},
      {plain("+5"), "expected a whole number, found `+5`: write 5"},
      {plain("1:30"), "expected a whole number, found `1:30`"},
      {plain("0o17"), "expected a whole number, found `0o17`"},
      {plain("1.5"), "expected a whole number, found `1.5`"},
      {plain("-"), "expected a whole number, found `-`"},
      {plain(""), "expected a whole number, found ``"},
      {plain("12 34"), "expected a whole number, found `12 34`"},
      {plain("99999999999999999999"), "expected a whole number, found `99999999999999999999`"},
      {plain("1e99"), "expected a whole number, found `1e99`"},
      {plain("0x"), "expected a whole number, found `0x`"},
      {in_quotes("1883"), "expected a number: remove the quotes"},
      {in_quotes("x"), "expected a whole number, found `x`"},
      {plain("0"), "must be from 1 to 65535, found `0`"},
      {plain("65536"), "must be from 1 to 65535, found `65536`"},
      {list_of({plain("1")}), "expected a whole number, found a list"},
      {map_of({}), "expected a whole number, found a group of settings"},
  };
  for (const auto& [value, text] : bad) CHECK(said_of_integer(value) == text);
}

TEST_CASE("section: a number is plain decimal notation") {
  const std::vector<std::pair<Setting, std::string>> bad = {
      {plain("1e3"), "expected a plain decimal number such as 0.5, found `1e3`: write 1000"},
      {plain("25e-1"), "expected a plain decimal number such as 0.5, found `25e-1`: write 2.5"},
      {plain("1,5"), "expected a plain decimal number such as 0.5, found `1,5`"},
      {plain(".inf"), "expected a plain decimal number such as 0.5, found `.inf`"},
      {plain(".5"), "expected a plain decimal number such as 0.5, found `.5`"},
      {in_quotes("0.5"), "expected a number: remove the quotes"},
  };
  for (const auto& [value, text] : bad) CHECK(said_of_number(value) == text);
}

TEST_CASE("section: a flag is true or false and nothing else") {
  const std::vector<std::pair<Setting, std::string>> bad = {
      {plain("yes"), "write true or false, found `yes` (did you mean `true`?)"},
      {plain("on"), "write true or false, found `on` (did you mean `true`?)"},
      {plain("True"), "write true or false, found `True` (did you mean `true`?)"},
      {plain("NO"), "write true or false, found `NO` (did you mean `false`?)"},
      {plain("0"), "write true or false, found `0` (did you mean `false`?)"},
      {plain("maybe"), "write true or false, found `maybe`"},
      {in_quotes("true"), "write true or false, found `true` in quotes (did you mean `true`?)"},
  };
  for (const auto& [value, text] : bad) CHECK(said_of_flag(value) == text);
}

TEST_CASE("section: a plain text that YAML readers disagree about wants quotes") {
  for (const char* text : {"NO", "no", "Yes", "y", "off", "On", "true", "FALSE", "010", "0x1F",
                           "1:30", "12:34:56", "1e3", "-1e3", "1_000", ".inf", "-.INF", ".nan"}) {
    CHECK(said_of_text(plain(text)) == '`' + std::string(text) +
                                           "` has two meanings in YAML: put it in quotes, \"" +
                                           text + '"');
    CHECK(said_of_text(in_quotes(text)) == "good");
    CHECK(said_of_text(from_environment(text)) == "good");
  }
}

TEST_CASE("section: unambiguous plain texts need no quotes") {
  for (const char* text :
       {"5", "-5", "0", "0.5", "1.2.3", "192.168.1.50", "115200 8N1", "node", "Europe/Oslo",
        "tcp://10.0.0.2:2000", "5 kW", "e3", "1st", "", "-", "2026-11-20", "0x", "+", "a:1:30"}) {
    CHECK(said_of_text(plain(text)) == "good");
  }
}

TEST_CASE("section: a command line has no second reader, so nothing needs quotes there") {
  Setting value = plain("NO");
  Setting map;
  map.kind = Setting::Kind::map;
  map.members.emplace_back("name", value);
  map.key_places.emplace_back();
  SectionRig rig(map);
  CHECK(rig.section().text("name") == "NO");
  CHECK(rig.problems() == "");
}

TEST_CASE("section: a duration names its unit and keeps within its limits") {
  const std::vector<std::pair<Setting, std::string>> bad = {
      {plain("10"), "a duration needs its unit (ms, s, min, h): write 10s"},
      {plain("0"), "a duration needs its unit (ms, s, min, h): write 0s"},
      {plain("10sec"), "expected a duration such as 500ms, 10s, 5min or 2h, found `10sec`"},
      {plain("10 s"), "expected a duration such as 500ms, 10s, 5min or 2h, found `10 s`"},
      {plain("1.5h"), "expected a duration such as 500ms, 10s, 5min or 2h, found `1.5h`"},
      {plain("5m"), "expected a duration such as 500ms, 10s, 5min or 2h, found `5m`"},
      {plain("010s"), "expected a duration such as 500ms, 10s, 5min or 2h, found `010s`"},
      {plain("s"), "expected a duration such as 500ms, 10s, 5min or 2h, found `s`"},
      {plain("0s"), "must be from 1s to 24h, found `0s`"},
      {plain("999ms"), "must be from 1s to 24h, found `999ms`"},
      {plain("-5s"), "must be from 1s to 24h, found `-5s`"},
      {plain("1441min"), "must be from 1s to 24h, found `1441min`"},
      {plain("9223372036854775807h"),
       "expected a duration such as 500ms, 10s, 5min or 2h, found `9223372036854775807h`"},
  };
  for (const auto& [value, text] : bad) CHECK(said_of_duration(value) == text);

  const std::vector<std::pair<std::string, std::chrono::milliseconds>> good = {
      {"1500ms", 1500ms}, {"1s", 1s}, {"90s", 90s}, {"5min", 5min}, {"24h", 24h}};
  for (const auto& [text, length] : good) {
    SectionRig rig({{"key", plain(text)}});
    CHECK(rig.section().duration("key", 7s, 1s, 24h) == length);
    CHECK(rig.problems() == "");
  }
}

TEST_CASE("section: an unlisted word is answered with the list and the nearest of it") {
  const std::vector<std::pair<Setting, std::string>> bad = {
      {plain("devcie"),
       "expected one of device, entity, off, found `devcie` (did you mean `device`?)"},
      {plain("Device"),
       "expected one of device, entity, off, found `Device` (did you mean `device`?)"},
      {plain("everything"), "expected one of device, entity, off, found `everything`"},
      {plain("off"), "`off` has two meanings in YAML: put it in quotes, \"off\""},
      {list_of({}), "expected one of device, entity, off, found a list"},
  };
  for (const auto& [value, text] : bad) CHECK(said_of_choice(value) == text);
  CHECK(said_of_choice(in_quotes("off")) == "good");
  CHECK(said_of_choice(from_environment("off")) == "good");
}

TEST_CASE("section: a key without a value is a problem at the key, whatever was wanted") {
  const std::string text = ", found nothing: write a value or leave the key out\n";
  SectionRig rig({{"key", null()}});
  Section section = rig.section();
  section.text("key");
  CHECK(rig.problems() == "FILE:1:1: key: expected a text" + text);
  section.integer("key", 1, 0, 9);
  CHECK(rig.problems() == "FILE:1:1: key: expected a whole number" + text);
  section.flag("key", true);
  CHECK(rig.problems() == "FILE:1:1: key: expected true or false" + text);
  section.duration("key", 1s, 0s, 1h);
  CHECK(rig.problems() == "FILE:1:1: key: expected a duration" + text);
  section.texts("key");
  CHECK(rig.problems() == "FILE:1:1: key: expected a value or a list of them" + text);
  section.key_bytes("key");
  CHECK(rig.problems() == "FILE:1:1: key: expected the name of a file" + text);
}

TEST_CASE("section: a group without settings is an empty group") {
  SectionRig rig({{"mqtt", null()}});
  CHECK(rig.section().section("mqtt").text("host", "localhost") == "localhost");
  CHECK(rig.problems() == "");
}

TEST_CASE("section: a value where a group belongs is a problem, and the group counts as empty") {
  SectionRig rig({{"mqtt", plain("localhost")}, {"devices", list_of({plain("a")})}});
  Section section = rig.section();
  CHECK(section.section("mqtt").names().empty());
  CHECK(section.section("devices").names().empty());
  CHECK(rig.problems() ==
        "FILE:1:9: mqtt: expected settings as `key: value`, found a single value\n"
        "FILE:2:9: devices: expected settings as `key: value`, found a list\n");
}

TEST_CASE("section: a list may be written as one value, and each bad member has its own place") {
  SectionRig rig({{"one", plain("a b")},
                  {"many", list_of({plain("a"), plain("NO"), list_of({}), plain("c")})},
                  {"units", list_of({plain("1"), plain("0x2"), plain("300")})}});
  Section section = rig.section();
  CHECK(section.texts("one") == std::vector<std::string>{"a b"});
  CHECK(section.texts("many") == std::vector<std::string>{"a", "NO", "c"});
  CHECK(section.integers("units", 1, 247) == std::vector<std::int64_t>{1});
  CHECK(rig.problems() ==
        "FILE:7:3: many: expected single values in this list, found a list\n"
        "FILE:7:2: many: `NO` has two meanings in YAML: put it in quotes, \"NO\"\n"
        "FILE:7:2: units: expected a whole number, found `0x2`: write 2\n"
        "FILE:7:3: units: must be from 1 to 247, found `300`\n");
}

TEST_CASE("section: finish names every unknown key, at its place, with the key that was meant") {
  SectionRig rig({{"hots", plain("localhost")},
                  {"port", plain("1883")},
                  {"Password-File", plain("x")},
                  {"colour", plain("red")}});
  Section section = rig.section();
  section.text("host");
  section.integer("port", 1883, 1, 65535);
  section.text("password_file");
  section.accept("user");
  section.finish();
  CHECK(rig.problems() ==
        "FILE:1:1: hots: unknown key (did you mean `host`?)\n"
        "FILE:3:1: Password-File: unknown key (did you mean `password_file`?)\n"
        "FILE:4:1: colour: unknown key\n");
}

TEST_CASE("section: where not every key can be known, slips of the missing ones are named") {
  SectionRig rig({{"adaptr", plain("p1")},
                  {"lines", plain("x")},
                  {"line", plain("here")},
                  {"factor", plain("2")}});
  Section section = rig.section();
  section.text("adapter");
  section.text("line");
  section.finish_slips();
  CHECK(rig.problems() == "FILE:1:1: adaptr: unknown key (did you mean `adapter`?)\n");
}

TEST_CASE("section: keys of a group are named with the way that leads there") {
  SectionRig rig({{"devices", map_of({{"meter", map_of({{"adaptr", plain("p1")}})}})}});
  Section meter = rig.section().section("devices").section("meter");
  meter.text("adapter");
  meter.problem("", "no `adapter`");
  meter.finish();
  CHECK(meter.path() == "devices.meter");
  CHECK(rig.problems() ==
        "FILE:1:1: devices.meter: no `adapter`\n"
        "FILE:1:1: devices.meter.adaptr: unknown key (did you mean `adapter`?)\n");
}

TEST_CASE("section: a problem of the key itself is reported at the key, empty or not") {
  SectionRig rig({{"Meter", map_of({})}, {"other", null()}});
  Section section = rig.section();
  section.name_problem("Meter", "no capitals");
  section.problem("other", "nothing below it");
  section.name_problem("missing", "not there");
  CHECK(rig.problems() ==
        "FILE:1:1: Meter: no capitals\n"
        "FILE:2:1: other: nothing below it\n"
        "FILE:1:1: missing: not there\n");
}

TEST_CASE("section: the values of a key can be read without being checked") {
  SectionRig rig({{"one", plain("a b")},
                  {"two", list_of({plain("1"), in_quotes("x")})},
                  {"map", map_of({{"a", plain("1")}})}});
  const Section section = rig.section();
  CHECK(section.written("one") == std::vector<std::string>{"a b"});
  CHECK(section.written("two") == std::vector<std::string>{"1", "x"});
  CHECK(section.written("map").empty());
  CHECK(section.written("none").empty());
  CHECK(rig.problems() == "");
}

TEST_CASE("section: one pass finds every problem") {
  SectionRig rig({{"port", plain("0")}, {"tls", plain("on")}, {"usr", plain("x")}});
  Section section = rig.section();
  section.integer("port", 1883, 1, 65535);
  section.flag("tls", false);
  section.text("user");
  section.finish();
  CHECK(rig.problems() ==
        "FILE:1:9: port: must be from 1 to 65535, found `0`\n"
        "FILE:2:9: tls: write true or false, found `on` (did you mean `true`?)\n"
        "FILE:3:1: usr: unknown key (did you mean `user`?)\n");
}

TEST_CASE("section: what is a problem already is not reported again") {
  Setting gone = plain("");
  gone.refused = true;
  SectionRig rig({{"port", gone}, {"mqtt", gone}, {"list", list_of({plain("a"), gone})}});
  Section section = rig.section();
  CHECK(section.integer("port", 1883, 1, 65535) == 1883);
  CHECK(section.section("mqtt").names().empty());
  CHECK(section.texts("list") == std::vector<std::string>{"a"});
  section.finish();
  CHECK(rig.problems() == "");
}

TEST_CASE("section: a value of the environment may be a secret and is never shown") {
  const std::string secret = "hunter2";
  SectionRig rig({{"key", from_environment(secret)}});
  Section section = rig.section();
  section.integer("key", 1, 0, 9);
  section.number("key");
  section.flag("key", false);
  section.duration("key", 1s, 0s, 1h);
  section.choice("key", {"hunter", "device"}, "device");
  const std::string problems = rig.problems();
  CHECK(problems.find(secret) == std::string::npos);
  CHECK(problems.find("hunter`?") == std::string::npos);
  CHECK(problems.find("found another text in the environment variable") != std::string::npos);
}

TEST_CASE("section: numbers and flags of the environment are read like plain ones") {
  SectionRig rig({{"port", from_environment("8883")}, {"flag", from_environment("true")}});
  Section section = rig.section();
  CHECK(section.integer("port", 1883, 1, 65535) == 8883);
  CHECK(section.flag("flag", false));
  CHECK(rig.problems() == "");
}

TEST_CASE("section: a long value is cut in its problem, and its controls are made harmless") {
  CHECK(said_of_integer(plain(std::string(500, 'x'))) ==
        "expected a whole number, found `" + std::string(60, 'x') + "...`");
  CHECK(said_of_integer(plain("a\x1b[31mb\n")) == "expected a whole number, found `a [31mb `");
}
