// What the wire says of a stream, one line each: see WireRig.

#include <string>

#include <doctest/doctest.h>

#include "support/p1_telegram.hpp"

using namespace gridtap;
using namespace gridtap::p1;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view good = "telegram /TST5demo checked\n";
constexpr std::string_view good_old = "telegram /TST5old unchecked\n";

WireSettings with_key() { return {demo_keys(), false}; }

// Everything that is said, to the last word, when the bytes come as one, one by one, or cut.
std::string said_of(std::string_view bytes, const WireSettings& settings = {}) {
  WireRig whole(settings), each(settings);
  whole.feed(bytes);
  whole.close();
  each.feed_each(bytes);
  each.close();
  CHECK(each.whole == whole.whole);
  Dice dice(42);
  for (const std::uint32_t longest : {3u, 20u, 300u}) {
    WireRig cut(settings);
    cut.feed_cut(bytes, dice, longest);
    cut.close();
    CHECK(cut.whole == whole.whole);
  }
  return whole.said();
}

std::string repeated(std::string_view text, std::size_t size) {
  std::string out;
  while (out.size() < size) out += text;
  return out;
}

// Line ends and NUL between telegrams mean nothing and are not counted.
std::string noise_in(std::string_view bytes) {
  std::size_t count = 0;
  for (const char c : bytes) count += c != '\r' && c != '\n' && c != '\0' ? 1 : 0;
  return std::to_string(count);
}

std::string encrypted(std::uint32_t counter) {
  Sealed sealed;
  sealed.counter = counter;
  return sealed();
}

}  // namespace

TEST_CASE("p1 wire: however the input is cut, the effects are the same") {
  const std::string t = small_telegram(), o = old_telegram(), tail = t.substr(40);
  const std::string bad = flipped(t, 8 * 40);
  struct Row {
    std::string stream, said;
  };
  const std::string g(good), go(good_old), mismatch = "dropped bad_checksum 82\n";
  const Row rows[] = {
      {t, g},
      {o, go},
      {t + t, g + g},
      {tail + t, g},
      {noise(300) + t, g},
      {t + noise(300) + t, g + "dropped noise " + noise_in(noise(300)) + '\n' + g},
      {t + t.substr(0, 40) + t, g + "dropped truncated 34\n" + g},
      {t + tail + t, g + "dropped noise " + noise_in(tail) + '\n' + g},
      {bad + t, mismatch + g},
      {t + bad + bad + t, g + mismatch + mismatch + g},
      {t + t.substr(0, 40), g + "dropped truncated 34\n"},
      {with_line_ends(t, "\n"), "telegram /TST5demo repaired\n"},
      {t + small_telegram().substr(0, 78) + "\r\n", g + "dropped missing_checksum 78\n"},
      {"", ""},
      {std::string(5, '\0') + "\r\n" + t, g},
  };
  for (const Row& row : rows) {
    CAPTURE(row.stream);
    CHECK(said_of(row.stream) == row.said);
  }
}

TEST_CASE("p1 wire: nor with telegrams whose room is given back when they are over") {
  std::string text = "/TST5demo\r\n\r\n1-3:0.2.8(50)\r\n";
  for (int n = 0; n < 60; ++n) text += "1-0:1.8.1(000001.234*kWh)\r\n";
  const std::string t = with_crc(text + '!'), g(good);
  REQUIRE(t.size() > 1500);
  CHECK(said_of(t + t) == g + g);
  CHECK(said_of(t + t.substr(0, 40) + t + t) == g + "dropped truncated 34\n" + g + g);
  CHECK(said_of(t + noise(300) + t) == g + "dropped noise " + noise_in(noise(300)) + '\n' + g);
  CHECK(said_of(t + "/TST" + t) == g + "dropped truncated 4\n" + g);
  CHECK(said_of(with_line_ends(t, "\n") + small_telegram()) == "telegram /TST5demo repaired\n" + g);
  CHECK(said_of(encrypted(5) + t + encrypted(6) + t, with_key()) == g + g + g + g);
}

TEST_CASE("p1 wire: a flipped bit anywhere in a stream costs one telegram and never changes one") {
  const std::string t = small_telegram();
  const std::string right(small_text.substr(0, small_text.size() - 1));
  for (std::size_t bit = 0; bit < 8 * t.size(); ++bit) {
    CAPTURE(bit);
    WireRig rig;
    rig.feed(t + flipped(t, bit) + t);
    rig.close();
    CHECK(rig.texts.size() >= 2);
    for (const std::string& text : rig.texts) CHECK(text == right);
  }
}

