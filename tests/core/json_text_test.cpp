#include "core/json_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace gridtap;

namespace {

std::string json(std::string_view text) {
  std::string out;
  append_json(out, text);
  return out;
}

// Not UTF-8: each bad byte, cut sequences, overlong forms, surrogates, beyond U+10FFFF.
const std::vector<std::string> damaged = {
    "\xff",     "\x80",         "\xc3",         "\xe2\x82",         "\xf0\x9f\x98",
    "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
    "\xc3(",
};

}  // namespace

TEST_CASE("json text: quotes, backslashes and controls are escaped, everything else stays") {
  CHECK(json("plain") == "\"plain\"");
  CHECK(json("a\"b\\c/") == "\"a\\\"b\\\\c/\"");
  CHECK(json(std::string("\0\n\x1b\x7f", 4)) == "\"\\u0000\\u000a\\u001b\\u007f\"");
  CHECK(json("\xc2\x85") == "\"\\u0085\"");
  CHECK(json("m³ måler 日本 😀") == "\"m³ måler 日本 😀\"");
  CHECK(json("") == "\"\"");
}

TEST_CASE("json text: bytes that are no UTF-8 become the replacement mark, one by one") {
  for (const std::string& bytes : damaged) {
    const std::string shown = json("<" + bytes + ">");
    CHECK(shown.find("\xEF\xBF\xBD") != std::string::npos);
    CHECK(valid_utf8(shown) == shown.size());
    CHECK(shown.starts_with("\"<"));
    CHECK(shown.ends_with(">\""));
  }
}

TEST_CASE("json text: printable text has blanks for controls and never bad bytes") {
  CHECK(printable("a\nb\tc\x1b[2Jd\x7f") == "a b c [2Jd ");
  CHECK(printable("\"måler\"") == "\"måler\"");
  for (const std::string& bytes : damaged) {
    CHECK(valid_utf8(printable(bytes)) == printable(bytes).size());
  }
}

TEST_CASE("json text: the first bad byte is found where it stands") {
  for (const std::string& bytes : damaged) CHECK(valid_utf8("måler " + bytes + "x") == 7);
  CHECK(valid_utf8("måler 😀") == 11);
  CHECK(valid_utf8("") == 0);
}
