// general-glo-ciphering: the envelope, its keys.

#include <doctest/doctest.h>

#include "codec/ciphered_apdu.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;

namespace {

const std::string title = "TST" + hex("0102030405");
const std::string plain = hex("0F40000000") + hex("00") + hex("06000004D2");
const CipherKeys both{hex("000102030405060708090A0B0C0D0E0F"),
                      hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF")};
const CipherKeys encryption_alone{both.encryption, std::nullopt};
constexpr std::uint8_t authenticated = 0x10, encrypted = 0x20, full = 0x30;

std::string sealed(std::uint8_t control = full, std::uint32_t counter = 1) {
  return ciphered_apdu(as_bytes(title), control, counter, as_bytes(plain), both);
}

// The plain text, or the fault and what it says.
std::string opened(const std::string& apdu, const CipherKeys& keys) {
  const auto parsed = parse_ciphered(as_bytes(apdu));
  if (!parsed) return std::string(name(parsed.error().fault)) + ": " + parsed.error().detail;
  const auto text = decipher(*parsed, keys);
  return text ? *text : std::string(name(text.error().fault)) + ": " + text.error().detail;
}
std::string fault_of(const std::string& apdu, const CipherKeys& keys = both) {
  const std::string said = opened(apdu, keys);
  return said.substr(0, said.find(':'));
}

}  // namespace

TEST_CASE("ciphered: what is sealed opens under its keys, in all three protections") {
  for (const std::uint8_t control : {authenticated, encrypted, full}) {
    CAPTURE(control);
    CHECK(opened(sealed(control), both) == plain);
  }
}

// The ciphertext is that of `openssl enc -aes-128-ctr` with the initial block title || counter
// || 2.
TEST_CASE("ciphered: encryption alone is counter mode, from 2") {
  CHECK(to_hex(as_bytes(sealed(encrypted, 0x01020304))) ==
        "DB0854535401020304058200102001020304BC6FD359B1F1E9C8A95BFD");
}

TEST_CASE("ciphered: a suite other than 0 in the control byte is read all the same") {
  CHECK(opened(sealed(0x21), both) == plain);
  CHECK(opened(sealed(0x31), both) == plain);
}

TEST_CASE("ciphered: without authentication key the tag is not looked at") {
  std::string apdu = sealed();
  apdu.back() = static_cast<char>(apdu.back() ^ 1);
  CHECK(opened(apdu, encryption_alone) == plain);
  CHECK(fault_of(apdu) == "wrong_key");
}

TEST_CASE("ciphered: what is only signed needs no key to be read") {
  CHECK(opened(sealed(authenticated), {}) == plain);
}

TEST_CASE("ciphered: no key, a wrong one, and swapped ones are told apart") {
  CHECK(opened(sealed(), {}).find("TST0102030405") != std::string::npos);
  CHECK(fault_of(sealed(), {}) == "no_key");
  const CipherKeys wrong{std::string(16, 'x'), std::nullopt};
  CHECK(fault_of(sealed(), wrong) == "wrong_key");
  const CipherKeys wrong_tag{both.encryption, std::string(16, 'x')};
  CHECK(opened(sealed(), wrong_tag).find("authentication_key_file") != std::string::npos);
  const CipherKeys swapped{both.authentication, both.encryption};
  CHECK(fault_of(sealed(), swapped) == "wrong_key");
}

TEST_CASE("ciphered: any bit flipped behind the counter is seen where there is a tag") {
  const std::string whole = sealed();
  for (std::size_t bit = 8 * 18; bit < 8 * whole.size(); ++bit) {
    CAPTURE(bit);
    CHECK(fault_of(flipped(whole, bit)) == "wrong_key");
  }
}

TEST_CASE("ciphered: cut anywhere it is refused") {
  for (const std::uint8_t control : {authenticated, encrypted, full}) {
    const std::string whole = sealed(control);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(size);
      CHECK(fault_of(whole.substr(0, size)) == "truncated");
    }
  }
}

TEST_CASE("ciphered: more may follow, and how much it took is known") {
  const std::string whole = sealed(), longer = whole + "more";
  const auto parsed = parse_ciphered(as_bytes(longer));
  REQUIRE(parsed);
  CHECK(parsed->bytes == whole.size());
  CHECK(parsed->counter == 1);
  CHECK(as_text(parsed->title) == title);
}

TEST_CASE("ciphered: lengths come in every form") {
  std::string short_form = sealed();
  const std::size_t size = short_form.size() - 13;
  short_form.replace(10, 3, 1, static_cast<char>(size));
  CHECK(opened(short_form, both) == plain);
  std::string long_form = sealed();
  long_form.replace(10, 3, hex("84000000") + static_cast<char>(size));
  CHECK(opened(long_form, both) == plain);
}

TEST_CASE("ciphered: what no meter sends is refused by name") {
  std::string other_title = sealed();
  other_title[1] = 7;
  CHECK(fault_of(other_title) == "bad_syntax");
  std::string compressed = sealed();
  compressed[13] = static_cast<char>(0xB0);
  CHECK(fault_of(compressed) == "unsupported");
  std::string open = sealed(encrypted);
  open[13] = 0;
  CHECK(fault_of(open) == "unsupported");
}

TEST_CASE("ciphered: a title is shown as maker and digits, whatever it holds") {
  CHECK(system_title_text(as_bytes(title)) == "TST0102030405");
  CHECK(system_title_text(as_bytes(hex("00FF0A0102030405"))) == "???0102030405");
}
