// Checked frames of text: what a noisy line does to them, then what they say.
#include "adapters/kq330/checked_text.hpp"

#include <doctest/doctest.h>

#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::kq330;

namespace {

constexpr std::string_view report = "$g1,t=21.5,h=48*03E3";

// Payloads and faults, one a line.
std::string heard(std::string_view stream) {
  CheckedTextReader reader;
  std::string text;
  for (const char c : stream) {
    const auto done = reader.take(c);
    if (!done) continue;
    text += *done ? std::string(**done) : std::string(name(done->error().fault));
    text += '\n';
  }
  return text;
}

}  // namespace

TEST_CASE("checked text: every flipped bit of a frame is seen") {
  const std::string good(report);
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    const std::string said = heard(flipped(good, bit));
    CAPTURE(bit);
    const bool case_of_a_digit = bit / 8 > 15 && bit % 8 == 5 && said == "g1,t=21.5,h=48\n";
    CHECK((said != "g1,t=21.5,h=48\n" || case_of_a_digit));
  }
}

TEST_CASE("checked text: a frame is complete at its last digit, and cut anywhere it is invalid") {
  for (std::size_t size = 0; size < report.size(); ++size)
    CHECK(heard(report.substr(0, size)) == "");
  CHECK(heard(report) == "g1,t=21.5,h=48\n");
}

TEST_CASE("checked text: `$` always starts afresh, also in the checksum") {
  for (std::size_t size = 1; size < report.size(); ++size) {
    CHECK(heard(std::string(report.substr(0, size)) + std::string(report)) == "g1,t=21.5,h=48\n");
  }
}

TEST_CASE("checked text: noise around frames changes nothing, noise within is reported") {
  CHECK(heard(noise(5000, 7) + std::string(report) + noise(5000, 8)).find("g1,t=21.5,h=48\n") !=
        std::string::npos);
  CHECK(heard("$g1,t=\x80"
              "21.5,h=48*03E3") == "");
  CHECK(heard("$g1,t=22.5,h=48*03E3") == "bad_checksum\n");
  CHECK(heard("$g1,t=21.5,h=48*03X3") == "missing_checksum\n");
  CHECK(heard('$' + std::string(97, 'a')) == "overlong\n");
  CHECK(heard('$' + std::string(96, 'a') + "*") == "");
}

TEST_CASE("checked text: small digits are taken, capitals are sent") {
  CHECK(heard("$g1,t=21.5,h=48*03e3") == "g1,t=21.5,h=48\n");
  CHECK(checked_text("g1,t=21.5,h=48") == report);
  CHECK(checked_text("g1!,relay=1,q=12") == "$g1!,relay=1,q=12*0ADF");
  CHECK(checked_text("g1+,q=12") == "$g1+,q=12*7CC7");
}

TEST_CASE("checked text: what no frame can hold is refused before it is sent") {
  CHECK_FALSE(checked_text_problem("g1,t=21.5"));
  CHECK_FALSE(checked_text_problem(std::string(96, 'a')));
  CHECK(checked_text_problem("")->fault == Fault::bad_syntax);
  CHECK(checked_text_problem(std::string(97, 'a'))->fault == Fault::overlong);
  for (const char* bad : {"a$b", "a*b", "a\nb",
                          "a\x7F"
                          "b",
                          "\xC3\xA5"}) {
    CAPTURE(bad);
    CHECK(checked_text_problem(bad)->fault == Fault::bad_syntax);
  }
}

TEST_CASE("checked text: what is sent is what is received") {
  Dice dice(5);
  for (int n = 0; n < 500; ++n) {
    std::string payload;
    for (std::uint32_t size = 1 + dice(96); size > 0; --size) {
      const char c = static_cast<char>(' ' + dice(95));
      payload += c == '$' || c == '*' ? '_' : c;
    }
    CHECK(heard(noise(20, static_cast<std::uint32_t>(n) + 1) + checked_text(payload))
              .ends_with(payload + '\n'));
  }
}
