// Lines of a coulometer: what the pair of wires does to them, then what they say.
#include "adapters/kgf/lines.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::kgf;

namespace {

constexpr std::string_view measured =
    ":r50=1,220,5366,5410,416983,289634,1427701,88851,128,0,0,1,3,4277,";

std::string words(const LineReader::Piece& piece) {
  static constexpr std::string_view kinds[] = {"line", "cut", "overlong", "noise"};
  return std::string(kinds[static_cast<std::size_t>(piece.kind)]) + ' ' +
         std::to_string(piece.bytes) + ' ' + std::string(piece.text) + '\n';
}

// What a reader says of the stream, cut into pieces of that size.
std::string heard(std::string_view stream, std::size_t size = 1) {
  LineReader reader;
  std::string text;
  while (!stream.empty()) {
    ByteView bytes = as_bytes(stream.substr(0, size));
    stream.remove_prefix(bytes.size());
    while (const auto piece = reader.next(bytes)) text += words(*piece);
  }
  if (const auto piece = reader.end()) text += words(*piece);
  return text;
}

std::string fault_of(std::string_view line) {
  const auto answer = parse_line(line);
  return answer ? (*answer ? "good" : "ignored") : std::string(name(answer.error().fault));
}

}  // namespace

TEST_CASE("kgf lines: CR, LF or both end a line, a colon starts afresh, the rest is noise") {
  CHECK(heard(":a\r\n:b\n:c\r") == "line 3 :a\nline 3 :b\nline 3 :c\n");
  CHECK(heard("41,3,\r\n:a\r\n") == "noise 7 \nline 3 :a\n");
  CHECK(heard(":r50=1,2:r51=1,\r\n") == "cut 8 :r50=1,2\nline 8 :r51=1,\n");
  CHECK(heard(":r50=1") == "cut 6 :r50=1\n");
  CHECK(heard("\r\n\r\n") == "");
}

TEST_CASE("kgf lines: a line that does not end is dropped up to the next colon") {
  const std::string endless(longest_line + 44, '7');
  CHECK(heard(':' + endless + "\r\n:a\r\n") == "overlong 303 \nline 3 :a\n");
  CHECK(heard(':' + std::string(longest_line - 1, '7') + '\n').starts_with("line 257"));
}

TEST_CASE("kgf lines: noise is reported in bounded pieces, and everything is accounted for") {
  std::string stream = noise(3 * Noise::chunk);
  std::erase(stream, ':');
  const std::string said = heard(stream);
  CHECK(std::count(said.begin(), said.end(), '\n') == 3);
  CHECK(said.starts_with("noise 4096"));
}

TEST_CASE("kgf lines: however the stream is cut, the same lines come out") {
  const std::string stream = noise(300) + std::string(measured) + "\r\n" + noise(50) +
                             ":R50=01.\r\n" + std::string(measured) + "\r\n";
  const std::string whole = heard(stream, stream.size());
  for (const std::size_t size : {1U, 2U, 3U, 7U, 64U}) CHECK(heard(stream, size) == whole);
}

TEST_CASE("kgf lines: every flipped bit of an answer is seen, or leaves its values") {
  const std::string good(measured);
  REQUIRE(fault_of(good) == "good");
  const auto values = (*parse_line(good))->values;
  int unseen = 0;
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    const auto answer = parse_line(flipped(good, bit));
    if (!answer || !*answer || (*answer)->write) continue;
    if ((*answer)->values != values) ++unseen;
    CHECK((*answer)->values == values);
  }
  CHECK(unseen == 0);
}

TEST_CASE("kgf lines: an answer cut at any length is refused") {
  for (std::size_t size = 0; size < measured.size(); ++size) {
    CAPTURE(size);
    CHECK(fault_of(measured.substr(0, size)) != "good");
  }
}

TEST_CASE("kgf lines: an answer is its number, its address and its integers") {
  const auto answer = parse_line(measured);
  REQUIRE((answer && *answer));
  CHECK((*answer)->number == 50);
  CHECK((*answer)->address == 1);
  CHECK((*answer)->fields().size() == 12);
  CHECK((*answer)->fields()[2] == 416983);
}

TEST_CASE("kgf lines: each reason to refuse has its fault") {
  const std::pair<const char*, std::string> bad[] = {
      {":r00=1,218,2140,110,6,", "bad_checksum"},
      {":r00=1,217,2140,110,6", "truncated"},
      {":r00=1,217,2140,,6,", "bad_syntax"},
      {":r00=1,217,2140,-110,6,", "bad_syntax"},
      {":r00=1,1,1234567890123,0,6,", "bad_syntax"},
      {":r00=100,217,2140,110,6,", "bad_syntax"},
      {":x00=1,217,2140,110,6,", "bad_syntax"},
      {":r0=1,217,2140,110,6,", "bad_syntax"},
      {":r00=1,217,2140,110,6,\x80", "noise"},
      {":r52=1,217,2140,110,6,", "unsupported"},
      {":r00=1,211,2140,110,", "unsupported"},
      {":r51=1,2,1,", "unsupported"},
      {":r50=1,2,1,", "unsupported"},
      {":r50=1,0,5366,5410,416983,289634,1427701,88851,128,0,0,2,3,4277,", "out_of_range"},
  };
  for (const auto& [line, fault] : bad) {
    CAPTURE(line);
    CHECK(fault_of(line) == fault);
  }
}

TEST_CASE("kgf lines: requests, and answers of address 0, are ignored whatever they hold") {
  for (const char* line :
       {":R50=01.", ":R50=1,2,1,", ":W10=1,0,0,", ":R", ":Wxyz", ":r00=0,217,2140,110,6,"}) {
    CAPTURE(line);
    CHECK(fault_of(line) == "ignored");
  }
}

TEST_CASE(
    "kgf lines: checksum 0 is not verified, and of an answer to a write only the head counts") {
  CHECK(fault_of(":r00=1,0,2140,110,6,") == "good");
  const auto heard_write = parse_line(":w28=7,what,ever");
  REQUIRE((heard_write && *heard_write));
  CHECK((*heard_write)->write);
  CHECK((*heard_write)->number == 28);
  CHECK((*heard_write)->address == 7);
}

TEST_CASE("kgf lines: fields beyond those known count in the sum, and nowhere else") {
  std::vector<std::int64_t> many(60, 3);
  const std::string line = answer_line('r', r_settings, 1, many);
  const auto answer = parse_line(std::string_view(line).substr(0, line.size() - 2));
  REQUIRE((answer && *answer));
  CHECK((*answer)->count == most_fields);
}

TEST_CASE("kgf lines: requests are those of the manual") {
  CHECK(read_request(50, 2) == ":R50=2,2,1,\r\n");
  CHECK(read_request(0, 1) == ":R00=1,2,1,\r\n");
  CHECK(write_request(28, 1, 2000) == ":W28=1,216,2000,\r\n");
  CHECK(write_request(60, 1, 50) == ":W60=1,51,50,\r\n");
  CHECK(write_request(10, 1, 0) == ":W10=1,1,0,\r\n");
}
