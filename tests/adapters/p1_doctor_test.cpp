// What the wire says of a line that brings no telegrams, and when.

#include <string>

#include <doctest/doctest.h>

#include "codec/hdlc.hpp"
#include "support/p1_telegram.hpp"

using namespace gridtap;
using namespace gridtap::p1;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view line = "1-0:1.8.1(000001.234*kWh)\r\n";
constexpr std::string_view good = "telegram /TST5demo checked\n";

std::string repeated(std::string_view text, std::size_t size) {
  std::string out;
  while (out.size() < size) out += text;
  return out.substr(0, size);
}

// What a reader of 8N1 gets from an inverted line.
std::string inverted(std::string text) {
  for (char& c : text) c = static_cast<char>((~static_cast<unsigned>(c) & 0x7F) << 1 | 1);
  return text;
}

std::string hdlc_frame() { return gridtap::hdlc_frame(as_bytes("\x03\x21\x13"), as_bytes("abcd")); }

std::string mbus_frame() { return hex("680505685301780102CF16"); }

}  // namespace

TEST_CASE("p1 doctor: streams that can be read are never diagnosed, however long") {
  const std::string old = old_telegram();
  for (const std::string& telegram :
       {small_telegram(), old, with_line_ends(small_telegram(), "\n")}) {
    WireRig rig;
    for (int n = 0; n < 2000; ++n) rig.feed(telegram);
    rig.pass(60s);
    rig.close();
    CHECK(rig.said().find("diagnosis") == std::string::npos);
    CHECK(rig.texts.size() == 2000);
  }
}

TEST_CASE("p1 doctor: text without a telegram is not diagnosed: one may follow") {
  WireRig rig;
  rig.feed(repeated(line, 3000));
  rig.pass(12s);
  CHECK(rig.said() == "");
  rig.feed(small_telegram());
  CHECK(rig.said() == good);
}

TEST_CASE("p1 doctor: a cause beyond doubt is named at 512 bytes, noise at 4096") {
  struct Row {
    std::string bytes, cause;
    std::size_t at;
  };
  const Row rows[] = {
      {std::string(5000, '\0'), "wrong_baud", 512},
      {inverted(repeated(line, 5000)), "inverted", 512},
      {repeated(hdlc_frame() + "\xFF\xFE", 5000), "hdlc", 512},
      {repeated(mbus_frame() + "\xFF\xFE", 5000), "mbus", 512},
      {noise(5000), "wrong_baud", 4096},
  };
  for (const Row& row : rows) {
    CAPTURE(row.cause);
    WireRig rig;
    rig.feed(row.bytes.substr(0, row.at - 1));
    CHECK(rig.said() == "");
    rig.feed(row.bytes.substr(row.at - 1, 1));
    CHECK(rig.said() == "diagnosis " + row.cause + '\n');
    rig.feed(row.bytes.substr(row.at));
    CHECK(rig.said().find("diagnosis") == std::string::npos);
  }
}

