// kill -9 and power cuts while the history is written: it opens every time, and what was answered
// is there. GRIDTAP_CUTS is how many of each (2000 take minutes).
#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "cut_journal.hpp"
#include "journal_rig.hpp"

using namespace gridtap;

namespace {

int cuts(int otherwise) {
  const char* wanted = std::getenv("GRIDTAP_CUTS");
  return wanted ? std::atoi(wanted) : otherwise;
}

constexpr std::array names = {"a/x", "b/x", "c/x"};
constexpr int kept = 200;  // quarter-hours that are not forgotten yet

// The write with this number, and now and then a night. Who says that it is done, says so after it.
bool write(io::SqliteJournal& journal, int number) {
  std::vector<SeriesSlots> all;
  for (const char* name : names) {
    // The one before is put right, wherever it lies now.
    all.push_back({energy(name), {slot_at(number - 1, number), slot_at(number, number)}});
  }
  if (!journal.write(all)) return false;
  return number % 7 != 0 || journal.tidy(quarter(number - 3), quarter(number - kept));
}

// How many writes are in it, each of them whole: 0 to n - 1.
int count(JournalRig& rig) {
  rig.open();
  const auto series = rig.journal->series();
  REQUIRE(series);
  if (series->empty()) return 0;
  REQUIRE(series->size() == names.size());
  const auto newest = series->at(0).newest;
  REQUIRE(newest);
  const int last = static_cast<int>(newest->value);
  for (const char* name : names) {
    const auto slots = rig.read(name, last - kept / 2, last + 100);
    const int first = std::max(-1, last - kept / 2);
    REQUIRE(slots.size() == static_cast<std::size_t>(last - first + 1));
    for (const Slot& slot : slots) {
      const int number = static_cast<int>((slot.start - quarter(0)).count());
      if (slot != slot_at(number, std::min(number + 1, last))) FAIL_CHECK(name, " at ", number);
    }
  }
  CHECK(rig.journal->take_notice().empty());
  return last + 1;
}

// Its first moments are the rarest.
int begin_anew(const JournalRig& rig) {
  for (const char* part : {"", "-wal", "-shm", "-journal"})
    std::filesystem::remove(rig.file + part);
  return 0;
}

// Writes for ever, and says each number through the pipe once it is written.
[[noreturn]] void write_for_ever(const std::string& file, int number, int pipe) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  auto journal = io::SqliteJournal::open(file, io::SqliteJournal::Use::keep);
  for (; journal; ++number) {
    if (!write(**journal, number)) break;
    if (::write(pipe, &number, sizeof number) != sizeof number) break;
    if (number % 11 != 0) continue;
    journal->reset();
    journal = io::SqliteJournal::open(file, io::SqliteJournal::Use::keep);
  }
  ::_exit(1);
}

}  // namespace

TEST_CASE("kill: at any time what was answered is there, and of the rest all or nothing") {
  JournalRig rig;
  std::mt19937 random(1);
  int next = 0, written = 0, lost = 0;
  for (int n = cuts(40); n > 0; --n) {
    CAPTURE(n);
    if (n % 10 == 0) next = begin_anew(rig);
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    const ::pid_t child = ::fork();
    if (child == 0) write_for_ever(rig.file, next, pipe[1]);
    ::close(pipe[1]);
    int answered = next - 1;
    for (unsigned wait = random() % 4; wait > 0; --wait) {
      if (::read(pipe[0], &answered, sizeof answered) != sizeof answered) break;
    }
    ::usleep(static_cast<::useconds_t>(random() % 3000));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(pipe[0], &answered, sizeof answered) == sizeof answered) {
    }
    ::close(pipe[0]);
    written -= next;
    next = count(rig);
    written += next;
    rig.journal.reset();
    CHECK(next >= answered + 1);
    CHECK(next <= answered + 2);
    lost += next == answered + 1 ? 1 : 0;
  }
  MESSAGE("killed ", cuts(40), " times, ", written, " writes, ", lost, " times none on its way");
}

TEST_CASE("power cut: the history opens every time, and what was answered is there") {
  JournalRig rig;
  CutJournal disk(rig.scratch / "", 2);
  int next = 0, whole = 0;
  for (int n = cuts(150); n > 0; --n) {
    CAPTURE(n);
    if (n % 10 == 0) next = begin_anew(rig);
    int number = next;
    {
      const PlayedVfs vfs([&](const DiskCall& call) { return disk.note(call); });
      disk.begin();
      rig.open();
      for (; number < next + 12; ++number) {
        REQUIRE(write(*rig.journal, number));
        disk.answer();
        if (number % 5 == 0) rig.open();
      }
      rig.journal.reset();
    }
    const int answered = next + disk.cut();
    next = count(rig);
    rig.journal.reset();
    CHECK(next >= answered);
    CHECK(next <= answered + 1);
    whole += next > answered ? 1 : 0;
  }
  MESSAGE("cut ", cuts(150), " times, ", whole, " times with one more than was answered");
}
