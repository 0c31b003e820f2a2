// What the framer finds in a stream, one line each: the proof or the fault, where it lies, and the
// header. Offsets are those of the stream.

#include <string>

#include <doctest/doctest.h>

#include "adapters/p1/framer.hpp"
#include "support/p1_telegram.hpp"

using namespace gridtap;
using namespace gridtap::p1;

namespace {

constexpr std::size_t everything = std::string_view::npos;

struct Finder {
  explicit Finder(FramerSettings settings = {}) : framer(settings) {}

  void note(const Found& found) {
    out += found.error      ? std::string(name(found.error->fault))
           : found.repaired ? "repaired"
           : found.checked  ? "checked"
                            : "unchecked";
    out += ' ' + std::to_string(found.begin) + '-' + std::to_string(found.end);
    if (!found.error) out += ' ' + std::string(header_of(found.text));
    out += '\n';
    text = found.text;
    if (found.error) detail = found.error->detail;
  }
  void find(bool silent) {
    while (const auto found = framer.next(everything, silent)) note(*found);
  }

  Framer framer;
  std::string out, text, detail;
};

std::string found(std::string_view bytes, FramerSettings settings = {}) {
  Finder finder(settings);
  finder.framer.append(as_bytes(bytes));
  finder.find(true);
  return finder.out;
}

std::string found_each(std::string_view bytes, FramerSettings settings = {}) {
  Finder finder(settings);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    finder.framer.append(as_bytes(bytes.substr(n, 1)));
    finder.find(false);
  }
  finder.find(true);
  return finder.out;
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("p1 framer: a flipped bit anywhere never gives another text") {
  const std::string telegram = small_telegram();
  const std::string right(small_text.substr(0, small_text.size() - 1));
  std::size_t accepted = 0;
  for (std::size_t bit = 0; bit < 8 * telegram.size(); ++bit) {
    CAPTURE(bit);
    Finder finder;
    finder.framer.append(as_bytes(flipped(telegram, bit)));
    while (const auto next = finder.framer.next(everything, true)) {
      if (next->error) continue;
      CHECK(next->text == right);
      ++accepted;
    }
  }
  // Behind the digits, and where a digit becomes the same one in lower case.
  CHECK(accepted >= 16);
  CHECK(accepted <= 16 + 4);
}

TEST_CASE("p1 framer: a damaged telegram is reported, and the next one is found") {
  const std::string good = small_telegram();
  struct Row {
    std::string_view what, damaged, faults;
  };
  std::string digit_lost = good, value = good;
  replace(value, "00.123", "00.124");
  digit_lost.erase(digit_lost.find("00.123"), 1);
  const std::string cut(good.substr(0, 40)), end(good.substr(40)), twice = value + value;
  const Row rows[] = {
      {"another value", value, "bad_checksum 0-82\n"},
      {"twice", twice, "bad_checksum 0-82\nbad_checksum 84-166\n"},
      {"a byte lost", digit_lost, "bad_checksum 0-81\n"},
      {"cut off", cut, ""},
      {"the end alone", end, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.what));
    const std::string stream = std::string(row.damaged) + good;
    const std::size_t begin = row.damaged.size();
    const std::string next = "checked " + std::to_string(begin) + '-' +
                             std::to_string(begin + good.size() - 2) + " /TST5demo\n";
    CHECK(found(stream) == std::string(row.faults) + next);
    CHECK(found_each(stream) == std::string(row.faults) + next);
  }
}

TEST_CASE("p1 framer: the detail names the checksum that came and the one computed") {
  std::string telegram(small_text);
  Finder finder;
  finder.framer.append(as_bytes(telegram + "0000\r\n"));
  finder.find(true);
  CHECK(finder.detail == "checksum 0000, computed " + checksum_of(small_text));
}

TEST_CASE("p1 framer: a telegram that begins in the middle of a cut line is found") {
  CHECK(found("1-0:1.7.0(00.12" + small_telegram()) == "checked 15-97 /TST5demo\n");
  CHECK(found("1-0:1.7.0(00.12" + old_telegram()) == "unchecked 15-95 /TST5old\n");
}