TEST_CASE("p1 doctor: after 11 s fewer bytes are enough, and below 32 they are just noise") {
  struct Row {
    std::string bytes, cause;
  };
  for (const Row& row : {Row{std::string(100, '\0'), "wrong_baud"}, Row{noise(100), "wrong_baud"},
                         Row{inverted(repeated(line, 100)), "inverted"}, Row{noise(31), "noise"},
                         Row{mbus_frame() + mbus_frame() + mbus_frame(), "mbus"}}) {
    WireRig rig;
    rig.feed(row.bytes);
    rig.pass(10'999ms);
    CHECK(rig.said() == "");
    rig.pass(1ms);
    CHECK(rig.said() == "diagnosis " + row.cause + '\n');
  }
}

TEST_CASE("p1 doctor: each cause is named once, also over new connections, until telegrams come") {
  WireRig rig;
  const std::string zeros(600, '\0');
  rig.feed(zeros);
  CHECK(rig.said() == "diagnosis wrong_baud\n");
  rig.reopen();
  rig.feed(zeros);
  rig.pass(60s);
  CHECK(rig.said() == "");
  rig.feed(small_telegram());
  CHECK(rig.said() == good);
  rig.reopen();
  rig.feed(zeros);
  CHECK(rig.said() == "diagnosis wrong_baud\n");
}

TEST_CASE("p1 doctor: once telegrams have come, only 8192 bytes of noise are a cause") {
  WireRig rig;
  rig.feed(small_telegram() + noise(8000));
  rig.pass(60s);
  CHECK(rig.said().find("diagnosis") == std::string::npos);
  rig.feed(noise(8192));
  CHECK(rig.said().find("diagnosis wrong_baud\n") != std::string::npos);
  rig.feed(small_telegram());
  CHECK(rig.said().ends_with(good));
}

TEST_CASE("p1 doctor: the end of the input is judged like silence") {
  WireRig rig;
  rig.feed(noise(300));
  rig.close();
  CHECK(rig.said().starts_with("diagnosis wrong_baud\n"));
}

TEST_CASE("p1 doctor: seven bits are proved by a telegram, then the parity bit is stripped") {
  const std::string proof = "diagnosis seven_bit\n", old = "telegram /TST5old unchecked\n";
  WireRig rig;
  rig.feed(seven_bit(old_telegram() + old_telegram()));
  CHECK(rig.said() == proof + old + old);
  rig.feed(seven_bit(old_telegram()));
  CHECK(rig.said() == old);
  CHECK(rig.texts[0] + '!' == old_text);
}

TEST_CASE("p1 doctor: of seven bits, one flipped bit refuses a telegram and no other") {
  WireRig rig;
  const std::string t = seven_bit(old_telegram());
  rig.feed(t + t);
  rig.said();
  rig.feed(flipped(t, 8 * 40 + 7) + t);
  CHECK(rig.said() == "dropped bad_parity 80\ntelegram /TST5old unchecked\n");
}

TEST_CASE("p1 doctor: a short seven-bit telegram is found when the input ends") {
  WireRig rig;
  rig.feed(seven_bit(old_telegram()));
  CHECK(rig.said() == "");
  rig.close();
  CHECK(rig.said() == "diagnosis seven_bit\ntelegram /TST5old unchecked\n");
}

TEST_CASE("p1 doctor: bytes that look like seven bits, but hold no telegram, prove nothing") {
  WireRig rig({demo_keys(), false});
  rig.feed(seven_bit(repeated("no telegram here, but text: 1-0:1.8.1(2)\r\n", 5000)));
  CHECK(rig.said().find("seven_bit") == std::string::npos);
  // Eight bits again: an envelope needs all of them.
  rig.feed(Sealed{}());
  CHECK(rig.said().ends_with(good));
}

TEST_CASE("p1 doctor: a new connection begins with eight bits") {
  WireRig rig({demo_keys(), false});
  rig.feed(seven_bit(old_telegram() + old_telegram()));
  rig.reopen();
  rig.said();
  rig.feed(Sealed{}());
  CHECK(rig.said() == good);
}

TEST_CASE("p1 doctor: seven bits are found in any pieces") {
  const std::string stream = seven_bit(old_telegram() + old_telegram() + small_telegram());
  WireRig whole;
  whole.feed(stream);
  whole.close();
  CHECK(whole.texts.size() == 3);
  Dice dice(7);
  for (int n = 0; n < 20; ++n) {
    WireRig cut;
    cut.feed_cut(stream, dice, 60);
    cut.close();
    CHECK(cut.whole == whole.whole);
  }
}

// ---- the line is right --------------------------------------------------------------------------

TEST_CASE(
    "p1 doctor: a whole telegram with wrong digits proves the line, whatever bytes it holds") {
  std::string text(small_text);
  text.insert(text.size() - 1, "0-0:96.13.0(" + std::string(200, '\xFF') + ")\r\n");
  const std::string wrong = text + "0000\r\n" + std::string(40, '\0');
  WireRig rig;
  for (int n = 0; n < 5; ++n) rig.feed(wrong);
  rig.pass(12s);
  rig.close();
  CHECK(rig.said().find("diagnosis") == std::string::npos);
}

TEST_CASE("p1 doctor: an encrypted telegram that is damaged inside proves line and key") {
  Sealed sealed;
  sealed.authentication = std::string(16, '\x55');  // another than the reader assumes
  sealed.text[sealed.text.find("1.234")] = '2';
  WireRig rig({demo_keys()});
  for (int n = 0; n < 12; ++n) {
    ++sealed.counter;
    rig.feed(sealed());
  }
  rig.pass(12s);
  rig.close();
  CHECK(rig.said().find("diagnosis") == std::string::npos);
  CHECK(rig.whole.find("with authentication_key_file the tag could prove it") != std::string::npos);
}

TEST_CASE("p1 doctor: a header in noise, with digits behind it, proves nothing") {
  std::string noise = "/TST5\r\n";
  for (int n = 0; n < 5000; ++n) noise += static_cast<char>(n * 37 % 251);
  WireRig rig;
  rig.feed(noise + "\r\n!1234\r\n");
  rig.pass(12s);
  CHECK(rig.said().find("diagnosis wrong_baud") != std::string::npos);
}
