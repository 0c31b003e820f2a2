// Modems on one line with true air time: a gateway and a node, and two gateways.
#include "adapters/kq330/power_line.hpp"

#include <doctest/doctest.h>

#include "adapters/kq330/adapter.hpp"
#include "adapters/kq330/simulator.hpp"
#include "support/adapter_pair.hpp"

using namespace gridtap;
using namespace gridtap::kq330;
using namespace std::chrono_literals;

namespace {

// Two gateways, each on its modem of one pair.
struct Pair {
  explicit Pair(const char* noise, std::vector<Member> more = {})
      : one(&make, with(more, "gw1")),
        two(&make, with(std::move(more), "gw2")),
        modem_one(&simulate, {{"meter", plain("pair")}, {"noise", plain(noise)}}),
        modem_two(std::move(modem_one.other_end)) {
    CHECK(one.problems == "");
    wires.connect(one, modem_one);
    wires.connect(two, modem_two);
  }
  static std::vector<Member> with(std::vector<Member> more, const char* node) {
    more.push_back({"node", plain(node)});
    more.push_back({"commands_from_line", plain("true")});
    return more;
  }

  AdapterRig one, two, modem_one, modem_two;
  Wires wires;
};

}  // namespace

TEST_CASE("power line: a byte takes its slot, and random ones fill the rest") {
  PowerLine line({}, 1);
  const Mono begin{1h};
  CHECK(line.receive(1, begin) == "");
  line.send(0, "ABC", begin);
  const std::string early = line.receive(1, begin + 270ms);
  CHECK(early.size() == 3);
  CHECK(early.find("AB") != std::string::npos);
  CHECK(line.receive(1, begin + 360ms) == "C");
  CHECK(line.receive(1, begin + 2160ms).size() == 20);
}

TEST_CASE("power line: two senders at once do not hear each other, and garble both") {
  PowerLine line({.byte_time = 90ms, .noise = 0, .quiet = true}, 1);
  const Mono begin{1h};
  line.send(0, "AAAA", begin);
  line.send(1, "BB", begin);
  const std::string at_one = line.receive(1, begin + 10s);
  CHECK(at_one == "AA");  // what came after its own
  CHECK(line.receive(0, begin + 10s) == "");
}

TEST_CASE("power line: a modem that is full loses what comes") {
  PowerLine line({.byte_time = 90ms, .noise = 0, .quiet = true}, 1);
  line.send(0, std::string(300, 'x'), Mono{1h});
  std::size_t heard = 0;
  for (int second = 1; second < 60; ++second)
    heard += line.receive(1, Mono{1h} + second * 1s).size();
  CHECK(heard == 253);
}

TEST_CASE("kq330 simulator: a node reports between random bytes, and obeys its switch") {
  AdapterRig gateway(
      &make, {{"keys", map_of({{"t", plain("temperature")}})},
              {"entities",
               map_of({{"relay", map_of({{"set", plain("switch")}, {"node", plain("g1")}})}})}});
  AdapterRig modem(&simulate);
  Wires wires;
  wires.connect(gateway, modem);
  wires.pass(40s);
  const std::string said = gateway.said();
  CHECK(lines_with(said, "g1: temperature 21.") != "");
  CHECK(lines_with(said, "g1: relay OFF") != "");
  gateway.command("relay", true, "ON", "g1");
  wires.pass(60s);
  CHECK(lines_with(gateway.said(), "g1: relay ON") != "");
}

TEST_CASE("kq330 simulator: one message of five is damaged, and commands arrive all the same") {
  Pair pair("20");
  int obeyed = 0, refused = 0;
  for (int n = 0; n < 20; ++n) {
    const std::string text = "gw2!,mode=" + std::to_string(n) + ",q=" + std::to_string(n);
    pair.one.command("tx", std::string_view(text), text);
    pair.wires.pass(60s);
    if (lines_with(pair.two.said(), "gw2: mode " + std::to_string(n)) != "") ++obeyed;
    if (lines_with(pair.one.said(), "rejected") != "") ++refused;
  }
  CHECK(obeyed >= 18);
  CHECK(refused <= 4);
}

TEST_CASE("kq330 simulator: with another key no frame is accepted") {
  Pair pair("0", {{"mac_key_file", plain("key")}});
  AdapterRig stranger(&make, {{"mac_key_file", plain("other_key")}});
  pair.one.command("tx", std::string_view("gw2!,mode=1,q=1"), "gw2!,mode=1,q=1");
  pair.wires.pass(30s);
  CHECK(lines_with(pair.two.said(), "gw2: mode 1") != "");
  stranger.command("tx", std::string_view("gw2!,mode=2"), "gw2!,mode=2");
  stranger.pass(10ms);
  pair.two.feed(stranger.sent());
  const std::string said = pair.two.said();
  CHECK(lines_with(said, "gw2: mode") == "");
  CHECK(lines_with(said, "dropped wrong_key") != "");
}
