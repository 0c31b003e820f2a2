// A modem as its owner sees it: nodes, keys, commands, and who is believed.
#include "adapters/kq330/adapter.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "adapters/kq330/checked_text.hpp"
#include "adapters/kq330/node_link.hpp"
#include "adapters/kq330/nodes.hpp"
#include "core/record.hpp"
#include "support/adapter_rig.hpp"

using namespace gridtap;
using namespace gridtap::kq330;
using namespace std::chrono_literals;

namespace {

const std::string key = hex("000102030405060708090A0B0C0D0E0F");

class Modem final : public AdapterRig {
 public:
  explicit Modem(std::vector<Member> settings = {}) : AdapterRig(&make, std::move(settings)) {
    begun = said();
  }
  // What is said of the frames with these payloads.
  std::string hear_text(std::string_view payload) { return hear(checked_text(payload) + '\n'); }
  // What goes out in that time.
  std::string sends(std::chrono::milliseconds time) {
    pass(time);
    return sent();
  }
  std::string begun;
};

Member relay_of_g1() {
  return {"entities",
          map_of({{"relay", map_of({{"set", plain("switch")}, {"node", plain("g1")}})},
                  {"level", map_of({{"set", plain("number")},
                                    {"node", plain("g1")},
                                    {"min", plain("0")},
                                    {"max", plain("9")}})},
                  {"soil",
                   map_of({{"unit", plain("%")}, {"min", plain("0")}, {"max", plain("100")}})}})};
}

}  // namespace

TEST_CASE("kq330: a report becomes readings of its node, however it is cut and disturbed") {
  const std::string frame = checked_text("g1,t=21.5,h=48") + '\n';
  Modem whole, each;
  const std::string stream = noise(100) + frame + flipped(frame, 40) + noise(100, 2) + frame;
  whole.feed(stream);
  each.feed_each(stream);
  const std::string said = whole.said();
  CHECK(each.said() == said);
  CHECK(lines_with(said, "g1: t 21.5 t") == "g1: t 21.5 t\ng1: t 21.5 t\n");
  CHECK(lines_with(said, "frame") == "frame 20\nframe 20\n");
}

TEST_CASE("kq330: the modem is online while its line is open, a node three of its periods") {
  Modem modem({{"period", plain("10s")}});
  CHECK(modem.leases().starts_with("315360000000"));
  CHECK(modem.hear_text("g1,t=21.5") ==
        "g1: identified KQ-330|Power-line node||\ng1: t 21.5 t\nframe 15\n");
  CHECK(modem.leases() == "g1: 30000\n");
  CHECK(modem.hear_text("g1,t=21.6") == "g1: t 21.6 t\nframe 15\n");
}

TEST_CASE("kq330: names on the line become the keys that the configuration gives them") {
  Modem modem(
      {{"keys", map_of({{"t", plain("temperature")}, {"s", plain("soil")}})}, relay_of_g1()});
  CHECK(modem.problems == "");
  const std::string said = modem.hear_text("g2,t=21.5,s=40,x=7");
  CHECK(lines_with(said, "g2: temperature") == "g2: temperature 21.5 t\n");
  CHECK(lines_with(said, "g2: soil") == "g2: soil 40 s\n");
  CHECK(lines_with(said, "g2: x") == "g2: x 7 x\n");
  CHECK(lines_with(modem.hear_text("g2,s=140"), "g2: held") ==
        "g2: held soil 140 left its range\n");
}

TEST_CASE("kq330: nodes and names that any sender can invent are bounded") {
  Modem modem;
  for (int n = 0; n < 40; ++n) (void)modem.hear_text("n" + std::to_string(n) + ",temperature=1");
  CHECK(lines_with(modem.hear_text("n39,temperature=1"), "unknown node") != "");
  CHECK(lines_with(modem.hear_text("n3,temperature=1"), "n3: temperature") != "");
  for (int n = 0; n < 40; ++n) (void)modem.hear_text("n1,k" + std::to_string(n) + "=1");
  CHECK(lines_with(modem.hear_text("n1,k39=1"), "unknown k39") != "");
  CHECK(lines_with(modem.hear_text("n1,k3=1"), "n1: k3") != "");
}

TEST_CASE("kq330: a repeat within half a minute counts as received and is not reported again") {
  Modem modem;
  CHECK(lines_with(modem.hear_text("g1,t=1,q=7"), "g1: t") == "g1: t 1 t\n");
  CHECK(modem.hear_text("g1,t=1,q=7") == "frame 16\n");
  CHECK(lines_with(modem.hear_text("g1,t=1,q=8"), "g1: t") == "g1: t 1 t\n");
  modem.pass(60s);
  CHECK(lines_with(modem.said(), "frames_repeated") == "frames_repeated 1 computed\n");
}

