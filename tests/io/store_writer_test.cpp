// The state on its way to a disk that is slow, gone or cut off.
#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <future>
#include <sstream>

#include "io/file_store.hpp"
#include "io/manual_clock.hpp"
#include "io/system_clock.hpp"
#include "support/fakes.hpp"
#include "support/scratch.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

std::string content(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

// A disk that takes each state only when the test lets it.
class StalledDisk {
 public:
  io::FileStore::Write write() {
    return [this](const std::string& directory, const std::string& path, const std::string& rows) {
      asked_.set_value();
      go_.get_future().wait();
      go_ = {};
      ++written;
      return fails ? std::string("Input/output error") : io::write_state(directory, path, rows);
    };
  }
  // Waits until a write has begun.
  void await_write() {
    asked_.get_future().wait();
    asked_ = {};
  }
  void let_go() { go_.set_value(); }
  int written = 0;
  bool fails = false;

 private:
  std::promise<void> asked_, go_;
};

struct Shelf {
  Scratch scratch;
  io::Loop loop;
  io::ManualClock clock;
  MemoryLog log;
  StalledDisk disk;
  std::string state = scratch / "state-dir";

  std::unique_ptr<io::FileStore> open() {
    auto store = io::FileStore::open(state, loop, clock, log, disk.write());
    REQUIRE(store);
    return std::move(*store);
  }
  void turn() {
    loop.post([this] { loop.stop(); });
    loop.run();
  }
  void settle(const io::FileStore& store) {
    while (store.writing()) turn();
  }
  bool holds(const std::string& row) const {
    return content(state + "/state").find(row) != std::string::npos;
  }
};

}  // namespace

TEST_CASE("store: a disk that stalls holds up neither the loop nor a caller") {
  Shelf shelf;
  const auto store = shelf.open();
  store->put("a", "1", true);
  shelf.clock.advance(io::FileStore::soon_delay);
  shelf.disk.await_write();
  int turns = 0;
  for (int n = 0; n < 1000; ++n) {
    store->put("a", std::to_string(n), true);
    shelf.clock.advance(1s);
    shelf.loop.post([&] { ++turns; });
    shelf.turn();
    CHECK(store->get("a") == std::to_string(n));
  }
  CHECK(turns == 1000);
  CHECK(store->writing());
  CHECK_FALSE(shelf.holds("[a]"));
  shelf.disk.let_go();
  shelf.settle(*store);
  CHECK(shelf.disk.written == 1);
  CHECK(shelf.holds("[a]\n-1\n"));
}

TEST_CASE(
    "store: what changed during a write goes with the next one, once and in its newest form") {
  Shelf shelf;
  const auto store = shelf.open();
  store->put("a", "1", true);
  shelf.clock.advance(io::FileStore::soon_delay);
  shelf.disk.await_write();
  for (int n = 2; n <= 50; ++n) store->put("a", std::to_string(n), true);
  shelf.clock.advance(1min);
  shelf.disk.let_go();
  shelf.settle(*store);
  shelf.clock.advance(0s);
  shelf.disk.await_write();
  shelf.disk.let_go();
  shelf.settle(*store);
  CHECK(shelf.disk.written == 2);
  CHECK(shelf.holds("[a]\n-50\n"));
  shelf.clock.advance(24h);
  CHECK_FALSE(store->writing());
}

TEST_CASE("store: what waits for half an hour is written within seconds once it is urgent") {
  Shelf shelf;
  const auto store = shelf.open();
  store->put("a", "1", false);
  store->put("a", "1", true);
  shelf.clock.advance(io::FileStore::soon_delay);
  shelf.disk.await_write();
  store->put("a", "1", true);  // that one is on its way
  shelf.disk.let_go();
  shelf.settle(*store);
  CHECK(shelf.holds("[a]\n-1\n"));
  shelf.clock.advance(24h);
  CHECK_FALSE(store->writing());
}

