// Who is believed on a line where anyone can talk.
#include "adapters/kq330/node_link.hpp"

#include <doctest/doctest.h>

#include "core/record.hpp"

using namespace gridtap;
using namespace gridtap::kq330;
using namespace std::chrono_literals;

namespace {

const std::string key(16, 'k');

std::string opened(NodeLink& link, const std::string& payload) {
  const auto text = link.open(payload);
  if (!text) return std::string(name(text.error().fault));
  std::string out(text->id);
  for (const auto& [field, value] : text->fields()) (((out += ' ') += field) += '=') += value;
  return out;
}

NodeText said(std::string_view payload) { return *parse_node_text(payload); }

}  // namespace

TEST_CASE("node link: without a key everything well formed is taken, as it is") {
  NodeLink link({});
  CHECK(link.sealed("g1,t=1") == "g1,t=1");
  CHECK(opened(link, "g1,t=1,c=3") == "g1 t=1 c=3");
  CHECK(opened(link, "rubbish!!") == "bad_syntax");
  CHECK(link.state() == "");
}

TEST_CASE("node link: with a key a text is proved, its counter rises, and neither is a reading") {
  NodeLink sender(key), receiver(key), stranger(std::string(16, 'x'));
  const std::string first = sender.sealed("g1,t=1"), second = sender.sealed("g1,t=2");
  CHECK(opened(receiver, first) == "g1 t=1");
  CHECK(opened(receiver, first) == "replay");
  CHECK(opened(receiver, second) == "g1 t=2");
  CHECK(opened(receiver, first) == "replay");
  CHECK(opened(receiver, stranger.sealed("g1,t=9")) == "wrong_key");
  CHECK(opened(receiver, "g1,t=9") == "wrong_key");
  CHECK(opened(receiver, "g1,t=9,c=99,m=0123456789ABCDEF") == "wrong_key");
}

TEST_CASE("node link: a signed text without counter proves nothing about when it was sent") {
  NodeLink receiver(key);
  CHECK(opened(receiver, "g1,t=1" + signature("g1,t=1", as_bytes(key))) == "replay");
  CHECK(opened(receiver, "g1,c=x" + signature("g1,c=x", as_bytes(key))) == "replay");
  CHECK(opened(receiver, "g1,c=1,t=1" + signature("g1,c=1,t=1", as_bytes(key))) == "replay");
}

TEST_CASE("node link: a command to a node and a report of it have counters of their own") {
  NodeLink gateway(key), node(key), receiver(key);
  CHECK(opened(receiver, gateway.sealed("g1!,relay=1")) == "g1 relay=1");
  CHECK(opened(receiver, node.sealed("g1,t=1")) == "g1 t=1");
  CHECK(opened(receiver, node.sealed("g2,t=1")) == "g2 t=1");
}

TEST_CASE("node link: counters outlive a power cut, ours with a reserve") {
  NodeLink sender(key), receiver(key);
  const std::string first = sender.sealed("g1,t=1");
  CHECK(opened(receiver, first) == "g1 t=1");
  NodeLink next_receiver(key), next_sender(key);
  next_receiver.restore(receiver.state());
  next_sender.restore(sender.state());
  CHECK(opened(next_receiver, first) == "replay");
  CHECK(next_sender.sealed("g1,t=2").find(",c=1001,") != std::string::npos);
  CHECK(opened(next_receiver, next_sender.sealed("g1,t=3")) == "g1 t=3");
}

TEST_CASE("node link: after an orderly end our counter goes on without a gap") {
  NodeLink sender(key);
  for (int n = 0; n < 7; ++n) static_cast<void>(sender.sealed("g1,t=1"));
  sender.stop();
  const std::string state = sender.state();
  NodeLink next(key);
  next.restore(state);
  CHECK(next.sealed("g1,t=2").find(",c=8,") != std::string::npos);
  // From its start on, what would be kept is the reserve again.
  NodeLink cut_off(key);
  cut_off.restore(next.state());
  CHECK(cut_off.sealed("g1,t=2").find(",c=1008,") != std::string::npos);
}

TEST_CASE("node link: power cuts at any time never make it use a counter twice") {
  std::string disk;
  NodeLink receiver(key);
  for (int cut = 0; cut < 5; ++cut) {
    NodeLink sender(key);
    sender.restore(disk);
    for (int n = 0; n < 700 * cut; ++n) {
      if (sender.take_unkept()) disk = sender.state();
      CHECK(opened(receiver, sender.sealed("g1,t=1")) == "g1 t=1");
    }
  }
}

