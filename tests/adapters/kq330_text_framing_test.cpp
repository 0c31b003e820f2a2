// How our own texts go out, and what cannot be sent.
#include "adapters/kq330/text_framing.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace gridtap::kq330;
using Mode = TextSettings::Mode;

namespace {

TextFraming framing(Mode mode, bool prefixed = false, std::size_t preamble = 0) {
  TextFraming framing;
  framing.mode = mode;
  framing.prefixed = prefixed;
  framing.preamble = preamble;
  return framing;
}

}  // namespace

TEST_CASE("text framing: frames have a lead-in, lines an end, packets their length") {
  CHECK(framing(Mode::frame).framed("g1,t=21.5,h=48") == "$g1,t=21.5,h=48*03E3\n");
  CHECK(framing(Mode::frame, false, 2).framed("g1+,q=12") == "UU$g1+,q=12*7CC7\n");
  CHECK(framing(Mode::line).framed("37") == "37\n");
  CHECK(framing(Mode::regex).framed("37") == "37");
  CHECK(framing(Mode::line, true).framed("ABC") ==
        "\x03"
        "ABC");
  CHECK(framing(Mode::frame, true).framed("g1,t=21.5,h=48") == "\x14$g1,t=21.5,h=48*03E3");
}

TEST_CASE("text framing: what a mode cannot carry is refused") {
  const std::string long_text(90, 'a');
  CHECK_FALSE(framing(Mode::frame).problem(long_text, 0));
  CHECK(framing(Mode::frame).problem(long_text, 30)->detail ==
        "longer than 66 characters, the room beside a signature");
  CHECK(framing(Mode::frame).problem("a$b", 0));
  CHECK_FALSE(framing(Mode::line, true).problem("a$b", 0));
  CHECK_FALSE(framing(Mode::line, true).problem(std::string(250, 'a'), 0));
  CHECK(framing(Mode::line, true).problem(std::string(251, 'a'), 0)->fault == Fault::overlong);
  for (const Mode mode : {Mode::frame, Mode::line, Mode::regex}) {
    for (const char* bad : {"", "a\nb", "\x7F", "\xC3\xA5"}) CHECK(framing(mode).problem(bad, 0));
  }
}
