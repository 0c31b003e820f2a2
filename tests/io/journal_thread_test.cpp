// The history's file beside the loop, on disks that are slow, hang or fail.
#include "io/journal_thread.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <future>

#include "journal_rig.hpp"
#include "played_vfs.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

struct Desk {
  Scratch scratch;
  std::string file = scratch / "history.db";
  io::Loop loop;
  MemoryLog log;
  std::unique_ptr<io::JournalThread> journal = std::make_unique<io::JournalThread>(loop, log, file);
  std::vector<std::string> answers = {};  // in the order in which they came

  void turn() {
    loop.post([this] { loop.stop(); });
    loop.run();
  }
  void await(std::size_t count) {
    while (answers.size() < count) turn();
  }
  void say(const std::string& what, const JournalError* error) {
    answers.push_back(what + (error ? ": " + error->detail : ""));
  }
  void open() {
    journal->open([this](const auto& all) {
      say(all ? "open " + std::to_string(all->series.size()) : "open",
          all ? nullptr : &all.error());
    });
  }
  void write(std::int64_t number) {
    journal->write({{energy(), {slot_at(number, number)}}}, [this, number](const auto& done) {
      say("write " + std::to_string(number), done ? nullptr : &done.error());
    });
  }
  void read() {
    journal->read("meter/energy_import", quarter(0), quarter(100), [this](const auto& slots) {
      say(slots ? "read " + std::to_string(slots->size()) : "read",
          slots ? nullptr : &slots.error());
    });
  }
  std::size_t on_disk() {
    const auto other = io::SqliteJournal::open(file, io::SqliteJournal::Use::look);
    REQUIRE(other);
    return (*other)->read("meter/energy_import", quarter(0), quarter(1000))->size();
  }
};

// Writes to the file wait until they are let go.
class Stall {
 public:
  int operator()(const DiskCall& call) {
    if (call.kind != DiskCall::Kind::write || !armed_.exchange(false)) return SQLITE_OK;
    begun_.set_value();
    go_.get_future().wait();
    return SQLITE_OK;
  }
  void arm() { armed_ = true; }
  void await() { begun_.get_future().wait(); }
  void let_go() { go_.set_value(); }

 private:
  std::atomic<bool> armed_ = false;
  std::promise<void> begun_, go_;
};

}  // namespace

TEST_CASE("journal thread: answers come from the loop, one for each call, in their order") {
  Desk desk;
  desk.open();
  desk.write(1);
  desk.read();
  desk.write(2);
  desk.journal->tidy(quarter(2), quarter(0), [&](const auto& done) {
    REQUIRE(done);
    CHECK(done->bytes > 0);
    desk.answers.push_back("tidy");
    desk.read();  // from an answer
  });
  desk.open();
  CHECK(desk.answers.empty());
  desk.await(7);
  CHECK(desk.answers == std::vector<std::string>{"open 0", "write 1", "read 1", "write 2", "tidy",
                                                 "open 1", "read 2"});
  CHECK(desk.log.lines.empty());
}

TEST_CASE("journal thread: what is asked of a history that is not open is answered, too") {
  Desk desk;
  desk.write(1);
  desk.read();
  desk.await(2);
  const std::string why = ": " + desk.file + " is not open";
  CHECK(desk.answers == std::vector{"write 1" + why, "read" + why});
}

TEST_CASE(
    "journal thread: when the newest copy was made is told with opening, and with a new one") {
  Desk desk;
  const io::BackupPlace place{desk.scratch / "disk", 7, {}};
  std::vector<std::optional<Instant>> told;
  const auto look = [&] {
    desk.journal = std::make_unique<io::JournalThread>(desk.loop, desk.log, desk.file, place);
    desk.journal->open([&](const auto& all) { told.push_back(all->copied); });
    desk.journal->back_up("2026-11-30", [&](const auto& done) {
      told.push_back(done ? done->copied : std::nullopt);
    });
    for (const std::size_t all = told.size() + 2; told.size() < all;) desk.turn();
  };
  std::filesystem::create_directory(place.directory);
  look();
  look();
  REQUIRE(told.size() == 4);
  CHECK_FALSE(told[0]);
  CHECK(told[1]);
  CHECK(told[2] == told[1]);
  CHECK(told[3] == told[1]);
}