TEST_CASE("node link: a disk that is slow has half the reserve of time") {
  NodeLink sender(key);
  CHECK(sender.take_unkept());
  const std::string disk = sender.state();
  std::string last;
  while (!sender.take_unkept()) last = sender.sealed("g1,t=1");
  for (std::uint64_t n = 0; n < NodeLink::counter_reserve / 2 - 1; ++n) {
    last = sender.sealed("g1,t=1");
  }
  NodeLink receiver(key), next(key);
  CHECK(opened(receiver, last) == "g1 t=1");
  next.restore(disk);
  CHECK(opened(receiver, next.sealed("g1,t=1")) == "g1 t=1");
}

TEST_CASE("node link: each counter that was heard is to be kept, a frame refused changes nothing") {
  NodeLink sender(key), receiver(key);
  CHECK(receiver.take_unkept());
  CHECK_FALSE(receiver.take_unkept());
  const std::string first = sender.sealed("g1,t=1");
  CHECK(opened(receiver, first) == "g1 t=1");
  CHECK(receiver.take_unkept());
  CHECK(opened(receiver, first) == "replay");
  CHECK_FALSE(receiver.take_unkept());
  NodeLink plain({});
  CHECK(opened(plain, "g1,t=1") == "g1 t=1");
  CHECK_FALSE(plain.take_unkept());
}

TEST_CASE("node link: a state that cannot be read is no state") {
  const std::string damaged = RecordWriter().add("heard", "of", "g1", 17).text().substr(1);
  for (const std::string& state :
       {std::string{}, std::string("rubbish"), std::string("\n\n"), std::string("5\nof g1 x\nof"),
        std::string("99999999999999999999999"), damaged,
        RecordWriter().add("heard", "of", "g1", "x").add("heard", "of").add("heard").text()}) {
    CAPTURE(state);
    NodeLink sender(key), receiver(key);
    receiver.restore(state);
    CHECK(opened(receiver, sender.sealed("g1,t=1")) == "g1 t=1");
  }
}

TEST_CASE("node link: the state is a record that a person can read") {
  NodeLink sender(key), receiver(key);
  opened(receiver, sender.sealed("g1,t=1"));
  opened(receiver, sender.sealed("g1!,relay=1"));
  CHECK(receiver.state() == RecordWriter()
                                .add("counter", NodeLink::counter_reserve)
                                .add("heard", "of", "g1", 1)
                                .add("heard", "to", "g1", 2)
                                .text());
}

TEST_CASE("node link: a state of the version before goes on as a record") {
  NodeLink sender(key), receiver(key);
  const std::string first = sender.sealed("g1,t=1");
  receiver.restore("1007\nof g1 1\nto g2 5");
  CHECK(receiver.state() == RecordWriter()
                                .add("counter", 1007 + NodeLink::counter_reserve)
                                .add("heard", "of", "g1", 1)
                                .add("heard", "to", "g2", 5)
                                .text());
  CHECK(opened(receiver, first) == "replay");
  CHECK(receiver.sealed("g1,t=2").find(",c=1008,") != std::string::npos);
}

TEST_CASE("node link: senders are bounded") {
  NodeLink receiver(key), sender(key);
  for (std::size_t n = 0; n < NodeLink::most_senders; ++n) {
    CHECK(opened(receiver, sender.sealed("n" + std::to_string(n) + ",t=1")).ends_with("t=1"));
  }
  CHECK(opened(receiver, sender.sealed("late,t=1")) == "refused");
  CHECK(opened(receiver, sender.sealed("n1,t=1")) == "n1 t=1");
}

TEST_CASE("node link: the same id, mark and sequence within 30 s is a repeat") {
  NodeLink link({});
  const Mono begin{1h};
  CHECK_FALSE(link.repeated(said("g1,t=1,q=5"), begin));
  CHECK(link.repeated(said("g1,t=1,q=5"), begin + 30s));
  CHECK(link.repeated(said("g1,t=1,q=5"), begin + 60s));  // from the last time it was heard
  CHECK_FALSE(link.repeated(said("g1,t=1,q=5"), begin + 91s));
  CHECK_FALSE(link.repeated(said("g1!,t=1,q=5"), begin + 91s));
  CHECK_FALSE(link.repeated(said("g2,t=1,q=5"), begin + 91s));
  CHECK_FALSE(link.repeated(said("g1,t=1"), begin));
  CHECK_FALSE(link.repeated(said("g1,t=1"), begin));
}
