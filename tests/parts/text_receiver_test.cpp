// Text on lines without packets: noise first, then the ways to find messages in it.
#include "parts/text_receiver.hpp"

#include <doctest/doctest.h>

#include "support/text_line.hpp"

using namespace gridtap;
using namespace std::chrono_literals;
using Mode = TextSettings::Mode;

TEST_CASE("text receiver: however the stream is cut, in every mode the same comes out") {
  const auto settings = [](int n) {
    if (n == 0) return with(Mode::line);
    if (n == 1) return with(Mode::regex, "T=(?P<t>[0-9]{2})");
    if (n == 2) return digits("[0-9]{2}");
    return prefixed(with(Mode::line));
  };
  const std::string stream =
      noise(900, 4) + "\nT=21\r\n" + noise(20, 5) + "\x05T=22\n" + noise(5000, 6);
  for (int mode = 0; mode < 4; ++mode) {
    CAPTURE(mode);
    const std::string whole = heard(settings(mode), stream);
    CHECK(whole != "");
    for (const std::size_t piece : {1U, 3U, 100U})
      CHECK(heard(settings(mode), stream, piece) == whole);
  }
}

TEST_CASE("text receiver: endless noise is reported in bounded pieces, byte for byte") {
  for (const Mode mode : {Mode::line, Mode::regex}) {
    TextLine receiver(with(mode, mode == Mode::regex ? "never matches this" : ""));
    std::uint64_t bytes = 0;
    for (std::uint32_t n = 0; n < 50; ++n) receiver.feed(noise(1000, n + 1));
    receiver.close();
    const std::string said = receiver.said();
    for (std::size_t at = 0; (at = said.find('(', at)) != std::string::npos; ++at) {
      if (said.compare(at, 7, "(noise ") == 0) bytes += std::stoul(said.substr(at + 7));
    }
    if (mode == Mode::regex) CHECK(bytes == 50'000);
    CHECK(said.size() < 10'000 + (mode == Mode::line ? 60'000 : 0));
  }
}

TEST_CASE("text receiver: a line ends at CR, LF or silence, filtered and trimmed") {
  CHECK(heard(with(Mode::line), "T=21.5\nT=21.6\r\n  \x80T=21.7 \r") ==
        "value=T=21.5 value=T=21.6 value=T=21.7 ");
  TextLine receiver(with(Mode::line));
  receiver.trickle("T=21.5");
  CHECK(receiver.said() == "");
  receiver.pass(210ms);
  CHECK(receiver.said() == "value=T=21.5 ");
  receiver.feed("\r\n");
  receiver.pass(1s);
  CHECK(receiver.said() == "");
}

TEST_CASE("text receiver: two digits each second, without line end, are received") {
  TextLine receiver(digits("[0-5][0-9]"));
  for (const char* second : {"57", "58", "59", "00"}) {
    receiver.trickle(second);
    receiver.pass(820ms);
  }
  CHECK(receiver.said() == "value=57 value=58 value=59 value=00 ");
}

TEST_CASE("text receiver: a line that is too long is dropped whole, up to its end") {
  TextSettings settings = with(Mode::line);
  settings.max_len = 10;
  CHECK(heard(std::move(settings), "0123456789\n01234567890\nok\n") ==
        "value=0123456789 (overlong 11) value=ok ");
}

TEST_CASE("text receiver: a line has to match the whole pattern; its groups are the keys") {
  CHECK(heard(with(Mode::line, "T=(?P<t>[0-9.]+)"), "T=21.5\nxT=21.5\nT=21.5x\n") ==
        "t=21.5 (noise 14) ");
}

TEST_CASE("text receiver: a pattern searches a window, and what it took is used up") {
  CHECK(heard(with(Mode::regex, "(?P<sec>[0-5][0-9])"), "575859") == "sec=57 sec=58 sec=59 ");
  TextSettings small = with(Mode::regex, "a(?P<v>.+)b");
  small.window = 8;
  CHECK(heard(std::move(small), "a1234567b a12345b") == "(noise 10) v=12345 ");
}

TEST_CASE("text receiver: packets carry their length, and one that stops is cut") {
  CHECK(heard(prefixed(with(Mode::line)),
              "\x03"
              "ABC"
              "\x02"
              "DE") == "value=ABC value=DE ");
  CHECK(heard(prefixed(with(Mode::regex, "A(?P<v>.)C")),
              "\x03"
              "ABC"
              "\x02"
              "DE") == "v=B (bad_syntax 3) ");
  CHECK(heard(prefixed(with(Mode::line)), std::string("\0\xFE\xFF\x01"
                                                      "A",
                                                      5)) == "(noise 3) value=A ");
  TextLine receiver(prefixed(with(Mode::line)));
  receiver.trickle(
      "\x05"
      "ABC");
  receiver.pass(300ms);
  receiver.trickle(
      "\x02"
      "DE");
  CHECK(receiver.said() == "(truncated 4) value=DE ");
}

TEST_CASE("text receiver: the line is busy while a packet is under way") {
  TextLine packets(prefixed(with(Mode::line)));
  CHECK_FALSE(packets.receiver.busy(packets.now.mono));
  packets.feed("\x05");
  CHECK(packets.receiver.busy(packets.now.mono));
  CHECK_FALSE(packets.receiver.busy(packets.now.mono + 300ms));  // it fell silent
}

TEST_CASE(
    "text receiver: a clean line that the pattern does not fit is shown, not taken for noise") {
  const auto settings = [] { return with(Mode::line, "T=(?P<t>[0-9.]+)"); };
  CHECK(heard(settings(), "Temp=21.5 C\nT=21.5\n") == "(bad_syntax 11) t=21.5 ");
  CHECK(heard(settings(), "x=1\nT=21.5\n") == "(noise 3) t=21.5 ");  // short: it may be noise
  CHECK(heard(settings(), "Temp=21.5 \x80\x81\n") == "(noise 12) ");
}

TEST_CASE("text receiver: three lines in a row that the pattern misses are a cause") {
  struct Said final : Effects {
    void operator()(const Effect& effect) override {
      if (const auto* found = std::get_if<Diagnosis>(&effect)) {
        text += std::string(name(found->cause)) + ' ' + std::string(found->detail) + '\n';
      }
    }
    std::string text;
  };
  struct Nobody final : TextEvents {
    void on_payload(std::string_view, const Received&, Now, Effects&) override {}
    void on_values(std::span<const Pattern::Group>, const Received&, Now, Effects&) override {}
  };
  Nobody nobody;
  Said said;
  TextReceiver receiver(with(Mode::line, "T=(?P<t>[0-9.]+)"), nobody);
  for (const char* text :
       {"Temp=21.5 C\n", "Temp=21.6 C\n", "T=21.5\n", "Temp=21.7 C\n", "Temp=21.8 C\n"}) {
    receiver.bytes(as_bytes(text), {}, said);
  }
  CHECK(said.text == "");
  receiver.bytes(as_bytes("Temp=21.9 C\n"), {}, said);
  CHECK(said.text == "pattern lines arrive, and the pattern does not fit \"Temp=21.9 C\"\n");
}
