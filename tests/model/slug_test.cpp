// Names as ids, of letters from all over Europe and of bytes that are none.
#include "model/slug.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "support/wire_bytes.hpp"

using namespace gridtap::model;

TEST_CASE("slug: it is what Home Assistant makes of a name") {
  const std::pair<std::string, std::string> cases[] = {
      {"House meter_Power import L1", "house_meter_power_import_l1"},
      {"K\xc3\xbc"
       "che",
       "kuche"},
      {"Stra\xc3\x9f"
       "e \xc3\xa6\xc3\xb8\xc3\xa5",
       "strasse_aeoa"},
      {"\xc5\x81\xc3\xb3"
       "d\xc5\xba",
       "lodz"},
      {"20 \xc2\xb0"
       "C",
       "20_degc"},
      {"m\xc2\xb3", "m3"},
      {"  --a--  ", "a"},
      {"\xc3\x97", ""},
      {"\xe6\xb0\xb4", ""},
      {"\xc3", ""},
      {"\xff"
       "a\x80",
       "a"},
  };
  for (const auto& [text, wanted] : cases) {
    CAPTURE(text);
    CHECK(slug(text) == wanted);
  }
}

TEST_CASE("slug: it has small letters, digits and single lines between, whatever comes") {
  gridtap::Dice dice(31);
  for (int n = 0; n < 20'000; ++n) {
    std::string text;
    for (std::uint32_t length = dice(12); length > 0; --length) {
      text += static_cast<char>(dice(3) == 0 ? 0xC0 + dice(8) : dice(256));
    }
    const std::string made = slug(text);
    CAPTURE(text);
    CHECK(made.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == made.npos);
    CHECK(made.find("__") == made.npos);
    CHECK_FALSE(made.starts_with('_'));
    CHECK_FALSE(made.ends_with('_'));
    CHECK(slug(made) == made);
  }
}