TEST_CASE("journal thread: opening works again once what was wrong is right") {
  Desk desk;
  desk.file = desk.scratch / "no/such/history.db";
  desk.journal = std::make_unique<io::JournalThread>(desk.loop, desk.log, desk.file);
  desk.open();
  desk.await(1);
  CHECK(desk.answers[0].find("No such file") != std::string::npos);
  std::filesystem::create_directories(desk.scratch / "no/such");
  desk.open();
  desk.write(1);
  desk.await(3);
  CHECK(desk.answers[1] == "open 0");
  CHECK(desk.answers[2] == "write 1");
}

TEST_CASE("journal thread: a card that stalls holds up no loop") {
  Stall stall;
  const PlayedVfs vfs(std::ref(stall));
  Desk desk;
  desk.open();
  desk.await(1);
  stall.arm();
  for (int n = 0; n < 10; ++n) desk.write(n);
  stall.await();
  int turns = 0;
  for (int n = 0; n < 1000; ++n) {
    desk.loop.post([&] { ++turns; });
    desk.turn();
  }
  CHECK(turns == 1000);
  CHECK(desk.answers.size() == 1);
  stall.let_go();
  desk.await(11);
  CHECK(desk.answers.back() == "write 9");
  CHECK(desk.on_disk() == 10);
}

TEST_CASE("journal thread: the end waits for all that was asked for, and answers nothing") {
  Stall stall;
  const PlayedVfs vfs(std::ref(stall));
  Desk desk;
  desk.open();
  desk.await(1);
  stall.arm();
  for (int n = 0; n < 10; ++n) desk.write(n);
  stall.await();
  const auto disk = std::async(std::launch::async, [&] { stall.let_go(); });
  desk.journal->close();
  CHECK(desk.on_disk() == 10);
  CHECK_FALSE(std::filesystem::exists(desk.file + "-wal"));  // it was closed
  desk.turn();
  desk.write(11);
  desk.turn();
  CHECK(desk.answers.size() == 1);
  CHECK(desk.log.lines.empty());
}

TEST_CASE("journal thread: the end does not wait for ever for a disk that hangs, and says so") {
  // What hangs is left behind on purpose, until the process ends.
  static auto* const stall = new Stall;
  static auto* const scratch = new Scratch;
  const std::string file = *scratch / "history.db";
  MemoryLog log;
  {
    const PlayedVfs vfs(std::ref(*stall));
    io::Loop loop;
    io::JournalThread journal(loop, log, file);
    journal.open([&](const auto&) { loop.stop(); });
    loop.run();
    stall->arm();
    journal.write({{energy(), {slot_at(0, 1)}}}, [](const auto&) { FAIL("answered"); });
    stall->await();
    journal.write({{energy(), {slot_at(1, 1)}}}, [](const auto&) { FAIL("answered"); });
  }
  REQUIRE(log.lines.size() == 1);
  CHECK(log.lines[0] == "warning gateway: the disk of " + file +
                            " takes longer than 5 s to write the history: not waited for");
}

TEST_CASE("journal thread: damage that is met is said in the log once, and the call goes on") {
  Desk desk;
  {
    std::ofstream(desk.file) << std::string(8192, 'x');
  }
  std::vector<std::string> told;
  desk.journal->on_mended([&](const std::string& what) {
    CHECK(desk.answers.empty());  // it comes first
    told.push_back(what);
  });
  desk.open();
  desk.write(1);
  desk.read();
  desk.await(3);
  CHECK(desk.answers == std::vector<std::string>{"open 0", "write 1", "read 1"});
  REQUIRE(told.size() == 1);
  CHECK("warning gateway: " + told[0] == desk.log.lines.at(0));
  REQUIRE(desk.log.lines.size() == 1);
  CHECK(desk.log.lines[0].starts_with("warning gateway: " + desk.file +
                                      " is damaged: set aside as " + desk.file + ".bad-2"));
}

TEST_CASE("journal thread: one that was never opened ends at once") {
  Desk desk;
  desk.journal->close();
  desk.journal.reset();
  CHECK_FALSE(std::filesystem::exists(desk.file));
}