TEST_CASE("p1 framer: 300 bytes of noise before a telegram cost nothing else") {
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    const std::string stream = noise(300, seed) + small_telegram();
    Finder finder;
    finder.framer.append(as_bytes(stream));
    finder.find(true);
    CHECK(finder.out.ends_with("checked 300-382 /TST5demo\n"));
    CHECK(finder.text + '!' == small_text);
    CHECK(found_each(stream) == finder.out);
  }
}

TEST_CASE("p1 framer: noise right behind the digits does not matter: they prove the telegram") {
  const std::string proved = std::string(small_text) + checksum_of(small_text);
  for (const std::string_view behind : {"x", "0", "FFFF", "\xFF\xFE", "/", "!", "(", "\r", ""}) {
    CHECK(found(proved + std::string(behind)) == "checked 0-82 /TST5demo\n");
    CHECK(found_each(proved + std::string(behind)) == "checked 0-82 /TST5demo\n");
  }
}

TEST_CASE("p1 framer: forty starts in the noise do not hide the telegram behind them") {
  std::string starts;
  for (int n = 0; n < 40; ++n) starts += "/AAA5\r\n";
  CHECK(found(starts + small_telegram()) == "checked 280-362 /TST5demo\n");
}

TEST_CASE("p1 framer: telegrams glued together are found, each") {
  const std::string proved = std::string(small_text) + checksum_of(small_text);
  CHECK(found(proved + proved) == "checked 0-82 /TST5demo\nchecked 82-164 /TST5demo\n");
  const std::string old(old_text);
  CHECK(found(old + old) == "unchecked 0-80 /TST5old\nunchecked 80-160 /TST5old\n");
  CHECK(found_each(old + proved) == "unchecked 0-80 /TST5old\nchecked 80-162 /TST5demo\n");
}

TEST_CASE("p1 framer: a slash and an exclamation mark in a text are text") {
  for (const std::string_view message :
       {"a/bcd", "/ABC5", "!", "wow!1234", "!/ABC5!", "see /DEF9 and !0000 /", "1!\r\n/TST5demo"}) {
    CAPTURE(std::string(message));
    std::string text(small_text);
    replace(text, "1-3:0.2.8(50)", "0-0:96.13.0(" + std::string(message) + ")");
    Finder finder;
    finder.framer.append(as_bytes(with_crc(text)));
    finder.find(true);
    CHECK(finder.out.find("checked 0-") != std::string::npos);
    CHECK(finder.text + '!' == text);
  }
}

TEST_CASE("p1 framer: a line with a lone ! in a message ends a piece that is refused, not used") {
  std::string text(small_text);
  replace(text, "1-0:1.8.1", "0-0:96.13.0(a\r\n!\r\nb)\r\n1-0:1.8.1");
  const std::string out = found(with_crc(text));
  CHECK(out.starts_with("missing_checksum 0-"));
  CHECK(out.find("\nchecked 0-") != std::string::npos);
}

TEST_CASE("p1 framer: line ends that a bridge rewrote are put back, and the checksum fits again") {
  const std::string digits = checksum_of(small_text);
  for (const std::string_view line_end : {"\n", "\r", "\r\r\n"}) {
    const std::string rewritten = with_line_ends(std::string(small_text) + digits + '\n', line_end);
    Finder finder;
    finder.framer.append(as_bytes(rewritten));
    finder.find(true);
    CHECK(finder.out.starts_with("repaired 0-"));
    CHECK(finder.text + '!' == small_text);
    CHECK(found_each(rewritten) == finder.out);
  }
}

TEST_CASE("p1 framer: of rewritten line ends, a flipped byte is still refused") {
  const std::string text = with_line_ends(small_text, "\n");
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (text[at] == '\n') continue;
    const std::string damaged = flipped_byte(text, at) + checksum_of(small_text) + '\n';
    CHECK(found(damaged).find("repaired") == std::string::npos);
    CHECK(found(damaged).find("checked") == std::string::npos);
  }
}