TEST_CASE("kq330: noise is counted, and its rate reported once a minute") {
  Modem modem;
  for (int n = 0; n < 660; ++n) {
    modem.feed("\x01");
    modem.pass(90ms);
  }
  modem.pass(2s);
  CHECK(lines_with(modem.said(), "byte_rate") == "byte_rate 11 computed\n");
  modem.close();
  CHECK(modem.said() == "dropped noise 660\n");
}

TEST_CASE("kq330: a switch of a node is sent, acknowledged, and only then it holds") {
  Modem modem({relay_of_g1()});
  CHECK(std::count(modem.entities.begin(), modem.entities.end(), "g1/relay") == 1);
  modem.command("relay", true, "ON", "g1");
  const std::string frame = modem.sends(10ms);
  CHECK(frame.starts_with("UU$g1!,relay=1,q="));
  CHECK(modem.writes == 1);
  CHECK(modem.said() == "");
  const std::string sequence = frame.substr(17, frame.find('*') - 17);
  CHECK(modem.hear_text("g1+,q=" + sequence) ==
        "g1: relay ON relay\nframe " + std::to_string(12 + sequence.size()) + "\n");
  CHECK(modem.sends(60s) == "");
}

TEST_CASE("kq330: a command without acknowledgement is repeated with its sequence, then refused") {
  Modem modem({relay_of_g1()});
  modem.command("level", Decimal{5, 0}, "5", "g1");
  const std::string first = modem.sends(10ms), all = modem.sends(60s);
  CHECK(modem.writes == 3);
  CHECK(all == first + first);
  CHECK(lines_with(modem.said(), "g1: rejected") ==
        "g1: rejected level 5 timeout: node g1 does not acknowledge it\n");
}

TEST_CASE("kq330: values in an acknowledgement take precedence over the command") {
  Modem modem({relay_of_g1()});
  modem.command("level", Decimal{5, 0}, "5", "g1");
  const std::string frame = modem.sends(10ms);
  const std::string sequence = frame.substr(17, frame.find('*') - 17);
  CHECK(lines_with(modem.hear_text("g1+,level=4,q=" + sequence), "g1: level") ==
        "g1: level 4 level\n");
}

TEST_CASE("kq330: tx sends a text as it is, tx_raw bytes; both report why they do not") {
  Modem modem;
  modem.command("tx", std::string_view("g1?"), "g1?");
  CHECK(modem.sends(10ms) == "UU" + checked_text("g1?") + '\n');
  CHECK(modem.said() == "tx g1? computed\n");
  modem.command("tx", std::string_view("a$b"), "a$b");
  CHECK(modem.said() ==
        "rejected tx a$b bad_syntax: only printable ASCII without `$` and `*` can be sent\n");
  modem.command("tx_raw", std::string_view("3537"), "3537");
  CHECK(modem.sends(10s) == "57");
  modem.command("tx_raw", std::string_view("xx"), "xx");
  CHECK(lines_with(modem.said(), "rejected") ==
        "rejected tx_raw xx bad_syntax: expected bytes in hex: 3537\n");
  for (int n = 0; n < 9; ++n) modem.command("tx", std::string_view("n"), "n");
  CHECK(modem.said() == "rejected tx n refused: too many texts wait for the line\n");
  modem.close();
  modem.said();
  modem.command("tx", std::string_view("n"), "n");
  CHECK(modem.said() == "rejected tx n io: the line to the modem is not open\n");
}

TEST_CASE("kq330: a command by tx with a sequence waits for its acknowledgement, too") {
  Modem modem;
  modem.command("tx", std::string_view("g1!,relay=1,q=12"), "g1!,relay=1,q=12");
  CHECK(modem.sends(10ms) == "UU$g1!,relay=1,q=12*0ADF\n");
  CHECK(modem.said() == "");
  CHECK(lines_with(modem.hear_text("g1+,q=12"), "tx") == "tx g1!,relay=1,q=12 computed\n");
}

TEST_CASE(
    "kq330: of texts that wait the newest for a node and key counts, others wait their turn") {
  Modem modem;
  for (const char* text : {"g1!,relay=1,q=1", "g1!,pump=1,q=2", "g1!,pump=0,q=3"}) {
    modem.command("tx", std::string_view(text), text);
  }
  CHECK(modem.sends(10ms).find("relay=1") != std::string::npos);
  (void)modem.hear_text("g1+,q=1");
  const std::string next = modem.sends(5s);
  CHECK(next.find("pump=0") != std::string::npos);
  CHECK(next.find("pump=1") == std::string::npos);
}