TEST_CASE("store: a write that fails is reported once, and tried again with what is newest") {
  Shelf shelf;
  const auto store = shelf.open();
  shelf.disk.fails = true;
  store->put("a", "1", true);
  for (int n = 0; n < 3; ++n) {
    shelf.clock.advance(io::FileStore::late_delay);
    shelf.disk.await_write();
    shelf.disk.let_go();
    shelf.settle(*store);
  }
  REQUIRE(shelf.log.lines.size() == 1);
  CHECK(shelf.log.lines[0].find("Input/output error") != std::string::npos);
  shelf.disk.fails = false;
  store->put("a", "2", false);
  shelf.clock.advance(io::FileStore::late_delay);
  shelf.disk.await_write();
  shelf.disk.let_go();
  shelf.settle(*store);
  CHECK(shelf.holds("[a]\n-2\n"));
  CHECK(shelf.log.lines.size() == 1);
}

TEST_CASE("store: the end waits for the write on its way and for the newest behind it") {
  Shelf shelf;
  const auto store = shelf.open();
  store->put("a", "1", true);
  shelf.clock.advance(io::FileStore::soon_delay);
  shelf.disk.await_write();
  store->put("a", "2", false);
  const auto disk = std::async(std::launch::async, [&] {
    shelf.disk.let_go();
    shelf.disk.await_write();
    shelf.disk.let_go();
  });
  store->flush();
  CHECK(shelf.disk.written == 2);
  CHECK(shelf.holds("[a]\n-2\n"));
  shelf.turn();  // what the thread posted meanwhile changes nothing
  CHECK_FALSE(store->writing());
}

TEST_CASE("store: the end does not wait for ever for a disk that hangs, and says so") {
  // What hangs is left behind on purpose, until the process ends.
  static auto* const shelf = new Shelf;
  MemoryLog log;
  {
    io::Loop loop;
    auto store = io::FileStore::open(shelf->state, loop, shelf->clock, log, shelf->disk.write());
    REQUIRE(store);
    (*store)->put("a", "1", true);
    (*store)->flush();
  }
  REQUIRE(log.lines.size() == 1);
  CHECK(log.lines[0].find("not waited for") != std::string::npos);
}

TEST_CASE("store: at the start only what is urgent is waited for") {
  Shelf shelf;
  const auto store = shelf.open();
  store->put("a", "1", false);
  store->flush_urgent();
  CHECK_FALSE(store->writing());
  store->put("b", "2", true);
  const auto disk = std::async(std::launch::async, [&] {
    shelf.disk.await_write();
    shelf.disk.let_go();
  });
  store->flush_urgent();
  CHECK(shelf.holds("[a]\n-1\n[b]\n-2\n"));
}

TEST_CASE(
    "store: kill -9 at any time leaves a whole state, and nothing urgent older than seconds") {
  Scratch scratch;
  const std::string state = scratch / "state-dir";
  long last = 0;
  for (int round = 0; round < 3; ++round) {
    const ::pid_t child = ::fork();
    if (child == 0) {  // counts for ever, each count urgent
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      io::Loop loop;
      io::SystemClock clock(loop);
      MemoryLog log;
      const auto store = *io::FileStore::open(state, loop, clock, log);
      long n = std::atol(store->get("n").c_str());
      std::unique_ptr<Timer> tick = clock.timer([&] {
        store->put("n", std::to_string(++n), true);
        if (n % 100 == 0) store->flush();  // many writes, to be killed in the middle of one
        tick->set(clock.now().mono + 1ms);
      });
      tick->set(clock.now().mono);
      loop.run();
    }
    // No wait of a certain time: until the disk has more than before.
    const auto on_disk = [&] {
      std::error_code error;
      const auto text = io::content_of(state + "/state", error);
      const auto read = text ? io::parse_state(*text) : std::nullopt;
      return read && read->texts.contains("n") ? std::atol(read->texts.at("n").c_str()) : 0;
    };
    while (on_disk() < last + 300) ::usleep(1000);
    const long before = on_disk();
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    last = on_disk();
    CHECK(last >= before);
  }
}
