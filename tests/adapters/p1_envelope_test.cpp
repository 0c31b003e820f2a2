#include <string>

#include <doctest/doctest.h>

#include "adapters/p1/envelope.hpp"
#include "support/p1_telegram.hpp"

using namespace gridtap;
using namespace gridtap::p1;

namespace {

// "good", or the fault; behind it what else was noted.
std::string outcome(const Opened& opened) {
  std::string out = opened.error ? std::string(name(opened.error->fault)) : "good";
  if (opened.error && opened.sound) out += ", sound";
  if (!opened.error && opened.tag_failed) out += ", tag failed";
  if (!opened.error && opened.inner_failed) out += ", inner checksum failed";
  return out;
}

std::string open_once(const std::string& envelope, Keys keys = demo_keys()) {
  return outcome(Envelopes(std::move(keys)).open(as_bytes(envelope)));
}

std::string numbered(Envelopes& envelopes, std::uint32_t counter,
                     std::string_view header = "/TST") {
  Sealed sealed;
  sealed.counter = counter;
  sealed.text = with_crc(std::string(header) + "5demo\r\n\r\n1-0:1.7.0(1*kW)\r\n!");
  return outcome(envelopes.open(as_bytes(sealed())));
}

std::string with_title(std::string title, std::uint32_t counter) {
  Sealed sealed;
  sealed.title = std::move(title);
  sealed.counter = counter;
  return sealed();
}

}  // namespace

TEST_CASE("p1 envelope: a flipped bit in ciphertext or tag never gives another text") {
  const std::string good = Sealed{}();
  const std::string right(small_text.substr(0, small_text.size() - 1));
  for (std::size_t bit = 8 * 13; bit < 8 * good.size(); ++bit) {
    CAPTURE(bit);
    const std::string damaged = flipped(good, bit);
    if (envelope_size(as_bytes(damaged)) != damaged.size()) continue;
    const Opened opened = Envelopes(demo_keys()).open(as_bytes(damaged));
    if (opened.error) continue;
    CHECK(opened.tag_failed);
    CHECK(opened.text == right);
  }
}

TEST_CASE("p1 envelope: a flipped bit in the ciphertext is damage, not a wrong key") {
  const std::string damaged = flipped_byte(Sealed{}(), 60);
  CHECK(open_once(damaged) == "bad_checksum");
}

TEST_CASE("p1 envelope: a good one gives the telegram up to its !") {
  const Opened opened = Envelopes(demo_keys()).open(as_bytes(Sealed{}()));
  CHECK(outcome(opened) == "good");
  CHECK(opened.text + '!' == small_text);
}

TEST_CASE("p1 envelope: each outcome has its name") {
  Keys wrong = demo_keys(), swapped = demo_keys(), other = demo_keys(), strict = demo_keys();
  (*wrong.encryption)[3] = 'x';
  swapped.encryption = Sealed{}.authentication;
  swapped.authentication = Sealed{}.key;
  other.authentication = std::string(16, 'a');
  strict = other;
  strict.require_tag = true;
  CHECK(open_once(Sealed{}(), wrong) == "wrong_key");
  CHECK(open_once(Sealed{}(), swapped) == "wrong_key");
  CHECK(open_once(Sealed{}(), other) == "good, tag failed");
  CHECK(open_once(Sealed{}(), strict) == "wrong_key");
  CHECK(open_once(Sealed{}(), {}) == "no_key, sound");
}

TEST_CASE("p1 envelope: an own authentication key replaces the one of Luxembourg") {
  Sealed sealed;
  sealed.authentication = std::string(16, 'k');
  Keys keys = demo_keys();
  CHECK(open_once(sealed(), keys) == "good, tag failed");
  keys.authentication = sealed.authentication;
  keys.require_tag = true;
  CHECK(open_once(sealed(), keys) == "good");
}

TEST_CASE("p1 envelope: without tag (20) only the text and its checksum prove it") {
  Sealed sealed;
  sealed.control = 0x20;
  CHECK(open_once(sealed()) == "good");
  Keys strict = demo_keys();
  strict.require_tag = true;
  CHECK(open_once(sealed(), strict) == "wrong_key");
  CHECK(open_once(flipped_byte(sealed(), 60)) == "bad_checksum");
}

TEST_CASE("p1 envelope: the tag is the stronger proof where the inner checksum is wrong") {
  Sealed sealed;
  sealed.text = std::string(small_text) + "0000\r\n";
  CHECK(open_once(sealed()) == "good, inner checksum failed");
  sealed.authentication = "another key here";
  CHECK(open_once(sealed()) == "bad_checksum");
}

TEST_CASE("p1 envelope: what decrypts to something else is no telegram") {
  Sealed sealed;
  for (const std::string_view text :
       {"hello, this is no telegram at all!", "/TST5 without an end", "                  "}) {
    sealed.text = text;
    CHECK(open_once(sealed()) == "bad_syntax");
  }
}

TEST_CASE("p1 envelope: the detail shows the system title, never a key") {
  Keys keys = demo_keys();
  Envelopes none({});
  const Opened opened = none.open(as_bytes(Sealed{}()));
  CHECK(opened.error->detail ==
        "encrypted, system title TST0000012345, and no key_file is configured");
  CHECK(title_text(as_bytes(Sealed{}())) == "TST0000012345");
  (*keys.encryption)[0] = 'x';
  const Opened wrong = Envelopes(keys).open(as_bytes(Sealed{}()));
  CHECK(wrong.error->detail == "the key does not match this meter (system title TST0000012345)");
}