TEST_CASE("p1 wire: a megabyte of anything stays bounded, and the next telegram is found") {
  for (const std::string& junk :
       {noise(1 << 20), repeated("/AAA!1234", 1 << 20), repeated("/AAA5 no end\r\n", 1 << 20),
        repeated("!", 1 << 20), repeated("/", 1 << 20), repeated("0-0:96.13.0(41\r\n", 1 << 20),
        std::string(1 << 20, '\0'),
        repeated("\xDB\x08"
                 "ABC",
                 1 << 20),
        repeated("!0\r/ABC5\r", 1 << 20)}) {
    CAPTURE(to_hex(as_bytes(junk.substr(0, 20))));
    WireRig rig(with_key());
    rig.feed(junk + "\r\n" + small_telegram());
    CHECK(rig.said().ends_with(good));
    CHECK(rig.texts.size() == 1);
    for (const std::size_t size : rig.dropped) CHECK(size <= Framer::cap + 1);
  }
}

TEST_CASE("p1 wire: without an end a telegram is given up at 8 kB, as too long") {
  WireRig rig;
  rig.feed(small_telegram());
  CHECK(rig.said() == good);
  rig.feed("/TST5demo\r\n" + repeated("1-0:1.7.0(1)\r\n", 8300));
  CHECK(rig.said() == "dropped overlong 7023\n");
  rig.feed(small_telegram());
  CHECK(rig.said().ends_with(good));
}

TEST_CASE("p1 wire: a telegram of 8 kB is whole, and may hold what looks like thirty others") {
  std::string text = "/TST5demo\r\n\r\n";
  for (int n = 0; n < 30; ++n) text += "0-0:96.13.0(/ABC5 !12)\r\n";
  while (text.size() < 8160) text += "1-0:1.7.0(1*kW)\r\n";
  REQUIRE(text.size() < Framer::cap);
  WireRig rig;
  rig.feed(with_crc(text + '!'));
  CHECK(rig.said() == good);
}

TEST_CASE("p1 wire: silence of 200 ms ends a telegram without checksum") {
  WireRig rig;
  rig.feed(old_text);
  CHECK(rig.said() == "");
  CHECK(rig.wire.next_wake() == rig.now.mono + Wire::end_silence);
  rig.pass(199ms);
  CHECK(rig.said() == "");
  rig.pass(1ms);
  CHECK(rig.said() == good_old);
  CHECK(rig.wire.next_wake() == Mono::max());
}

TEST_CASE("p1 wire: each byte begins the silence anew") {
  WireRig rig;
  rig.feed(old_text.substr(0, old_text.size() - 1));
  rig.pass(150ms);
  rig.feed("!");
  rig.pass(199ms);
  CHECK(rig.said() == "");
  rig.pass(1ms);
  CHECK(rig.said() == good_old);
}

TEST_CASE("p1 wire: a telegram that was cut off is given up after 30 s, not before") {
  WireRig rig;
  const std::string t = small_telegram();
  rig.feed(t + t.substr(0, 40));
  CHECK(rig.said() == good);
  CHECK(rig.wire.next_wake() == rig.now.mono + Wire::give_up_after);
  SUBCASE("the rest comes in time") {
    rig.pass(29s);
    rig.feed(t.substr(40));
    CHECK(rig.said() == good);
  }
  SUBCASE("the rest comes too late") {
    rig.pass(30s);
    CHECK(rig.said() == "dropped truncated 34\n");
    CHECK(rig.wire.next_wake() == Mono::max());
    rig.feed(t.substr(40) + t);
    CHECK(rig.said() == "dropped noise " + noise_in(t.substr(40)) + '\n' + std::string(good));
  }
}

TEST_CASE("p1 wire: no wake-up is needed when nothing waits") {
  WireRig rig;
  CHECK(rig.wire.next_wake() == rig.now.mono + LineDoctor::patience);
  rig.pass(11s);
  CHECK(rig.wire.next_wake() == Mono::max());
  CHECK(rig.said() == "");
  rig.feed(small_telegram());
  CHECK(rig.wire.next_wake() == Mono::max());
}

TEST_CASE("p1 wire: the rest of a telegram at the beginning of a connection is no fault") {
  WireRig rig;
  const std::string tail = small_telegram().substr(30);
  rig.feed(tail + small_telegram());
  CHECK(rig.said() == good);
  rig.reopen();
  rig.feed(tail + small_telegram());
  CHECK(rig.said() == good);
}

TEST_CASE("p1 wire: a new connection begins with nothing of the old one") {
  WireRig rig;
  const std::string t = small_telegram();
  rig.feed(t + t.substr(0, 40));
  rig.reopen();
  CHECK(rig.said() == std::string(good) + "dropped truncated 34\n");
  rig.feed(t.substr(40) + t);
  CHECK(rig.said() == good);
}

TEST_CASE("p1 wire: closing is silence: a telegram without checksum has ended") {
  WireRig rig;
  rig.feed(old_text);
  rig.close();
  CHECK(rig.said() == good_old);
}

TEST_CASE("p1 wire: missing digits are accepted if configured") {
  const std::string t = std::string(small_text) + "\r\n";
  CHECK(said_of(t) == "dropped missing_checksum 78\n");
  CHECK(said_of(t, {{}, true}) == "telegram /TST5demo unchecked\n");
}

