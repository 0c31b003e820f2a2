// What other programs get of a line: each good frame with exactly the bytes that came, whatever
// the line does around it, and nothing of what was no frame.

#include <doctest/doctest.h>

#include "adapters/kgf/adapter.hpp"
#include "adapters/kgf/lines.hpp"
#include "adapters/kq330/adapter.hpp"
#include "adapters/kq330/checked_text.hpp"
#include "adapters/p1/adapter.hpp"
#include "codec/ciphered_apdu.hpp"
#include "codec/mbus_frame.hpp"
#include "support/han_line.hpp"
#include "support/p1_telegram.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

using Frames = std::vector<std::string>;
using Settings = AdapterRig::Settings;

Frames raws_of(AdapterRig& rig) { return std::exchange(rig.raws, {}); }

// What is handed on of a stream and the silence behind it.
Frames raws(Make make, const Settings& settings, std::string_view stream) {
  AdapterRig rig(make, settings);
  rig.hear(stream);
  return raws_of(rig);
}

// The frames glued, byte by byte, in pieces, and with noise between them: each as it came.
void check_raws(Make make, const Settings& settings, const Frames& frames,
                const std::string& between) {
  std::string glued, apart;
  for (const std::string& frame : frames) {
    glued += frame;
    apart += between + frame;
  }
  for (const std::string& stream : {glued, apart}) {
    CHECK(raws(make, settings, stream) == frames);
    AdapterRig each(make, settings);
    each.feed_each(stream);
    each.pass(1s);
    CHECK(raws_of(each) == frames);
    for (std::uint32_t seed = 1; seed <= 10; ++seed) {
      AdapterRig cut(make, settings);
      Dice dice(seed);
      cut.feed_cut(stream, dice, 40);
      cut.pass(1s);
      CHECK(raws_of(cut) == frames);
    }
  }
}

}  // namespace

TEST_CASE("raw frames: a P1 telegram goes from its `/` to the line end behind its checksum") {
  const std::string telegram = p1::small_telegram();
  check_raws(&p1::make, {}, {telegram, telegram}, "noise\r\n");
  // The line end is not waited for.
  AdapterRig rig(&p1::make, Settings{});
  rig.feed(telegram.substr(0, telegram.size() - 2));
  CHECK(raws_of(rig) == Frames{telegram});
  rig.feed("\r\n" + telegram);
  CHECK(raws_of(rig) == Frames{telegram});
}

TEST_CASE(
    "raw frames: a P1 telegram without checksum, with other line ends, or encrypted stays so") {
  const std::string old = p1::old_telegram();
  check_raws(&p1::make, {}, {old, old}, "\r\n");
  const std::string line_feeds = p1::with_line_ends(p1::small_telegram(), "\n");
  check_raws(&p1::make, {}, {line_feeds, line_feeds}, "noise\n");
  const p1::Sealed sealed;
  CHECK(raws(&p1::make, {{"key_file", "key"}}, sealed()) == Frames{sealed()});
  CHECK(raws(&p1::make, {}, p1::seven_bit(old + old)).back() == p1::seven_bit(old));
}

// ---- HAN ----------------------------------------------------------------------------------------

namespace {

const std::string list = han::pushed(han::kaifa_list_1(1234));
const std::string other_list = han::pushed(han::kaifa_list_1(77));

std::string apdu_of(std::int64_t watts) {
  return han::notification(std::string_view("\0", 1), han::kaifa_list_1(watts).bytes());
}
std::string segment(std::string_view information, bool more) {
  return hdlc_frame(as_bytes("\x01\x02\x01\x10"), as_bytes(information), more);
}
std::string block(bool last, int number, std::string_view data) {
  std::string bytes = hex("E0") + (last ? '\xC0' : '\x40') + '\0' + static_cast<char>(number) +
                      std::string(2, '\0') + static_cast<char>(data.size());
  return bytes.append(data);
}
Frames han_raws(std::string_view stream) { return raws(&han::make, {}, stream); }

}  // namespace