TEST_CASE("kq330: it waits while a frame is under way") {
  Modem modem;
  modem.feed("$g1,t=2");
  modem.command("tx", std::string_view("g1?"), "g1?");
  CHECK(modem.sends(89ms) == "");
  modem.feed("1");
  modem.pass(80ms);
  modem.feed("\x01");
  CHECK(modem.sends(200ms) != "");
}

TEST_CASE("kq330: commands from the mains are ignored unless configured") {
  Modem closed({{"node", plain("gw2")}});
  CHECK(closed.hear_text("gw2!,mode=3,q=5") == "frame 21\n");
  CHECK(closed.sends(30s) == "");
  Modem open({{"node", plain("gw2")}, {"commands_from_line", plain("true")}});
  CHECK(lines_with(open.hear_text("gw2!,mode=3,q=5"), "gw2: mode") == "gw2: mode 3 mode\n");
  CHECK(open.sends(10s) == "UU" + checked_text("gw2+,q=5") + '\n');
  CHECK(open.hear_text("gw2!,mode=3,q=5") == "frame 21\n");  // a repeat: heard, and said so again
  CHECK(open.sends(10s) == "UU" + checked_text("gw2+,q=5") + '\n');
  CHECK(open.hear_text("other!,mode=3,q=5") == "frame 23\n");
  CHECK(open.sends(30s) == "");
}

TEST_CASE("kq330: with a key, frames are proved, new, and ours are signed") {
  Modem modem({{"mac_key_file", plain("key")}, relay_of_g1()});
  NodeLink node(key), stranger(std::string(16, 'x'));
  const std::string report = node.sealed("g1,t=21.5");
  CHECK(lines_with(modem.hear_text(report), "g1: t") == "g1: t 21.5 t\n");
  CHECK(lines_with(modem.hear_text(report), "dropped").starts_with("dropped replay"));
  CHECK(lines_with(modem.hear_text(stranger.sealed("g1,t=99")), "dropped")
            .starts_with("dropped wrong_key"));
  CHECK(lines_with(modem.hear_text("g1,t=99"), "dropped").starts_with("dropped wrong_key"));
  modem.command("relay", true, "ON", "g1");
  const std::string frame = modem.sends(10ms);
  const std::string payload = frame.substr(3, frame.find('*') - 3);
  NodeLink receiver(key);
  const auto heard = receiver.open(payload);
  REQUIRE(heard);
  CHECK(heard->fields()[0].key == "relay");
  const std::string long_text(65, 'x');
  modem.command("tx", std::string_view(long_text), long_text);
  CHECK(
      modem.said().ends_with("overlong: longer than 64 characters, the room beside a signature\n"));
  Modem next({{"mac_key_file", plain("key")}});
  next.adapter->restore(modem.adapter->state());
  CHECK(lines_with(next.hear_text(report), "dropped").starts_with("dropped replay"));
}

TEST_CASE("kq330: counters are kept at the start, when one was heard, and exactly at the end") {
  Modem without;
  static_cast<void>(without.hear_text("g1,t=1"));
  CHECK(without.keeps == 0);
  Modem modem({{"mac_key_file", plain("key")}});
  CHECK(modem.keeps == 1);
  NodeLink node(key);
  static_cast<void>(modem.hear_text(node.sealed("g1,t=21.5")));
  CHECK(modem.keeps == 2);
  modem.command("tx", std::string_view("x=1"), "x=1");
  CHECK(modem.sends(1s).find(",c=1,") != std::string::npos);
  CHECK(modem.keeps == 2);
  modem.adapter->on_stop(modem.now, modem);
  CHECK(modem.adapter->state() ==
        RecordWriter().add("counter", 1).add("heard", "of", "g1", 1).text());
}

