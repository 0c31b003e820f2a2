// What people are told of how the history is kept: the worst of it, or else the newest.
#include "history/condition.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace gridtap::history;
using namespace std::chrono_literals;

TEST_CASE("condition: damage that was mended is shown for a day of running, and no longer") {
  Condition condition;
  CHECK(condition.state() == HistoryState::ok);
  CHECK(condition.text() == "");
  condition.mended("set aside", Mono{1h});
  condition.pass(Mono{25h} - 1s);
  CHECK(condition.state() == HistoryState::damaged);
  CHECK(condition.text() == "set aside");
  condition.pass(Mono{25h});
  CHECK(condition.state() == HistoryState::ok);
  CHECK(condition.text() == "");
}

TEST_CASE("condition: damage that is met again is shown anew") {
  Condition condition;
  condition.mended("once", Mono{1h});
  condition.mended("twice", Mono{20h});
  condition.pass(Mono{26h});
  CHECK(condition.text() == "twice");
}

TEST_CASE("condition: what keeps it from being written comes before what was mended") {
  Condition condition;
  condition.mended("set aside", Mono{1h});
  condition.failed({JournalFault::full, "no room"});
  CHECK(condition.state() == HistoryState::full);
  CHECK(condition.text() == "no room");
  condition.works();
  CHECK(condition.state() == HistoryState::damaged);
  condition.failed({JournalFault::newer_form, "of a newer version"});
  CHECK(condition.state() == HistoryState::read_only);
  condition.failed({JournalFault::damaged, "could not be mended"});
  CHECK(condition.text() == "could not be mended");
}

TEST_CASE("condition: of a copy that failed and damage that was mended the later one is shown") {
  Condition condition;
  condition.not_copied("no disk");
  CHECK(condition.state() == HistoryState::backup_failed);
  condition.mended("set aside", Mono{1h});
  CHECK(condition.state() == HistoryState::damaged);
  condition.not_copied("still no disk");
  CHECK(condition.state() == HistoryState::backup_failed);
  CHECK(condition.text() == "still no disk");
  condition.copied();
  CHECK(condition.state() == HistoryState::damaged);
  condition.not_copied("no disk");
  condition.pass(Mono{25h});
  CHECK(condition.state() == HistoryState::backup_failed);
}

TEST_CASE(
    "condition: a copy that failed keeps its reason while the history fails and works again") {
  Condition condition;
  condition.not_copied("no disk");
  condition.failed({JournalFault::full, "no room"});
  condition.works();
  CHECK(condition.text() == "no disk");
}