TEST_CASE("raw frames: a HAN list goes from flag to flag, an M-Bus one from start to stop byte") {
  const std::string mbus = mbus_frame(0, true, as_bytes(apdu_of(5)));
  check_raws(&han::make, {}, {list, other_list, list}, noise(300, 7));
  check_raws(&han::make, {}, {list, mbus, mbus, other_list}, "x");
  // One flag that serves two is part of both.
  CHECK(han_raws(list + other_list.substr(1)) == Frames{list, other_list});
  CHECK(han_raws("~~~" + list + "~~~" + other_list + "~~") == Frames{list, other_list});
}

TEST_CASE("raw frames: an encrypted HAN list stays encrypted") {
  const CipherKeys keys{hex("000102030405060708090A0B0C0D0E0F"), {}};
  const auto sealed = [&](std::uint32_t counter) {
    return han::framed(
        ciphered_apdu(as_bytes("KAM12345"), 0x20, counter, as_bytes(apdu_of(1234)), keys));
  };
  check_raws(&han::make, {{"key_file", "key"}}, {sealed(7), sealed(8)}, "noise");
  // What cannot be read, or was there before, is no good frame.
  CHECK(han_raws(sealed(7)).empty());
  CHECK(raws(&han::make, {{"key_file", "other_key"}}, sealed(7)).empty());
  CHECK(raws(&han::make, {{"key_file", "key"}}, sealed(8) + list + sealed(7)).size() == 2);
}

TEST_CASE("raw frames: a HAN list of several frames is all of them, in their order") {
  const std::string information = hex("E6E700") + apdu_of(77);
  const std::string a = segment(information.substr(0, 6), true);
  const std::string b = segment(information.substr(6, 6), true);
  const std::string c = segment(information.substr(12), false);
  check_raws(&han::make, {}, {a + b + c, list, a + b + c}, "x");
  // One flag between two segments is there once, as on the wire.
  const std::string tight = a + b.substr(1) + c.substr(1);
  CHECK(han_raws(tight) == Frames{tight});
  // What was given up leaves nothing behind.
  CHECK(han_raws(a + b + "x" + a + b + c) == Frames{a + b + c});
  CHECK(han_raws(a + list + b + c).size() == 1);
}

TEST_CASE("raw frames: M-Bus segments and blocks are handed on as one, lists between them alone") {
  const std::string apdu = apdu_of(77);
  const std::string a = mbus_frame(0, false, as_bytes(apdu.substr(0, 8)));
  const std::string b = mbus_frame(1, true, as_bytes(apdu.substr(8)));
  check_raws(&han::make, {}, {a + b, list, a + b}, "x");
  CHECK(han_raws(a + "x" + a + b) == Frames{a + b});
  const std::string begin = han::framed(block(false, 1, apdu.substr(0, 8)));
  const std::string end = segment(block(true, 2, apdu.substr(8)), false);
  check_raws(&han::make, {}, {begin + end, begin + end}, "");
  CHECK(han_raws(begin + list + end) == Frames{list, begin + end});
  CHECK(han_raws(begin + begin + end) == Frames{begin + end});
  // A block that came in two segments.
  const std::string information = hex("E6E700") + block(false, 1, apdu.substr(0, 8));
  const std::string halves =
      segment(information.substr(0, 5), true) + segment(information.substr(5), false);
  CHECK(han_raws(halves + end) == Frames{halves + end});
}

TEST_CASE("raw frames: a HAN frame of several messages is handed on once") {
  const std::string inner = hex("E6E700") + apdu_of(77);
  const std::string frame = han::framed(apdu_of(1234) + inner + inner);
  han::LineRig rig;
  CHECK(lines_with(rig.hear(frame), "frame").size() > 20);  // three of them
  CHECK(raws_of(rig) == Frames{frame});
}

