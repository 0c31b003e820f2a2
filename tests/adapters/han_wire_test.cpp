// A HAN line in all its states: whole, byte by byte, after noise, cut, flipped, glued; segments,
// blocks, M-Bus frames; and what is said of everything that is no list.

#include <doctest/doctest.h>

#include "codec/mbus_frame.hpp"
#include "support/han_line.hpp"

using namespace gridtap;
using namespace gridtap::han;
using namespace std::chrono_literals;

namespace {

// What every list 1 gives.
std::string said_of(std::int64_t watts, std::size_t bytes) {
  return "power_import " + std::to_string(watts) + " 1-0:1.7.0\nframe " + std::to_string(bytes) +
         '\n';
}
const std::string one = pushed(kaifa_list_1(1234));
const std::string two = pushed(kaifa_list_1(77));
const std::string first_said = "identified Kaifa|||\n" + said_of(1234, one.size());
const std::string one_said = said_of(1234, one.size()), two_said = said_of(77, two.size());

std::string apdu_of(std::int64_t watts) {
  return notification(std::string_view("\0", 1), kaifa_list_1(watts).bytes());
}

// A line that has heard a list: the meter is known.
struct Known {
  Known() { rig.hear(one); }
  LineRig* operator->() { return &rig; }
  LineRig rig;
};

}  // namespace

TEST_CASE("han wire: a list whole, byte by byte, and in any pieces gives the same") {
  LineRig whole, each;
  whole.feed(one + two);
  each.feed_each(one + two);
  const std::string said = whole.said();
  CHECK(said == first_said + two_said);
  CHECK(each.said() == said);
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    Dice dice(seed);
    LineRig cut;
    cut.feed_cut(one + two, dice, 9);
    CHECK(cut.said() == said);
  }
}

TEST_CASE("han wire: a list is reported with its last byte, not after the next one") {
  Known line;
  line->feed(two.substr(0, two.size() - 1));
  CHECK(line->said() == "");
  line->feed(two.substr(two.size() - 1));
  CHECK(line->said() == two_said);
}

TEST_CASE("han wire: noise before a list costs nothing but itself") {
  const std::string bad = noise(300, 7);
  Known line;
  const std::string said = line->hear(bad + two);
  CHECK(lines_with(said, "power_import") == "power_import 77 1-0:1.7.0\n");
  CHECK(lines_with(said, "dropped").find("noise") != std::string::npos);
}

TEST_CASE("han wire: a list cut anywhere is dropped, and the next one is read") {
  for (std::size_t size = 1; size < two.size(); ++size) {
    CAPTURE(size);
    Known line;
    const std::string said = line->hear(two.substr(0, size)) + line->hear(one);
    CHECK(lines_with(said, "power_import") == "power_import 1234 1-0:1.7.0\n");
    Known glued;  // the next one begins where it was cut
    CHECK(lines_with(glued->hear(two.substr(0, size) + one), "power_import 1234") != "");
  }
}

TEST_CASE("han wire: any bit flipped drops one list, never changes a value, spares the next") {
  for (std::size_t bit = 0; bit < 8 * two.size(); ++bit) {
    CAPTURE(bit);
    Known line;
    const std::string said = line->hear(flipped(two, bit)) + line->hear(one);
    CHECK(lines_with(said, "power_import") == "power_import 1234 1-0:1.7.0\n");
  }
}

TEST_CASE("han wire: glued lists are all read, also where one flag serves two") {
  Known line;
  CHECK(line->hear(one + one + two) == one_said + one_said + two_said);
  CHECK(line->hear(one + two.substr(1)) == one_said + two_said);
  CHECK(line->hear("~~~~~" + one + "~~~" + two + "~~") == one_said + two_said);
}

TEST_CASE("han wire: flags and escapes inside a list are values") {
  for (const std::int64_t watts : {0x7E7E7E7E, 0x7D5E7D5D, 0x007E7E00, 0x7E7D7E7D}) {
    const std::string list = pushed(kaifa_list_1(watts));
    CHECK(LineRig().hear(list) == "identified Kaifa|||\n" + said_of(watts, list.size()));
  }
}

