// Checked frames in a stream: between noise, and in the packets of the module.
#include "adapters/kq330/checked_text.hpp"

#include <doctest/doctest.h>

#include "support/text_line.hpp"

using namespace gridtap;
using namespace std::chrono_literals;
using namespace gridtap::kq330;
using Mode = TextSettings::Mode;

namespace {

std::string heard_frames(TextSettings settings, std::string_view stream, std::size_t piece = 0) {
  return heard(std::move(settings), stream, piece, std::make_unique<CheckedTextReader>());
}

TextSettings frames() { return with(Mode::frame); }

}  // namespace

TEST_CASE("kq330 frames: however the stream is cut, the same comes out") {
  const std::string stream = noise(900, 4) + "$g1,t=1*" + noise(20, 5) + "\nT=21\r\n" +
                             checked_text("g1,t=1") + std::string(1, '\x14') +
                             checked_text("g1,t=21.5,h=48") + noise(5000, 6);
  for (const bool packets : {false, true}) {
    const auto settings = [&] { return packets ? prefixed(frames()) : frames(); };
    const std::string whole = heard_frames(settings(), stream);
    CHECK(whole != "");
    for (const std::size_t piece : {1U, 3U, 100U}) {
      CHECK(heard_frames(settings(), stream, piece) == whole);
    }
  }
}

TEST_CASE("kq330 frames: endless noise is reported in bounded pieces") {
  TextLine line(frames(), std::make_unique<CheckedTextReader>());
  std::uint64_t bytes = 0;
  for (std::uint32_t n = 0; n < 50; ++n) line.feed(noise(1000, n + 1));
  line.close();
  const std::string said = line.said();
  for (std::size_t at = 0; (at = said.find('(', at)) != std::string::npos; ++at) {
    if (said.compare(at, 7, "(noise ") == 0) bytes += std::stoul(said.substr(at + 7));
  }
  CHECK(bytes > 45'000);
  CHECK(said.size() < 10'000);
}

TEST_CASE("kq330 frames: they are found between noise, and damaged ones are named") {
  CHECK(heard_frames(frames(), "\x01\x02\x03" + checked_text("g1,t=1") + "\n") ==
        "(noise 3) <g1,t=1> ");
  CHECK(heard_frames(frames(), "$g1,t=2*0000\n") == "(bad_checksum 12) ");
  CHECK(heard_frames(frames(), "$g1,t" + checked_text("g1,t=1")) == "(noise 5) <g1,t=1> ");
}

TEST_CASE("kq330 frames: a packet of the module holds one frame") {
  const std::string packet = std::string(1, '\x14') + checked_text("g1,t=21.5,h=48");
  CHECK(heard_frames(prefixed(frames()), packet + packet) == "<g1,t=21.5,h=48> <g1,t=21.5,h=48> ");
  CHECK(heard_frames(prefixed(frames()), std::string("\0\xFE\xFF\x03"
                                                     "ABC",
                                                     7)) == "(noise 3) (bad_syntax 4) ");
}

TEST_CASE("kq330 frames: the line is busy while a frame is under way") {
  TextLine line(frames(), std::make_unique<CheckedTextReader>());
  CHECK_FALSE(line.receiver.busy(line.now.mono));
  line.feed("\x01$g1");
  CHECK(line.receiver.busy(line.now.mono));
  CHECK_FALSE(line.receiver.busy(line.now.mono + 300ms));  // it fell silent
  line.feed("\x01");
  CHECK_FALSE(line.receiver.busy(line.now.mono));
}
