#include "core/json_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/wire_bytes.hpp"

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

TEST_CASE("json text: printable text has spaces for controls and never bad bytes") {
  CHECK(printable("a\nb\tc\x1b[2Jd\x7f") == "a b c [2Jd ");
  CHECK(printable("\"måler\"") == "\"måler\"");
  for (const std::string& bytes : damaged) {
    CHECK(valid_utf8(printable(bytes)) == printable(bytes).size());
  }
}

TEST_CASE("json text: the position of the first bad byte is returned") {
  for (const std::string& bytes : damaged) CHECK(valid_utf8("måler " + bytes + "x") == 7);
  CHECK(valid_utf8("måler 😀") == 11);
  CHECK(valid_utf8("") == 0);
}

TEST_CASE("json text: whatever bytes come, a reader of JSON finds the printable text again") {
  Dice dice(17);
  for (int n = 0; n < 20'000; ++n) {
    std::string bytes;
    for (std::uint32_t length = dice(12); length > 0; --length) {
      // Mostly parts of UTF-8 and controls, where mistakes would be.
      const std::uint32_t kind = dice(4);
      const std::uint32_t base = kind == 0 ? 0x00 : kind == 1 ? 0x80 : kind == 2 ? 0xC0 : 0x20;
      bytes += static_cast<char>(base + dice(0x40));
    }
    const std::string text = json(bytes);
    const auto read = nlohmann::json::parse(text, nullptr, false);
    REQUIRE_FALSE(read.is_discarded());
    const std::string meant = read.get<std::string>();
    CHECK(printable(meant) == printable(bytes));
    CHECK(valid_utf8(meant) == meant.size());
    if (valid_utf8(bytes) == bytes.size()) CHECK(meant == bytes);
  }
}

TEST_CASE("json text: printable text stays as it is, however often it is made so") {
  Dice dice(23);
  for (int n = 0; n < 20'000; ++n) {
    std::string bytes;
    for (std::uint32_t length = dice(10); length > 0; --length) {
      bytes += static_cast<char>(dice(256));
    }
    const std::string once = printable(bytes);
    CHECK(printable(once) == once);
    const bool control = std::any_of(once.begin(), once.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
    CHECK_FALSE(control);
  }
}