TEST_CASE("p1 framer: digits may be in lower case, and zeros in front may be missing") {
  CHECK(found("/TST5demo\r\n\r\n!0FB0\r\n") == "checked 0-18 /TST5demo\n");
  CHECK(found("/TST5demo\r\n\r\n!0fb0\r\n") == "checked 0-18 /TST5demo\n");
  CHECK(found("/TST5demo\r\n\r\n!FB0\r\n") == "checked 0-17 /TST5demo\n");
  CHECK(found_each("/TST5demo\r\n\r\n!fb0\r\n") == "checked 0-17 /TST5demo\n");
}

TEST_CASE("p1 framer: fewer than four digits prove nothing when noise is right behind") {
  CHECK(found("/TST5demo\r\n\r\n!FB0x\r\n") == "");
  CHECK(found_each("/TST5demo\r\n\r\n!FB0x\r\n") == "");
}

TEST_CASE(
    "p1 framer: a telegram without checksum waits for the byte behind its !, or for silence") {
  Finder finder;
  finder.framer.append(as_bytes(old_text));
  finder.find(false);
  CHECK(finder.out == "");
  CHECK(finder.framer.undecided());
  SUBCASE("a line end") { finder.framer.append(as_bytes("\r")); }
  SUBCASE("a NUL") { finder.framer.append(as_bytes(std::string_view("\0", 1))); }
  SUBCASE("the next telegram") { finder.framer.append(as_bytes("/")); }
  SUBCASE("silence") { finder.find(true); }
  finder.find(false);
  CHECK(finder.out == "unchecked 0-80 /TST5old\n");
  CHECK_FALSE(finder.framer.undecided());
}

TEST_CASE("p1 framer: without digits noise behind the ! proves no end") {
  CHECK(found(std::string(old_text) + "x\r\n") == "");
}

TEST_CASE("p1 framer: digits are missing where a checksum belongs") {
  struct Row {
    std::string_view line, outcome;
  };
  const Row rows[] = {
      {"1-3:0.2.8(50)", "missing_checksum"}, {"1-3:0.2.8(42)", "missing_checksum"},
      {"1-3:0.2.8(40)", "missing_checksum"}, {"1-3:0.2.8(P)", "missing_checksum"},
      {"1-3:0.2.8()", "missing_checksum"},   {"0-0:96.1.4(50217)", "missing_checksum"},
      {"1-3:0.2.8(30)", "unchecked"},        {"1-3:0.2.8(22)", "unchecked"},
      {"1-3:0.2.8(3)", "unchecked"},         {"0-1:96.1.4(50217)", "unchecked"},
      {"1-0:0.2.8(50)", "unchecked"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.line));
    std::string text = old_telegram();
    replace(text, "0-0:96.1.1(5A5A)", row.line);
    CHECK(found(text).starts_with(std::string(row.outcome) + " 0-"));
    CHECK(found(text, {.accept_missing_crc = true}).starts_with("unchecked 0-"));
  }
}

TEST_CASE("p1 framer: a header that came with a checksum must always have one") {
  const std::string old = old_telegram(), proved = with_crc(old_text);
  CHECK(found(old + proved + old) ==
        "unchecked 0-80 /TST5old\nchecked 82-166 /TST5old\nmissing_checksum 168-248\n");
  std::string other = old;
  replace(other, "/TST5old", "/TST5new");
  CHECK(found(proved + other) == "checked 0-84 /TST5old\nunchecked 86-166 /TST5new\n");
}

TEST_CASE("p1 framer: without checksum fewer than three good lines are no telegram") {
  CHECK(found("/TST5old\r\n\r\n1-0:1.8.1(1*kWh)\r\n1-0:1.8.2(1*kWh)\r\n!\r\n") ==
        "bad_syntax 0-49\n");
  CHECK(found("/TST5old\r\n\r\n1-0:1.8.1(1*kWh)\r\n1-0:1.8.2(1*kWh)\r\n1-0:1.7.0(1\r\n!\r\n") ==
        "bad_syntax 0-62\n");
}

