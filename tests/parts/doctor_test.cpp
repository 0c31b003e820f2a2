#include <bit>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include "codec/hdlc.hpp"
#include "parts/doctor.hpp"

using namespace gridtap;

namespace {

constexpr std::string_view line = "1-0:1.8.1(001581.123*kWh)\r\n";

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int n = 0; n < times; ++n) out += text;
  return out;
}

std::string with_parity(std::string text) {
  for (char& c : text) {
    if (std::popcount(static_cast<unsigned char>(c)) % 2 != 0) c = static_cast<char>(c | 0x80);
  }
  return text;
}

// What a UART reads of an inverted line: bits 0 to 6, inverted, one place up. 30 becomes 9F.
std::string inverted(std::string text) {
  for (char& c : text) c = static_cast<char>((~static_cast<unsigned>(c) & 0x7F) << 1 | 1);
  return text;
}

std::string noise(std::size_t size) {
  std::mt19937 random(7);
  std::string bytes;
  while (bytes.size() < size) bytes += static_cast<char>(random() & 0xFF);
  return bytes;
}

std::string hdlc_frame(std::string_view information) {
  return gridtap::hdlc_frame(as_bytes("\x03\x21\x13"), as_bytes(information));
}

// EN 13757-2: 68 L L 68, control, address, control information, data, sum, 16.
std::string mbus_frame(std::string_view data) {
  const std::string body = "\x53\xFF\x7A" + std::string(data);
  unsigned sum = 0;
  for (const std::uint8_t byte : as_bytes(body)) sum += byte;
  const char size = static_cast<char>(body.size());
  return std::string("\x68") + size + size + '\x68' + body + static_cast<char>(sum) + '\x16';
}

const std::string information("\xE6\xE7\x00\x0F\x00\x01\x02\xB7\x80\x99\xAA\xFE", 12);

std::string_view diagnosed(std::string_view bytes) { return name(diagnose(as_bytes(bytes))); }

}  // namespace

TEST_CASE("doctor: readable text is never ill") {
  for (const std::string& text : {std::string(), std::string("/"), repeated(line, 40),
                                  repeated(line, 40) + '\0', with_parity("")}) {
    CHECK(diagnosed(text) == "none");
  }
}

TEST_CASE("doctor: a few flipped bits in a text are still text, many are noise") {
  std::string text = repeated(line, 40);
  for (std::size_t at = 0; at < text.size(); at += 100) text[at] = '\x01';
  CHECK(diagnosed(text) == "none");
  for (std::size_t at = 0; at < text.size(); at += 25) text[at] = '\x01';
  CHECK(diagnosed(text) == "noise");
}

TEST_CASE("doctor: a login prompt of a console at the far end") {
  CHECK(diagnosed("Debian GNU/Linux 12 raspberrypi ttyAMA0\r\n\r\nraspberrypi login: ") == "login");
  CHECK(diagnosed("Password: ") == "login");
  CHECK(diagnosed(noise(500) + "raspberrypi login: ") == "noise");
}

TEST_CASE("doctor: nothing but zeros means that the line is slower than it is read") {
  CHECK(diagnosed(std::string(100, '\0')) == "wrong_baud");
  CHECK(diagnosed(std::string(96, '\0') + "abcd") == "wrong_baud");
  CHECK(diagnosed(std::string(95, '\0') + "abcde") == "noise");
}

TEST_CASE("doctor: an inverted line is known by high bytes that are text when inverted") {
  CHECK(diagnosed(inverted(repeated(line, 40))) == "inverted");
  CHECK(diagnosed(inverted(repeated(line, 40)) + repeated(line, 1)) == "inverted");
}

TEST_CASE("doctor: high bytes that are not text upside down are noise") {
  CHECK(diagnosed(std::string(500, '\xFE')) == "noise");  // 00 upside down
  CHECK(diagnosed(noise(4096)) == "noise");
}

TEST_CASE("doctor: text with parity in bit 7 looks like seven bits, and a flipped bit may be in") {
  std::string text = with_parity(repeated(line, 10));
  CHECK(looks_seven_bit(shares_of(as_bytes(text))));
  text[20] = static_cast<char>(text[20] ^ 1);
  CHECK(looks_seven_bit(shares_of(as_bytes(text))));
}

TEST_CASE("doctor: plain text, noise, zeros and nothing do not look like seven bits") {
  for (const std::string& bytes :
       {std::string(), repeated(line, 10), noise(1000), std::string(100, '\0')}) {
    CHECK_FALSE(looks_seven_bit(shares_of(as_bytes(bytes))));
  }
}

TEST_CASE("doctor: the shares count the bytes of each kind") {
  const ByteShares shares = shares_of(as_bytes(std::string("A\0\x7F\x81\r\n\xFE", 7)));
  CHECK(shares.all == 7);
  CHECK(shares.zero == 1);
  CHECK(shares.high == 2);
  CHECK(shares.printable == 3);
  CHECK(shares.even == 4);      // A, 00, 81, LF
  CHECK(shares.restored == 5);  // of A, 7F, 81, CR and LF: _ @ ? y z
}

TEST_CASE("doctor: a whole HDLC frame anywhere in the bytes names the protocol") {
  const std::string frame = hdlc_frame(information);
  CHECK(diagnosed(frame) == "hdlc");
  CHECK(diagnosed(noise(100) + frame + noise(100)) == "hdlc");
  CHECK(diagnosed("~~" + frame) == "hdlc");
  CHECK(diagnosed(frame.substr(9) + frame) == "hdlc");
}

TEST_CASE("doctor: a whole M-Bus frame anywhere in the bytes names the protocol") {
  const std::string frame = mbus_frame(information);
  CHECK(diagnosed(frame) == "mbus");
  CHECK(diagnosed(noise(100) + frame + noise(100)) == "mbus");
  CHECK(diagnosed("hh" + frame) == "mbus");
}

TEST_CASE("doctor: a frame that is cut at any byte proves no protocol") {
  const std::string hdlc = hdlc_frame(information), mbus = mbus_frame(information);
  for (std::size_t size = 0; size < hdlc.size(); ++size) {
    CHECK_FALSE(holds_hdlc(as_bytes(hdlc.substr(0, size))));
  }
  for (std::size_t size = 0; size < mbus.size(); ++size) {
    CHECK_FALSE(holds_mbus(as_bytes(mbus.substr(0, size))));
  }
}

TEST_CASE("doctor: a frame with a flipped bit proves no protocol") {
  const std::string hdlc = hdlc_frame(information), mbus = mbus_frame(information);
  for (std::size_t bit = 0; bit < 8 * hdlc.size(); ++bit) {
    std::string damaged = hdlc;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    CAPTURE(bit);
    CHECK_FALSE(holds_hdlc(as_bytes(damaged)));
  }
  for (std::size_t bit = 0; bit < 8 * mbus.size(); ++bit) {
    std::string damaged = mbus;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    CAPTURE(bit);
    CHECK_FALSE(holds_mbus(as_bytes(damaged)));
  }
}
