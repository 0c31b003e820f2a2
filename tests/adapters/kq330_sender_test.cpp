// One modem's voice: air time, duty, acknowledgements, tries.
#include "adapters/kq330/sender.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace gridtap;
using namespace gridtap::kq330;
using namespace std::chrono_literals;

namespace {

class Modem final : public Effects, SenderEvents {
 public:
  explicit Modem(Sender::Air air = {}) : sender(air, 1, *this) {}

  bool push(std::string payload, std::string id = {}, int sequence = -1) {
    Outgoing outgoing;
    outgoing.payload = std::move(payload);
    outgoing.name = id.empty() ? "" : "relay";
    outgoing.id = std::move(id);
    outgoing.sequence = sequence;
    return sender.push(std::move(outgoing));
  }
  // What goes out in that time: "MS text", from the first step on.
  std::string pass(std::chrono::milliseconds time, bool busy = false) {
    const Mono until = now.mono + time;
    while (sender.next_wake() <= until) {
      now.mono = std::max(now.mono, sender.next_wake());
      sender.wake(now, busy, *this);
    }
    now.mono = until;
    return std::exchange(said, {});
  }

  Now now{Mono{1h}, {}};
  std::string said;

  void operator()(const Effect& effect) override {
    said += std::to_string((now.mono - Mono{1h}) / 1ms) + ' ' +
            std::string(as_text(std::get<Send>(effect).bytes)) + '\n';
  }
  std::string frame_of(const Outgoing& outgoing) override { return outgoing.payload; }
  void on_sent(const Outgoing& outgoing, Effects&) override {
    said += "sent " + outgoing.payload + '\n';
  }
  void on_failed(const Outgoing& outgoing, Error why, Effects&) override {
    said += "failed " + outgoing.payload + ": " + why.detail + '\n';
  }
  Sender sender;
};

const std::string ten(10, 'x');

}  // namespace

TEST_CASE("kq330 sender: nothing follows before a frame is off the air, and a little more") {
  Modem modem;
  CHECK(modem.push(ten));
  CHECK(modem.push("second"));
  CHECK(modem.pass(1099ms) == "0 " + ten + "\nsent " + ten + '\n');  // 10 x 90 ms + 200 ms
  CHECK(modem.pass(1ms) == "1100 second\nsent second\n");
}

TEST_CASE("kq330 sender: the mains frequency and the modem's own bytes count") {
  Modem sixty({.byte_time = 75ms, .overhead = 4});
  sixty.push(ten);
  sixty.push("second");
  CHECK(sixty.pass(14 * 75ms + 199ms) == "0 " + ten + "\nsent " + ten + '\n');
  CHECK(sixty.pass(1ms) == "1250 second\nsent second\n");
}

TEST_CASE("kq330 sender: while another one sends it is silent") {
  Modem modem;
  modem.push(ten);
  CHECK(modem.pass(5s, true) == "");
  CHECK(modem.pass(200ms).find(ten) != std::string::npos);
}

TEST_CASE("kq330 sender: eight may wait, and the newest for a node and name replaces the older") {
  Modem modem;
  for (int n = 0; n < 8; ++n) CHECK(modem.push("n" + std::to_string(n)));
  CHECK_FALSE(modem.push("n8"));
  Modem other;
  CHECK(other.push("g1!,relay=1", "g1", 1));
  for (int n = 0; n < 20; ++n) CHECK(other.push("g1!,relay=0", "g1", 2));
  CHECK(other.push("g2!,relay=1", "g2", 3));
  CHECK(other.pass(1ms) == "0 g1!,relay=0\n");
  CHECK(other.sender.acknowledged("g1", 2)->payload == "g1!,relay=0");
  CHECK(other.pass(10s).find("g2!,relay=1") != std::string::npos);
}

TEST_CASE(
    "kq330 sender: a command is tried three times, each after another while, then it has failed") {
  Modem modem;
  modem.push("g1!,relay=1,q=5", "g1", 5);
  const std::string said = modem.pass(60s);
  std::vector<std::int64_t> times;
  for (std::size_t at = 0; at < said.size(); at = said.find('\n', at) + 1) {
    if (said[at] != 'f') times.push_back(std::stoll(said.substr(at)));
  }
  REQUIRE(times.size() == 3);
  // On the air, then the acknowledgement, a second of grace, and 0.5 to 2 s of chance.
  const std::int64_t silence = 15 * 90 + 15 * 90 + 1000;
  for (std::size_t n = 1; n < 3; ++n) {
    CHECK(times[n] - times[n - 1] >= silence + 500);
    CHECK(times[n] - times[n - 1] <= silence + 2000);
  }
  CHECK(said.ends_with("failed g1!,relay=1,q=5: node g1 does not acknowledge it\n"));
}

TEST_CASE("kq330 sender: an acknowledgement is the node's, of that sequence, while it is awaited") {
  Modem modem;
  CHECK_FALSE(modem.sender.acknowledged("g1", 5));
  modem.push("g1!,relay=1,q=5", "g1", 5);
  CHECK_FALSE(modem.sender.acknowledged("g1", 5));
  modem.pass(1ms);
  CHECK_FALSE(modem.sender.acknowledged("g2", 5));
  CHECK_FALSE(modem.sender.acknowledged("g1", 6));
  CHECK_FALSE(modem.sender.acknowledged("g1", {}));
  CHECK(modem.sender.acknowledged("g1", 5));
  CHECK_FALSE(modem.sender.acknowledged("g1", 5));
  CHECK(modem.pass(60s) == "");
}

TEST_CASE("kq330 sender: no more than its share of each minute is on the air") {
  Modem modem({.duty = 30});
  std::size_t bytes = 0;
  for (int minute = 0; minute < 10; ++minute) {
    std::string said;
    for (int n = 0; n < 600; ++n) {
      modem.push(std::string(20, 'x'));
      said += modem.pass(100ms);
    }
    for (std::size_t at = 0; (at = said.find("sent", at)) != std::string::npos; ++at) bytes += 20;
    CHECK(said != "");
  }
  // The share of ten minutes, and what was saved up before.
  CHECK(bytes * 90 <= 11 * 18'000);
  CHECK(bytes * 90 >= 9 * 18'000);
}

TEST_CASE("kq330 sender: what is longer than the share goes out once all of it is free") {
  Modem modem({.duty = 10});
  modem.push(std::string(100, 'x'));  // 9 s, of 6
  CHECK(modem.pass(1ms).starts_with("0 xxx"));
  modem.push(ten);
  CHECK(modem.pass(38s) == "");
  CHECK(modem.pass(60s).find("sent xxxxxxxxxx\n") != std::string::npos);
}

TEST_CASE("kq330 sender: our own acknowledgement goes before what waits") {
  Modem modem;
  modem.push("later");
  Outgoing first;
  first.payload = "gw+,q=1";
  modem.sender.push_first(first);
  CHECK(modem.pass(1ms).starts_with("0 gw+,q=1\n"));
}

TEST_CASE("kq330 sender: a line that is lost fails what waited") {
  Modem modem;
  modem.push("g1!,relay=1,q=5", "g1", 5);
  modem.push("tx");
  modem.pass(1ms);
  modem.sender.close(modem);
  CHECK(modem.said ==
        "failed g1!,relay=1,q=5: the line to the modem was lost\nfailed tx: the line to the modem "
        "was lost\n");
  CHECK(modem.sender.next_wake() == Mono::max());
}
