// What root makes in a directory of another user: it is that user's. Where the tests do not run as
// root there is nothing to see.
#include "io/made_files.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

#include "io/disk.hpp"
#include "io/sqlite_journal.hpp"
#include "io/state_lock.hpp"
#include "journal_rig.hpp"

using namespace gridtap;

namespace {

constexpr ::uid_t nobody = 65'534;
constexpr ::gid_t some_group = 65'533;

struct Directory {
  Directory() {
    REQUIRE(::chown(path.c_str(), nobody, some_group) == 0);
    REQUIRE(::chmod(path.c_str(), 0750) == 0);
  }
  Scratch scratch;
  std::string path = scratch / ".";
};

std::string owner_and_mode(const std::string& path) {
  struct stat found{};
  if (::lstat(path.c_str(), &found) != 0) return "not there";
  char mode[16];
  std::snprintf(mode, sizeof mode, "%o", found.st_mode & ACCESSPERMS);
  return std::to_string(found.st_uid) + ':' + std::to_string(found.st_gid) + ' ' + mode;
}

}  // namespace

TEST_CASE("made files: what is there already is left as it is, and no link is followed") {
  if (::geteuid() != 0) return;
  const Directory here;
  const std::string file = here.scratch / "file";
  REQUIRE(::symlink("/nowhere/else", file.c_str()) == 0);
  CHECK(io::make_file(file, O_RDWR, 0600) == -1);
  CHECK(errno == EEXIST);
  REQUIRE(::unlink(file.c_str()) == 0);
  ::close(::open(file.c_str(), O_CREAT | O_WRONLY, 0604));
  io::make_file_for_owner(file);
  io::make_directory(file);
  CHECK(owner_and_mode(file) == "0:0 604");
}

TEST_CASE("made files: the history of a command of root is the daemon's, with what is beside it") {
  if (::geteuid() != 0) return;
  const Directory here;
  JournalRig rig;
  rig.file = here.scratch / "history/history.db";
  rig.open();
  rig.write(energy(), {slot_at(0, 1)});
  CHECK(owner_and_mode(here.scratch / "history") == "65534:65533 750");
  for (const char* part : {"", "-wal", "-shm"}) {
    CAPTURE(part);
    CHECK(owner_and_mode(rig.file + part) == "65534:65533 640");
  }
  REQUIRE(rig.journal->backup(here.scratch / "copy.db"));
  CHECK(owner_and_mode(here.scratch / "copy.db") == "65534:65533 640");
}

TEST_CASE("made files: the state and its lock are for their owner alone") {
  if (::geteuid() != 0) return;
  const Directory here;
  CHECK(io::StateLock::take(here.path).lock);
  CHECK(owner_and_mode(here.scratch / "lock") == "65534:65533 600");
  io::RealDisk disk;
  int file = -1;
  REQUIRE(disk.create(here.scratch / "state.new", file) == 0);
  disk.close(file);
  CHECK(owner_and_mode(here.scratch / "state.new") == "65534:65533 600");
}

TEST_CASE("made files: in a directory of root they are made as ever") {
  if (::geteuid() != 0) return;
  const Scratch scratch;
  const std::string file = scratch / "file";
  io::make_file_for_owner(file);
  CHECK(owner_and_mode(file) == "not there");
  const int made = io::make_file(file, O_RDWR, 0600);
  REQUIRE(made >= 0);
  ::close(made);
  CHECK(owner_and_mode(file) == "0:0 600");
}
