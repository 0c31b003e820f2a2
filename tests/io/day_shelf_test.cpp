// The directory of the day files: torn lines, links, foreign files, full disks and disks that lose
// what they said they had, then files that go on and files that are forgotten.
#include "io/day_shelf.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "io/day_file.hpp"
#include "ordinary_user.hpp"
#include "support/scratch.hpp"

using namespace gridtap;

namespace {

namespace fs = std::filesystem;

const std::string head = "time,power[W]", day = "2026-11-28";

std::string line(int minute, const std::string& fields = "244") {
  return "2026-11-28T12:" + std::to_string(10 + minute) + ":00+01:00," + fields + '\n';
}

// Takes so many bytes, then refuses all of them; or says at the end that they are lost.
struct PlayedDisk {
  std::size_t room = 1'000'000;
  int error = ENOSPC;
  bool loses = false;

  io::DayDisk disk() {
    io::DayDisk disk = io::DayDisk::real();
    disk.write = [this, real = disk.write](int file, std::string_view bytes) -> ::ssize_t {
      if (room == 0) return errno = error, -1;
      const ::ssize_t taken = real(file, bytes.substr(0, room));
      room -= static_cast<std::size_t>(taken);
      return taken;
    };
    disk.synchronise = [this](int) { return loses ? (errno = EIO, -1) : 0; };
    return disk;
  }
};

struct Shelf {
  DayAnswer append(const std::string& lines, const std::string& its_head = head,
                   const std::string& device = "meter", const std::string& its_day = day) {
    return shelf.append({{device, its_day, its_head, lines, 1}});
  }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(directory + '/' + name).parent_path());
    std::ofstream(directory + '/' + name, std::ios::binary) << text;
  }
  std::string text(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(directory + '/' + name, std::ios::binary).rdbuf();
    return text.str();
  }
  // All of them, "meter/2026-11-28.csv ".
  std::string files() const {
    std::vector<std::string> all;
    for (const auto& each : fs::recursive_directory_iterator(directory)) {
      if (!each.is_directory()) all.push_back(fs::relative(each.path(), directory).string() + ' ');
    }
    std::sort(all.begin(), all.end());
    std::string text;
    for (const std::string& each : all) text += each;
    return text;
  }

  Scratch scratch;
  std::string directory = scratch / "days";
  PlayedDisk played;
  io::DayShelf shelf{directory, played.disk()};
};

const std::string first = "meter/2026-11-28.csv", second = "meter/2026-11-28.2.csv";

}  // namespace

TEST_CASE("day shelf: names of our own form and no others") {
  CHECK(io::day_name("2026-11-28.csv").part == 1);
  CHECK(io::day_name("2026-11-28.csv").day == day);
  CHECK(io::day_name("2026-11-28.2.csv").part == 2);
  CHECK(io::day_name("2026-11-28.999.csv").part == 999);
  for (const char* other :
       {"", ".", "..", "2026-11-28", ".csv", "2026-11-28.txt", "2026-11-31.csv", "2026-11-28.1.csv",
        "2026-11-28.02.csv", "2026-11-28.1000.csv", "2026-11-28.x.csv", "2026-11-28..csv",
        "2026-11-28.2.2.csv", "2026-11-28-2.csv", "2026-11-28.2.csv~", "notes 2026-11-28.csv",
        "2026-11-28.+2.csv", "2026-11-28.99999999999.csv"}) {
    CAPTURE(other);
    CHECK(io::day_name(other).part == 0);
  }
}

TEST_CASE("day shelf: the directory is made, and a file begins with its head") {
  Shelf run;
  const DayAnswer answer = run.append(line(0));
  CHECK_FALSE(answer.error);
  CHECK(answer.left.empty());
  CHECK(run.text(first) == head + '\n' + line(0));
  struct ::stat what = {};
  REQUIRE(::stat((run.directory + '/' + first).c_str(), &what) == 0);
  CHECK((what.st_mode & 07) == 0);  // what a house does is not for all
  run.append(line(1));
  CHECK(run.text(first) == head + '\n' + line(0) + line(1));
}