TEST_CASE("kq330: plain modes read a line or a match as the modem's own values, with a guard") {
  Modem digits({{"mode", plain("line")},
                {"filter", plain("digits")},
                {"pattern", plain("[0-5][0-9]")},
                {"max_step", plain("5")}});
  CHECK(digits.problems == "");
  CHECK(digits.hear("57\n") == "value 57 value\nframe 2\n");
  CHECK(lines_with(digits.hear("03\n"), "held") == "held value 3 jumped\n");
  Modem twice({{"mode", plain("line")}, {"confirm", plain("2")}});
  CHECK(twice.hear("57\n") == "frame 2\n");
  CHECK(twice.hear("57\n") == "value 57 value\nframe 2\n");
  Modem regex({{"mode", plain("regex")},
               {"pattern", plain("T:(?P<t>[0-9.]+);H:(?P<h>[0-9.]+);")},
               {"keys", map_of({{"t", plain("temperature")}})}});
  CHECK(regex.hear("xx**T:27.6;H:29.9;yy") ==
        "dropped noise 4\ntemperature 27.6 t\nh 29.9 h\nframe 14\n");
  Modem packets({{"mode", plain("kq")}});
  CHECK(lines_with(packets.hear(std::string(1, '\x14') + checked_text("g1,t=21.5,h=48")),
                   "g1: t") == "g1: t 21.5 t\n");
}

TEST_CASE("kq330: invalid settings are reported with the remedy") {
  const std::pair<std::vector<Member>, const char*> bad[] = {
      {{{"mode", plain("regex")}}, "mode regex needs a `pattern`"},
      {{{"mode", plain("regex")}, {"pattern", plain("(a)\\1")}},
       "cannot be matched in bounded time"},
      {{{"window", plain("4000")}}, "window: must be from 1 to 512"},
      {{{"node", plain("much too long")}}, "node: 1 to 8 of"},
      {{{"mains_hz", plain("55")}}, "mains_hz: 50 or 60"},
      {{{"duty", plain("0")}}, "duty: must be from 1 to 100"},
      {{{"mac_key_file", plain("nowhere")}}, "mac_key_file: cannot read the file"},
  };
  for (const auto& [settings, problem] : bad) {
    const Modem modem(settings);
    CAPTURE(modem.problems);
    CHECK(modem.problems.find(problem) != std::string::npos);
  }
}

TEST_CASE("kq330: above 32 nodes those not shown are logged once") {
  Modem modem;
  for (std::size_t n = 0; n < Nodes::most; ++n) modem.hear_text("n" + std::to_string(n) + ",t=1");
  std::string said = modem.hear_text("n32,t=1");
  said += modem.hear_text("n33,t=1");
  CHECK(lines_with(said, "notice more than 32 nodes: `n32` and those that follow") ==
        lines_with(said, "notice"));
  CHECK(lines_with(said, "unknown node") ==
        "unknown node one of too many\nunknown node one of too many\n");
}

TEST_CASE("kq330: above 32 names of their own those not shown are logged once") {
  Modem modem;
  for (std::size_t n = 0; n < Nodes::most_unknown_keys; ++n) {
    modem.hear_text("g1,x" + std::to_string(n) + "=1");
  }
  std::string said = modem.hear_text("g1,one=1");
  said += modem.hear_text("g1,two=2,t=3,x0=4");
  CHECK(lines_with(said, "notice") ==
        "notice more than 32 names that no setting describes: `one` and those that follow are not "
        "shown. Write them under `entities`\n");
  CHECK(lines_with(said, "unknown") == "unknown one 1\nunknown two 2\nunknown t 3\n");
  CHECK(lines_with(said, "g1: x0") == "g1: x0 4 x0\n");
}

TEST_CASE("kq330: commands that cannot all be acknowledged are reported once") {
  Modem modem(
      {{"node", plain("gw2")}, {"commands_from_line", plain("true")}, {"duty", plain("1")}});
  std::string said;
  for (int n = 0; n < 99; ++n) said += modem.hear_text("gw2!,m=1,q=" + std::to_string(n));
  CHECK(lines_with(said, "notice commands come faster than they can be acknowledged") ==
        lines_with(said, "notice"));
  CHECK(lines_with(said, "notice") != "");
}

TEST_CASE("kq330: a pattern that its own filter defeats is refused, with the cure") {
  const auto problems = [](std::string_view filter, std::string_view pattern,
                           std::string_view mode = "line") {
    return AdapterRig(&make, AdapterRig::Settings{{"mode", std::string(mode)},
                                                  {"filter", std::string(filter)},
                                                  {"pattern", std::string(pattern)}})
        .problems;
  };
  const std::string degrees =
      "T:(?P<t>[0-9.]+) \xC2\xB0"
      "C";
  CHECK(problems("printable", degrees).find("set filter: none") != std::string::npos);
  CHECK(problems("digits", degrees).find("set filter: none") != std::string::npos);
  CHECK(problems("none", degrees) == "");
  CHECK(problems("printable", degrees, "regex") == "");  // no filter there
  CHECK(problems("printable", "T:(?P<t>[0-9.]+) C") == "");
}
