// Counters of encrypted frames never come back.

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "parts/invocation_counters.hpp"

using namespace gridtap;

namespace {

// Accepts what is not refused; says "ok" or the fault.
struct Gate {
  InvocationCounters counters;
  std::string pass(std::uint32_t counter, std::string_view title = "meter",
                   std::string_view frame = "frame") {
    if (const auto error = counters.judge(title, counter, frame)) {
      return std::string(name(error->fault));
    }
    counters.accept(title, counter, frame);
    return "ok";
  }
};

}  // namespace

TEST_CASE("counters: higher is new, lower is old") {
  Gate gate;
  CHECK(gate.pass(5) == "ok");
  CHECK(gate.pass(6) == "ok");
  CHECK(gate.pass(100) == "ok");
  CHECK(gate.pass(99) == "replay");
  CHECK(gate.pass(0xFFFFFFFF) == "ok");
  CHECK(gate.pass(101) == "replay");
}

TEST_CASE("counters: the same once more is a repeat where it is the same to the byte") {
  Gate gate;
  CHECK(gate.pass(5, "meter", "one") == "ok");
  CHECK(gate.pass(5, "meter", "one") == "ok");
  CHECK(gate.pass(5, "meter", "two") == "replay");
}

TEST_CASE("counters: what was judged and not accepted does not count") {
  Gate gate;
  CHECK(gate.pass(5) == "ok");
  CHECK_FALSE(gate.counters.judge("meter", 50, "of no use"));
  CHECK(gate.pass(6) == "ok");
}

TEST_CASE("counters: every meter has its own") {
  Gate gate;
  CHECK(gate.pass(50, "A") == "ok");
  CHECK(gate.pass(10, "B") == "ok");
  CHECK(gate.pass(49, "A") == "replay");
  CHECK(gate.pass(11, "B") == "ok");
}

TEST_CASE("counters: a meter that begins anew is believed after thirty") {
  Gate gate;
  CHECK(gate.pass(1000) == "ok");
  for (std::uint32_t n = 1; n < InvocationCounters::new_series; ++n) {
    CAPTURE(n);
    CHECK(gate.pass(n) == "replay");
  }
  CHECK(gate.pass(30) == "ok");
  CHECK(gate.pass(31) == "ok");
}

TEST_CASE("counters: thirty of a recording that repeats itself are not") {
  Gate gate;
  CHECK(gate.pass(1000) == "ok");
  for (int n = 0; n < 100; ++n) CHECK(gate.pass(7) == "replay");
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t n = 1; n < 20; ++n) CHECK(gate.pass(n) == "replay");
  }
}

TEST_CASE("counters: of too many meters on one line the oldest is forgotten") {
  Gate gate;
  for (const char* title : {"A", "B", "C", "D", "E"}) CHECK(gate.pass(50, title) == "ok");
  CHECK(gate.pass(49, "E") == "replay");
  CHECK(gate.pass(49, "A") == "ok");
}

namespace {

// A gate of the next run, which knows what this one has kept.
Gate restarted(const Gate& gate) {
  RecordWriter record;
  gate.counters.save(record);
  Gate next;
  next.counters.restore(Record(record.text()));
  return next;
}

}  // namespace

TEST_CASE("counters: what was refused is refused after a restart, and the last one with it") {
  Gate gate;
  CHECK(gate.pass(50, std::string("KFM\x00\xFF", 5)) == "ok");
  CHECK(gate.pass(7, "other") == "ok");
  Gate next = restarted(gate);
  CHECK(next.pass(49, std::string("KFM\x00\xFF", 5)) == "replay");
  CHECK(next.pass(50, std::string("KFM\x00\xFF", 5)) == "replay");
  CHECK(next.pass(51, std::string("KFM\x00\xFF", 5)) == "ok");
  CHECK(next.pass(6, "other") == "replay");
  CHECK(next.pass(8, "other") == "ok");
  CHECK(next.pass(1, "exchanged") == "ok");
}

TEST_CASE("counters: a meter that was reset between two runs is believed after thirty") {
  Gate gate;
  CHECK(gate.pass(1000) == "ok");
  Gate next = restarted(gate);
  for (std::uint32_t n = 1; n < InvocationCounters::new_series; ++n) {
    CHECK(next.pass(n) == "replay");
  }
  CHECK(next.pass(30) == "ok");
  CHECK(restarted(next).pass(31) == "ok");
  CHECK(restarted(next).pass(30) == "replay");
}

TEST_CASE("counters: rows that are none, and more than there is room for, harm nothing") {
  RecordWriter odd;
  odd.add("accepted").add("accepted", "", 5).add("accepted", "4G", 5).add("accepted", "41");
  odd.add("accepted", "41", "x")
      .add("accepted", "41", std::uint64_t{1} << 32)
      .add("meter", "41", 5);
  for (int n = 0; n < 20; ++n) odd.add("accepted", "4" + std::to_string(n % 10), 5);
  Gate gate;
  gate.counters.restore(Record(odd.text()));
  RecordWriter kept;
  gate.counters.save(kept);
  CHECK(Record(kept.text()).rows().size() == InvocationCounters::max_titles);
  CHECK(gate.pass(5, "A") == "ok");
  CHECK(gate.pass(5, "I") == "replay");  // 49
}
