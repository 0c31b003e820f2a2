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
