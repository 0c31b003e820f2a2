// The form of all that survives a restart: what was written is read back to the byte, and what is
// damaged is not read at all.

#include "core/record.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>

using namespace gridtap;

namespace {

std::string sample() {
  return RecordWriter()
      .add("counter", std::uint64_t{1017})
      .add("heard", "of", "g1", 17)
      .add("heard", "to", "g 2", -5)
      .text();
}

// As `sample` is written, with other rows and the checksum that belongs to them.
std::string with_rows(std::string_view rows) {
  std::string text = RecordWriter().add("a").text();
  std::uint32_t hash = 0x811C9DC5;
  for (const char c : rows) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
  const std::string_view digits = "0123456789ABCDEF";
  for (std::size_t n = 0; n < 8; ++n) text[9 + n] = digits[hash >> (28 - 4 * n) & 0xF];
  return text.substr(0, text.find('\n') + 1) + std::string(rows);
}

std::string shown(const Record& record) {
  std::string out;
  for (const RecordRow& row : record.rows()) {
    out += row.name;
    for (const std::string& value : row.values) out += '[' + value + ']';
    out += ';';
  }
  return out;
}

}  // namespace

// ---- what goes wrong ----------------------------------------------------------------------------

TEST_CASE("record: cut at any byte it is no longer whole, and has no rows") {
  const std::string text = sample();
  for (std::size_t size = 0; size < text.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(Record::is_whole(text.substr(0, size)));
    CHECK(Record(text.substr(0, size)).rows().empty());
  }
}

TEST_CASE("record: with any bit flipped it has no rows") {
  const std::string text = sample();
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    CAPTURE(bit);
    std::string damaged = text;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    CHECK_FALSE(Record::is_whole(damaged));
    CHECK(Record(damaged).rows().empty());
  }
}

TEST_CASE("record: with something behind its end it has no rows") {
  CHECK(Record(sample() + "\n").rows().empty());
  CHECK(Record(sample() + "more 1\n").rows().empty());
  CHECK(Record(sample() + sample()).rows().empty());
}

TEST_CASE("record: one in a newer version of the form is known as such and not read") {
  std::string newer = sample();
  newer.replace(0, 9, "record 3 ");
  CHECK(Record::is_one(newer));
  CHECK_FALSE(Record::is_whole(newer));
  CHECK(Record(newer).rows().empty());
}

TEST_CASE("record: text of an older program is not a record") {
  for (const char* text :
       {"", "9600 8N1", "1017\nof g1 17", "1 A1 0 - -", "gridtap 1\n", "records"}) {
    CAPTURE(text);
    CHECK_FALSE(Record::is_one(text));
    CHECK(Record(text).rows().empty());
  }
}

TEST_CASE("record: a malformed row is left out, and only it") {
  for (const char* row : {"",           " ",          "Name 1",     "a-b 1",     " a",
                          "bad \\",     "bad \\q",    "bad \\x4",   "bad \\xZZ", "bad two  spaces",
                          "bad end ",   "bad \"",     "bad \"\"\"", "bad \"a b", "bad \"a\"b",
                          "bad a\"b\"", "bad \"a\" ", "bad \t",     "bad \r",    "bad \x7F"}) {
    CAPTURE(row);
    CHECK(shown(Record(with_rows("before 1\n" + std::string(row) + "\nafter 2\n"))) ==
          "before[1];after[2];");
  }
}

TEST_CASE("record: a row of more values than a row can have is left out") {
  std::string most = "most", more = "more";
  for (std::size_t n = 0; n < Record::max_values; ++n) most += " v";
  for (std::size_t n = 0; n <= Record::max_values; ++n) more += " v";
  const Record record(with_rows(more + "\n" + most + "\n"));
  REQUIRE(record.rows().size() == 1);
  CHECK(record.rows()[0].values.size() == Record::max_values);
}

TEST_CASE("record: reading ends at its limits") {
  RecordWriter rows;
  for (std::size_t n = 0; n <= Record::max_rows; ++n) rows.add("row", n);
  CHECK(Record(rows.text()).rows().size() == Record::max_rows);
  const std::string large = RecordWriter().add("a", std::string(Record::max_bytes, 'x')).text();
  CHECK(Record::is_one(large));
  CHECK_FALSE(Record::is_whole(large));
  CHECK(Record(large).rows().empty());
}

TEST_CASE("record: a value is a number only where it is one that fits") {
  const Record record(
      RecordWriter()
          .add("n", "", "x", "1x", " 1", "+1", "1.5", "-", "256", "-1", "18446744073709551616")
          .text());
  REQUIRE(record.rows().size() == 1);
  for (std::size_t n = 0; n < 12; ++n) {
    CAPTURE(n);
    CHECK_FALSE(record.rows()[0].number<std::uint8_t>(n));
  }
  CHECK(record.rows()[0].number<int>(8) == -1);
  CHECK_FALSE(record.rows()[0].number<std::uint64_t>(9));
  CHECK_FALSE(record.number<int>("none"));
  CHECK_FALSE(record.text("none"));
}

// ---- what goes well -----------------------------------------------------------------------------

TEST_CASE("record: a person can read it") {
  const std::string text = sample();
  CHECK(text.substr(text.find('\n') + 1) == "counter 1017\nheard of g1 17\nheard to \"g 2\" -5\n");
  CHECK(text.starts_with("record 2 "));
  CHECK(RecordWriter().text() == "");
}

TEST_CASE("record: rows are read in their order, with repeated names, and by name the first") {
  const Record record(sample());
  CHECK(shown(record) == "counter[1017];heard[of][g1][17];heard[to][g 2][-5];");
  CHECK(record.number<int>("counter") == 1017);
  CHECK(record.text("heard") == "of");
  CHECK(record.rows()[1].text(1) == "g1");
  CHECK(record.rows()[2].number<int>(2) == -5);
  CHECK_FALSE(record.rows()[2].text(3));
}

TEST_CASE("record: every byte comes back, alone and in company, and no line is broken") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const std::string alone(1, static_cast<char>(byte));
    all += alone;
    const std::string text = RecordWriter().add("v", alone, "a" + alone + "b").text();
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
    const Record record(text);
    REQUIRE(record.rows().size() == 1);
    CHECK(record.rows()[0].values == std::vector<std::string>{alone, "a" + alone + "b"});
  }
  const std::string text = RecordWriter().add("v", all, "", all).text();
  const Record record(text);
  REQUIRE(record.rows().size() == 1);
  CHECK(record.rows()[0].values == std::vector<std::string>{all, "", all});
}

TEST_CASE("record: the texts of people show as they are") {
  const std::string text = RecordWriter().add("options", "Küche,Bad", "\\", "\"\"").text();
  CHECK(text.find("options Küche,Bad \\\\ \\x22\\x22\n") != std::string::npos);
}

TEST_CASE("record: the largest numbers come back") {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  const Record record(RecordWriter().add("most", most).add("least", least).text());
  CHECK(record.number<std::uint64_t>("most") == most);
  CHECK(record.number<std::int64_t>("least") == least);
}