TEST_CASE("p1 envelope: the length may have any of its forms") {
  struct Row {
    int form;
    std::size_t head;
  };
  for (const Row row : {Row{0x81, 12}, Row{0x82, 13}, Row{0x84, 15}}) {
    Sealed sealed;
    sealed.length_form = row.form;
    const std::string envelope = sealed();
    CHECK(envelope_size(as_bytes(envelope)) == envelope.size());
    CHECK(envelope.size() == row.head + 1 + 4 + sealed.text.size() + 12);
    CHECK(open_once(envelope) == "good");
  }
  Sealed short_one;
  short_one.length_form = 0;
  short_one.text = with_crc("/TST5demo\r\n\r\n1-0:1.7.0(1*kW)\r\n!");
  CHECK(envelope_size(as_bytes(short_one())) == short_one().size());
  CHECK(open_once(short_one()) == "good");
}

TEST_CASE("p1 envelope: its size is known once the security control has come, and stays") {
  const std::string envelope = Sealed{}();
  for (std::size_t n = 0; n < 14; ++n) {
    CHECK_FALSE(envelope_size(as_bytes(envelope.substr(0, n))));
  }
  for (std::size_t n = 14; n < envelope.size(); ++n) {
    CHECK(envelope_size(as_bytes(envelope.substr(0, n))) == envelope.size());
  }
}

TEST_CASE("p1 envelope: what cannot be one is rejected as soon as possible") {
  const std::string title = "TST" + hex("0000012345");
  const std::string begin = "\xDB\x08" + title;
  for (const std::string& bytes :
       {std::string("x"), std::string("\xDB\x09"), std::string("\xDB\x08T1"),
        begin + '\x1D' + '\x30',  // 29 bytes are too few
        begin + hex("82100130"),  // 4097 are too many
        begin + hex("8500000000"), begin + '\x80', begin + '\x83', begin + hex("84FFFFFFFF30"),
        begin + hex("82010031"), begin + hex("82010000"), begin + hex("820100DB")}) {
    CAPTURE(to_hex(as_bytes(bytes)));
    CHECK(envelope_size(as_bytes(bytes)) == 0);
  }
  CHECK(envelope_size(as_bytes(begin + hex("82100030"))) == 13 + 4096);
  CHECK(envelope_size(as_bytes(begin + hex("1E20"))) == 11 + 30);
}

TEST_CASE("p1 envelope: a counter that does not rise is refused as a replay") {
  Envelopes envelopes(demo_keys());
  CHECK(numbered(envelopes, 100) == "good");
  CHECK(numbered(envelopes, 101) == "good");
  CHECK(numbered(envelopes, 100) == "replay, sound");
  CHECK(numbered(envelopes, 1) == "replay, sound");
  CHECK(numbered(envelopes, 102) == "good");
  CHECK(numbered(envelopes, 0xFFFFFFFF) == "good");
  CHECK(numbered(envelopes, 0) == "replay, sound");
}

TEST_CASE("p1 envelope: the same counter comes again with the same bytes only") {
  Envelopes envelopes(demo_keys());
  CHECK(numbered(envelopes, 100) == "good");
  CHECK(numbered(envelopes, 100) == "good");
  CHECK(numbered(envelopes, 100, "/OTH") == "replay, sound");
  CHECK(numbered(envelopes, 100) == "good");
}

TEST_CASE("p1 envelope: a damaged frame moves no counter") {
  Envelopes envelopes(demo_keys());
  CHECK(numbered(envelopes, 100) == "good");
  Sealed sealed;
  sealed.counter = 900;
  CHECK(outcome(envelopes.open(as_bytes(flipped_byte(sealed(), 60)))) == "bad_checksum");
  CHECK(numbered(envelopes, 101) == "good");
}

TEST_CASE("p1 envelope: thirty refused in a row that rise begin a new series") {
  Envelopes envelopes(demo_keys());
  CHECK(numbered(envelopes, 5000) == "good");
  for (std::uint32_t n = 1; n < InvocationCounters::new_series; ++n) {
    CHECK(numbered(envelopes, n) == "replay, sound");
  }
  CHECK(numbered(envelopes, 30) == "good");
  CHECK(numbered(envelopes, 31) == "good");
}

TEST_CASE("p1 envelope: thirty refused begin nothing where their counters do not rise") {
  Envelopes envelopes(demo_keys());
  CHECK(numbered(envelopes, 5000) == "good");
  for (std::uint32_t n = 0; n < 100; ++n) CHECK(numbered(envelopes, 7) == "replay, sound");
  for (std::uint32_t n = 0; n < 100; ++n) CHECK(numbered(envelopes, n % 25) == "replay, sound");
}

TEST_CASE("p1 envelope: a good frame in between starts the counting of refused ones anew") {
  Envelopes envelopes(demo_keys());
  CHECK(numbered(envelopes, 5000) == "good");
  for (std::uint32_t n = 1; n < 30; ++n) CHECK(numbered(envelopes, n) == "replay, sound");
  CHECK(numbered(envelopes, 5001) == "good");
  CHECK(numbered(envelopes, 30) == "replay, sound");
}

TEST_CASE("p1 envelope: meters on one line have counters of their own, the oldest is forgotten") {
  Envelopes envelopes(demo_keys());
  const auto opened = [&](const std::string& title, std::uint32_t counter) {
    return outcome(envelopes.open(as_bytes(with_title(title, counter))));
  };
  for (const std::string title : {"AAA00001", "AAA00002", "AAA00003", "AAA00004"}) {
    CHECK(opened(title, 100) == "good");
    CHECK(opened(title, 99) == "replay, sound");
  }
  CHECK(opened("AAA00005", 1) == "good");
  CHECK(opened("AAA00002", 99) == "replay, sound");
  CHECK(opened("AAA00001", 1) == "good");
}