TEST_CASE("day shelf: a torn last line is cut, whatever a power cut has left of it") {
  const std::string zeros(100, '\0');
  for (const std::string& torn : {std::string("2026-11-28T12:1"), zeros, "2026\n" + zeros}) {
    Shelf run;
    run.write(first, head + '\n' + line(0) + torn);
    CHECK_FALSE(run.append(line(1)).error);
    const std::string text = run.text(first);
    CHECK(text.ends_with('\n' + line(1)));
    CHECK(text.find('\0') == text.npos);
    CHECK(text.starts_with(head + '\n' + line(0)));
  }
  for (const std::string& torn : {std::string(), std::string("time,pow"), zeros}) {
    Shelf run;
    run.write(first, torn);
    CHECK_FALSE(run.append(line(1)).error);
    CHECK(run.text(first) == head + '\n' + line(1));
  }
}

TEST_CASE("day shelf: what is no file of ours is left as it is, and the next one begins") {
  const std::string garbage(200'000, 'x');
  for (const std::string& other : {std::string("Date;kWh\n1;2\n"), garbage, garbage + '\n',
                                   std::string("time,power[W]\r\n1,2\r\n"), std::string("\n\n")}) {
    Shelf run;
    run.write(first, other);
    CHECK_FALSE(run.append(line(0)).error);
    CHECK(run.text(first) == other);
    CHECK(run.text(second) == head + '\n' + line(0));
  }
}

TEST_CASE("day shelf: links and FIFOs are not followed, and nothing waits for them") {
  Shelf run;
  run.write("elsewhere", head + "\nmine\n");
  fs::create_directory(run.directory + "/meter");
  fs::create_symlink(run.directory + "/elsewhere", run.directory + '/' + first);
  REQUIRE(::mkfifo((run.directory + '/' + second).c_str(), 0600) == 0);
  CHECK_FALSE(run.append(line(0)).error);
  CHECK(run.text("elsewhere") == head + "\nmine\n");
  CHECK(run.text("meter/2026-11-28.3.csv") == head + '\n' + line(0));
  fs::create_directory_symlink(run.directory + "/meter", run.directory + "/solar");
  const DayAnswer answer =
      run.shelf.append({{"solar", day, head, line(1), 1}, {"meter", day, head, line(1), 1}});
  REQUIRE(answer.error);  // and the other device has its lines
  CHECK(answer.error->detail.find("days/solar: ") != std::string::npos);
  REQUIRE(answer.left.size() == 1);
  CHECK(answer.left.front().device == "solar");
  CHECK(run.text("meter/2026-11-28.3.csv") == head + '\n' + line(0) + line(1));
}

TEST_CASE("day shelf: a disk that is full keeps what was there, and nothing is doubled later") {
  for (const std::size_t room : {0U, 1U, 20U, 40U}) {
    CAPTURE(room);
    Shelf run;
    run.append(line(0));
    run.played.room = room;
    DayAnswer answer = run.append(line(1) + line(2));
    REQUIRE(answer.error);
    CHECK(answer.error->fault == JournalFault::full);
    CHECK(answer.error->detail ==
          run.directory + '/' + first + ": No space left on device; make room on its disk");
    CHECK(run.text(first) == head + '\n' + line(0));
    run.played.room = 1000;
    CHECK_FALSE(run.shelf.append(std::move(answer.left)).error);
    CHECK(run.text(first) == head + '\n' + line(0) + line(1) + line(2));
  }
}

TEST_CASE("day shelf: a file that cannot be begun whole is not there") {
  Shelf run;
  run.played.room = 5;
  CHECK(run.append(line(0)).error);
  CHECK(run.files().empty());
  run.played.room = 1000;
  CHECK_FALSE(run.append(line(0)).error);
  CHECK(run.files() == first + ' ');
}

TEST_CASE("day shelf: what the disk says it has lost is written again") {
  Shelf run;
  run.append(line(0));
  run.played.loses = true;
  DayAnswer answer = run.append(line(1));
  REQUIRE(answer.error);
  CHECK(answer.error->fault == JournalFault::other);
  run.played.loses = false;
  run.shelf.append(std::move(answer.left));
  CHECK(run.text(first) == head + '\n' + line(0) + line(1));
}

TEST_CASE("day shelf: where nothing may be written, or nothing is there, it says what helps") {
  Scratch scratch;
  fs::create_directory(scratch / "closed");
  const auto looks = fs::perms::owner_read | fs::perms::owner_exec;
  fs::permissions(scratch / "closed", looks | fs::perms(05) | fs::perms(050));
  fs::permissions(scratch / "", fs::perms::all);
  const OrdinaryUser user;
  const DayAnswer closed = io::DayShelf(scratch / "closed").append({{"meter", day, head, line(0)}});
  REQUIRE(closed.error);
  CAPTURE(closed.error->detail);
  CHECK(closed.error->fault == JournalFault::read_only);
  CHECK(closed.error->detail.find("closed/meter: Permission denied; the user that runs") !=
        std::string::npos);
  CHECK(closed.left.size() == 1);
  const DayAnswer away =
      io::DayShelf(scratch / "usb/stick/days").append({{"meter", day, head, line(0)}});
  REQUIRE(away.error);
  CHECK(away.error->detail.find("is not there: is its disk mounted?") != std::string::npos);
}

TEST_CASE("day shelf: with more columns the next file begins, which has all of both") {
  Shelf run;
  run.append(line(0));
  run.append(line(1, "5,230"), "time,power[W],voltage[V]");
  CHECK(run.text(first) == head + '\n' + line(0));
  CHECK(run.text(second) == "time,power[W],voltage[V]\n" + line(1, "5,230"));
  run.append(line(2, "7,9"), "time,\"odd[a,b]\",power[W]");
  CHECK(run.text("meter/2026-11-28.3.csv") ==
        "time,power[W],voltage[V],\"odd[a,b]\"\n" + line(2, "9,,7"));
}

TEST_CASE("day shelf: with fewer columns, or others in order, the file goes on") {
  Shelf run;
  run.append(line(0, "5,230"), "time,power[W],voltage[V]");
  run.append(line(1, "231"), "time,voltage[V]");
  run.append(line(2, "232,6"), "time,voltage[V],power[W]");
  CHECK(run.files() == first + ' ');
  CHECK(run.text(first) ==
        "time,power[W],voltage[V]\n" + line(0, "5,230") + line(1, ",231") + line(2, "6,232"));
}

TEST_CASE("day shelf: pieces of many heads and days are sorted into their files") {
  Shelf run;
  const DayAnswer answer = run.shelf.append({{"meter", day, head, line(0)},
                                             {"solar", day, head, line(0)},
                                             {"meter", day, "time,a,power[W]", line(1, "1,2")},
                                             {"meter", "2026-11-29", head, line(2)}});
  CHECK_FALSE(answer.error);
  CHECK(run.files() == first + " meter/2026-11-29.csv solar/2026-11-28.csv ");
  CHECK(run.text(first) == "time,power[W],a\n" + line(0, "244,") + line(1, "2,1"));
}

TEST_CASE("day shelf: old days go, and nothing else") {
  Shelf run;
  for (const char* name :
       {"meter/2026-10-01.csv", "meter/2026-10-01.2.csv", "meter/2026-10-02.csv", "meter/notes.csv",
        "meter/2026-10-01.txt", "2026-10-01.csv", "old/2026-09-01.csv", ".git/2026-09-01.csv",
        "meter/sub/2026-09-01.csv", "outside/2026-09-01.csv"}) {
    run.write(name, "x");
  }
  fs::rename(run.directory + "/outside", run.scratch / "outside");
  fs::create_directory_symlink(run.scratch / "outside", run.directory + "/link");
  fs::create_symlink(run.scratch / "outside/2026-09-01.csv",
                     run.directory + "/meter/2026-09-01.csv");
  run.shelf.forget("2026-10-02");
  CHECK(run.files() ==
        ".git/2026-09-01.csv 2026-10-01.csv meter/2026-10-01.txt meter/2026-10-02.csv "
        "meter/notes.csv meter/sub/2026-09-01.csv ");
  CHECK(fs::exists(run.scratch / "outside/2026-09-01.csv"));
  CHECK_FALSE(fs::exists(run.directory + "/old"));
}

TEST_CASE("day shelf: a clock that is wrong deletes a week at most") {
  Shelf run;
  for (int n = 10; n < 30; ++n) run.write("meter/2026-10-" + std::to_string(n) + ".csv", "x");
  run.shelf.forget("2099-01-01");
  CHECK(run.files().starts_with("meter/2026-10-17.csv "));
  CHECK(run.files().ends_with("meter/2026-10-29.csv "));
}