TEST_CASE("han wire: a false beginning with a great length hides nothing for long") {
  Known line;
  line->feed(hex("7EA7FF") + two);
  CHECK(line->said() == "");
  line->pass(200ms);
  CHECK(lines_with(line->said(), "power_import") == "power_import 77 1-0:1.7.0\n");
}

TEST_CASE("han wire: a frame whose sum is wrong is one dropped frame of its size") {
  Known line;
  CHECK(line->hear(flipped_byte(two, two.size() - 3)) ==
        "dropped bad_checksum " + std::to_string(two.size()) + "\n");
}

TEST_CASE("han wire: the rest of a frame that had begun before the line opened is no fault") {
  LineRig line;
  CHECK(line.hear(two.substr(12) + one) == first_said);
}

TEST_CASE("han wire: the end of the input counts as silence") {
  LineRig line;
  line.feed(hex("7EA7FF") + one);
  line.close();
  CHECK(lines_with(line.said(), "power_import") == "power_import 1234 1-0:1.7.0\n");
  CHECK(line.adapter->next_wake() == Mono::max());
}

TEST_CASE("han wire: a line opened again knows nothing of the half list before") {
  Known line;
  line->feed(two.substr(0, 20));
  line->reopen();
  (void)line->said();
  line->feed(two.substr(20) + one);
  CHECK(lines_with(line->said(), "power_import") == "power_import 1234 1-0:1.7.0\n");
}

