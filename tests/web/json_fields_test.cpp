// Bodies of requests: what is none, and what JSON allows.
#include "web/json_fields.hpp"

#include <doctest/doctest.h>

#include "core/json_text.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::web;

namespace {

// The value of "a"; "(none)" where the body is malformed.
std::string value_of(std::string_view text) {
  const auto fields = parse_json_fields(text);
  if (!fields) return "(none)";
  const auto found = fields->find("a");
  return found == fields->end() ? "" : found->second;
}

}  // namespace

TEST_CASE("json fields: what is no flat object of texts is malformed") {
  for (const std::string_view bad : {R"()",
                                     R"({)",
                                     R"(})",
                                     R"([])",
                                     R"("a")",
                                     R"({"a":1})",
                                     R"({"a":true})",
                                     R"({"a":null})",
                                     R"({"a":["x"]})",
                                     R"({"a":{"b":"c"}})",
                                     R"({"a":"x",})",
                                     R"({"a":"x"}{)",
                                     R"({"a":"x"} y)",
                                     R"({"a" "x"})",
                                     R"({"a":"x" "b":"y"})",
                                     R"({a:"x"})",
                                     R"({'a':'x'})",
                                     R"({"a":"x)",
                                     R"({"a":"x\)",
                                     R"({"a":"\x"})",
                                     R"({"a":"\u12"})",
                                     R"({"a":"\u12G4"})",
                                     R"({"a":"\u-123"})",
                                     R"({,"a":"x"})",
                                     R"({"a":"x",,"b":"y"})"}) {
    CAPTURE(bad);
    CHECK(value_of(bad) == "(none)");
  }
}

TEST_CASE("json fields: a name twice is malformed: two readers would take different ones") {
  CHECK(value_of(R"({"a":"x","a":"x"})") == "(none)");
  CHECK(value_of(R"({"a":"x","\u0061":"y"})") == "(none)");
}

TEST_CASE("json fields: characters that are none are malformed") {
  CHECK(value_of("{\"a\":\"\xff\"}") == "(none)");
  CHECK(value_of("{\"a\":\"\xc0\x80\"}") == "(none)");
  CHECK(value_of("{\"a\":\"line\nfeed\"}") == "(none)");
  CHECK(value_of(std::string_view("{\"a\":\"\0\"}", 9)) == "(none)");
  CHECK(value_of(R"({"a":"\ud83d"})") == "(none)");        // half a character
  CHECK(value_of(R"({"a":"\ude00\ud83d"})") == "(none)");  // the halves in the wrong order
  CHECK(value_of(R"({"a":"\ud83d\u0041"})") == "(none)");
}

TEST_CASE("json fields: a handful of fields, no more") {
  std::string text = R"({"a":"x")";
  for (std::size_t n = 1; n < max_json_fields; ++n) text += ",\"" + std::to_string(n) + "\":\"\"";
  CHECK(value_of(text + '}') == "x");
  CHECK(value_of(text + R"(,"one":"more"})") == "(none)");
}

TEST_CASE("json fields: texts come as they were meant") {
  CHECK(value_of(R"({"a":"ON"})") == "ON");
  CHECK(value_of(" \t\r\n{ \"a\" : \"ON\" , \"b\":\"\" } \n") == "ON");
  CHECK(value_of(R"({})").empty());
  CHECK(value_of(R"({"b":"x"})").empty());
  CHECK(value_of(R"({"a":"\"\\\/\b\f\n\r\t"})") == "\"\\/\b\f\n\r\t");
  CHECK(value_of(R"({"a":"\u0041\u00e5\u20ac\ud83d\ude00"})") ==
        "A\xc3\xa5\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(value_of("{\"a\":\"\xc3\xa5\"}") == "\xc3\xa5");
  CHECK(value_of(R"({"a":"x\u0000y"})") == std::string("x\0y", 3));
}

TEST_CASE("json fields: what we write as JSON comes back, whatever it is") {
  Dice dice(7);
  for (int n = 0; n < 5'000; ++n) {
    std::string text;
    for (std::uint32_t length = dice(20); length > 0; --length)
      text += static_cast<char>(dice(256));
    const std::string plain = printable(text);
    CAPTURE(text);
    CHECK(value_of("{\"a\":" + json_quoted(plain) + '}') == plain);
    CHECK(value_of("{\"a\":" + json_quoted(text) + '}') != "(none)");
  }
}