TEST_CASE("p1 framer: without checksum a byte that is no text refuses the telegram") {
  for (const char odd : {'\x01', '\x7F', '\x80', '\xFF', '\t'}) {
    std::string text = old_telegram();
    text[text.find("5A5A")] = odd;
    CHECK(found(text) == "bad_syntax 0-80\n");
  }
}

TEST_CASE("p1 framer: of seven bits, a flip of any bit refuses a telegram without checksum") {
  const FramerSettings seven{.accept_missing_crc = false, .seven_bit = true};
  const std::string sent = seven_bit(old_telegram());
  CHECK(found(sent, seven) == "unchecked 0-80 /TST5old\n");
  for (std::size_t bit = 0; bit < 8 * old_text.size(); ++bit) {
    CAPTURE(bit);
    CHECK(found(flipped(sent, bit), seven).find("unchecked") == std::string::npos);
  }
  CHECK(found(flipped(sent, 8 * 30 + 7), seven) == "bad_parity 0-80\n");
}

TEST_CASE("p1 framer: of seven bits, the checksum decides where there is one") {
  const FramerSettings seven{.accept_missing_crc = false, .seven_bit = true};
  const std::string sent = seven_bit(small_telegram());
  CHECK(found(flipped(sent, 8 * 30 + 7), seven) == "checked 0-82 /TST5demo\n");
  CHECK(found(flipped(sent, 8 * 30 + 1), seven) == "bad_checksum 0-82\n");
}

TEST_CASE("p1 framer: nothing is decided behind the limit") {
  Finder finder;
  finder.framer.append(as_bytes(small_telegram()));
  for (std::size_t limit = 0; limit < 82; ++limit) CHECK_FALSE(finder.framer.next(limit, true));
  CHECK(finder.framer.next(82, true));
}

TEST_CASE("p1 framer: a thousand telegrams give a thousand, and used bytes are let go") {
  Finder finder;
  std::size_t begin = 0;
  for (int n = 0; n < 1000; ++n, begin += 84) {
    finder.out.clear();
    finder.framer.append(as_bytes(small_telegram()));
    finder.find(false);
    CHECK(finder.out ==
          "checked " + std::to_string(begin) + '-' + std::to_string(begin + 82) + " /TST5demo\n");
  }
  CHECK(finder.framer.size() == 84000);
  CHECK(finder.framer.waiting().size() == 2);
  CHECK(as_text(finder.framer.waiting()) == "\r\n");
}

TEST_CASE("p1 framer: reset() begins another stream, but remembers that checksums are sent") {
  Finder finder;
  finder.framer.append(as_bytes(with_crc(old_text) + "/TST5old\r\n\r\n1-0:1."));
  finder.find(false);
  finder.framer.reset();
  finder.framer.append(as_bytes(old_telegram()));
  finder.find(true);
  CHECK(finder.out == "checked 0-84 /TST5old\nmissing_checksum 0-80\n");
}

TEST_CASE("p1 framer: the header of a telegram") {
  const std::string_view telegram = "/TST5demo\r\n\r\n1-0:1.7.0(1*kW)\r\n";
  CHECK(header_of(telegram) == "/TST5demo");
  CHECK(header_of("/TST5demo") == "/TST5demo");
}

TEST_CASE("p1 framer: a text full of slashes does not hide the telegram that it is in") {
  std::string text = "/TST5demo\r\n\r\n0-0:96.13.0(";
  for (std::size_t n = 0; n < 3 * Framer::max_candidates; ++n) text += "/ABC5x";
  text += ")\r\n!";
  const std::string telegram = with_crc(text);
  const std::string end = std::to_string(telegram.size() - 2);
  CHECK(found(telegram) == "checked 0-" + end + " /TST5demo\n");
  CHECK(found_each(telegram) == "checked 0-" + end + " /TST5demo\n");
}

TEST_CASE("p1 framer: of more cut telegrams than can be kept the newest is still found") {
  std::string cut;
  for (std::size_t n = 0; n < 2 * Framer::max_candidates; ++n) cut += "/TST5cut\r\n\r\n1-0:1.7";
  const std::string good = small_telegram();
  CHECK(found(cut + "\r\n" + good).ends_with("/TST5demo\n"));
}