TEST_CASE("han wire: endless noise is reported in pieces, and takes no memory") {
  Known line;
  std::size_t bytes = 0;
  for (std::uint32_t n = 0; n < 100; ++n) line->feed(std::string(1000, 'U'));
  std::string said = line->said();
  for (std::string_view text = said; !text.empty(); text.remove_prefix(text.find('\n') + 1)) {
    REQUIRE(text.starts_with("dropped noise "));
    bytes += std::stoul(std::string(text.substr(14)));
  }
  CHECK(bytes > 90'000);
  CHECK(bytes <= 100'000);
}

// ---- segments and blocks ------------------------------------------------------------------------

namespace {

std::string segment(std::string_view information, bool more) {
  return hdlc_frame(as_bytes("\x01\x02\x01\x10"), as_bytes(information), more);
}

}  // namespace

TEST_CASE("han wire: a list in two segments is one list of both frames") {
  const std::string information = hex("E6E700") + apdu_of(77);
  const std::string begin = segment(information.substr(0, 10), true);
  const std::string end = segment(information.substr(10), false);
  Known line;
  CHECK(line->hear(begin + end) == said_of(77, begin.size() + end.size()));
  CHECK(line->hear(begin + "~~" + end.substr(1)) == said_of(77, begin.size() + end.size()));
}

TEST_CASE("han wire: noise between two segments costs the list: a hole might parse") {
  const std::string information = hex("E6E700") + apdu_of(77);
  const std::string begin = segment(information.substr(0, 10), true);
  const std::string end = segment(information.substr(10), false);
  Known line;
  const std::string said = line->hear(begin + "x" + end);
  CHECK(lines_with(said, "power_import") == "");
  CHECK(lines_with(said, "dropped truncated") != "");
  CHECK(line->hear(two) == two_said);
}

TEST_CASE("han wire: the second segment may take its time, but not five seconds") {
  const std::string information = hex("E6E700") + apdu_of(77);
  const std::string begin = segment(information.substr(0, 10), true);
  const std::string end = segment(information.substr(10), false);
  Known line;
  line->feed(begin);
  line->pass(4s);
  line->feed(end);
  CHECK(line->said() == said_of(77, begin.size() + end.size()));
  line->feed(begin);
  line->pass(6s);
  CHECK(line->said() == "dropped truncated " + std::to_string(begin.size()) + "\n");
  CHECK(lines_with(line->hear(end), "power_import") == "");
}

TEST_CASE("han wire: without LLC header a list is read, if it is used up to its last byte") {
  Known line;
  const std::string exact = segment(apdu_of(77), false);
  CHECK(line->hear(exact) == said_of(77, exact.size()));
  const std::string longer = segment(apdu_of(77) + "x", false);
  CHECK(line->hear(longer) == "dropped bad_syntax " + std::to_string(longer.size()) + "\n");
  const std::string with_llc = framed(apdu_of(77) + "x");
  CHECK(line->hear(with_llc) == said_of(77, with_llc.size()));
}

TEST_CASE("han wire: blocks of a general-block-transfer are joined over other lists") {
  const std::string apdu = apdu_of(77);
  const auto block = [](bool last, int number, std::string_view data) {
    std::string bytes = hex("E0") + (last ? '\xC0' : '\x40') + '\0' + static_cast<char>(number) +
                        std::string(2, '\0') + static_cast<char>(data.size());
    return bytes.append(data);
  };
  const std::string begin = framed(block(false, 1, apdu.substr(0, 8)));
  const std::string end = segment(block(true, 2, apdu.substr(8)), false);
  Known line;
  CHECK(line->hear(begin + one + end) == one_said + said_of(77, begin.size() + end.size()));
  CHECK(line->hear(end) == "dropped truncated " + std::to_string(end.size()) + "\n");
  const std::string nested = framed(block(true, 1, block(true, 1, apdu)));
  CHECK(line->hear(nested) == "dropped unsupported " + std::to_string(nested.size()) + "\n");
}

TEST_CASE("han wire: M-Bus frames carry lists, too, whole or in segments") {
  const std::string apdu = apdu_of(77);
  const std::string whole = mbus_frame(0, true, as_bytes(apdu));
  const std::string begin = mbus_frame(0, false, as_bytes(apdu.substr(0, 8)));
  const std::string end = mbus_frame(1, true, as_bytes(apdu.substr(8)));
  Known line;
  CHECK(line->hear(whole) == said_of(77, whole.size()));
  CHECK(line->hear(begin + end) == said_of(77, begin.size() + end.size()));
  CHECK(lines_with(line->hear(begin + "x" + end), "power_import") == "");
  CHECK(lines_with(line->hear(end), "dropped truncated") != "");
  CHECK(line->hear(whole + two) == said_of(77, whole.size()) + two_said);
}

TEST_CASE("han wire: an M-Bus frame cut anywhere spares the HDLC frame behind it") {
  const std::string whole = mbus_frame(0, true, as_bytes(apdu_of(5)));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    Known line;
    CHECK(lines_with(line->hear(whole.substr(0, size) + two), "power_import") ==
          "power_import 77 1-0:1.7.0\n");
  }
}

// ---- what is no list ----------------------------------------------------------------------------

TEST_CASE("han wire: APDUs and lists of unknown kind are dropped by name") {
  Known line;
  const auto dropped = [&](const std::string& apdu) {
    const std::string said = lines_with(line->hear(framed(apdu)), "dropped");
    return said.substr(0, said.rfind(' '));
  };
  CHECK(dropped(hex("DC00")) == "dropped unsupported");
  CHECK(dropped(hex("C4010000")) == "dropped unsupported");
  CHECK(dropped(hex("0F00000000")) == "dropped truncated");
  CHECK(dropped(hex("0F0000000007")) == "dropped bad_syntax");
  CHECK(dropped(hex("0F0000000000") + hex("0201")) == "dropped truncated");
  CHECK(dropped(hex("0F0000000000") + hex("02010E")) == "dropped unsupported");
  CHECK(dropped(hex("0F0000000000") + hex("0600000001")) == "dropped unsupported");
  CHECK(dropped(hex("0F0000000000") + hex("0200")) == "dropped unsupported");
  CHECK(dropped(hex("0F0000000000") + hex("02020600000001"
                                          "0600000002")) == "dropped unsupported");
}

TEST_CASE("han wire: a frame without information is nothing, and no fault") {
  Known line;
  CHECK(line->hear(hdlc_frame(as_bytes("\x01\x02\x01\x10"), {})) == "");
}

TEST_CASE("han wire: a meter lives thirty seconds, or three of its periods") {
  LineRig line;
  line.hear(one);
  CHECK(line.leases() == "30000\n");
  line.pass(2s);
  line.hear(one);
  CHECK(line.leases() == "30000\n");
  for (int n = 0; n < 2; ++n) {
    line.pass(59'700ms);
    line.hear(one);
  }
  CHECK(lines_with(line.leases(), "180000") == "180000\n");
}
