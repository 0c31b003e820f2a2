// Packets that are expected on a line that has none, and lines that have some.
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "adapters/kq330/adapter.hpp"
#include "adapters/kq330/checked_text.hpp"
#include "support/adapter_rig.hpp"

using namespace gridtap;
using namespace gridtap::kq330;
using namespace std::chrono_literals;

namespace {

class Modem final : public AdapterRig {
 public:
  explicit Modem(std::vector<Member> settings = {}) : AdapterRig(&make, std::move(settings)) {}
};

const std::vector<Member> packets = {{"mode", plain("kq")}};

// A length, and as many bytes as it says.
std::string packet(std::string_view content) {
  return static_cast<char>(content.size()) + std::string(content);
}

}  // namespace

TEST_CASE("kq330: random bytes where packets are expected name the MODE pin, once") {
  Modem modem(packets);
  std::string said;
  for (const char byte : noise(6000)) {
    said += modem.hear(std::string(1, byte));
    modem.pass(90ms);
  }
  CHECK(lines_with(said + modem.said(), "diagnosis") == "diagnosis noise\n");
  CHECK(modem.details.find("MODE (pin 8) of the modem is not grounded, or mode: frame is wanted") !=
        std::string::npos);
}

TEST_CASE("kq330: random bytes with pauses, which cut what would be packets, do so too") {
  Modem modem(packets);
  std::string said;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    said += modem.hear(noise(7, seed));
    modem.pass(1s);
  }
  CHECK(lines_with(said + modem.said(), "diagnosis") == "diagnosis noise\n");
}

TEST_CASE("kq330: frames of a sender without packets name it, where packets are expected") {
  Modem modem(packets);
  std::string said;
  for (int n = 0; n < 40; ++n) {
    said += modem.hear(checked_text("g1,soil=41") + "\n");
    modem.pass(5s);
  }
  CHECK(lines_with(said + modem.said(), "diagnosis") == "diagnosis noise\n");
}

TEST_CASE("kq330: packets of another maker's senders, with their pauses, are packets") {
  Modem modem(packets);
  std::string said;
  for (unsigned seed = 1; seed <= 100; ++seed) {
    said += modem.hear(packet(noise(20, seed)));
    modem.pass(2s);
  }
  CHECK(lines_with(said + modem.said(), "diagnosis") == "");
}

TEST_CASE("kq330: where one packet held a message MODE is grounded, whatever comes then") {
  Modem modem(packets);
  std::string said = modem.hear(packet(checked_text("g1,soil=41")));
  modem.pass(1s);
  said += modem.hear(noise(4000));
  modem.pass(1s);
  CHECK(lines_with(said + modem.said(), "diagnosis") == "");
}

TEST_CASE("kq330: an open line that is read as one is never told of packets") {
  Modem modem;
  std::string said = modem.hear(noise(6000));
  modem.pass(1min);
  CHECK(lines_with(said + modem.said(), "diagnosis") == "");
}

// ---- packets where none are expected ------------------------------------------------------------

namespace {

// What is diagnosed where these come, a second apart, and one more byte behind them.
std::string diagnosed(Modem& modem, const std::vector<std::string>& pieces) {
  std::string said;
  for (const std::string& piece : pieces) {
    said += modem.hear(piece);
    modem.pass(1s);
  }
  said += modem.hear("\n");
  return lines_with(said, "diagnosis");
}

const std::vector<Member> lines = {{"mode", plain("line")}};

}  // namespace

TEST_CASE("kq330: packets on a line that is read as text name the MODE pin, once") {
  const std::vector<std::string> texts = {packet("soil=41"), packet("soil=412"),
                                          packet(checked_text("g1,soil=41")), packet("soil=9")};
  for (const auto& settings : {std::vector<Member>{}, lines}) {
    Modem modem(settings);
    CHECK(diagnosed(modem, texts) == "diagnosis noise\n");
    CHECK(modem.details.find("MODE (pin 8) of the modem is grounded, so mode: kq is wanted") !=
          std::string::npos);
    CHECK(diagnosed(modem, texts) == "");
  }
}

TEST_CASE("kq330: packets that hold whole lines, and long ones, are packets all the same") {
  Modem modem(lines);
  CHECK(diagnosed(modem, {packet("t=20.5\r\n"), packet("t=20.6\r\n"), packet("t=20.7\r\n")}) ==
        "diagnosis noise\n");
  Modem other(lines);
  const std::string text(60, 'x');
  CHECK(diagnosed(other, {packet(text), packet(text + "y"), packet(text)}) == "diagnosis noise\n");
}

TEST_CASE("kq330: lines of text are no packets, though one begins with what is its length") {
  const std::string line = "$" + std::string(34, '1') + "\r\n";  // '$' is 36
  Modem modem(lines);
  CHECK(diagnosed(modem, {line, line, line, line, line}) == "");
  CHECK(diagnosed(modem, {packet("t=20"), "t=20\r\n", packet("t=20"), packet("t=20")}) == "");
  CHECK(diagnosed(modem, {"\n123456789\n", "\n123456789\n", "\n123456789\n"}) == "");
}

TEST_CASE("kq330: frames with their lead-in, noise and single bytes are no packets") {
  Modem modem;
  std::string frames, bytes;
  for (int n = 0; n < 40; ++n) {
    frames += modem.hear("UU" + checked_text("g1,soil=" + std::to_string(n)) + "\n");
    modem.pass(5s);
    bytes += modem.hear(noise(1 + static_cast<std::size_t>(n % 5), static_cast<unsigned>(n)));
    modem.pass(5s);
  }
  CHECK(lines_with(frames + bytes, "diagnosis") == "");
  CHECK(lines_with(frames, "frame").size() > 40);  // they are read
}

TEST_CASE("kq330: a text that comes in pieces is measured from pause to pause") {
  Modem modem(lines);
  for (int n = 0; n < 3; ++n) {
    modem.feed_each(packet("soil=41"));
    modem.pass(1s);
  }
  modem.feed("\n");
  CHECK(lines_with(modem.said(), "diagnosis") == "diagnosis noise\n");
}
