// From a thread of the client library's onto the loop.
#include <doctest/doctest.h>

#include <cstdint>
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
  void on_up(std::uint64_t, const BrokerLimits&) override {}
  void on_refused(std::uint64_t, const ConnectFailure&) override {}
  void on_down(std::uint64_t, const Loss&) override {}
  void on_answer(std::uint64_t, const Answer&) override {}
  void on_written(std::uint64_t) override {}
  void on_asked(std::uint64_t, bool) override {}
  void on_message(std::uint64_t link, const std::string& topic, const std::string& payload,
                  bool retained) override {
    heard.push_back(std::to_string(link) + ' ' + topic + ' ' + payload + (retained ? " r" : ""));
  }
  void on_dropped(std::uint64_t messages) override { dropped.push_back(messages); }

  SharedMailbox mailbox = std::make_shared<Mailbox>();
  std::vector<std::function<void()>> calls;
  std::vector<std::string> heard;
  std::vector<std::uint64_t> dropped;
};

}  // namespace

TEST_CASE("deliver: a message reaches the loop as it came") {
  Loop loop;
  deliver(loop.mailbox, 7, "a/set", "ON", true);
  CHECK(loop.heard.empty());
  loop.run();
  CHECK(loop.heard == std::vector<std::string>{"7 a/set ON r"});
  CHECK(loop.dropped.empty());
}

TEST_CASE("deliver: a flood is cut at a thousand messages, and the drop is reported once") {
  Loop loop;
  for (int n = 0; n < 1500; ++n) deliver(loop.mailbox, 1, std::to_string(n), "ON", false);
  loop.run();
  CHECK(loop.heard.size() == max_waiting);
  CHECK(loop.heard.back() == "1 999 ON");
  CHECK(loop.dropped == std::vector<std::uint64_t>{500});
}

TEST_CASE("deliver: after a flood there is room again, and the next one is reported anew") {
  Loop loop;
  for (int n = 0; n < 1001; ++n) deliver(loop.mailbox, 1, "t", "ON", false);
  loop.run();
  for (int n = 0; n < 1002; ++n) deliver(loop.mailbox, 1, "t", "ON", false);
  loop.run();
  CHECK(loop.heard.size() == 2 * max_waiting);
  CHECK(loop.dropped == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("deliver: after the end of the broker nothing is delivered any more") {
  Loop loop;
  deliver(loop.mailbox, 1, "t", "ON", false);
  loop.mailbox->inbox = nullptr;
  loop.run();
  CHECK(loop.heard.empty());
  loop.mailbox->open = false;
  deliver(loop.mailbox, 1, "t", "ON", false);
  CHECK(loop.calls.empty());
}
