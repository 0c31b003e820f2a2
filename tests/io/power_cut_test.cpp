// Ten thousand power cuts while the state is written: what is read afterwards is whole.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>

#include "io/file_store.hpp"
#include "io/manual_clock.hpp"
#include "support/cut_disk.hpp"
#include "support/fakes.hpp"
#include "support/scratch.hpp"

using namespace gridtap;

namespace {

constexpr int most_calls = 24;  // of one write, and some more

// The state of a house that counts: every text of it says which generation it is of.
io::StateTexts generation(int number) {
  const std::string text = std::to_string(number);
  io::StateTexts texts;
  texts["meter.hours"] =
      "record 1 " + text + '\n' + std::string(static_cast<std::size_t>(number % 50), 'x');
  texts["meter.line"] = text;
  texts["relays"] = text + "\nlast";
  return texts;
}

// Writes to a disk that fails, and reads what is left as gridtap does when it starts.
class House {
 public:
  House(std::uint32_t seed, bool honest) : disk_(seed, honest), random_(seed) {
    io::write_state_on(disk_, "dir", "state", io::rows_of(generation(0)));
  }

  // Some writes, the last of which the power may cut off; then which generation is read, -1: none.
  int live() {
    disk_.cut_at(1 + static_cast<int>(random_() % (2 * most_calls)));
    while (!disk_.is_cut()) {
      ++newest;
      const std::string rows = io::rows_of(generation(newest));
      const bool done = io::write_state_on(disk_, "dir", "state", rows).empty();
      if (done && !disk_.is_cut()) written = newest;
    }
    return read(disk_.restart());
  }

  int newest = 0;   // whose writing has begun
  int written = 0;  // the last one of which we were told that it is written
  int set_aside = 0;

 private:
  int read(const std::map<std::string, std::string>& contents) {
    for (const auto& each : std::filesystem::directory_iterator(scratch_ / "")) {
      std::filesystem::remove(each.path());
    }
    for (const auto& [name, text] : contents) {
      std::ofstream(scratch_ / name, std::ios::binary) << text;
    }
    MemoryLog log;
    const auto store = io::FileStore::open(scratch_ / "", loop_, clock_, log);
    REQUIRE(store);
    set_aside += static_cast<int>(log.lines.size());
    const std::string line = (*store)->get("meter.line");
    if (line.empty()) return -1;
    const int number = std::stoi(line);
    for (const auto& [key, text] : generation(number)) CHECK((*store)->get(key) == text);
    return number;
  }

  CutDisk disk_;
  std::mt19937 random_;
  Scratch scratch_;
  io::Loop loop_;
  io::ManualClock clock_;
};

}  // namespace

TEST_CASE("power cut: of ten thousand, each leaves the old or the new state, and all of it") {
  House house(1, true);
  std::map<int, int> kinds;
  for (int cut = 0; cut < 10'000; ++cut) {
    CAPTURE(cut);
    const int found = house.live();
    CHECK(found >= house.written);
    CHECK(found <= house.newest);
    ++kinds[house.newest - found];
    house.newest = house.written = found;
  }
  CHECK(house.set_aside == 0);  // nothing torn ever had the name of the state
  CHECK(kinds[0] > 100);        // the new one
  CHECK(kinds[1] > 1000);       // the one before
  CHECK(kinds.size() == 2);
}

TEST_CASE("power cut: a card that lies about what it has written may lose states, and tears none") {
  House house(2, false);
  std::set<int> written;
  int lost = 0;
  for (int cut = 0; cut < 1'000; ++cut) {
    CAPTURE(cut);
    const int found = house.live();  // compares every text of what it reads
    CHECK(found <= house.newest);
    lost += found < house.written ? 1 : 0;
    house.written = found;
  }
  CHECK(house.set_aside > 100);  // the cut disk does tear files: the checksum finds them
  CHECK(lost > 100);
}
