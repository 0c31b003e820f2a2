// The text of the state file: what a person finds in it, and that nothing else is taken for one.
#include "io/state_form.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdio>
#include <random>

using namespace gridtap;

namespace {

std::string whole(const io::StateTexts& texts) {
  const std::string rows = io::rows_of(texts);
  return io::first_line_of(rows) + rows;
}

// The first line of a version, above these rows.
std::string sealed(const std::string& version, const std::string& rows) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : rows) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  char first[64];
  std::snprintf(first, sizeof first, "gridtap-state %s %016llX\n", version.c_str(),
                static_cast<unsigned long long>(hash));
  return first + rows;
}

}  // namespace

TEST_CASE("state form: texts are indented below their keys") {
  const io::StateTexts texts = {{"meter.p1", "record 2 1B60E395\ncounter 1017\n"},
                                {"other", "115200 8N1"}};
  CHECK(io::rows_of(texts) ==
        "[meter.p1]\n record 2 1B60E395\n counter 1017\n[other]\n-115200 8N1\n");
  CHECK(io::first_line_of("") == "gridtap-state 2 CBF29CE484222325\n");
  CHECK(whole(texts) == sealed("2", io::rows_of(texts)));
}

TEST_CASE("state form: any key and any text come back as they were") {
  const io::StateTexts odd = {{"a", "1"},           {"b]", "\n"},
                              {"[c", "\n\n-x\n y"}, {"d\ne\\n", "[a]\n"},
                              {" f", "\r\n\r"},     {"-g", std::string("\0\xFF=\\e", 5)}};
  const auto back = io::parse_state(whole(odd));
  REQUIRE(back);
  CHECK(back->texts == odd);
  CHECK(back->current);
  std::minstd_rand random(7);
  for (int round = 0; round < 2000; ++round) {
    io::StateTexts texts;
    for (int n = 0; n < 3; ++n) {
      const auto any = [&](std::size_t size) {
        std::string text;
        while (text.size() < size) text += "ab[]- \\\n\r="[random() % 10];
        return text;
      };
      texts.insert_or_assign(any(1 + random() % 4), any(1 + random() % 12));
    }
    const auto read = io::parse_state(whole(texts));
    REQUIRE(read);
    REQUIRE(read->texts == texts);
  }
}

TEST_CASE("state form: the rows take no more memory than they are long") {
  const io::StateTexts texts = {{"key\nline", std::string(1000, '\n')}, {"b", "no end"}};
  const std::string rows = io::rows_of(texts);
  CHECK(rows.capacity() == rows.size());
}

TEST_CASE("state form: the version before, a line a key, is read") {
  const auto state = io::parse_state(sealed("1", "a.b=x\\ey\\nz\\\\\\r\nc=115200 8N1\nd=\n"));
  REQUIRE(state);
  CHECK_FALSE(state->current);
  CHECK(state->texts == io::StateTexts{{"a.b", "x=y\nz\\\r"}, {"c", "115200 8N1"}, {"d", ""}});
}

TEST_CASE("state form: what is not a whole file of a known version is nothing") {
  const std::string rows = "[a]\n x\n";
  REQUIRE(io::parse_state(sealed("2", rows)));
  CHECK_FALSE(io::parse_state(""));
  CHECK_FALSE(io::parse_state("gridtap-state 2"));
  CHECK_FALSE(io::parse_state("gridtap-state 2 \n"));
  CHECK_FALSE(io::parse_state(sealed("3", rows)));
  CHECK_FALSE(io::parse_state(sealed("22", rows)));
  CHECK_FALSE(io::parse_state(sealed("1", rows)));  // a row of version 1 has a `=`
  CHECK_FALSE(io::parse_state(' ' + sealed("2", rows)));
  for (const char* odd : {" x\n", "[a]\nx\n", "[a]\n\n", "[a]\n x", "a\n x\n", "[]\n x\n"}) {
    CAPTURE(odd);
    CHECK_FALSE(io::parse_state(sealed("2", odd)));
  }
}

TEST_CASE("state form: every byte that is cut off or changed is noticed") {
  const std::string text = whole({{"a", "1\n2"}, {"b", "record\n"}});
  for (std::size_t n = 0; n < text.size(); ++n) {
    CHECK_FALSE(io::parse_state(text.substr(0, n)));
    for (const int bit : {1, 4, 32, 128}) {
      std::string changed = text;
      changed[n] = static_cast<char>(changed[n] ^ bit);
      CAPTURE(n);
      CHECK_FALSE(io::parse_state(changed));
    }
  }
}
