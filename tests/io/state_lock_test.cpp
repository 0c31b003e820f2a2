// One user of a state directory at a time.
#include "io/state_lock.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <utility>

#include "support/scratch.hpp"

using namespace gridtap;
using io::StateLock;

TEST_CASE("state lock: a second one is told who has it") {
  const Scratch scratch;
  const StateLock::Attempt first = StateLock::take(scratch / "");
  REQUIRE(first.lock);
  const StateLock::Attempt second = StateLock::take(scratch / "");
  CHECK_FALSE(second.lock);
  CHECK(second.error == 0);
  CHECK(second.holder == "pid " + std::to_string(::getpid()));
}

TEST_CASE("state lock: it ends with its owner, who may hand it on") {
  const Scratch scratch;
  {
    StateLock::Attempt attempt = StateLock::take(scratch / "");
    REQUIRE(attempt.lock);
    const StateLock owner = std::move(*attempt.lock);
    attempt.lock.reset();
    CHECK_FALSE(StateLock::take(scratch / "").lock);
  }
  CHECK(StateLock::take(scratch / "").lock);
}

TEST_CASE("state lock: a lock file that says anything is no reason to stop") {
  const Scratch scratch;
  std::ofstream(scratch / "lock") << std::string(500, 'x');
  const StateLock::Attempt first = StateLock::take(scratch / "");
  REQUIRE(first.lock);
  std::ofstream(scratch / "lock") << "4711; rm -rf";
  CHECK(StateLock::take(scratch / "").holder == "pid 4711");
  std::ofstream(scratch / "lock") << "none";
  CHECK(StateLock::take(scratch / "").holder == "of unknown pid");
}

TEST_CASE("state lock: without a directory there is none, and the reason is known") {
  const Scratch scratch;
  const StateLock::Attempt attempt = StateLock::take(scratch / "missing");
  CHECK_FALSE(attempt.lock);
  CHECK(attempt.holder.empty());
  CHECK(attempt.error == ENOENT);
}