TEST_CASE("p1 wire: a telnet negotiation at the beginning is taken out, and named once") {
  const std::string negotiation = hex("FFFB01FFFD03FFFC22");
  CHECK(said_of(negotiation + small_telegram()) == "diagnosis telnet\n" + std::string(good));
  CHECK(said_of(hex("FFFB01") + old_telegram()) == "diagnosis telnet\n" + std::string(good_old));
}

TEST_CASE("p1 wire: later, or outside telnet, FF is an ordinary byte") {
  const std::string g(good), t = small_telegram();
  CHECK(said_of(t + hex("FFFB01") + t) == g + "dropped noise 3\n" + g);
  CHECK(said_of(hex("FF41") + t) == g);
}

TEST_CASE("p1 wire: encrypted telegrams are opened, also among plain ones") {
  const std::string g(good), t = small_telegram();
  CHECK(said_of(encrypted(1), with_key()) == g);
  CHECK(said_of(encrypted(1) + encrypted(2), with_key()) == g + g);
  CHECK(said_of(encrypted(1) + t + encrypted(2) + t, with_key()) == g + g + g + g);
}

TEST_CASE("p1 wire: a start in the middle of an encrypted telegram is no fault") {
  for (const std::size_t from : {1u, 5u, 13u, 40u, 90u}) {
    CHECK(said_of(encrypted(1).substr(from) + encrypted(2), with_key()) == good);
  }
}

TEST_CASE("p1 wire: a damaged encrypted telegram is dropped, and the next one is found") {
  const std::string g(good);
  CHECK(said_of(flipped_byte(encrypted(1), 60) + encrypted(2), with_key()) ==
        "dropped bad_checksum 114\n" + g);
  CHECK(said_of(encrypted(1) + encrypted(2).substr(0, 50) + encrypted(3) + encrypted(4), with_key())
            .ends_with(g));
}

TEST_CASE("p1 wire: an envelope in the noise does not hide the one that begins inside it") {
  const std::string g(good), fake =
                                 "\xDB\x08"
                                 "ABC" +
                                 hex("00000000018200F030");
  WireRig rig(with_key());
  rig.feed(fake + encrypted(1) + encrypted(2) + encrypted(3));
  rig.close();
  CHECK(rig.texts.size() == 3);
}

TEST_CASE("p1 wire: DB 08 in the ciphertext is ciphertext") {
  Sealed sealed;
  bool found = false;
  for (sealed.counter = 1; !found && sealed.counter < 200'000; ++sealed.counter) {
    found = sealed().find("\xDB\x08", 13) != std::string::npos;
  }
  REQUIRE(found);
  --sealed.counter;
  CHECK(said_of(sealed() + encrypted(300'000), with_key()) ==
        std::string(good) + std::string(good));
}

TEST_CASE("p1 wire: a replayed telegram is dropped whole, the same one again is accepted") {
  const std::string g(good);
  CHECK(said_of(encrypted(5) + encrypted(5) + encrypted(4) + encrypted(6), with_key()) ==
        g + g + "dropped replay 114\n" + g);
}

TEST_CASE("p1 wire: a telegram that was recorded before a restart is dropped after it") {
  WireRig before(with_key()), after(with_key());
  before.feed(encrypted(5));
  RecordWriter record;
  before.wire.save(record);
  after.wire.restore(Record(record.text()));
  after.feed(encrypted(4) + encrypted(5) + encrypted(6));
  CHECK(after.said() == "dropped replay 114\ndropped replay 114\n" + std::string(good));
}

TEST_CASE("p1 wire: without a key every telegram is dropped, and the remedy is reported once") {
  CHECK(said_of(encrypted(1) + encrypted(2)) ==
        "diagnosis encrypted\ndropped no_key 114\ndropped no_key 114\n");
}

TEST_CASE("p1 wire: with a wrong key every telegram is dropped, and the remedy is reported once") {
  WireSettings wrong = with_key();
  (*wrong.keys.encryption)[0] = 'x';
  const std::string said = said_of(encrypted(1) + encrypted(2), wrong);
  CHECK(said.starts_with("diagnosis wrong_key\ndropped wrong_key 114\n"));
  CHECK(said.find("diagnosis", 1) == std::string::npos);
  CHECK(said.find("telegram /") == std::string::npos);
}

TEST_CASE("p1 wire: with a wrong authentication key telegrams are accepted, with one warning") {
  WireSettings other = with_key();
  other.keys.authentication = std::string(16, 'x');
  CHECK(said_of(encrypted(1) + encrypted(2), other) ==
        "diagnosis wrong_key\n" + std::string(good) + std::string(good));
  other.keys.require_tag = true;
  CHECK(said_of(encrypted(1), other) == "diagnosis wrong_key\ndropped wrong_key 114\n");
}
