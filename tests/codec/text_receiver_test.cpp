// Text on lines without packets: noise first, then the four ways to find messages in it.
#include "codec/text_receiver.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;
using Mode = TextSettings::Mode;

namespace {

class Receiver final : Effects, TextEvents {
 public:
  explicit Receiver(TextSettings settings) : receiver(std::move(settings), *this) {}

  void feed(std::string_view bytes) { receiver.bytes(as_bytes(bytes), now, *this); }
  // Each byte at the time that the air gives it.
  void trickle(std::string_view bytes, std::chrono::milliseconds byte_time = 90ms) {
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      feed(bytes.substr(n, 1));
      pass(byte_time);
    }
  }
  void pass(std::chrono::milliseconds time) {
    const Mono until = now.mono + time;
    while (receiver.next_wake() <= until) {
      now.mono = std::max(now.mono, receiver.next_wake());
      receiver.wake(now, *this);
    }
    now.mono = until;
  }
  void close() { receiver.close(now, *this); }
  std::string said() { return std::exchange(said_, {}); }

  Now now{Mono{1h}, {}};

  void operator()(const Effect& effect) override {
    const auto& dropped = std::get<Dropped>(effect);
    said_ +=
        "(" + std::string(name(dropped.error.fault)) + ' ' + std::to_string(dropped.bytes) + ") ";
  }
  void on_payload(std::string_view payload, std::size_t, Now, Effects&) override {
    said_ += '<' + std::string(payload) + "> ";
  }
  void on_values(std::span<const Pattern::Group> values, std::size_t, Now, Effects&) override {
    for (const auto& [name, text] : values) {
      said_ += std::string(name) + '=' + std::string(text) + ' ';
    }
  }
  TextReceiver receiver;

 private:
  std::string said_;
};

TextSettings with(Mode mode, std::string_view pattern = {}) {
  TextSettings settings;
  settings.mode = mode;
  if (!pattern.empty()) settings.pattern = *Pattern::make(pattern);
  return settings;
}
TextSettings prefixed(TextSettings settings) {
  settings.prefixed = true;
  return settings;
}
TextSettings digits(std::string_view pattern = {}) {
  TextSettings settings = with(Mode::line, pattern);
  settings.filter = TextSettings::Filter::digits;
  return settings;
}

std::string heard(TextSettings settings, std::string_view stream, std::size_t piece = 0) {
  Receiver receiver(std::move(settings));
  while (piece > 0 && stream.size() > piece) {
    receiver.feed(stream.substr(0, piece));
    stream.remove_prefix(piece);
  }
  receiver.feed(stream);
  receiver.close();
  return receiver.said();
}

}  // namespace

TEST_CASE("text receiver: however the stream is cut, in every mode the same comes out") {
  const auto settings = [](int n) {
    if (n == 0) return with(Mode::frame);
    if (n == 1) return with(Mode::line);
    if (n == 2) return with(Mode::regex, "T=(?P<t>[0-9]{2})");
    if (n == 3) return digits("[0-9]{2}");
    return prefixed(with(Mode::frame));
  };
  const std::string stream = noise(900, 4) + "$g1,t=1*" + noise(20, 5) + "\nT=21\r\n" +
                             checked_text("g1,t=1") + std::string(1, '\x14') +
                             checked_text("g1,t=21.5,h=48") + noise(5000, 6);
  for (int mode = 0; mode < 5; ++mode) {
    CAPTURE(mode);
    const std::string whole = heard(settings(mode), stream);
    CHECK(whole != "");
    for (const std::size_t piece : {1U, 3U, 100U})
      CHECK(heard(settings(mode), stream, piece) == whole);
  }
}

TEST_CASE("text receiver: noise that never ends is told in bounded pieces, byte for byte") {
  for (const Mode mode : {Mode::frame, Mode::line, Mode::regex}) {
    Receiver receiver(with(mode, mode == Mode::regex ? "never matches this" : ""));
    std::uint64_t bytes = 0;
    for (std::uint32_t n = 0; n < 50; ++n) receiver.feed(noise(1000, n + 1));
    receiver.close();
    const std::string said = receiver.said();
    for (std::size_t at = 0; (at = said.find('(', at)) != std::string::npos; ++at) {
      if (said.compare(at, 7, "(noise ") == 0) bytes += std::stoul(said.substr(at + 7));
    }
    if (mode == Mode::regex) CHECK(bytes == 50'000);
    if (mode == Mode::frame) CHECK(bytes > 45'000);
    CHECK(said.size() < 10'000 + (mode == Mode::line ? 60'000 : 0));
  }
}

TEST_CASE("text receiver: frames are found between noise, and damaged ones are named") {
  CHECK(heard(with(Mode::frame), "\x01\x02\x03" + checked_text("g1,t=1") + "\n") ==
        "(noise 3) <g1,t=1> ");
  CHECK(heard(with(Mode::frame), "$g1,t=2*0000\n") == "(bad_checksum 12) ");
  CHECK(heard(with(Mode::frame), "$g1,t" + checked_text("g1,t=1")) == "(noise 5) <g1,t=1> ");
}

TEST_CASE("text receiver: a line ends at CR, LF or silence, filtered and trimmed") {
  CHECK(heard(with(Mode::line), "T=21.5\nT=21.6\r\n  \x80T=21.7 \r") ==
        "value=T=21.5 value=T=21.6 value=T=21.7 ");
  Receiver receiver(with(Mode::line));
  receiver.trickle("T=21.5");
  CHECK(receiver.said() == "");
  receiver.pass(210ms);
  CHECK(receiver.said() == "value=T=21.5 ");
  receiver.feed("\r\n");
  receiver.pass(1s);
  CHECK(receiver.said() == "");
}

TEST_CASE("text receiver: two digits each second, without end, are heard as what they are") {
  Receiver receiver(digits("[0-5][0-9]"));
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
  const std::string packet = std::string(1, '\x14') + checked_text("g1,t=21.5,h=48");
  CHECK(heard(prefixed(with(Mode::frame)), packet + packet) ==
        "<g1,t=21.5,h=48> <g1,t=21.5,h=48> ");
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
  CHECK(heard(prefixed(with(Mode::frame)), std::string("\0\xFE\xFF\x03"
                                                       "ABC",
                                                       7)) == "(noise 3) (bad_syntax 4) ");
  Receiver receiver(prefixed(with(Mode::line)));
  receiver.trickle(
      "\x05"
      "ABC");
  receiver.pass(300ms);
  receiver.trickle(
      "\x02"
      "DE");
  CHECK(receiver.said() == "(truncated 4) value=DE ");
}

TEST_CASE("text receiver: somebody speaks while a frame or a packet is under way") {
  Receiver frames(with(Mode::frame)), packets(prefixed(with(Mode::line)));
  CHECK_FALSE(frames.receiver.busy(frames.now.mono));
  frames.feed("\x01$g1");
  CHECK(frames.receiver.busy(frames.now.mono));
  CHECK_FALSE(frames.receiver.busy(frames.now.mono + 300ms));  // it fell silent
  frames.feed("\x01");
  CHECK_FALSE(frames.receiver.busy(frames.now.mono));
  packets.feed("\x05");
  CHECK(packets.receiver.busy(packets.now.mono));
}
