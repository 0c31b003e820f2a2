// From a thread of the client library's onto the loop.
#include <doctest/doctest.h>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "mqtt/paho_link.hpp"

using namespace gridtap::mqtt;

namespace {

struct Loop final : Inbox {
  Loop() {
    mailbox->inbox = this;
    mailbox->post = [this](std::function<void()> call) { calls.push_back(std::move(call)); };
  }
  void run() {
    for (std::function<void()>& call : std::exchange(calls, {})) call();
  }
  void run_one() {
    const std::function<void()> call = std::move(calls.front());
    calls.pop_front();
    call();
  }
  void on_up(std::uint64_t, const BrokerLimits&) override {}
  void on_refused(std::uint64_t, const ConnectFailure&) override {}
  void on_down(std::uint64_t, const Loss&) override {}
  void on_answer(std::uint64_t, const Answer&) override {}
  void on_written(std::uint64_t) override {}
  void on_asked(std::uint64_t, bool) override {}
  void on_message(const Received& message) override {
    heard.push_back(std::to_string(message.link) + ' ' + message.topic + ' ' + message.payload +
                    (message.retained ? " r" : "") +
                    (message.expiry ? " for " + std::to_string(*message.expiry) : ""));
  }
  void on_dropped(std::uint64_t messages) override { dropped.push_back(messages); }

  SharedMailbox mailbox = std::make_shared<Mailbox>();
  std::deque<std::function<void()>> calls;
  std::vector<std::string> heard;
  std::vector<std::uint64_t> dropped;
};

}  // namespace

TEST_CASE("deliver: a message reaches the loop as it came") {
  Loop loop;
  deliver(loop.mailbox, {7, "a/set", "ON", true, 30});
  CHECK(loop.heard.empty());
  loop.run();
  CHECK(loop.heard == std::vector<std::string>{"7 a/set ON r for 30"});
  CHECK(loop.dropped.empty());
}

TEST_CASE("deliver: a flood is cut at a thousand messages, but its last one always arrives") {
  Loop loop;
  for (int n = 0; n < 20'000; ++n) deliver(loop.mailbox, {1, "t", std::to_string(n), false});
  loop.run();
  CHECK(loop.heard.size() == max_waiting + 1);
  CHECK(loop.heard[999] == "1 t 999");
  CHECK(loop.heard[1000] == "1 t 19999");
  CHECK(loop.dropped == std::vector<std::uint64_t>{18'999});
}

TEST_CASE("deliver: a flood on one topic does not drop the command on another") {
  Loop loop;
  for (int n = 0; n < 1500; ++n) deliver(loop.mailbox, {1, "flood", "x", false});
  deliver(loop.mailbox, {1, "pump/set", "OFF", false});
  deliver(loop.mailbox, {1, "pump/set", "", true});  // its topic is being cleared
  deliver(loop.mailbox, {1, "flood", "y", false});
  loop.run();
  REQUIRE(loop.heard.size() == max_waiting + 3);
  CHECK(loop.heard[1000] == "1 flood y");
  CHECK(loop.heard[1001] == "1 pump/set OFF");
  CHECK(loop.heard[1002] == "1 pump/set  r");
}

TEST_CASE("deliver: more topics than anybody has are dropped and counted") {
  Loop loop;
  for (int n = 0; n < 2500; ++n) deliver(loop.mailbox, {1, std::to_string(n), "ON", false});
  loop.run();
  CHECK(loop.heard.size() == max_waiting + NewestMessages::most_topics);
  CHECK(loop.dropped == std::vector<std::uint64_t>{500});
}

TEST_CASE("deliver: what comes while the loop is at it stays in its order") {
  Loop loop;
  for (int n = 0; n < 1100; ++n) deliver(loop.mailbox, {1, "t", std::to_string(n), false});
  for (int n = 0; n < 10; ++n) loop.run_one();
  for (int n = 1100; n < 1150; ++n) deliver(loop.mailbox, {1, "t", std::to_string(n), false});
  loop.run();
  for (std::size_t n = 1; n < loop.heard.size(); ++n) {
    CHECK(std::stoi(loop.heard[n - 1].substr(4)) < std::stoi(loop.heard[n].substr(4)));
  }
  CHECK(loop.heard.back() == "1 t 1149");
}

TEST_CASE("deliver: after a flood there is room again, and the next one is reported anew") {
  Loop loop;
  for (int n = 0; n < 1002; ++n) deliver(loop.mailbox, {1, "t", "ON", false});
  loop.run();
  for (int n = 0; n < 1003; ++n) deliver(loop.mailbox, {1, "t", "ON", false});
  loop.run();
  CHECK(loop.heard.size() == 2 * (max_waiting + 1));
  CHECK(loop.dropped == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("deliver: after the end of the broker nothing is delivered any more") {
  Loop loop;
  deliver(loop.mailbox, {1, "t", "ON", false});
  loop.mailbox->inbox = nullptr;
  loop.run();
  CHECK(loop.heard.empty());
  loop.mailbox->open = false;
  deliver(loop.mailbox, {1, "t", "ON", false});
  CHECK(loop.calls.empty());
}
