// The day files beside the loop: disks that are slow, that hang, and the end.
#include "io/day_thread.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <sstream>

#include "support/fakes.hpp"
#include "support/scratch.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

const std::string head = "time,power[W]", day = "2026-11-28";

struct Desk {
  Scratch scratch;
  std::string directory = scratch / "days";
  io::Loop loop;
  MemoryLog log;
  std::promise<void> go = {};
  std::shared_future<void> gone = go.get_future().share();
  std::unique_ptr<io::DayThread> days = {};

  // `hangs`: each write waits until it is let go.
  void open(bool hangs = false) {
    io::DayDisk disk = io::DayDisk::real();
    if (hangs) {
      disk.write = [gone = gone, real = disk.write](int file, std::string_view bytes) {
        gone.wait();
        return real(file, bytes);
      };
    }
    days = std::make_unique<io::DayThread>(loop, log, io::DayShelf(directory, disk));
  }
  std::vector<DayPiece> piece(const std::string& text) const {
    return {{"meter", day, head, text + '\n', 1}};
  }
  void turn() {
    loop.post([this] { loop.stop(); });
    loop.run();
  }
  std::string text() const {
    std::ostringstream text;
    text << std::ifstream(directory + "/meter/" + day + ".csv").rdbuf();
    return text.str();
  }
};

}  // namespace

TEST_CASE("day thread: a disk that hangs holds up neither the call nor the end for long") {
  Desk desk;
  desk.open(true);
  desk.days->append(desk.piece("a"), "", [](const DayAnswer&) { FAIL("it was left behind"); });
  desk.days->close(desk.piece("b"));
  REQUIRE(desk.log.lines.size() == 1);
  CHECK(desk.log.lines[0].find("takes longer than 5 s to write the day files") !=
        std::string::npos);
  desk.days.reset();
  desk.go.set_value();
}

TEST_CASE("day thread: an answer comes by the loop, with what could not be written") {
  Desk desk;
  std::ofstream(desk.directory) << "no directory";
  desk.open();
  std::optional<DayAnswer> answer;
  desk.days->append(desk.piece("a"), "", [&](DayAnswer its) { answer = std::move(its); });
  CHECK_FALSE(answer);
  while (!answer) desk.turn();
  CHECK(answer->error);
  CHECK(answer->left.size() == 1);
  desk.days->close(desk.piece("b"));
  REQUIRE(desk.log.lines.size() == 1);
  CHECK(desk.log.lines[0].find("day files: the last lines are lost: ") != std::string::npos);
}

TEST_CASE("day thread: at the end all is written, behind what is on its way") {
  Desk desk;
  desk.open();
  desk.days->append(desk.piece("a"), "", [](const DayAnswer&) { FAIL("nothing is answered"); });
  desk.days->close(desk.piece("b"));
  CHECK(desk.text() == head + "\na\nb\n");
  desk.turn();
  desk.days->close(desk.piece("c"));
  CHECK(desk.text() == head + "\na\nb\n");
  CHECK(desk.log.lines.empty());
}

TEST_CASE("day thread: old days are forgotten once lines are written") {
  Desk desk;
  std::filesystem::create_directories(desk.directory + "/meter");
  const std::string old = desk.directory + "/meter/2026-10-01.csv";
  std::ofstream(old) << "x";
  desk.open();
  bool is_done = false;
  desk.days->append(desk.piece("a"), "2026-10-02", [&](const DayAnswer&) { is_done = true; });
  while (!is_done) desk.turn();
  CHECK_FALSE(std::filesystem::exists(old));
}
