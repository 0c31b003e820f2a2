// Why nothing comes though bytes do: each cause by its signature on the line, said once.

#include <bit>
#include <vector>

#include <doctest/doctest.h>

#include "support/han_line.hpp"

using namespace gridtap;
using namespace gridtap::han;
using namespace std::chrono_literals;

namespace {

std::string list_2() {
  ValueWriter body;
  body.structure(13).octets("KFM_001").octets("6970631400000017").octets("MA304H4");
  for (int n = 0; n < 10; ++n) body.u32(1000 * n + 17);
  return pushed(body);
}

// The bits of a line, as a UART sends them: start, eight bits from the lowest, parity, stop.
std::vector<bool> sent(std::string_view bytes, bool even_parity) {
  std::vector<bool> bits(20, true);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    bits.push_back(false);
    for (int n = 0; n < 8; ++n) bits.push_back((byte >> n & 1) != 0);
    if (even_parity) bits.push_back(std::popcount(byte) % 2 != 0);
    bits.push_back(true);
  }
  bits.insert(bits.end(), 20, true);
  return bits;
}

// As a reader of 8N1 gets them: a byte begins where the level falls; without a stop bit it is lost.
std::string received(const std::vector<bool>& bits) {
  constexpr std::size_t frame = 10;
  std::string out;
  bool before = bits[0];
  for (std::size_t at = 1; at + frame <= bits.size();) {
    if (!before || bits[at]) {
      before = bits[at++];
      continue;
    }
    int byte = 0;
    for (std::size_t n = 0; n < 8; ++n) byte |= (bits[at + 1 + n] ? 1 : 0) << n;
    before = bits[at + frame - 1];
    if (before) out += static_cast<char>(byte);
    at += frame;
  }
  return out;
}

std::string with_even_bytes_lost(std::string_view bytes) { return received(sent(bytes, true)); }

std::string inverted(std::string_view bytes, bool even_parity) {
  std::vector<bool> bits = sent(bytes, even_parity);
  bits.flip();
  return received(bits);
}

// Lists of this damage, ten seconds apart.
std::string diagnosed(std::string (*damage)(std::string_view), int lists = 12) {
  LineRig line;
  std::string said;
  for (int n = 0; n < lists; ++n) {
    line.feed(damage(list_2()));
    line.pass(10s);
  }
  line.close();
  return lines_with(line.said(), "diagnosis");
}

}  // namespace

TEST_CASE("han doctor: a healthy line has nothing") {
  CHECK(diagnosed([](std::string_view bytes) { return std::string(bytes); }) == "");
}

TEST_CASE("han doctor: the bits of these tests are those of a UART") {
  CHECK(received(sent("healthy", false)) == "healthy");
}

TEST_CASE("han doctor: even parity read as none loses the bytes of even weight") {
  CHECK(diagnosed(&with_even_bytes_lost) == "diagnosis wrong_parity\n");
}

TEST_CASE("han doctor: frames that begin and go to pieces have slipped by a bit") {
  CHECK(diagnosed([](std::string_view bytes) {
          std::string out(bytes.substr(0, 1));
          out += hex("132B");
          return out + noise(60, 3);
        }) == "diagnosis wrong_parity\n");
}

TEST_CASE("han doctor: an inverted line is known by its many ones") {
  CHECK(diagnosed([](std::string_view bytes) { return inverted(bytes, false); }) ==
        "diagnosis inverted\n");
  CHECK(diagnosed([](std::string_view bytes) { return inverted(bytes, true); }) ==
        "diagnosis inverted\n");
}

TEST_CASE("han doctor: a speed too high gives zeros") {
  CHECK(diagnosed([](std::string_view bytes) { return std::string(bytes.size(), '\0'); }) ==
        "diagnosis wrong_baud\n");
}

TEST_CASE("han doctor: noise is noise, and text is a P1 port") {
  CHECK(diagnosed([](std::string_view bytes) { return noise(bytes.size()); }, 60) ==
        "diagnosis noise\n");
  CHECK(diagnosed([](std::string_view bytes) {
          return std::string("/KFM5KAIFA-METER\r\n\r\n1-0:1.7.0(00.123*kW)\r\n!\r\n")
              .substr(0, bytes.size());
        }) == "diagnosis noise\n");
}

TEST_CASE("han doctor: frames that are good and lists that are not are no fault of the line") {
  CHECK(diagnosed([](std::string_view) { return framed(hex("C40102")); }, 60) == "");
}

TEST_CASE("han doctor: few bytes are judged after eleven seconds, not before") {
  LineRig line;
  line.feed(with_even_bytes_lost(list_2()));
  line.pass(10s);
  CHECK(lines_with(line.said(), "diagnosis") == "");
  line.pass(2s);
  CHECK(lines_with(line.said(), "diagnosis") == "diagnosis wrong_parity\n");
}

TEST_CASE("han doctor: the cause is the same however the bytes arrive") {
  std::string stream;
  for (int n = 0; n < 30; ++n) stream += with_even_bytes_lost(list_2());
  LineRig whole, each;
  whole.feed(stream);
  whole.close();
  each.feed_each(stream);
  each.close();
  CHECK(whole.said() == each.said());
}

TEST_CASE("han doctor: a line that was good once is not judged until it opens again") {
  LineRig line;
  line.hear(list_2());
  for (int n = 0; n < 30; ++n) line.hear(with_even_bytes_lost(list_2()));
  CHECK(lines_with(line.said(), "diagnosis") == "");
  line.reopen();
  for (int n = 0; n < 30; ++n) line.feed(with_even_bytes_lost(list_2()));
  CHECK(lines_with(line.said(), "diagnosis") == "diagnosis wrong_parity\n");
}

TEST_CASE("han doctor: noise names the setting of the maker whose name is in it, else all") {
  const auto hint = [](std::string_view words) {
    LineRig line;
    for (unsigned n = 0; n < 80; ++n) {
      line.feed(noise(60, n) + std::string(words));
      line.pass(10s);
    }
    line.close();
    return line.details;
  };
  struct Case {
    const char *words, *setting, *other;
  };
  for (const Case& each : {Case{"KFM_001", "2400 8E1 (Kaifa)", "Iskraemeco"},
                           Case{"AIDON_V0001", "2400 8E1 (Aidon)", "Kaifa"},
                           Case{"Kamstrup_V0001", "2400 8N1 (Kamstrup)", "Kaifa"},
                           Case{"LGZ1030655933512", "9600 8N1 (Landis+Gyr E450)", "Kaifa"},
                           Case{"ISK1030775213859", "115200 8N1 or 38400 8N1", "Kaifa"}}) {
    CAPTURE(each.words);
    CHECK(hint(each.words).find(each.setting) != std::string::npos);
    CHECK(hint(each.words).find(each.other) == std::string::npos);
  }
  for (const char* maker : {"Kaifa", "Aidon", "Kamstrup", "E450", "Iskraemeco"}) {
    CHECK(hint("").find(maker) != std::string::npos);
  }
}