TEST_CASE("raw frames: HAN frames that are damaged, cut or of no list are not handed on") {
  CHECK(han_raws(flipped(list, 100)).empty());
  CHECK(han_raws(list.substr(0, list.size() - 1)).empty());
  CHECK(han_raws(han::framed(hex("C4010000"))).empty());
  CHECK(han_raws(flipped(list, 100) + list) == Frames{list});
}

// ---- KG-F ---------------------------------------------------------------------------------------

namespace {

const std::int64_t measured[] = {5366, 5410, 416983, 289634, 1427701, 88851, 128, 0, 0, 1, 3, 4277};
const std::int64_t identity[] = {2140, 110, 6};
const std::string answer = kgf::answer_line('r', kgf::r_measurements, 1, measured);
const std::string who = kgf::answer_line('r', kgf::r_identity, 1, identity);

Frames kgf_raws(std::string_view stream) { return raws(&kgf::make, {}, stream); }

}  // namespace

TEST_CASE("raw frames: an answer of a KG-F goes from its colon to its line end") {
  check_raws(&kgf::make, {}, {who, answer, answer}, "noise\r\n");
  const std::string line_feed = answer.substr(0, answer.size() - 2) + '\n';
  CHECK(kgf_raws(line_feed + answer) == Frames{line_feed, answer});
  CHECK(kgf_raws("::" + answer.substr(1)) == Frames{answer});
  // An answer whose line end was lost is whole all the same.
  const std::string bare = answer.substr(0, answer.size() - 2);
  CHECK(kgf_raws(bare + answer) == Frames{bare, answer});
}

TEST_CASE("raw frames: requests, bad answers and other meters are not handed on") {
  const std::string request = kgf::read_request(50, 1);
  CHECK(kgf_raws(request + answer + kgf::write_request(28, 1, 2000)) == Frames{answer});
  CHECK(kgf_raws(flipped(answer, 90)).empty());
  CHECK(kgf_raws(kgf::answer_line('r', kgf::r_measurements, 2, measured)).empty());
}

// ---- KQ-330 -------------------------------------------------------------------------------------

namespace {

std::string packet(std::string_view content) {
  return static_cast<char>(content.size()) + std::string(content);
}

}  // namespace

TEST_CASE("raw frames: a checked text goes from its `$` to its last digit, a packet is whole") {
  const std::string a = kq330::checked_text("g1,t=21.5"), b = kq330::checked_text("g2,h=48");
  check_raws(&kq330::make, {}, {a, b, a}, "\x01noise\n");
  CHECK(raws(&kq330::make, {}, "UU" + a + "\n$g1,t" + b + "\n") == Frames{a, b});
  CHECK(raws(&kq330::make, {}, flipped(a, 20)).empty());
  check_raws(&kq330::make, {{"mode", "kq"}}, {packet(a), packet(b)}, "");
  CHECK(raws(&kq330::make, {{"mode", "kq"}}, packet("UU" + a) + packet("none")) ==
        Frames{packet("UU" + a)});
}

TEST_CASE("raw frames: a line has its line end, what a pattern finds has nothing around it") {
  const Settings lines{{"mode", "line"}};
  check_raws(&kq330::make, lines, {"21.5\r\n", " 22\n"}, "\x01\n");
  CHECK(raws(&kq330::make, lines, "21.5\n\n22") == Frames{"21.5\n", "22"});
  CHECK(raws(&kq330::make, lines, std::string(100, 'x') + "\r\n").empty());
  const Settings pattern{{"mode", "regex"}, {"pattern", "T=(?P<t>[0-9]+);"}};
  check_raws(&kq330::make, pattern, {"T=21;", "T=7;"}, "..");
  const Settings packets{{"mode", "kq"}, {"inner", "line"}};
  check_raws(&kq330::make, packets, {packet("21.5"), packet("22")}, "");
}
